"""How the chain is made and how it is checked: one account for the database and for an export.

Standard library only, like sm3.py: both travel unchanged in every export, and run on Python 3.8 and later.
Digests are 64 lower-case hex digits. Positions begin at 1 and leave no gap.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from struct import Struct
from typing import Any, NamedTuple

try:
    from audit.sm3 import sm3
except ImportError:  # beside verify.py in an export, where no package `audit` exists
    from sm3 import sm3  # type: ignore[import-not-found,no-redef]

#: What stands before the first link and before the first seal.
GENESIS = "0" * 64

_pack = Struct(">QQ").pack

SEALED = ("number", "first", "last", "count", "head", "previous", "sealed_at", "horizon", "cluster")


def link_digest(previous: str, position: int, event_id: int, body: bytes) -> str:
    """SM3 over: previous digest (32 bytes), position and id (8 bytes each, big-endian), body (UTF-8)."""
    return sm3(bytes.fromhex(previous) + _pack(position, event_id) + body).hex()


def seal_digest(seal: Mapping[str, Any]) -> str:
    """SM3 over the seal's columns as JSON with sorted keys and no spaces."""
    covered = {name: seal[name] for name in SEALED}
    return sm3(json.dumps(covered, sort_keys=True, separators=(",", ":")).encode()).hex()


class Finding(NamedTuple):
    """What is wrong, and at which position (0: at none in particular)."""

    position: int
    what: str


class Walk:
    """Goes along the links in the order in which they are kept and notes what does not fit.

    Call `row()` for each link, then `findings()`. `before` is the seal in front of the first one; None at the very
    beginning.
    """

    def __init__(self, seals: list[dict[str, Any]], before: Mapping[str, Any] | None) -> None:
        self.rows = 0
        self._seals = seals
        self._next = self._first = before["last"] + 1 if before else 1
        self._last = seals[-1]["last"] if seals else self._first - 1
        self._heads = {seal["last"]: seal for seal in seals}
        self._previous = _raw(before["head"] if before else GENESIS)
        self._gaps: list[tuple[int, int]] = []  # half-open
        self._found: list[Finding] = []
        self._check_seals(before)

    def row(self, position: int, event_id: int, digest: str, body: bytes | None) -> None:
        """One link; `body` is None where the event that it names is gone."""
        self.rows += 1
        if position != self._next and self._strays(position):
            return
        self._next = position + 1
        if body is None:
            self.note(position, f"编号 {event_id} 的事件已被删除，只剩链环")
            self._previous = _raw(digest)
        elif event_id < 0:
            self.note(position, f"编号 {event_id} 小于零，不是封印程序写下的")
            self._previous = _raw(digest)
        elif self._previous is None:
            self._previous = _raw(digest)
        else:
            self._previous = sm3(self._previous + _pack(position, event_id) + body)
            if self._previous.hex() != digest:
                self.note(position, f"编号 {event_id} 的事件与链上摘要不符：内容、编号或次序被改动")
                self._previous = _raw(digest)
        if position in self._heads and self._heads[position]["head"] != digest:
            self.note(position, f"链上摘要与第 {self._heads[position]['number']} 号封印不符")

    def note(self, position: int, what: str) -> None:
        self._found.append(Finding(position, what))

    def findings(self) -> list[Finding]:
        """All that is wrong, by position; call when the last row has passed."""
        gaps = [*self._gaps, (self._next, self._last + 1)]
        found = list(self._found)
        for start, end in gaps:
            if start < end:
                where = f"第 {start} 位" if end == start + 1 else f"第 {start} 至 {end - 1} 位"
                tail = "，尾部被截去" if end == self._last + 1 else ""
                found.append(Finding(start, f"{where}缺失{tail}"))
        return sorted(found)

    def _strays(self, position: int) -> bool:
        """Note a position that is not the next one; False for one that only leaves a gap behind it."""
        if not self._first <= position <= self._last:
            self.note(position, f"多出一条：位置不在封印的第 {self._first} 至 {self._last} 位之内")
            return True
        if position > self._next:
            self._gaps.append((self._next, position))
            # What stood in front is not here; where a seal ended there, the seal still knows its digest.
            before = self._heads.get(position - 1)
            self._previous = _raw(before["head"]) if before else None
            return False
        for index, (start, end) in enumerate(self._gaps):
            if start <= position < end:
                self._gaps[index : index + 1] = [(start, position), (position + 1, end)]
                self.note(position, "次序被改动：排在了更后位置的后面")
                return True
        self.note(position, "多出一条：同一位置出现两次")
        return True

    def _check_seals(self, before: Mapping[str, Any] | None) -> None:
        """Each seal against itself and against the one before it."""
        number, last = (before["number"], before["last"]) if before else (0, 0)
        previous = before["digest"] if before else GENESIS
        for seal in self._seals:
            name = f"第 {seal['number']} 号封印"
            if seal_digest(seal) != seal["digest"]:
                self.note(seal["first"], f"{name}与自身摘要不符，内容被改动")
            if seal["number"] != number + 1:
                self.note(
                    seal["first"],
                    f"封印缺失或次序被改动：应为第 {number + 1} 号，现在是第 {seal['number']} 号",
                )
            elif seal["previous"] != previous:
                self.note(seal["first"], f"{name}没有接在前一封印之后")
            if seal["first"] != last + 1 or seal["count"] != seal["last"] - seal["first"] + 1:
                self.note(seal["first"], f"{name}的首位、末位与条数不相接")
            previous, number, last = seal["digest"], seal["number"], seal["last"]


def _raw(digest: str) -> bytes | None:
    """The 32 bytes; None for what is no digest, behind which nothing can be checked."""
    try:
        raw = bytes.fromhex(digest)
    except ValueError:
        return None
    return raw if len(raw) == 32 else None
