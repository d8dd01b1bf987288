"""What an entry must be before it is published. Each rule names its article.

Functions over what an entry says (`norm.Content`): they return problems, they change nothing. A draft shows them, and
`publishing.publish` refuses on any; the database holds the hard ones a second time (constraints, triggers).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from datacentre.models import Holding
from procedures.refusals import Refused
from statutes.enforcement import enforces

from catalog.models import BasisKind, Condition, Entry, EntryItem, OpeningType, SharingType
from catalog.models.entries import SUFFICIENT
from catalog.norm.content import Content, Problem
from catalog.norm.elements import ENTRY

#: How narrow a type is.
WIDTH = {SharingType.UNCONDITIONAL: 0, SharingType.CONDITIONAL: 1, SharingType.NOT_SHARED: 2}

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|成渝|川渝"
)
#: A title or number that only a local authority gives: 《重庆市数据条例》, 《中共四川省委…》, 渝府发.
_LOCAL = re.compile(rf"《(?:中共)?(?:{_PROVINCES})[^》]*》|渝府|渝办|渝委")
_INSTRUMENT = re.compile(r"《[^》]+》")
_MARKED = re.compile(r"绝密级|机密级|秘密级|(?<!非)涉密")


class BrokenRules(Refused):
    """The entry was not kept; `problems` names each thing to mend."""

    code = "broken-rules"
    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "；".join(problem.message for problem in problems),
            cites=tuple(dict.fromkeys(c for problem in problems for c in problem.cites)),
        )
        self.problems = list(problems)


class SecretMatter(Refused):
    """State secrets stay outside (GOV19-2; CAT-02). The refusal says nothing of the content."""

    code = "secret-matter"
    status = 422

    def __init__(self) -> None:
        super().__init__(
            "标为涉密的事项不在本平台编目，没有保存任何内容。请按保密法律法规办理",
            cites=("GOV19-2",),
        )


@enforces("CAT-02", "SHA-03", what="目录编制：涉密事项不保存")
def refuse_secret(marked: bool, *texts: str) -> None:
    """Refuse what is marked secret, by its mark or by a classification word in its title, code or level."""
    if marked or any(_MARKED.search(text) for text in texts):
        raise SecretMatter


def problems_of(content: Content, *, holding: Holding | None = None, provider_id: int = 0) -> list[Problem]:
    """Everything that stands between this content and its publication, but for what other entries say."""
    problems = needed_problems(content) + type_problems(content) + item_problems(content)
    if holding is not None:
        problems += _holding_problems(holding, content, provider_id)
    return problems


@enforces("CAT-07", "CAT-08", "OPN-07", what="目录发布：规范规定的各要素齐全")
def needed_problems(content: Content) -> list[Problem]:
    """The elements that the norm asks for (REG22-22.1, GOV19-11, OPEN20-12.1)."""
    said = content.entry
    problems = [
        Problem(element.name, f"请填写“{element.label}”", element.cites)
        for element in ENTRY
        if element.needed and said[element.name] in ("", [], None)
    ]
    if not content.items:
        problems.append(Problem("items", "至少要有一个信息项", ("REG22-22.1",)))
    for number, item in enumerate(content.items):
        for part, label in (("name", "信息项名称"), ("code", "信息项代码")):
            if not item[part]:
                problems.append(Problem("items", f"第 {number + 1} 个信息项没有“{label}”", (), number, part))
    if said["sharing_type"] == SharingType.CONDITIONAL and not content.conditions:
        problems.append(Problem("conditions", "有条件共享应当写明至少一个条件", ("REG22-22.1", "REG22-24")))
    if said["sharing_type"] == SharingType.UNCONDITIONAL and content.conditions:
        problems.append(
            Problem(
                "conditions", "无条件共享不附条件，请删除条件，或者写明依据后改为有条件共享", ("REG22-24",)
            )
        )
    if said["sharing_type"] != SharingType.NOT_SHARED and not said["delivery"]:
        problems.append(Problem("delivery", "请选择提供方式：文件下载、接口调用", ("GOV19-11",)))
    if said["opening_type"] == OpeningType.CONDITIONAL and not said["opening_conditions"]:
        problems.append(
            Problem("opening_conditions", "有条件开放应当写明开放条件", ("REG22-22.1", "REG22-24"))
        )
    for number, condition in enumerate(content.conditions):
        kind = condition.get("check_kind", Condition.Check.MANUAL)
        if not condition["text"]:
            problems.append(Problem("conditions", f"第 {number + 1} 个条件没有内容", (), number, "text"))
        if kind not in Condition.Check.values:
            problems.append(Problem("conditions", f"没有这种核对方式：{kind}", (), number, "check_kind"))
    return problems


@enforces("SHA-01", "CAT-17", "CAT-18", "CAT-29", what="目录编制：没有依据的一律无条件共享、开放")
def type_problems(content: Content) -> list[Problem]:
    """Sharing and opening types are fixed apart; each narrower one has its basis."""
    said, problems = content.entry, []
    if said["sharing_type"] != SharingType.UNCONDITIONAL:
        if said["base_database"]:
            problems.append(
                Problem(
                    "sharing_type",
                    "基础数据库的基础信息项应当无条件共享，请改为无条件共享，或者取消基础信息项标记",
                    ("GOV19-25.2(二)",),
                )
            )
        problems += basis_problems("sharing_basis", said["sharing_basis"], said["sharing_basis_kind"])
    if said["opening_type"] in (OpeningType.CONDITIONAL, OpeningType.NOT_OPEN):
        problems += basis_problems("opening_basis", said["opening_basis"], said["opening_basis_kind"])
    return problems + treatment_problems(content)


@enforces("CAT-19", what="目录编制：含个人信息而开放的须有处理记录或者同意")
def treatment_problems(content: Content) -> list[Problem]:
    """What is sensitive is opened only after treatment, or with the right holder's consent (GOV19-31.2)."""
    said = content.entry
    sensitive = said["personal"] or any(item["personal"] for item in content.items)
    opened = said["opening_type"] in (OpeningType.UNCONDITIONAL, OpeningType.CONDITIONAL)
    if not (sensitive and opened) or said["treatment"]:
        return []
    return [
        Problem(
            "treatment",
            "含个人信息而列为开放的，请写明脱敏、清洗、加工的做法或者权利人明示同意的文件；没有的列为不予开放",
            ("GOV19-31.2", "OPEN20-12.3"),
        )
    ]


