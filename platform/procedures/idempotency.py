"""A call made twice is carried out once: `Idempotency-Key` names the call, its first answer is kept and given again.

Key, act and answer are one transaction. What was refused left nothing behind, its key neither: it may be mended and
called again. Two calls with one key at the same moment: the second is refused and may ask again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import clock
from accounts.models import User
from api.problem import Problem
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from procedures.models import IdempotencyKey

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT = ("ETag", "Location")
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)


def once(view: Any, request: Request, act: Callable[[], Response]) -> Response:
    """Carry out the call, or give the answer that it got before. Without the header it is simply carried out."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not _KEY.fullmatch(key):
        raise Problem(
            f"{HEADER} 应为 1 至 200 个可见的 ASCII 字符，例如一个 UUID。", code="bad-key", status=400
        )
    at = clock.now()
    with transaction.atomic():
        _claim(request.user.pk, key)
        digest = _digest(request)
        if (kept := _kept(request.user, key, at)) is not None:
            return _again(kept, digest)
        response = act()
        IdempotencyKey.objects.create(
            user=request.user,
            key=key,
            call=f"{request.method} {request.path}"[:200],
            digest=digest,
            status=response.status_code,
            headers={name: response[name] for name in KEPT if name in response},
            body=_plain(response.data),
            created_at=at,
            expires_at=at + timedelta(hours=settings.API_KEY_HOURS),
        )
    return response


once.headers = (  # type: ignore[attr-defined]
    OpenApiParameter(
        HEADER,
        {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        OpenApiParameter.HEADER,
        description="幂等键。同一键、同一内容再次调用，得到第一次的答复，不会重复办理；24 小时内有效。",
    ),
    OpenApiParameter(
        REPLAYED,
        {"type": "string", "enum": ["true"]},
        OpenApiParameter.HEADER,
        response=["200", "201", "202", "204"],
        description="true 表示这是第一次的答复，本次没有重复办理。",
    ),
)
once.also = (409,)  # type: ignore[attr-defined]


def clear_expired(at: datetime) -> int:
    """Forget the answers that are no longer kept; returns how many."""
    return IdempotencyKey.objects.filter(expires_at__lte=at).delete()[0]


def _claim(user: int, key: str) -> None:
    """Hold the key until the transaction ends. Raises Problem (409) while another call holds it."""
    number = int.from_bytes(hashlib.blake2b(f"{user}:{key}".encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise Problem(
                "用同一幂等键的请求正在处理，请稍后用同一键再次调用，领取它的答复。",
                code="in-progress",
                status=409,
                headers={"Retry-After": "1"},
            )


def _kept(user: User, key: str, at: datetime) -> IdempotencyKey | None:
    kept = IdempotencyKey.objects.filter(user=user, key=key).first()
    if kept is not None and kept.expires_at <= at:
        kept.delete()
        return None
    return kept


def _again(kept: IdempotencyKey, digest: str) -> Response:
    if kept.digest != digest:
        raise Problem(
            f"这一幂等键已用于另一请求（{kept.call}，{kept.created_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}），"
            "内容不同的请求须换一个键。",
            code="key-reused",
            status=422,
        )
    return Response(kept.body, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def _digest(request: Request) -> str:
    """Of method, address and what was sent; the content of files counts, the boundaries between parts do not."""
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    fields = {
        name: _file_digest(value) if isinstance(value, UploadedFile) else value
        for name, value in request.data.items()
    }
    found.update(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode())
    return found.hexdigest()


def _file_digest(file: UploadedFile) -> str:
    digest = hashlib.sha256((file.name or "").encode())
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _plain(data: Any) -> Any:
    """The answer as it is sent: rendered, and read again."""
    return None if data is None else json.loads(JSONRenderer().render(data))
