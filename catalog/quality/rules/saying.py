"""What the entry says of itself: complete by the norm, told in words that help, its source named."""

from __future__ import annotations

import re

from statutes.enforcement import enforces

from catalog import rules as law
from catalog.models import OpeningType, SharingType
from catalog.quality.declare import Dimension, Place, Verdict, Weight, fails, met, none, rule
from catalog.quality.facts import Facts

#: A summary shorter than this cannot say what a row is, where it comes from and since when (default, no law).
SUMMARY_LEAST = 20
NAME_LEAST = 4
_EMPTY_NAMES = re.compile(r"(数据|信息|资源|表格?|清单|名单|目录|测试|其他|汇总|明细|[0-9A-Za-z_\W])+")
_TECHNICAL = re.compile(r"[\x00-\x7f]+")
_ARTICLE = re.compile(r"《[^》]+》.*第[一二三四五六七八九十百零〇0-9]+条")


def named(names: list[str], most: int = 5) -> str:
    """The first of some names, and how many there are in all."""
    told = "、".join(f"“{name}”" for name in names[:most])
    return f"{told}等 {len(names)} 个" if len(names) > most else told


@rule(
    "elements", Dimension.COMPLETE, "规范要求的要素齐全",
    asks="目录规范和法规要求的各项要素、信息项、条件和依据是否齐全",
    mend="编制变更，按提示补齐后报送。",
    weight=Weight.MUST, cites=("REG22-22.1", "GOV19-11"), place=Place.ENTRY, element="name",
)  # fmt: skip
@enforces("CAT-30", what="目录质量：现行规范的要素逐条核对")
def elements(facts: Facts) -> Verdict:
    """Under the norm in force now, which may ask for more than it did when the entry was published."""
    problems = law.problems_of(facts.content)
    if not problems:
        return met(f"现行规范要求的要素齐全，{len(facts.items)} 个信息项")
    more = f"，共 {len(problems)} 处" if len(problems) > 1 else ""
    return fails(f"{problems[0].message}{more}", dict.fromkeys(problem.field for problem in problems))


@rule(
    "summary", Dimension.COMPLETE, "摘要说明一行记录是什么",
    asks=f"摘要是否有 {SUMMARY_LEAST} 个字以上，而且说的不只是名称",
    mend="写明一行记录是什么、从哪里来、从何时起、有什么限制。",
    weight=Weight.SHOULD, cites=("GOV19-11",), place=Place.ENTRY, element="summary",
)  # fmt: skip
def summary(facts: Facts) -> Verdict:
    text, name = facts.said("summary"), facts.said("name")
    if len(text) < SUMMARY_LEAST:
        return fails(f"摘要只有 {len(text)} 个字，看不出一行记录是什么、从哪里来", ["summary"])
    if len(text.replace(name, "")) < SUMMARY_LEAST // 2:
        return fails("摘要只是重复了名称", ["summary"])
    return met(f"摘要 {len(text)} 个字")


@rule(
    "items-defined", Dimension.COMPLETE, "信息项有说明",
    asks="每个信息项是否有说明，而且说明不是重复名称",
    mend="在信息项说明中写明含义、单位和取值。",
    weight=Weight.SHOULD, cites=("GOV19-11",), place=Place.ITEMS, element="description",
)  # fmt: skip
def items_defined(facts: Facts) -> Verdict:
    bare = [i["name"] for i in facts.items if not i["description"] or i["description"] == i["name"]]
    if not facts.items:
        return none("没有信息项，见“规范要求的要素齐全”")
    if bare:
        return fails(f"{len(facts.items)} 个信息项中 {len(bare)} 个没有说明：{named(bare)}", bare)
    return met(f"{len(facts.items)} 个信息项都有说明")