@enforces("CAT-17", "CAT-18", what="目录编制：有条件、不予共享须有国家层面的依据")
def basis_problems(field: str, basis: str, kind: str) -> list[Problem]:
    """A narrower type rests on a law, an administrative regulation or a national provision (CAT-18)."""
    cites = ("REG22-24.3",)
    if not basis.strip():
        return [Problem(field, "有条件共享、不予共享应当写明依据：法规名称和条款", cites)]
    if kind == BasisKind.NONE:
        return [Problem(f"{field}_kind", "请选择依据类别：法律、行政法规或者国家有关规定", cites)]
    titles = _INSTRUMENT.findall(basis)
    if kind not in SUFFICIENT or (titles and all(_LOCAL.search(title) for title in titles)):
        return [
            Problem(
                field,
                "只有地方性法规、规章或者本市文件的，不能列为有条件或者不予共享；"
                "请补充法律、行政法规或者国家有关规定，没有的改为无条件共享",
                cites,
            )
        ]
    return []


def item_problems(content: Content) -> list[Problem]:
    """The rules on the items of an entry."""
    problems = []
    codes = [item["code"] for item in content.items]
    if doubled := sorted({code for code in codes if code and codes.count(code) > 1}):
        problems.append(Problem("items", f"信息项代码重复：{'、'.join(doubled)}", ("GOV19-16",)))
    for number, item in enumerate(content.items):
        problems += _item_type(content, item, number)
    return problems


@enforces("CAT-18", "CAT-29", what="目录编制：信息项的共享类型")
def _item_type(content: Content, item: dict[str, Any], number: int) -> list[Problem]:
    if item["sharing_type"] == SharingType.UNCONDITIONAL:
        return []
    if content.entry["base_database"]:
        return [
            Problem(
                "items",
                f"“{item['name']}”是基础数据库的基础信息项，应当无条件共享",
                ("GOV19-25.2(二)",),
                number,
                "sharing_type",
            )
        ]
    narrower = WIDTH.get(item["sharing_type"], 0) > WIDTH.get(content.entry["sharing_type"], 0)
    if item["sharing_basis"] or narrower:
        found = basis_problems("items", item["sharing_basis"], item["sharing_basis_kind"])
        return [
            Problem("items", f"“{item['name']}”：{p.message}", p.cites, number, "sharing_basis")
            for p in found
        ]
    return []


@enforces("CAT-20", what="目录编制：一数一源")
def source_problems(contents: Sequence[tuple[Content, int | None]]) -> list[list[Problem]]:
    """一数一源: a data element has one source, among the published entries and among `contents` themselves.

    `contents` are (content, key of the entry that it replaces); one list of problems for each. One query.
    """
    elements: dict[str, int] = {}
    problems: list[list[Problem]] = [[] for _ in contents]
    for place, (content, _entry) in enumerate(contents):
        for number, item in enumerate(content.items):
            element = item["element"]
            if not element:
                continue
            first = elements.setdefault(element, place)
            if first != place:
                other = contents[first][0].name
                message = (
                    f"“{item['name']}”（{element}）在“{other}”中也列为唯一来源。一数一源，请只在一处列为来源"
                )
                problems[place].append(Problem("items", message, _SOURCE, number, "element"))
    if not elements:
        return problems
    taken = {
        item.element: item
        for item in EntryItem.objects.filter(
            element__in=elements, entry__status=Entry.Status.PUBLISHED
        ).select_related("entry__provider")
    }
    replaced = {entry for _content, entry in contents if entry}
    for place, (content, _entry) in enumerate(contents):
        for number, item in enumerate(content.items):
            other = taken.get(item["element"])
            if other is None or other.entry_id in replaced:
                continue
            message = (
                f"“{item['name']}”（{other.element}）已有来源：{other.entry.provider.name}的“{other.entry.name}”。"
                "一数一源，请引用该条目；应当由本单位作为来源的，在该条目的页面提出争议"
            )
            problems[place].append(Problem("items", message, _SOURCE, number, "element"))
    return problems


_SOURCE = ("REG22-11", "GOV19-16")


def _holding_problems(holding: Holding, content: Content, provider_id: int) -> list[Problem]:
    problems = []
    if holding.owner_id != provider_id:
        problems.append(
            Problem(
                "holding", f"数据实体由{holding.owner.name}提供，应与条目的数据提供单位相同", ("GOV19-16",)
            )
        )
    return problems + held_problems(set(holding.items.values_list("code", flat=True)), content)


def held_problems(held: set[str], content: Content) -> list[Problem]:
    """Items listed and not held, or held (`held`: their codes) and not listed."""
    listed = {item["code"] for item in content.items}
    problems = []
    if missing := sorted(listed - held):
        problems.append(Problem("items", f"数据实体中没有这些信息项：{'、'.join(missing)}"))
    if unlisted := sorted(held - listed):
        problems.append(
            Problem("items", f"数据实体中的这些信息项没有编目：{'、'.join(unlisted)}", ("GOV19-12.1",))
        )
    return problems
