"""The cleansing report: of every value that a foreign catalogue states, what became of it. Nothing leaves silently.

A value is taken as it is, mapped (from, to, how often), not stated (empty, or a word for nothing), or not understood
(value, how often, the first records with it). Texts that were cleaned are counted by what was taken out of them.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from clock import SHANGHAI

from catalog.norm.elements import ENTRY_BY_NAME
from catalog.norm.vocabularies import vocabulary

#: What catalogues write where they have nothing to say.
NOTHING = frozenset(
    {
        "",
        "无",
        "暂无",
        "空",
        "null",
        "none",
        "nan",
        "undefined",
        "-",
        "--",
        "/",
        "[]",
        "['']",
        "默认",
        "默认主题",
        "默认行业",
    }
)
EXAMPLES = 5
#: Of each element so many different values are listed; the rest is counted in one line.
LISTED = 400
_SHOWN = 80

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PARTS = re.compile(r"[、,，;；|\r\n\t]+")
#: What some portals add in brackets: 每年(更新说明:…).
_REMARK = re.compile(r"[（(][^（）()]*[)）]$")
_DATES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), "2023-06-17"),
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), "2023-6-7"),
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?"), "2023-06-17 08:00:00"),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?: \d{1,2}:\d{2}(?::\d{2})?)?"), "2023/06/17 08:00:00"),
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?"), "2023年6月17日"),
)  # fmt: skip
_MILLISECONDS = re.compile(r"\d{13}")


@dataclass
class Told:
    """What became of the values of one element."""

    name: str
    label: str
    as_is: int = 0
    mapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[int]] = field(default_factory=dict)
    empty: int = 0

    @property
    def stated(self) -> int:
        return self.as_is + self.mapped.total() + self.unknown.total()

    @property
    def understood(self) -> float:
        """The share of what was stated that was taken or mapped."""
        return (self.as_is + self.mapped.total()) / self.stated if self.stated else 1.0

    def take(self, raw: str, value: str) -> None:
        if raw == value:
            self.as_is += 1
        else:
            self.mapped[raw[:_SHOWN], value] += 1

    def miss(self, raw: str, record: int) -> None:
        raw = " ".join(raw.split())[:_SHOWN]
        self.unknown[raw] += 1
        kept = self.examples.setdefault(raw, [])
        if len(kept) < EXAMPLES:
            kept.append(record)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "stated": self.stated,
            "as_is": self.as_is,
            "mapped": self.mapped.total(),
            "unknown": self.unknown.total(),
            "empty": self.empty,
            "mappings": [[*pair, number] for pair, number in self.mapped.most_common(LISTED)],
            "mappings_more": max(0, len(self.mapped) - LISTED),
            "unknowns": [
                [value, number, self.examples[value]] for value, number in self.unknown.most_common(LISTED)
            ],
            "unknowns_more": max(0, len(self.unknown) - LISTED),
        }


class Report:
    """Collects while records are converted; `as_json` is what the run keeps and its page shows."""

    def __init__(self) -> None:
        self.records = 0
        self.elements: dict[str, Told] = {}
        self.cleaned: Counter[str] = Counter()
        self.cleaned_at: dict[str, list[int]] = {}
        self.uncarried: Counter[str] = Counter()
        self.broken: list[tuple[int, str]] = []
        self.broken_count = 0
        self.groups = 0
        self.dropped = 0
        self.duplicates: list[dict[str, Any]] = []
        self.duplicate_rule = ""

    def told(self, name: str, label: str = "") -> Told:
        if name not in self.elements:
            self.elements[name] = Told(name, label or ENTRY_BY_NAME[name].label)
        return self.elements[name]

    def clean(self, what: str, record: int) -> None:
        self.cleaned[what] += 1
        kept = self.cleaned_at.setdefault(what, [])
        if len(kept) < EXAMPLES:
            kept.append(record)

    def broke(self, record: int, why: str) -> None:
        self.broken_count += 1
        if len(self.broken) < LISTED:
            self.broken.append((record, why))

    def as_json(self) -> dict[str, Any]:
        return {
            "records": self.records,
            "elements": [told.as_json() for told in self.elements.values()],
            "cleaned": [[what, number, self.cleaned_at[what]] for what, number in self.cleaned.most_common()],
            "uncarried": [[name, number] for name, number in self.uncarried.most_common()],
            "broken": {"count": self.broken_count, "examples": [list(one) for one in self.broken]},
            "duplicates": {
                "rule": self.duplicate_rule,
                "groups": self.groups,
                "dropped": self.dropped,
                "examples": self.duplicates,
            },
        }

    # What each kind of element makes of a value

    def text(self, name: str, raw: Any, record: int, *, most: int | None = None, label: str = "") -> str:
        """A text without markup and what cannot be seen; too long a one is cut, and that is said."""
        told = self.told(name, label)
        said = "" if raw is None else str(raw)
        if is_nothing(said):
            told.empty += 1
            return ""
        plain = self._plain(said, record)
        if not plain:
            told.empty += 1
            return ""
        limit = most or ENTRY_BY_NAME[name].most
        if len(plain) > limit:
            self.clean(f"“{told.label}”超过 {limit:,} 个字，截去了后面的部分", record)
            plain = plain[: limit - 1] + "…"
        if plain == said:
            told.as_is += 1
        else:
            told.mapped["（清洗过的文本）", "（见“文本的清洗”）"] += 1
        return plain

    def _plain(self, said: str, record: int) -> str:
        text = said
        if "<" in text and _TAG.search(text):
            text = _TAG.sub(" ", re.sub(r"(?i)<br\s*/?>|</p>", "\n", text))
            self.clean("去掉 HTML 标记", record)
        if "&" in text and (plain := html.unescape(text)) != text:
            text = plain
            self.clean("还原 HTML 实体（如 &nbsp;）", record)
        if _CONTROL.search(text):
            text = _CONTROL.sub("", text)
            self.clean("去掉控制字符", record)
        squeezed = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
        if squeezed != text:
            self.clean("归并空白、制表符和换行", record)
        return squeezed

    def code(self, name: str, raw: Any, record: int, *, first_of_many: bool = False) -> str:
        """One value of the element's vocabulary, or ''."""
        told = self.told(name)
        said = "" if raw is None else str(raw).strip()
        if is_nothing(said):
            told.empty += 1
            return ""
        listed = vocabulary(ENTRY_BY_NAME[name].vocabulary)
        code = listed.find(said) or listed.find(_REMARK.sub("", said))
        if not code and first_of_many:
            parts = [part for part in _PARTS.split(said) if part]
            code = next((found for part in parts if (found := listed.find(part))), "")
        if code:
            told.take(said, listed.label_of(code))
        else:
            told.miss(said, record)
        return code

    def codes(self, name: str, raw: Any, record: int, aside: Callable[[str], str] | None = None) -> list[str]:
        """Several values; each spelling is counted by itself. `aside` names where a value went instead."""
        told = self.told(name)
        parts = list_of(raw)
        if not parts:
            told.empty += 1
            return []
        listed = vocabulary(ENTRY_BY_NAME[name].vocabulary)
        found: set[str] = set()
        for part in parts:
            if aside is not None and (where := aside(part)):
                told.take(part, where)
                continue
            code = listed.find(part)
            for piece in reversed(re.split(r"[-/:：]", part)):
                code = code or listed.find(piece)
            if code:
                found.add(code)
                told.take(part, listed.label_of(code))
            else:
                told.miss(part, record)
        return [value.code for value in listed.values if value.code in found]

    def words(self, name: str, raw: Any, record: int) -> list[str]:
        """Free words, however they were parted; more or longer ones than the norm has are left out and counted."""
        told, element = self.told(name), ENTRY_BY_NAME[name]
        if raw is None or is_nothing(str(raw)):
            told.empty += 1
            return []
        said = [str(part) for part in raw] if isinstance(raw, list) else _PARTS.split(str(raw))
        if not isinstance(raw, list) and ("\t" in str(raw) or "\n" in str(raw)):
            self.clean("关键词由制表符和换行隔开，已分开", record)
        words = list(dict.fromkeys(word for part in said if (word := part.strip()) and not is_nothing(word)))
        fit = [word for word in words if 2 <= len(word) <= 60]
        for _ in range(len(words) - len(fit)):
            self.clean("一个字的和超过 60 个字的关键词没有采用", record)
        if len(fit) > element.most:
            self.clean(f"关键词超过 {element.most} 个，只取前 {element.most} 个", record)
        told.as_is += 1
        return fit[: element.most]

    def day(self, name: str, label: str, raw: Any, record: int) -> str:
        """A day as 2023-06-17 from any of the forms that catalogues write, or ''."""
        told = self.told(name, label)
        said = "" if raw is None else str(raw).strip()
        if is_nothing(said):
            told.empty += 1
            return ""
        try:
            if _MILLISECONDS.fullmatch(said):
                moment = datetime.fromtimestamp(int(said) / 1000, UTC).astimezone(SHANGHAI)
                told.mapped["1687017600000（毫秒数）", "日期"] += 1
                return f"{moment:%Y-%m-%d}"
            for place, (pattern, form) in enumerate(_DATES):
                if match := pattern.fullmatch(said):
                    day = datetime(*map(int, match.groups()[:3])).strftime("%Y-%m-%d")
                    if place == 0:
                        told.as_is += 1
                    else:
                        told.mapped[form, "日期"] += 1
                    return day
        except (ValueError, OverflowError, OSError):
            pass
        told.miss(said, record)
        return ""

    def number(self, name: str, label: str, raw: Any, record: int) -> str:
        """A count, without thousands separators."""
        told = self.told(name, label)
        said = "" if raw is None else str(raw).strip()
        if is_nothing(said):
            told.empty += 1
            return ""
        if re.fullmatch(r"\d{1,3}([,，]\d{3})+", said):
            told.mapped["1,234,567（千分位）", "数值"] += 1
            return re.sub(r"[,，]", "", said)
        if re.fullmatch(r"\d{1,18}", said):
            told.as_is += 1
            return said
        told.miss(said, record)
        return ""


def is_nothing(text: str) -> bool:
    return text.strip().casefold() in NOTHING


def list_of(raw: Any) -> list[str]:
    """The parts of a list, also of one that was printed as text: "['xls', 'json']", "xls,json"."""
    if raw is None:
        return []
    if isinstance(raw, list):
        parts = [str(part) for part in raw]
    else:
        parts = [part.strip("[]'\" ") for part in _PARTS.split(str(raw))]
    return [part.strip() for part in parts if not is_nothing(part)]
