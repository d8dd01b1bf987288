"""Reads `data/*.toml` and refuses what does not follow data/FORMAT.md, naming the file and the entry."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from statutes.texts import Article, Citation, Duty, Form, Instrument, Rank, Standing, TermSeed, Unit

DATA = Path(__file__).parent / "data"
APPS = ("catalog", "sharing", "opening", "registry", "operations", "security")
TERMS = "terms.toml"
SUMMARY_LENGTH = 200
Cite = Callable[[str], Citation]
Word = TypeVar("Word", bound=StrEnum)

INSTRUMENT = {
    "code": str, "title": str, "short": str, "rank": str, "number": str, "issuer": str, "in_force_note": str,
    "has_force": bool, "text_note": str,
}  # fmt: skip
ARTICLE = {"number": str, "caption": str, "summary": str, "paragraphs": int}
DUTY = {"id": str, "articles": list, "summary": str, "form": list}
TERM = {
    "code": str, "name": str, "amount": int, "unit": str, "basis": str, "standing": str, "valid_from": date,
    "reason": str,
}  # fmt: skip


class BadData(ValueError):
    """A file of the law that does not follow FORMAT.md."""


def articles() -> Iterator[Article]:
    """Every article of every instrument, in the order of the texts."""
    seen: dict[str, Path] = {}
    for path in sorted(DATA.glob("*.toml")):
        content = _read(path)
        if "instrument" not in content:
            continue
        _keys(path, content, {"instrument": dict, "article": list})
        yield from _instrument(path, content, seen)


def _instrument(path: Path, content: dict[str, Any], seen: dict[str, Path]) -> Iterator[Article]:
    head = content["instrument"]
    optional: dict[str, type] = {"in_force_from": date, "in_force_to": date, "chapters": dict}
    _keys(path, head, INSTRUMENT, optional)
    if head["code"] in seen:
        raise BadData(f"{path.name}: code {head['code']} stands in {seen[head['code']].name} already")
    seen[head["code"]] = path
    chapters = head.pop("chapters", {})
    rank = _word(path, head, "rank", Rank)
    home = Instrument(**{"in_force_from": None, "in_force_to": None, **head, "rank": rank})
    numbers = [one.get("number") for one in content["article"]]
    if strays := [number for number in chapters if number not in numbers]:
        raise BadData(f"{path.name}: chapters begin at articles that do not exist: {strays}")
    if twice := {number for number in numbers if numbers.count(number) > 1}:
        raise BadData(f"{path.name}: articles given twice: {sorted(twice)}")
    chapter = ""
    for entry in content["article"]:
        _keys(path, entry, ARTICLE, {"items": dict})
        chapter = chapters.get(entry["number"], chapter)
        yield _article(path, home, chapter, entry)


def _article(path: Path, home: Instrument, chapter: str, entry: dict[str, Any]) -> Article:
    name = f"{path.name}: article {entry['number']}"
    if not re.fullmatch(r"F?[1-9]\d*", entry["number"]):
        raise BadData(f"{name}: a number is written like 26 or F1")
    if not entry["caption"] or not 0 < len(entry["summary"]) <= SUMMARY_LENGTH or entry["paragraphs"] < 1:
        raise BadData(f"{name}: needs a caption, a summary of at most {SUMMARY_LENGTH} signs, a paragraph")
    items = {int(paragraph): count for paragraph, count in entry.get("items", {}).items()}
    for paragraph, count in items.items():
        if not 1 <= paragraph <= entry["paragraphs"] or not isinstance(count, int) or not 1 <= count <= 99:
            raise BadData(
                f"{name}: items {{ {paragraph} = {count} }} name no paragraph, or no number of items"
            )
    return Article(
        instrument=home,
        number=entry["number"],
        caption=entry["caption"],
        summary=entry["summary"],
        chapter=chapter,
        paragraphs=entry["paragraphs"],
        items=tuple(sorted(items.items())),
    )


def duties(cite: Cite) -> Iterator[Duty]:
    """Every duty, app by app in the order of the architecture; citations are resolved through `cite`."""
    seen: set[str] = set()
    for app in APPS:
        path = DATA / f"duties-{app}.toml"
        content = _read(path)
        _keys(path, content, {"app": str, "duty": list})
        if content["app"] != app:
            raise BadData(f"{path.name}: app is {content['app']}, the name of the file says {app}")
        for entry in content["duty"]:
            yield _duty(path, app, entry, cite, seen)


def _duty(path: Path, app: str, entry: dict[str, Any], cite: Cite, seen: set[str]) -> Duty:
    _keys(path, entry, DUTY, {"note": str})
    name = f"{path.name}: {entry['id']}"
    if not re.fullmatch(r"[A-Z]{3}-\d{2}", entry["id"]) or entry["id"] in seen:
        raise BadData(f"{name}: an id is written like SHA-05 and given once")
    seen.add(entry["id"])
    if not entry["articles"] or not entry["form"] or not 0 < len(entry["summary"]) <= SUMMARY_LENGTH:
        raise BadData(f"{name}: needs articles, a form, and a summary of at most {SUMMARY_LENGTH} signs")
    return Duty(
        id=entry["id"],
        app=app,
        articles=tuple(_cited(name, code, cite) for code in entry["articles"]),
        summary=entry["summary"],
        form=tuple(_word(path, {"id": entry["id"], "form": word}, "form", Form) for word in entry["form"]),
        note=entry.get("note", ""),
    )


def terms(cite: Cite) -> Iterator[TermSeed]:
    """Every delivered length; one code and first day stand once."""
    path = DATA / TERMS
    content = _read(path)
    _keys(path, content, {"term": list})
    seen: set[tuple[str, date]] = set()
    for entry in content["term"]:
        _keys(path, entry, TERM, {"valid_to": date})
        name = f"{path.name}: {entry['code']}"
        unit, standing = _word(path, entry, "unit", Unit), _word(path, entry, "standing", Standing)
        if (entry["amount"] == 0) != (unit is Unit.UNTIL) or entry["amount"] < 0:
            raise BadData(f"{name}: amount is 0 with the unit until, and only then")
        if not entry["reason"] and standing is not Standing.LAW:
            raise BadData(f"{name}: a length that is not the law's own needs a reason")
        if (entry["code"], entry["valid_from"]) in seen:
            raise BadData(f"{name}: given twice from {entry['valid_from']}")
        seen.add((entry["code"], entry["valid_from"]))
        basis = _cited(name, entry["basis"], cite)
        yield TermSeed(**{"valid_to": None, **entry, "unit": unit, "standing": standing, "basis": basis})


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadData(f"{path.name}: {error}") from error


def _keys(
    path: Path, entry: dict[str, Any], required: dict[str, type], optional: dict[str, type] | None = None
) -> None:
    """Refuse an entry that lacks a key, has one too many, or holds a value of another type."""
    name = f"{path.name}: {entry.get('id') or entry.get('code') or entry.get('number') or 'file'}"
    allowed = required | (optional or {})
    if missing := required.keys() - entry.keys():
        raise BadData(f"{name}: lacks {', '.join(sorted(missing))}")
    if unknown := entry.keys() - allowed.keys():
        raise BadData(f"{name}: has {', '.join(sorted(unknown))}, which FORMAT.md does not know")
    for key, value in entry.items():
        if type(value) is not allowed[key]:
            raise BadData(f"{name}: {key} must be a {allowed[key].__name__}")


def _word(path: Path, entry: dict[str, Any], key: str, words: type[Word]) -> Word:
    try:
        return words(entry[key])
    except ValueError:
        known = ", ".join(words)
        raise BadData(
            f"{path.name}: {entry.get('id') or entry.get('code')}: {key} is one of {known}"
        ) from None


def _cited(name: str, code: str, cite: Cite) -> Citation:
    try:
        return cite(code)
    except LookupError as error:
        raise BadData(f"{name}: {error}") from error
