"""The catalogue's conditions checked against a request: what fits, what does not, what the catalogue does not settle.

Pure: no query beyond the conditions of the entry, no clock, nothing written. 不能确定 is an answer of its own
(REG22-26.2: where the catalogue does not settle the matter the provider is consulted), never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from deadlines.workdays import add_months

from catalog.models import Condition, Entry, EntryItem, SharingType

OK, ASK, NO = "ok", "ask", "no"

#: The verdicts in words.
WORDS = {OK: "符合", ASK: "不能确定", NO: "不符"}


@dataclass(frozen=True)
class RequestFacts:
    """What a request says, as far as conditions ask. `functions` are the names of the functions it rests on."""

    functions: Sequence[str] = ()
    purpose: str = ""  # "duty" or "service"
    items: Collection[str] = ()  # item codes
    first_day: date | None = None
    last_day: date | None = None
    modes: Collection[str] = ()  # "file", "api"
    batch: bool = False  # wants whole tables rather than single rows


@dataclass(frozen=True)
class Finding:
    """One condition against the request: what it wants, what was asked, the verdict and why."""

    condition: str
    asked: str
    verdict: str
    why: str
    basis: str = ""
    kind: str = ""

    @property
    def word(self) -> str:
        return WORDS[self.verdict]


@dataclass(frozen=True)
class Verdict:
    """All findings in one line: no if one says no, else ask if one asks, else ok."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        found = {finding.verdict for finding in self.findings}
        return NO if NO in found else ASK if ASK in found else OK


def check(entry: Entry, *, request_facts: RequestFacts) -> list[Finding]:
    """One finding for the sharing type of what is asked, then one for each condition of the entry."""
    items = {item.code: item for item in entry.items.all()}
    findings = [_type(entry, items, request_facts)]
    for condition in entry.conditions.all():
        asked, verdict, why = _CHECKS[condition.check_kind](condition, items, request_facts)
        findings.append(Finding(condition.text, asked, verdict, why, condition.basis, condition.check_kind))
    return findings


def unconditional(entry: Entry, items: Collection[str]) -> bool:
    """Whether everything asked for is unconditional, so that it is granted at once (REG22-26.1, GOV19-26.2)."""
    types = {item.code: item.sharing_type for item in entry.items.all()}
    return bool(items) and all(types.get(code) == SharingType.UNCONDITIONAL for code in items)


Answer = tuple[str, str, str]


def _type(entry: Entry, items: dict[str, EntryItem], facts: RequestFacts) -> Finding:
    text = f"共享类型：{entry.get_sharing_type_display()}"
    unknown = [code for code in facts.items if code not in items]
    refused = [
        items[c] for c in facts.items if c in items and items[c].sharing_type == SharingType.NOT_SHARED
    ]
    asked = f"{len(facts.items)} 个信息项"
    basis = entry.sharing_basis
    if unknown:
        return Finding(text, asked, NO, f"目录中没有信息项：{'、'.join(unknown)}", basis, "type")
    if refused:
        names = "、".join(item.name for item in refused)
        return Finding(
            text, asked, NO, f"不予共享的信息项：{names}", refused[0].sharing_basis or basis, "type"
        )
    if unconditional(entry, facts.items):
        return Finding(text, asked, OK, "申请的信息项都是无条件共享", basis, "type")
    if entry.sharing_type == SharingType.NOT_SHARED:
        return Finding(text, asked, NO, "条目列为不予共享", basis, "type")
    return Finding(text, asked, OK, "有条件共享，按下列条件核对", basis, "type")


def _function(condition: Condition, items: dict[str, EntryItem], facts: RequestFacts) -> Answer:
    asked = "；".join(facts.functions) or "没有选择职能"
    if not facts.functions:
        return asked, NO, "申请应当从本单位职能清单中选择职能"
    words = condition.parameter.get("words") or []
    if not words:
        return asked, ASK, "目录没有写明对应的职能"
    hit = next((word for word in words if any(word in name for name in facts.functions)), "")
    if hit:
        return asked, OK, f"职能含“{hit}”"
    return asked, ASK, f"所选职能没有直接写明{'、'.join(words)}，目录不能确定是否相当"


