"""审核意见: what a reviewer says of single drafts. Whatever is not named is accepted.

Said in lines, one a remark, in the facts of the deciding step; the marks that a reviewer sets on the way stand on the
drafts themselves in the same words:

    名称｜不纳入｜重复来源｜已由市公安局提供
    名称｜退回｜共享类型｜依据只有地方性法规
    名称｜退回｜信息项类型·pm25｜应为数字
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from statutes.enforcement import enforces

from catalog.models import Draft
from catalog.norm.elements import ENTRY, ITEM

Said = Draft.Finding

#: Why a draft is left out of the catalogue (GOV19-12.3 and what else stands against it).
CAUSES = {"涉密": "GOV19-2", "重复来源": "GOV19-16", "没有依据": "REG22-24.3", "不属目录范围": "GOV19-12.1"}
_VERBS = {"不纳入": Said.LEAVE_OUT, "退回": Said.RETURN}
_BAR = re.compile(r"\s*[｜|]\s*")
WHOLE = "整条"

_ENTRY = {element.label: element.name for element in ENTRY} | {"信息项": "items", "共享条件": "conditions"}
_ITEM = {element.label: element.name for element in ITEM}
PLACES = [WHOLE, *_ENTRY, *_ITEM]


@dataclass(frozen=True)
class Remark:
    """One line: what is said of which draft, about what, in which words."""

    name: str
    finding: str
    about: str
    text: str

    def __str__(self) -> str:
        verb = next(verb for verb, finding in _VERBS.items() if finding == self.finding)
        return f"{self.name}｜{verb}｜{self.about}｜{self.text}"


def read(text: str, names: Iterable[str], *, allowed: Iterable[str]) -> tuple[list[Remark], list[str]]:
    """The remarks of a text, and what is wrong with its lines, each with its number."""
    known, may = set(names), set(allowed)
    remarks: list[Remark] = []
    wrong: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = _BAR.split(line.strip(), maxsplit=3)
        fault = _fault(parts, known, may)
        if fault:
            wrong.append(f"第 {number} 行：{fault}")
            continue
        remarks.append(Remark(parts[0], _VERBS[parts[1]], parts[2], parts[3].strip()))
    both = {r.name for r in remarks if r.finding == Said.RETURN} & {
        r.name for r in remarks if r.finding == Said.LEAVE_OUT
    }
    wrong += [f"“{name}”同时写了退回和不纳入，请只留一种" for name in sorted(both)]
    return remarks, wrong


def _fault(parts: list[str], known: set[str], may: set[str]) -> str:
    if len(parts) < 4 or not parts[3].strip():
        return "写成“名称｜不纳入或者退回｜事由或者要素｜说明”，四部分用竖线隔开"
    name, verb, about, _text = parts
    if name not in known:
        return f"本件没有名为“{name}”的条目"
    if _VERBS.get(verb) not in may:
        return f"“{verb}”不能用在这里，可写：{'、'.join(v for v, f in _VERBS.items() if f in may)}"
    if _VERBS[verb] == Said.LEAVE_OUT:
        return "" if about in CAUSES else f"不纳入的事由写：{'、'.join(CAUSES)}"
    place = about.split("·", 1)[0]
    if place in _ITEM or place in _ENTRY or place == WHOLE:
        return ""
    return f"规范中没有“{place}”这一要素，整条的问题写“{WHOLE}”"


def by_draft(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.name, []).append(remark)
    return found


def kept(remarks: Iterable[Remark]) -> str:
    """As `Draft.finding_reason` holds them."""
    return "\n".join(f"{remark.about}｜{remark.text}" for remark in remarks)


def marked(drafts: Iterable[Draft]) -> str:
    """The lines for the marks that stand on drafts."""
    lines = []
    for draft in drafts:
        for line in draft.finding_reason.splitlines():
            about, _, text = line.partition("｜")
            lines.append(str(Remark(draft.name, draft.finding, about, text)))
    return "\n".join(lines)


@enforces("CAT-08", "CAT-09", what="退回修改：逐条逐要素写明")
def as_problem(remark: Remark, content: Mapping[str, Any]) -> dict[str, Any]:
    """A remark where the compiling page shows what is to be mended: at the element, of the item named."""
    place, _, item = remark.about.partition("·")
    field, row, part = _ENTRY.get(place, ""), None, ""
    if place in _ITEM:
        codes = [line.get("code") for line in content.get("items", ())]
        field, part = "items", _ITEM[place]
        row = codes.index(item) if item in codes else None
    return {"field": field, "message": f"审核退回：{remark.text}", "cites": [], "row": row, "part": part}
