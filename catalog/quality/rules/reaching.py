"""Whether somebody finds the entry, reaches a person, and gets an answer."""

from __future__ import annotations

import re

from datacentre.formats import MEDIA, XLSX_ROWS
from statutes.enforcement import enforces

from catalog.quality.declare import Dimension, Place, Verdict, Weight, fails, met, none, rule
from catalog.quality.facts import Facts

#: 023-12345678 and the like, a mobile number, or a short service number.
_PHONE = re.compile(
    r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,5})?|1[3-9][0-9]{9}|[1-9][0-9]{4}|[48]00-?[0-9]{3}-?[0-9]{4}"
)


@rule(
    "contact", Dimension.ACCESSIBLE, "有处室和能拨通的电话",
    asks="是否写明联系处室，电话的位数是否能拨通",
    mend="填写“联系处室”和“联系电话”，固定电话带区号。",
    weight=Weight.SHOULD, cites=("GOV19-11",), place=Place.ENTRY, element="contact",
)  # fmt: skip
def contact(facts: Facts) -> Verdict:
    desk, phone = facts.said("contact") or facts.said("division"), facts.said("phone")
    lacks = [label for label, value in (("联系处室", desk), ("联系电话", phone)) if not value]
    if lacks:
        where = [name for name, value in (("contact", desk), ("phone", phone)) if not value]
        return fails(f"没有写{'和'.join(lacks)}", where)
    if not _PHONE.fullmatch(phone.replace(" ", "")):
        return fails(f"电话“{phone}”的位数不对，应为区号加 7 至 8 位号码", ["phone"])
    return met(f"{desk}，{phone}")


@rule(
    "answers", Dimension.ACCESSIBLE, "校核按时答复",
    asks="对本数据的校核申请，现在有没有超过期限没有答复的，一年内有没有逾期的",
    mend="办结逾期的校核。",
    weight=Weight.MUST, cites=("GOV19-19.2",), place=Place.CASE,
)  # fmt: skip
@enforces("CAT-30", what="目录质量：对数据的疑义按时答复")
def answers(facts: Facts) -> Verdict:
    if facts.reviews_open_late:
        return fails(f"有 {facts.reviews_open_late} 件校核申请超过期限还没有答复")
    if facts.reviews_late:
        return fails(f"一年内有 {facts.reviews_late} 件校核申请逾期答复")
    return met("没有逾期的校核")


@rule(
    "keywords", Dimension.ACCESSIBLE, "有关键词",
    asks="是否写了人们可能用来查找的其他说法",
    mend="补充关键词：别称、简称、通俗叫法。",
    weight=Weight.MAY, cites=("GOV19-11",), place=Place.ENTRY, element="keywords",
)  # fmt: skip
def keywords(facts: Facts) -> Verdict:
    words = facts.said("keywords")
    if not words:
        return fails("没有关键词，只能按名称和摘要中的字查到", ["keywords"])
    return met(f"{len(words)} 个关键词")


@rule(
    "formats", Dimension.ACCESSIBLE, "承诺的格式能够交付",
    asks="条目写的格式里，有没有平台能按授权交付的",
    mend="在“格式”中加上能交付的一种：CSV、XLSX 或者 JSON。",
    weight=Weight.MUST, cites=("GOV19-11",), place=Place.ENTRY, element="formats",
)  # fmt: skip
@enforces("CAT-30", what="目录质量：条目承诺的格式和方式能够交付")
def formats(facts: Facts) -> Verdict:
    said = facts.said("formats")
    if facts.said("sharing_type") == "not-shared":
        return none("不予共享，不交付")
    if facts.latest is None:
        return none("数据尚未汇聚，见“数据已经汇聚”")
    able = set(said) & set(MEDIA)
    if not able:
        return fails("写的格式平台都不能按授权交付", ["formats"])
    if able == {"xlsx"} and facts.latest.rows > XLSX_ROWS:
        return fails(f"只写了 XLSX，数据有 {facts.latest.rows:,} 行，一张表放不下，请加上 CSV", ["formats"])
    return met("写的格式可以交付")