def _purpose(condition: Condition, items: dict[str, EntryItem], facts: RequestFacts) -> Answer:
    labels = {"duty": "依法履行职责", "service": "提供公共服务"}
    allowed = condition.parameter.get("kinds") or []
    asked = labels.get(facts.purpose, "没有选择用途")
    if facts.purpose not in labels:
        return asked, NO, "申请应当说明用途是依法履行职责还是提供公共服务"
    if not allowed:
        return asked, ASK, "目录没有写明允许的用途"
    named = "、".join(labels.get(kind, kind) for kind in allowed)
    return (asked, OK, f"目录允许{named}") if facts.purpose in allowed else (asked, NO, f"目录只允许{named}")


def _period(condition: Condition, items: dict[str, EntryItem], facts: RequestFacts) -> Answer:
    if facts.first_day is None or facts.last_day is None:
        return "没有写明期限", NO, "申请应当写明使用的首日和最后一日"
    asked = f"{facts.first_day.isoformat()} 至 {facts.last_day.isoformat()}"
    months = condition.parameter.get("months")
    if not isinstance(months, int):
        return asked, ASK, "目录没有写明最长期限"
    latest = add_months(facts.first_day, months)
    if facts.last_day < latest:
        return asked, OK, f"不超过 {months} 个月"
    return asked, NO, f"超过 {months} 个月，自 {facts.first_day.isoformat()} 起应早于 {latest.isoformat()}"


def _mode(condition: Condition, items: dict[str, EntryItem], facts: RequestFacts) -> Answer:
    labels = {"file": "文件下载", "api": "接口"}
    allowed = condition.parameter.get("modes") or []
    asked = "、".join(labels.get(mode, mode) for mode in facts.modes) or "没有选择方式"
    if not facts.modes:
        return asked, NO, "申请应当选择提供方式"
    if not allowed:
        return asked, ASK, "目录没有写明允许的方式"
    beyond = [labels.get(mode, mode) for mode in facts.modes if mode not in allowed]
    if beyond:
        return asked, NO, f"目录不提供{'、'.join(beyond)}"
    if facts.batch and not condition.parameter.get("batch", True):
        return asked + "，批量", ASK, "批量获取须说明必要性，由提供部门判断"
    return asked, OK, f"目录提供{'、'.join(labels.get(mode, mode) for mode in allowed)}"


def _items(condition: Condition, items: dict[str, EntryItem], facts: RequestFacts) -> Answer:
    """`codes` are the items the condition is about; `together`: how many of them may be had in one grant."""
    about = [code for code in condition.parameter.get("codes") or [] if code in facts.items]
    names = "、".join(items[code].name if code in items else code for code in about)
    asked = names or "没有申请所涉信息项"
    if not about:
        return asked, OK, "没有申请这个条件所涉的信息项"
    together = condition.parameter.get("together")
    if not isinstance(together, int):
        return asked, ASK, "申请了这个条件所涉的信息项，须说明必要性"
    if len(about) <= together:
        return asked, OK, f"不超过 {together} 个"
    return asked, NO, f"同时申请不得超过 {together} 个，现在是 {len(about)} 个"


def _manual(condition: Condition, items: dict[str, EntryItem], facts: RequestFacts) -> Answer:
    return "见申请的应用场景", ASK, "由经办人对照应用场景判断"


_CHECKS: dict[str, Callable[[Condition, dict[str, EntryItem], RequestFacts], Answer]] = {
    Condition.Check.FUNCTION: _function,
    Condition.Check.PURPOSE: _purpose,
    Condition.Check.PERIOD: _period,
    Condition.Check.MODE: _mode,
    Condition.Check.ITEMS: _items,
    Condition.Check.MANUAL: _manual,
}
