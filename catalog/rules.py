"""What an entry must be before it is kept, and before it is published. Each rule names its article.

Pure functions over unsaved objects: they return problems, they change nothing. `save_entry` and `publish` refuse on
any problem; the database holds the hard ones a second time (CheckConstraints, migration 0003).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from datacentre.models import Holding
from procedures.refusals import Refused
from statutes.enforcement import enforces

from catalog.models import BasisKind, Condition, Entry, EntryItem, SecurityLevel, SharingType
from catalog.models.entries import SUFFICIENT

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


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the field, what is wrong and how to put it right, and the article."""

    field: str
    message: str
    cites: tuple[str, ...] = ()


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


@enforces("SHA-01", "CAT-17", "CAT-29", what="目录编制：没有依据的一律无条件共享")
def entry_problems(entry: Entry) -> list[Problem]:
    """The rules on the entry alone."""
    problems = []
    if entry.sharing_type != SharingType.UNCONDITIONAL:
        if entry.base_database:
            problems.append(
                Problem(
                    "sharing_type",
                    "基础数据库的基础信息项应当无条件共享，请改为无条件共享，或者取消基础信息项标记",
                    ("GOV19-25.2(二)",),
                )
            )
        problems += basis_problems("sharing_basis", entry.sharing_basis, entry.sharing_basis_kind)
    if entry.security_level not in SecurityLevel.values:
        problems.append(
            Problem("security_level", "请选择安全级别；涉密事项不在本平台编目", ("GOV19-11", "GOV19-2"))
        )
    if strange := set(entry.delivery) - {"file", "api"}:
        problems.append(Problem("delivery", f"没有这种提供方式：{'、'.join(sorted(strange))}"))
    if entry.holding_id and entry.holding.owner_id != entry.provider_id:
        problems.append(
            Problem(
                "holding",
                f"数据实体由{entry.holding.owner.name}提供，应与条目的数据提供单位相同",
                ("GOV19-16",),
            )
        )
    return problems


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


def item_problems(entry: Entry, items: Sequence[EntryItem]) -> list[Problem]:
    """The rules on the items of an entry."""
    problems = []
    codes = [item.code for item in items]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        problems.append(Problem("items", f"信息项代码重复：{'、'.join(doubled)}", ("GOV19-16",)))
    for item in items:
        problems += _item_type(entry, item)
    problems += _one_source(entry, items)
    return problems


@enforces("CAT-18", "CAT-29", what="目录编制：信息项的共享类型")
def _item_type(entry: Entry, item: EntryItem) -> list[Problem]:
    if item.sharing_type == SharingType.UNCONDITIONAL:
        return []
    if entry.base_database:
        return [
            Problem("items", f"“{item.name}”是基础数据库的基础信息项，应当无条件共享", ("GOV19-25.2(二)",))
        ]
    if item.sharing_basis or WIDTH[item.sharing_type] > WIDTH[entry.sharing_type]:
        found = basis_problems("items", item.sharing_basis, item.sharing_basis_kind)
        return [Problem("items", f"“{item.name}”：{p.message}", p.cites) for p in found]
    return []


@enforces("CAT-20", what="目录编制：一数一源")
def _one_source(entry: Entry, items: Sequence[EntryItem]) -> list[Problem]:
    """一数一源: a data element has one source among the entries not withdrawn. One query."""
    elements = {item.element: item for item in items if item.element}
    taken = (
        EntryItem.objects.filter(element__in=elements)
        .exclude(entry=entry.pk)
        .exclude(entry__status=Entry.Status.WITHDRAWN)
        .select_related("entry__provider")
    )
    return [
        Problem(
            "items",
            f"“{elements[other.element].name}”（{other.element}）已有来源："
            f"{other.entry.provider.name}的“{other.entry.name}”。一数一源，请引用该条目，或者申请认定权威来源",
            ("REG22-11", "GOV19-16"),
        )
        for other in taken
    ]


@enforces("CAT-07", what="目录发布：汇聚范围、类型、条件等齐全")
def publish_problems(
    entry: Entry, items: Sequence[EntryItem], conditions: Sequence[Condition]
) -> list[Problem]:
    """What must be there before an entry is published: the law facts of an entry."""
    problems = [
        Problem(field, f"发布前应当填写{label}", ("REG22-22.1", "GOV19-11"))
        for field, label in (
            ("summary", "摘要"),
            ("gathered", "汇聚范围"),
            ("update_cycle", "更新周期"),
            ("use_requirements", "使用要求"),
        )
        if not getattr(entry, field).strip()
    ]
    if not items:
        problems.append(Problem("items", "发布前至少要有一个信息项", ("REG22-22.1",)))
    if entry.sharing_type == SharingType.CONDITIONAL and not conditions:
        problems.append(Problem("conditions", "有条件共享应当写明至少一个条件", ("REG22-22.1", "REG22-24")))
    if entry.sharing_type == SharingType.UNCONDITIONAL and conditions:
        problems.append(
            Problem(
                "conditions", "无条件共享不附条件，请删除条件，或者写明依据后改为有条件共享", ("REG22-24",)
            )
        )
    if entry.sharing_type != SharingType.NOT_SHARED and not entry.delivery:
        problems.append(Problem("delivery", "请选择提供方式：文件、接口", ("GOV19-11",)))
    if entry.holding_id:
        problems += _holding_problems(entry.holding, items)
    return problems


def _holding_problems(holding: Holding, items: Sequence[EntryItem]) -> list[Problem]:
    held = set(holding.items.values_list("code", flat=True))
    listed = {item.code for item in items}
    problems = []
    if missing := sorted(listed - held):
        problems.append(Problem("items", f"数据实体中没有这些信息项：{'、'.join(missing)}"))
    if unlisted := sorted(held - listed):
        problems.append(
            Problem("items", f"数据实体中的这些信息项没有编目：{'、'.join(unlisted)}", ("GOV19-12.1",))
        )
    return problems
