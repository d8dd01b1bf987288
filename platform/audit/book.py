"""The seal book: every seal once more, one JSON a line, in a file outside the database.

Who cuts the newest seals off in the database, or rewrites the chain from some point on, must also rewrite this file
and every copy of it. So it belongs on storage that the database's keepers cannot write (AUDIT_SEAL_BOOK), and copies
of the newest line belong with somebody else: AUDIT_SEAL_MAIL sends it daily, `manage.py audit seals` prints it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.mail import send_mail

from audit.chain import Finding
from audit.models import Seal


class Mismatch(Exception):
    """The book holds a seal that the database does not have, or has otherwise."""


def path() -> Path:
    return Path(settings.AUDIT_SEAL_BOOK)


def line(seal: Seal) -> str:
    """One line of the book, without its end."""
    return json.dumps(seal.facts(), separators=(",", ":"))


def update() -> int:
    """Append the seals that the book lacks; returns how many. Safe to repeat, and after a crash between the two."""
    where = path()
    where.parent.mkdir(parents=True, exist_ok=True)
    with open(where, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last(file)
        if last is not None:
            known = Seal.objects.filter(number=last["number"]).first()
            if known is None or known.digest != last["digest"]:
                raise Mismatch(
                    f"封印簿最后一行是第 {last['number']} 号封印（{last['digest'][:12]}），"
                    f"数据库中{'没有这一号' if known is None else '同号封印的摘要是 ' + known.digest[:12]}。"
                    f"请先执行 manage.py audit verify 查明；封印簿：{where}"
                )
        missing = Seal.objects.filter(number__gt=last["number"] if last else 0).order_by("number")
        added = 0
        for seal in missing.iterator():
            file.write(line(seal).encode() + b"\n")
            added += 1
        file.flush()
        os.fsync(file.fileno())
    return added


def mail_newest() -> int:
    """Send the newest seal to AUDIT_SEAL_MAIL; returns how many mails left (0 when nobody is to be told)."""
    newest = Seal.objects.order_by("-number").first()
    if newest is None or not settings.AUDIT_SEAL_MAIL:
        return 0
    text = (
        f"{line(newest)}\n\n以上是审计轨迹最新的封印。请原样保存，每一行追加到同一个文件。"
        "核验导出件时用 python3 verify.py --book 文件，核验数据库时用 manage.py audit verify --book 文件。"
    )
    return send_mail(f"渝数审计封印 第 {newest.number} 号", text, None, settings.AUDIT_SEAL_MAIL)


def size(where: Path) -> int:
    """How many bytes the book has now; 0 when there is none."""
    return where.stat().st_size if where.exists() else 0


def compare(where: Path, until: int, first: int, last: int | None) -> Iterator[Finding]:
    """What the first `until` bytes of the book know otherwise than the database, from seal `first` to `last`.

    `last` None: to the newest, so a seal that only the book has was cut off.
    """
    kept = (
        seal
        for seal in _read(where, until)
        if seal["number"] >= first and (last is None or seal["number"] <= last)
    )
    while batch := list(islice(kept, 5000)):
        numbers = [seal["number"] for seal in batch]
        known = dict(Seal.objects.filter(number__in=numbers).values_list("number", "digest"))
        for seal in batch:
            here = known.get(seal["number"])
            if here is None:
                yield Finding(
                    seal["first"],
                    f"封印簿有第 {seal['number']} 号封印（第 {seal['first']} 至 {seal['last']} 位），"
                    "数据库没有：被截去或删除",
                )
            elif here != seal["digest"]:
                yield Finding(seal["first"], f"第 {seal['number']} 号封印与封印簿所记不同：链被整段重写")


def read() -> Iterator[dict[str, Any]]:
    """The seals in the book, in its order."""
    return _read(path(), size(path()))


def _read(where: Path, until: int) -> Iterator[dict[str, Any]]:
    if until:
        with open(where, "rb") as file:
            while file.tell() < until and (text := file.readline()).endswith(b"\n"):
                yield json.loads(text)


def _last(file: BinaryIO) -> dict[str, Any] | None:
    """The last whole line. A line without its end was torn by a crash while it was written, and is taken off."""
    size = file.seek(0, os.SEEK_END)
    back = min(size, 1 << 16)
    file.seek(size - back)
    tail = file.read()
    whole, _, torn = tail.rpartition(b"\n")
    if torn:
        file.truncate(size - len(torn))
    lines = whole.split(b"\n")
    return json.loads(lines[-1]) if lines[-1] else None
