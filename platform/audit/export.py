"""A part of the trail as an archive that anyone can check without us: the same range gives the same bytes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from clock import SHANGHAI
from django.db import connection, transaction

from audit import chain, sm3
from audit.models import Seal
from audit.verification import seals_between

_HERE = Path(__file__).parent
#: What stands beside the data: name in the archive → file here.
_TOOLS = {
    "README.md": _HERE / "offline" / "README.md",
    "verify.py": _HERE / "offline" / "verify.py",
    "chain.py": Path(chain.__file__),
    "sm3.py": Path(sm3.__file__),
}

_ROWS = """
SELECT l.position, l.event_id, l.digest, e.body
FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id
WHERE l.position BETWEEN %s AND %s
ORDER BY l.position
"""


class NothingSealed(Exception):
    """There is no seal in the range asked for, so nothing that could be checked."""


@dataclass(frozen=True)
class Exported:
    """What an archive holds. `digest` is that of its MANIFEST.json, which names the digests of all other files."""

    first: int
    last: int
    count: int
    seals: tuple[int, int]
    digest: str

    @property
    def name(self) -> str:
        return f"audit-{self.first}-{self.last}-{self.digest[:12]}.zip"


def size_of(start: datetime | None, end: datetime | None) -> int:
    """How many events an export of the range would hold."""
    seals = seals_between(start, end)
    opening, final = seals.first(), seals.last()
    return final.last - opening.first + 1 if opening and final else 0


def write(file: BinaryIO, start: datetime | None, end: datetime | None) -> Exported:
    """Write everything sealed in [start, end), whole seals only. Raises NothingSealed."""
    seals = list(seals_between(start, end))
    if not seals:
        raise NothingSealed(
            "这段时间内没有封印，没有可以导出的内容。封印每分钟一次，请稍后再试或者放宽时间。"
        )
    before = Seal.objects.filter(number=seals[0].number - 1).first()
    # The archive's own dates are those of the last seal, not of the export: that keeps the bytes the same.
    stamp = seals[-1].sealed_at.astimezone(SHANGHAI)
    digests: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:

        def put(name: str, chunks: Iterator[bytes]) -> None:
            info = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as member:
                digests[name] = sm3.sm3_of(_through(chunks, member)).hex()

        for name, path in _TOOLS.items():
            put(name, iter([path.read_bytes()]))
        put("seals.json", iter([_seals(before, seals)]))
        put("events.jsonl", _events(seals[0].first, seals[-1].last))
        manifest = {
            "first": seals[0].first,
            "last": seals[-1].last,
            "count": seals[-1].last - seals[0].first + 1,
            "seals": [seals[0].number, seals[-1].number],
            "files": dict(digests),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        put("MANIFEST.json", iter([text]))
        digest = sm3.sm3(text).hex()
        archive.comment = f"SM3(MANIFEST.json) = {digest}".encode()
    return Exported(manifest["first"], manifest["last"], manifest["count"], tuple(manifest["seals"]), digest)


def _through(chunks: Iterator[bytes], member: BinaryIO) -> Iterator[bytes]:
    for chunk in chunks:
        member.write(chunk)
        yield chunk


def _seals(before: Seal | None, seals: list[Seal]) -> bytes:
    kept = {"before": before.facts() if before else None, "seals": [seal.facts() for seal in seals]}
    return json.dumps(kept, indent=1).encode()


def _events(first: int, last: int) -> Iterator[bytes]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [first, last])
        while rows := cursor.fetchmany(2000):
            yield "".join(
                json.dumps(
                    {"position": position, "id": pk, "link": digest, "body": body},
                    ensure_ascii=False,
                    separators=(",", ":"),
                )
                + "\n"
                for position, pk, digest, body in rows
            ).encode()
