"""Codes: each value stands in its list today, each code has its form, what is named exists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from accounts.codes import check_uscc
from statutes.enforcement import enforces

from catalog.norm.elements import ENTRY, ITEM, Element, Kind
from catalog.norm.vocabularies import vocabulary
from catalog.quality.declare import Dimension, Place, Verdict, Weight, fails, met, none, rule
from catalog.quality.facts import Facts, identifier_of
from catalog.quality.rules.saying import named

#: 类、项, then province, district and body, then the number: what `catalog.codes` issues (standards: 编制指南).
_ISSUED = re.compile(r"([0-9]{3})500[0-9]{0,6}/[0-9]{6,9}")
_HOLDERS = {"person": "resident", "organisation": "uscc", "place": "region"}
_LABELS = {"resident": "身份号码", "uscc": "统一社会信用代码", "region": "行政区划代码"}


@rule(
    "vocabularies", Dimension.NORM, "代码值没有停用",
    asks="条目和信息项的分类、周期、格式、类型等代码，在各自的代码表中今天是否仍在使用",
    mend="改选代码表中现行的值。",
    weight=Weight.MUST, cites=("GOV19-11",), place=Place.ENTRY,
)  # fmt: skip
@enforces("CAT-30", what="目录质量：代码值对照有起止日期的代码表")
def vocabularies(facts: Facts) -> Verdict:
    gone: dict[str, str] = {}
    for element, value in _coded(facts):
        listed = vocabulary(element.vocabulary)
        if not listed.stands(value, facts.on):
            known = "已经停用" if value in listed.by_code else "不在代码表中"
            gone.setdefault(f"“{element.label}”的“{listed.label_of(value)}”{known}", element.name)
    if gone:
        return fails("；".join(list(gone)[:3]), dict.fromkeys(gone.values()))
    return met("代码值都在现行代码表中")


def _coded(facts: Facts) -> Iterable[tuple[Element, str]]:
    rows: list[tuple[tuple[Element, ...], Mapping[str, Any]]] = [(ENTRY, facts.content.entry)]
    rows += [(ITEM, item) for item in facts.items]
    for elements, said in rows:
        for element in elements:
            value = said[element.name]
            if element.kind == Kind.CODE and value:
                yield element, value
            elif element.kind == Kind.CODES:
                for each in value:
                    yield element, each


@rule(
    "resource-code", Dimension.NORM, "资源代码合乎结构",
    asks="资源代码是否按分类码和顺序码编成，分类与条目一致",
    mend="资源代码不改；核对“信息资源分类”是否选对。",
    weight=Weight.MAY, cites=("GOV19-11",), place=Place.ENTRY, element="resource_class",
)  # fmt: skip
def resource_code(facts: Facts) -> Verdict:
    found, said = _ISSUED.fullmatch(facts.entry.code), facts.said("resource_class")
    if found is None:
        return none("沿用平台以前的代码，不按现行结构核对")
    if found[1] != said:
        told = vocabulary("resource-class").label_of(said)
        return fails(f"代码的分类是 {found[1]}，条目的信息资源分类是“{told}”（{said}）", ["resource_class"])
    return met("分类码与条目一致")


@rule(
    "provider-code", Dimension.NORM, "提供单位代码有效",
    asks="提供单位的统一社会信用代码是否通过校验，单位今天是否存在",
    mend="单位撤销的，由承继单位申请目录更新；代码有误的，由市数据主管部门改正机构名录。",
    weight=Weight.SHOULD, cites=("GOV19-11", "GOV19-14.1"), place=Place.REGISTER,
)  # fmt: skip
@enforces("CAT-30", what="目录质量：提供单位和它的统一社会信用代码有效，问题可以定责")
def provider_code(facts: Facts) -> Verdict:
    body = facts.entry.provider
    if not body.in_being(facts.on):
        heir = f"，职能由{body.successor.name}承继" if body.successor_id else ""
        return fails(f"{body.name}已于 {body.valid_to:%Y-%m-%d} 撤销{heir}", ["provider"])
    if not body.uscc:
        return none("机构名录中还没有登记该单位的统一社会信用代码，不计入")
    try:
        check_uscc(body.uscc)
    except ValueError as wrong:
        return fails(str(wrong), ["provider"])
    return met("统一社会信用代码通过校验")


@rule(
    "region", Dimension.NORM, "覆盖区域仍在行政区划中",
    asks="覆盖区域写的区县今天是否仍然存在",
    mend="把“覆盖区域”改为现在的区县；历史数据写明是撤销前的区划。",
    weight=Weight.SHOULD, cites=("GOV19-11",), place=Place.ENTRY, element="region",
)  # fmt: skip
def region(facts: Facts) -> Verdict:
    said = facts.said("region")
    if not said:
        return none("没有写覆盖区域")
    for name, district in facts.districts.items():
        if name in said and "撤销前" not in said:
            heirs = "、".join(each.name for each in district.successors.all())
            now = f"，现为{heirs}" if heirs else ""
            return fails(f"{name}已于 {district.valid_to:%Y-%m-%d} 撤销{now}", ["region"])
    return met(f"覆盖区域：{said}")


@rule(
    "related", Dimension.CONSISTENT, "关联的资源存在",
    asks="关联资源代码是否都是现在已发布的条目",
    mend="删去已撤销的代码，或者改为接替它的条目。",
    weight=Weight.MAY, cites=("GOV19-11",), place=Place.ENTRY, element="related",
)  # fmt: skip
def related(facts: Facts) -> Verdict:
    if not facts.said("related"):
        return none("没有写关联资源")
    if facts.related_gone:
        return fails(f"没有这些已发布的条目：{'、'.join(facts.related_gone[:5])}", ["related"])
    return met(f"{len(facts.said('related'))} 个关联资源都已发布")


@rule(
    "identifier", Dimension.CONSISTENT, "标识与信息项相符",
    asks="条目写的标识，在信息项中是否有对应的代码；有代码的，是否写明了标识",
    mend="补上对应的信息项，或者把“标识”改为实际使用的一种。",
    weight=Weight.MUST, cites=("REG22-11.1(三)",), place=Place.ENTRY, element="identifier_kind",
)  # fmt: skip
@enforces("CAT-30", what="目录质量：标识与信息项相符")
def identifier(facts: Facts) -> Verdict:
    said = facts.said("identifier_kind")
    if not said:
        return none("没有写标识，见“规范要求的要素齐全”")
    found = {identifier_of(i, facts.held.get(i["code"])): i["name"] for i in facts.items}
    found.pop("", None)
    wanted = _HOLDERS.get(said)
    if wanted is None:
        wrong = [kind for kind in ("resident", "uscc") if kind in found]
        if wrong:
            items = named([found[kind] for kind in wrong])
            return fails(f"写的是不以自然人、法人为记录，却有信息项{items}", ["identifier_kind"])
        return met("记录不以自然人、法人或者空间对象为单位，信息项中也没有这类标识")
    if wanted == "region" and any(
        word in i["name"] for i in facts.items for word in ("经度", "坐标", "地理编码")
    ):
        return met("以地理位置标识")
    if wanted not in found:
        label = vocabulary("identifier-kind").label_of(said)
        return fails(f"标识写的是“{label}”，信息项中没有{_LABELS[wanted]}", ["identifier_kind"])
    return met(f"{_LABELS[wanted]}在信息项“{found[wanted]}”")