@rule(
    "basis-text", Dimension.COMPLETE, "依据写到条并附原文",
    asks="有条件或者不予共享、开放的，依据是否写到条，是否附原文",
    mend="依据写明法规名称和条，在“依据原文”中摘录该条。",
    weight=Weight.SHOULD, cites=("REG22-24.3",), place=Place.ENTRY, element="sharing_basis_text",
)  # fmt: skip
@enforces("CAT-30", what="目录质量：限制共享、开放的依据写到条并附原文")
def basis_text(facts: Facts) -> Verdict:
    narrow = []
    if facts.said("sharing_type") != SharingType.UNCONDITIONAL:
        narrow.append(("共享", "sharing_basis"))
    if facts.said("opening_type") in (OpeningType.CONDITIONAL, OpeningType.NOT_OPEN):
        narrow.append(("开放", "opening_basis"))
    if not narrow:
        return none("无条件共享、无条件开放，不需要依据")
    wrong, where = [], []
    for label, element in narrow:
        if not _ARTICLE.search(facts.said(element)):
            wrong.append(f"{label}依据没有写到条")
            where.append(element)
        if not facts.said(f"{element}_text"):
            wrong.append(f"{label}依据没有附原文")
            where.append(f"{element}_text")
    return fails("，".join(wrong), where) if wrong else met("依据写到条，附有原文")


@rule(
    "traceable", Dimension.COMPLETE, "写明来源",
    asks="是否写明来源系统，或者数据实体的来源",
    mend="填写“来源系统”：数据从哪个业务系统、哪项业务产生。",
    weight=Weight.SHOULD, cites=("REG22-12.1",), place=Place.ENTRY, element="system",
)  # fmt: skip
@enforces("CAT-30", what="目录质量：写明来源，问题数据可以追溯")
def traceable(facts: Facts) -> Verdict:
    if facts.said("system"):
        return met(f"来源系统：{facts.said('system')}")
    if facts.entry.holding is not None and facts.entry.holding.source:
        return met("数据实体写明了来源")
    return fails("没有写来源系统，数据有误时追不到源头", ["system"])


@rule(
    "name", Dimension.NORM, "名称说明对象",
    asks="名称是否说明是什么数据，不带单位名称，不是空泛的词",
    mend="用业务上的叫法，写清对象和范围，例如“普通高等学校名单”。",
    weight=Weight.MAY, cites=("GOV19-11",), place=Place.ENTRY, element="name",
)  # fmt: skip
def name(facts: Facts) -> Verdict:
    text, provider = facts.said("name"), facts.entry.provider
    if len(text) < NAME_LEAST or _EMPTY_NAMES.fullmatch(text):
        return fails(f"“{text}”看不出是什么对象的数据", ["name"])
    for body in (provider.name, provider.short_name):
        if body and text.startswith(body):
            return fails(f"名称以“{body}”开头，提供单位已单独列出", ["name"])
    return met("名称说明了对象")


@rule(
    "item-names", Dimension.NORM, "信息项用中文名称",
    asks="信息项名称是否让人看得懂，而不是数据库里的字段名",
    mend="信息项名称写中文，字段名写在信息项代码里。",
    weight=Weight.SHOULD, cites=("GOV19-11",), place=Place.ITEMS, element="name",
)  # fmt: skip
def item_names(facts: Facts) -> Verdict:
    raw = [i["name"] for i in facts.items if _TECHNICAL.fullmatch(i["name"]) and len(i["name"]) > 1]
    if not facts.items:
        return none("没有信息项，见“规范要求的要素齐全”")
    return fails(f"信息项用字段名作名称：{named(raw)}", raw) if raw else met("信息项名称都是中文")


@rule(
    "item-types", Dimension.NORM, "信息项类型明确",
    asks="信息项类型是否明确，没有列为“其他”",
    mend="选择文本、代码、整数、数值、日期、日期时间或者是否。",
    weight=Weight.MAY, cites=("GOV19-11",), place=Place.ITEMS, element="type",
)  # fmt: skip
def item_types(facts: Facts) -> Verdict:
    other = [i["name"] for i in facts.items if i["type"] == "other"]
    if not facts.items:
        return none("没有信息项，见“规范要求的要素齐全”")
    return fails(f"类型列为“其他”的信息项：{named(other)}", other) if other else met("信息项类型都明确")
