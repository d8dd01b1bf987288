"""ETag and If-Match: a change is made to what the caller has seen, or not at all."""

from __future__ import annotations

import re

from rest_framework.request import Request

from api.problem import Problem

_TAG = re.compile(r'"(?P<tag>[\x21\x23-\x7e]*)"')


class Stale(Problem):
    status_code = 412
    default_code = "stale"


def etag(*parts: object) -> str:
    """A strong tag made of what identifies a version."""
    return f'"{".".join(str(part) for part in parts)}"'


def wanted_version(request: Request, number: str) -> int | None:
    """The version of the case that If-Match names; None when the caller does not mind (no header, or *).

    Raises Stale for a tag that this case cannot have.
    """
    tags = _tags(request)
    if tags is None:
        return None
    for tag in tags:
        name, _, version = tag.rpartition(".")
        if name == number and version.isascii() and version.isdigit() and len(version) < 10:
            return int(version)
    raise Stale(f"If-Match 应写作本件最近一次读取时的 ETag，例如 {etag(number, 3)}。")


def require_match(request: Request, current: str, *, needed: bool = False) -> None:
    """Raise Stale unless If-Match names the present tag; without the header only when it is `needed` (428)."""
    tags = _tags(request)
    if tags is None:
        if needed and "If-Match" not in request.headers:
            raise Problem(
                "修改须在 If-Match 请求头中写明所读到的 ETag，以免覆盖别人的修改。",
                code="precondition-required",
                status=428,
            )
        return
    if current.strip('"') not in tags:
        raise Stale("内容在您读取之后已有更新，请重新读取，再提交修改。", headers={"ETag": current})


def _tags(request: Request) -> list[str] | None:
    """The strong tags of the header; None without it, or when it is *."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    return [match["tag"] for match in _TAG.finditer(header)]
