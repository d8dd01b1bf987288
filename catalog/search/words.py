"""What somebody typed, as the index has it: folded, cut into terms, each with the other words for the same thing.

`fold` and `tokens` say in Python what `catalog_fold` and `catalog_tokens` say in the database (migration 0005); a test
holds the two to each other.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FILE = Path(__file__).parent.parent / "data" / "synonyms.toml"
#: Terms of a search that are taken into account, and the longest of them.
TERMS, LONGEST = 8, 40
#: A term of this length can be read in pieces.
CUT = 4

_DIVIDES = re.compile(
    "[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    "\u2000-\u206f\u20a0-\u20cf\u2190-\u245f\u2500-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030"
    "\u303d-\u303f\u30fb\ufe10-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+"
)
#: Blanks beside a Chinese character: people write “5 个” and “5个”.
_BLANKS = re.compile("(?<=[^\u0001-\u007f]) +| +(?=[^\u0001-\u007f])")
_ASCII = re.compile("[0-9a-z]+")
_UPPER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
#: What finds the words that begin with it: two Latin letters, or a number too long to be a year or a count.
_BEGINS = re.compile("(?=.*[a-z])[0-9a-z]{2,}|[0-9]{6,}")

#: The marks of the index (migration 0005): the classes of names by length, names of any kind, the rest.
TITLES, NAMES, REST = "0123456789", "n", "s"
LOTS = "abcd"
#: One document in so many is in the first lots together: a; a, b; a, b, c; all.
ONE_IN = (512, 64, 8, 1)


def fold(text: str) -> str:
    """Text without what people vary without meaning it: width, case of Latin letters, blanks, punctuation."""
    plain = "".join(" " if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
    kept = unicodedata.normalize("NFKC", plain).translate(_UPPER)
    return _DIVIDES.sub(" ", _BLANKS.sub("", kept)).strip(" ")


def tokens(folded: str) -> list[str]:
    """What a folded text can be found by: neighbouring characters, Latin words, the last character of a run."""
    made: dict[str, None] = {}
    for run in folded.split():
        for here, after in zip(run, [*run[1:], ""], strict=True):
            if here > "z" or after > "z":
                made[here + after] = None
        made.update(dict.fromkeys(_ASCII.findall(run)))
    return list(made)


@dataclass(frozen=True)
class Word:
    """One way of writing a term, folded, and what the index must have of it."""

    text: str

    @property
    def lexemes(self) -> list[tuple[str, bool]]:
        """(token, whether its beginning is enough) of everything that must be there."""
        if len(self.text) == 1:
            return [(self.text, True)]
        runs = self.text.split(" ")
        needed = {
            token: _BEGINS.fullmatch(token) is not None
            for run in runs
            for token in tokens(run)
            if len(token) > 1 or token.isascii()
        }
        # A single character between blanks.
        needed.update({run: not run.isascii() for run in runs if len(run) == 1})
        return list(needed.items())


@dataclass(frozen=True)
class Term:
    """One of the things asked for: as typed, the words for it (the first is the typed one), bodies of that name.

    `cuts` are ways to read it in pieces that need not stand together, where that was asked for.
    """

    typed: str
    words: tuple[Word, ...]
    bodies: tuple[int, ...] = ()  # keys of facet values: providers, districts
    cuts: tuple[tuple[Term, ...], ...] = ()

    def query(self, marks: str, bodies: bool = True) -> str:
        """The term as a tsquery under any of the marks, or as the name of a body."""
        ways = [
            " & ".join(_any(marks, token, begins) for token, begins in word.lexemes) for word in self.words
        ]
        ways += [f"'@{key}'" for key in self.bodies] if bodies else []
        ways += [" & ".join(piece.query(marks, False) for piece in cut) for cut in self.cuts]
        return "(" + " | ".join(f"({way})" for way in ways if way) + ")"


@dataclass(frozen=True)
class Question:
    """What is asked of the index: all terms, all facets; `code` is the text as a resource code would be."""

    terms: tuple[Term, ...] = ()
    facets: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    code: str = ""

    def all(self, leave: str = "") -> str:
        """The query for everything that is found, without the facet `leave`; empty where nothing else is asked."""
        return _all(*(t.query(NAMES + REST) for t in self.terms), *self._chosen(leave))

    def steps(self) -> tuple[list[str], str]:
        """Queries from the most to the least likely to hold what is meant, and the lot of each ('*': all lots)."""
        chosen = self._chosen()
        together = len(self.terms) > 1
        titles = [_all(*(t.query(mark, together) for t in self.terms), *chosen) for mark in TITLES]
        names = _all(*(t.query(NAMES) for t in self.terms), *chosen)
        queries = [_all(_lexeme("=" + self.code, False), *chosen), *titles, *[names] * 4, *[self.all()] * 4]
        return queries, "*" * (1 + len(TITLES)) + LOTS * 2

    def _chosen(self, leave: str = "") -> list[str]:
        return [
            "(" + " | ".join(f"'@{key}'" for key in keys) + ")"
            for facet, keys in self.facets.items()
            if facet != leave
        ]


def _all(*parts: str) -> str:
    return " & ".join(parts)


def _any(marks: str, token: str, begins: bool) -> str:
    """The token under any of the marks; without marks as it is."""
    found = " | ".join(_lexeme(mark + token, begins) for mark in marks or [""])
    return f"({found})" if len(marks) > 1 else found


def _lexeme(text: str, begins: bool) -> str:
    quoted = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'" + (":*" if begins else "")


def typed(text: str) -> list[str]:
    """The folded terms of what was typed: at most TERMS, each at most LONGEST characters, none twice."""
    folded = [fold(part)[:LONGEST].strip(" ") for part in text.split()]
    return list(dict.fromkeys(term for term in folded if term))[:TERMS]


def term(folded: str) -> Term:
    """A term with its synonyms: of the whole, and of a part of it, put in the part's place."""
    words = [folded]
    for known in _spoken_in(folded):
        words += [folded.replace(known, other) for other in synonyms()[known] if other not in folded]
    return Term(folded, tuple(Word(word) for word in dict.fromkeys(words[:12])))


