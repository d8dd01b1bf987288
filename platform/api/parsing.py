"""Bodies on their way in: sizes are held to before reading, and texts that cannot be stored are refused at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from rest_framework import parsers

from api.problem import Problem


def _too_large(most: int) -> Problem:
    return Problem(f"请求体不能超过 {most // 1024:,} KB，请分成几次提交。", code="too-large", status=413)


def _declared_size(context: dict[str, Any] | None) -> int:
    length = (context or {})["request"].META.get("CONTENT_LENGTH") or "0"
    return int(length) if str(length).isdigit() else 0


class JSONParser(parsers.JSONParser):
    """JSON in UTF-8: an object, at most API_LARGEST_BODY bytes, without NaN, lone surrogates or null characters."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        most = settings.API_LARGEST_BODY
        if _declared_size(parser_context) > most:
            raise _too_large(most)
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise _too_large(most)
        try:
            value = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
            texts = list(_texts(value))
        except UnicodeDecodeError:
            raise Problem("请求体应为 UTF-8 编码的 JSON。", code="bad-json") from None
        except RecursionError:
            raise Problem("请求体的嵌套层次过深。", code="bad-json") from None
        except json.JSONDecodeError as error:
            raise Problem(
                f"请求体第 {error.lineno} 行第 {error.colno} 个字符处不是完整的 JSON。", code="bad-json"
            ) from None
        except ValueError:
            raise Problem(
                "请求体里有 JSON 没有的值（NaN、Infinity）或者过长的数字。", code="bad-json"
            ) from None
        if any("\x00" in text or _has_surrogate(text) for text in texts):
            raise Problem("请求体里有不能保存的字符（空字符或者残缺的代理字符），请删去。", code="bad-json")
        if not isinstance(value, dict):
            raise Problem("请求体应为一个 JSON 对象（以 { 开头）。", code="bad-json")
        return value


class MultiPartParser(parsers.MultiPartParser):
    """One file with its fields, at most API_LARGEST_UPLOAD bytes in all."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        if _declared_size(parser_context) > settings.API_LARGEST_UPLOAD:
            raise _too_large(settings.API_LARGEST_UPLOAD)
        try:
            return super().parse(stream, media_type, parser_context)
        except parsers.ParseError:
            raise Problem(
                "请求体不是完整的 multipart/form-data，请核对 Content-Type 中的 boundary。",
                code="bad-request",
            ) from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _texts(value: Any) -> Iterator[str]:
    """Every text in the value, keys as well."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text) if not text.isascii() else False
