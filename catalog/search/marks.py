"""What was found, marked in what is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from catalog.search.words import fold


def mark(text: str, words: Sequence[str]) -> SafeString:
    """The text as HTML with every occurrence of a word (folded, the longest first) in <mark>.

    A word that does not stand there in one piece is marked by its neighbouring characters.
    """
    if not words:
        return mark_safe(escape(text))
    flat, places = _flat(text)
    inside = [False] * (len(text) + 1)
    for word in words:
        at = flat.find(word)
        while at >= 0:
            for place in places[at : at + len(word)]:
                inside[place] = True
            at = flat.find(word, at + 1)
    if not any(inside):
        for word in words:
            for pair in {word[i : i + 2] for i in range(len(word) - 1)} if len(word) > 2 else ():
                at = flat.find(pair)
                while at >= 0:
                    inside[places[at]] = inside[places[at + 1]] = True
                    at = flat.find(pair, at + 1)
    out, start = [], 0
    for at in range(1, len(text) + 1):
        if at == len(text) or inside[at] != inside[start]:
            part = escape(text[start:at])
            out.append(f"<mark>{part}</mark>" if inside[start] else part)
            start = at
    return mark_safe("".join(out))  # every part is escaped


def around(text: str, words: Sequence[str], most: int) -> str:
    """The part of a long text where the first word stands; its beginning if none does."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    flat, places = _flat(text)
    found = [places[at] for at in (flat.find(word) for word in words) if at >= 0]
    first = min(found, default=0)
    start = first - 20 if first > most - 20 else 0
    end = start + most
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _flat(text: str) -> tuple[str, Sequence[int]]:
    """The text folded character by character, and from which character each one came."""
    flat = fold(text)
    if len(flat) == len(text) and unicodedata.is_normalized("NFKC", text):
        return flat, range(len(text))
    made: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = fold(character) or " "
        made.append(folded)
        places += [place] * len(folded)
    return "".join(made), places