def _spoken_in(folded: str) -> list[str]:
    """The longest word with synonyms in a term; one is enough, several would multiply."""
    found = {
        folded[i:j]
        for i in range(len(folded))
        for j in range(i + 2, len(folded) + 1)
        if folded[i:j] in synonyms()
    }
    return sorted(found, key=lambda word: (-len(word), folded.index(word)))[:1]


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """For each word the other words of its groups, folded."""
    table = tomllib.loads(_FILE.read_text("utf-8"))
    others: dict[str, list[str]] = {}
    for group in table["groups"]:
        folded = [fold(word) for word in group]
        for word in folded:
            others.setdefault(word, []).extend(other for other in folded if other != word)
    return MappingProxyType({word: tuple(dict.fromkeys(found)) for word, found in others.items()})


def cut(asked: Term) -> Term:
    """The term, read in two pieces or three as well, each of two characters at least."""
    text = asked.typed
    if not CUT <= len(text) <= 2 * CUT + 2 or " " in text or text.isascii():
        return asked
    cuts = [(text[:i], text[i:]) for i in range(2, len(text) - 1)]
    cuts += [
        (text[:i], text[i:j], text[j:]) for i in range(2, len(text) - 3) for j in range(i + 2, len(text) - 1)
    ]
    return replace(asked, cuts=tuple(tuple(term(piece) for piece in each) for each in cuts))


def pieces(folded: str, known: Mapping[str, bool]) -> list[str]:
    """A term cut into the longest parts that are known, from the left; what is not known is left out."""
    found: list[str] = []
    at, lost = 0, False
    while at < len(folded):
        for end in range(len(folded), at + 1, -1):
            piece = folded[at:end]
            if known.get(piece):
                # What stands behind a place that is not known may begin with the end of the place's name.
                bare = piece[1:] if lost and piece[0] in "省市区县乡镇" else piece
                found.append(bare if known.get(bare) else piece)
                at, lost = end, False
                break
        else:
            at, lost = at + 1, True
    return found


def parts(folded: str) -> list[str]:
    """All parts of a term that could be pieces of it, but for the whole."""
    longest = min(len(folded) - 1, 12)
    return list(
        dict.fromkeys(
            folded[i : i + size] for size in range(2, longest + 1) for i in range(len(folded) - size + 1)
        )
    )


def marked_words(terms: Iterable[Term]) -> Sequence[str]:
    """The words to be marked in what is shown, the longest first."""
    every = [term for asked in terms for term in (asked, *(piece for cut in asked.cuts for piece in cut))]
    words = {word.text for term in every for word in term.words if len(word.text) > 1}
    return sorted(words, key=lambda word: (-len(word), word))
