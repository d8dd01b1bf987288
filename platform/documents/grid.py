"""The sheets of a letter on screen: GB/T 9704 sets text on a grid of lines, so where a page ends can be counted.

The PDF is set by Typst, which measures; a line more or less on a sheet of the page is of no consequence there, and a
sheet that is too full grows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

from documents.letter import Letter

WIDTH = 27  # full characters of 16 pt in a line of 156 mm
FIRST, OTHER = 18, 24  # lines under the title of the first sheet; lines of the others
TITLE_WIDTH = 20  # full characters of 22 pt
SIGN, FOOT = 4, 6  # lines that the signature with its seal takes, and the foot with the verification

_NOT_FIRST = frozenset("，。、；：？！”’）》〉」』】〕…—")
_PIECES = re.compile(r"[!-~]+|.", re.DOTALL)  # a word or number of Latin letters does not break


@dataclass(frozen=True)
class Piece:
    """A paragraph or a part of one. `starts`: its first line is here; `ends`: its last line is here."""

    kind: str  # "salutation", "h" or "p"
    text: str
    starts: bool = True
    ends: bool = True


@dataclass(frozen=True)
class Sheet:
    """One sheet; the last one bears attachments, signature and foot."""

    number: int
    pieces: list[Piece] = field(default_factory=list)
    last: bool = False


def sheets(letter: Letter) -> list[Sheet]:
    """The letter, sheet by sheet. A heading stays with its text, and the signed sheet bears text too."""
    blocks = [("salutation", letter.salutation), *letter.body] if letter.salutation else list(letter.body)
    lines = [
        (block, text)
        for block, (kind, said) in enumerate(blocks)
        for text in wrap(said, 0 if kind == "salutation" else 2)
    ]
    tail = SIGN + FOOT + (len(letter.attachments) + 1 if letter.attachments else 0)
    first = FIRST - (ceil(width(letter.title) / TITLE_WIDTH) - 1)
    bounds = _bounds([blocks[block][0] for block, _text in lines], first, tail)
    return [
        Sheet(number, list(_pieces(blocks, lines, start, end)), last=end == len(lines))
        for number, (start, end) in enumerate(bounds, 1)
    ]


def _bounds(kinds: Sequence[str], first: int, tail: int) -> list[tuple[int, int]]:
    """Where each sheet begins and ends among the lines, given what kind of block each line belongs to."""
    bounds, start, room = [], 0, first
    while len(kinds) - start > room - tail:
        end = min(start + room, len(kinds))
        if end == len(kinds):  # the text fits and the signature does not: it takes the last lines along
            end = max(start + 1, end - 2)
        while end > start + 1 and kinds[end - 1] == "h":
            end -= 1
        bounds.append((start, end))
        start, room = end, OTHER
        if start >= len(kinds):
            return bounds
    return [*bounds, (start, len(kinds))]


def _pieces(
    blocks: Sequence[tuple[str, str]], lines: Sequence[tuple[int, str]], start: int, end: int
) -> Iterator[Piece]:
    for block in dict.fromkeys(block for block, _text in lines[start:end]):
        mine = [n for n, (owner, _text) in enumerate(lines) if owner == block]
        here = [n for n in mine if start <= n < end]
        text = "".join(lines[n][1] for n in here)
        yield Piece(blocks[block][0], text, here[0] == mine[0], here[-1] == mine[-1])


def wrap(text: str, indent: int) -> list[str]:
    """The lines of a paragraph; joined, they are the text again."""
    lines, used = [""], float(indent)
    for piece in _PIECES.findall(text):
        needed = width(piece)
        if used + needed > WIDTH and lines[-1] and piece not in _NOT_FIRST:
            lines.append("")
            used = 0.0
        lines[-1] += piece
        used += needed
        while used > WIDTH + 2:  # a word longer than lines: the browser breaks it, here it only counts
            lines.append("")
            used -= WIDTH
    return lines


def width(text: str) -> float:
    """In full characters; a Latin letter or a digit takes about half of one."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.52 for sign in text)
