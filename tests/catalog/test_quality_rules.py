"""Each rule of quality: an entry that keeps it, one that fails it with a reason, one to which it does not apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from accounts.models import Organisation
from clock import SHANGHAI
from datacentre.models import Holding, HoldingItem, HoldingVersion

from catalog.models import Entry, HoldingScan
from catalog.norm.content import Content
from catalog.quality import rules  # noqa: F401 - declares them
from catalog.quality.declare import RULES, Dimension, Outcome
from catalog.quality.facts import Facts
from catalog.quality.scan import digest
from tests.shelf import content, item

AT = datetime(2026, 9, 28, 10, 0, tzinfo=SHANGHAI)
GOOD: dict[str, Any] = {
    "name": "普通高等学校名单",
    "summary": "全市普通高等学校，一校一行，含学校标识码、主管部门和办学层次。",
    "keywords": ["高校", "大学"],
    "system": "高等教育统计系统",
    "contact": "发展规划处",
    "phone": "023-12345678",
    "region": "重庆市",
    "identifier_kind": "organisation",
    "update_cycle": "monthly",
    "items": [
        item("code", "学校标识码", "code", "教育部编的 10 位代码", element="school-code"),
        item("uscc", "统一社会信用代码", "code", "事业单位登记的代码"),
        item("name", "学校名称", "text", "登记的全称"),
        item("opened", "建校日期", "date", "批准设立之日"),
    ],
}


def said(**changes: Any) -> Content:
    return content(**{**GOOD, **changes})


def columns(**types: str) -> dict[str, HoldingItem]:
    usual = {"code": "code", "uscc": "code", "name": "text", "opened": "date", **types}
    return {
        code: HoldingItem(code=code, type=type_, identifier="uscc" if code == "uscc" else "")
        for code, type_ in usual.items()
    }


def facts(**changes: Any) -> Facts:
    """An entry that keeps every rule: its data loaded a week ago, counted and right."""
    provider = Organisation(
        pk=1, code="cq-jw", name="重庆市教育委员会", short_name="市教委", uscc="11500000009276683F",
        kind=Organisation.Kind.CITY_DEPARTMENT,
    )  # fmt: skip
    holding = Holding(pk=1, code="schools", name="学校", source="市教委统计")
    entry = Entry(pk=1, code="307500000001/000001", provider=provider, holding=holding, version=1)
    stood = {
        "entry": entry,
        "content": said(),
        "at": AT,
        "latest": version(2, 75),
        "before": version(1, 74),
        "held": columns(),
        **changes,
    }
    one = Facts(**stood)
    return one if "scan" in changes else replace(one, scan=scan_of(one))


def with_counts(changes: dict[str, Any], **of: Any) -> Facts:
    one = facts(**changes)
    return replace(one, scan=scan_of(one, **of))


def version(number: int, rows: int, days: int = 7, **more: Any) -> HoldingVersion:
    return HoldingVersion(
        pk=number, number=number, rows=rows, loaded_at=AT - timedelta(days=days),
        items=["code", "uscc", "name", "opened"], **more,
    )  # fmt: skip


def scan_of(one: Facts, **of: Any) -> HoldingScan | None:
    """Counts without a fault, but for `of`: item → what differs."""
    if one.latest is None:
        return None
    clean = {"empty": 0, "bad": 0, "bad_rows": [], "repeats": 0}
    found = {code: {**clean, **of.get(code, {})} for code in one.latest.items}
    return HoldingScan(
        version=one.latest, declared=digest(one.declared), at=AT, rows=one.latest.rows,
        whole=of.get("whole", True), repeats=of.get("repeats", 0), found=found, error=of.get("error", ""),
    )  # fmt: skip


def entry_with(**changes: Any) -> Entry:
    return Entry(**{"pk": 1, "code": "307500000001/000001", "provider": facts().entry.provider, **changes})


def content_without(**changes: Any) -> Content:
    """What the norm would not let through any more."""
    made = said()
    made.entry.update(changes)
    return made


GONE = Organisation(name="某局", short_name="某局", valid_to=date(2026, 1, 1), code="x")
UNKNOWN = Organisation(name="某局", short_name="某局", code="x")
HEIR = SimpleNamespace(all=lambda: [SimpleNamespace(name="两江新区")])
ENDED = {"江北区": SimpleNamespace(valid_to=date(2025, 11, 1), successors=HEIR)}
NO_ITEMS = Content(said().entry, [], [])
LAW = {
    "sharing_type": "conditional",
    "sharing_basis": "《中华人民共和国数据安全法》第三十八条",
    "sharing_basis_kind": "law",
    "conditions": [{"text": "用于履行职责"}],
}
BARE = {"latest": None, "before": None, "scan": None, "held": {}}
SHARED_OUT = {
    "sharing_type": "not-shared", "sharing_basis": LAW["sharing_basis"], "sharing_basis_kind": "law",
}  # fmt: skip

#: rule: (fails, a part of its reason, does not apply or None where it always does)
CASES: dict[str, tuple[Facts, str, Facts | None]] = {
    "elements": (facts(content=content_without(gathered="")), "请填写“汇聚范围”", None),
    "summary": (facts(content=said(summary="各校名单")), "摘要只有 4 个字", None),
    "items-defined": (
        facts(content=said(items=[item("code", "学校标识码"), item("name", "名称", "text", "名称")])),
        "2 个信息项中 2 个没有说明：“学校标识码”、“名称”",
        facts(content=NO_ITEMS),
    ),
    "basis-text": (facts(content=said(**LAW)), "共享依据没有附原文", facts()),
    "traceable": (facts(content=said(system=""), entry=entry_with()), "追不到源头", None),
    "name": (facts(content=said(name="市教委学校名单")), "以“市教委”开头", None),
    "item-names": (
        facts(content=said(items=[item("objectid", "OBJECTID")])),
        "字段名作名称：“OBJECTID”",
        facts(content=NO_ITEMS),
    ),
    "item-types": (
        facts(content=said(items=[item("photo", "照片", "other")])),
        "“其他”的信息项：“照片”",
        facts(content=NO_ITEMS),
    ),
    "vocabularies": (
        facts(content=content_without(update_cycle="fortnightly", formats=["csv", "paper"])),
        "“更新周期”的“fortnightly”不在代码表中",
        None,
    ),
    "resource-code": (
        facts(content=said(resource_class="201")),
        "代码的分类是 307",
        facts(entry=entry_with(code="AIR")),
    ),
    "provider-code": (
        facts(entry=entry_with(provider=GONE)),
        "已于 2026-01-01 撤销",
        facts(entry=entry_with(provider=UNKNOWN)),
    ),
    "region": (
        facts(content=said(region="重庆市江北区"), districts=ENDED),
        "江北区已于 2025-11-01 撤销，现为两江新区",
        facts(content=content_without(region="")),
    ),
    "related": (
        facts(content=said(related=["307500000001/000009"]), related_gone=("307500000001/000009",)),
        "307500000001/000009",
        facts(),
    ),
    "identifier": (
        facts(content=said(identifier_kind="person")),
        "信息项中没有身份号码",
        facts(content=content_without(identifier_kind="")),
    ),
    "contact": (facts(content=said(phone="12345678901234")), "位数不对", None),
    "answers": (facts(reviews_open_late=2, reviews_late=3), "2 件校核申请超过期限", None),
    "keywords": (facts(content=said(keywords=[])), "没有关键词", None),
    "formats": (
        facts(content=said(formats=["xml"])),
        "都不能按授权交付",
        facts(content=said(**SHARED_OUT)),
    ),
    "held": (facts(**BARE), "尚未汇聚", None),
    "readable": (with_counts({}, error="FileNotFoundError"), "第 2 版读不出", facts(**BARE)),
    "items-held": (
        facts(content=said(items=[*GOOD["items"], item("level", "办学层次")])),
        "第 2 版没有这些信息项：“办学层次”",
        facts(**BARE),
    ),
    "types-agree": (facts(held=columns(opened="text")), "“建校日期”目录写日期，数据是文本", facts(**BARE)),
    "timely": (
        facts(latest=version(2, 75, days=40)),
        "应在 2026-09-19 前更新，已超过 9 天",
        facts(content=said(update_cycle="irregular")),
    ),
    "filled": (with_counts({}, name={"empty": 75}, opened={"empty": 60}), "“学校名称”全部为空", facts(**BARE)),
    "typed": (
        with_counts({"held": columns(opened="text")}, opened={"bad": 3, "bad_rows": [1, 5, 9]}),
        "“建校日期” 3 个不合声明的类型（第 1、5、9 行）",
        facts(**BARE),
    ),
    "coded": (
        with_counts({}, uscc={"bad": 7, "bad_rows": [2, 3, 4, 5, 6, 7]}),
        "7 个没有通过校验（第 2、3、4、5、6 行等）",
        facts(**BARE),
    ),
    "keys-once": (
        with_counts({}, code={"repeats": 2}),
        "“学校标识码”有 2 个重复的值",
        facts(content=said(items=[item("name", "学校名称")])),
    ),
    "rows-once": (with_counts({}, repeats=4), "有 4 行与前面的行完全相同", facts(**BARE)),
    "rows-kept": (
        facts(latest=version(2, 40)),
        "第 1 版 74 行，第 2 版 40 行，少了 45%",
        facts(before=None),
    ),
    "mended": (facts(problems=2), "2 处经校核确认有误", None),
}  # fmt: skip


def test_every_rule_has_its_case():
    assert set(CASES) == set(RULES)


@pytest.mark.duty("CAT-30")
@pytest.mark.parametrize("code", sorted(CASES))
def test_a_rule_is_kept_failed_or_does_not_apply_and_says_why(code: str):
    wrong, why, outside = CASES[code]
    look = RULES[code].look
    right = look(
        facts(content=said(**{**LAW, "sharing_basis_text": "……", "related": ["307500000001/000002"]}))
    )
    assert (right.outcome, bool(right.reason)) == (Outcome.MET, True), right.reason
    failed = look(wrong)
    assert failed.outcome == Outcome.FAILS
    assert why in failed.reason
    if outside is not None:
        left_out = look(outside)
        assert (left_out.outcome, bool(left_out.reason)) == (Outcome.NONE, True), left_out.reason


@pytest.mark.duty("CAT-30")
@pytest.mark.parametrize("code", sorted(CASES))
def test_a_rule_never_stops_at_what_it_did_not_expect(code: str):
    """An entry of nothing, one of everything at its longest, one whose data is empty: a verdict in words each time."""
    bare = Content.of({})
    long = said(
        name="长" * 200, summary="说" * 2000, items=[item(f"c{n}", f"第{n}项", "number") for n in range(400)]
    )
    empty = facts(latest=version(1, 0), before=version(0, 0))
    for one in (facts(content=bare), facts(content=bare, **BARE), facts(content=long), empty):
        verdict = RULES[code].look(one)
        assert verdict.outcome in set(Outcome)
        assert verdict.reason and "None" not in verdict.reason


def test_rules_say_what_to_do_about_it():
    for rule in RULES.values():
        assert rule.cites and rule.label and rule.asks and rule.mend.endswith("。")
    assert {rule.dimension for rule in RULES.values()} == set(Dimension)


def test_what_is_still_being_counted_waits():
    one = facts(scan=None)
    for code in ("typed", "coded", "filled", "keys-once", "rows-once", "readable"):
        verdict = RULES[code].look(one)
        assert verdict.waits and verdict.outcome == Outcome.NONE


@pytest.mark.duty("CAT-24")
@pytest.mark.parametrize(
    ("cycle", "days", "outcome", "why"),
    [
        ("daily", 1, "met", "下一次最迟 2026-09-28"),
        ("daily", 2, "fails", "已超过 1 天"),
        ("monthly", 31, "met", "承诺每月更新"),
        ("yearly", 400, "fails", "已超过 34 天"),
        ("irregular", 900, "none", "没有可以衡量的期限"),
        ("never", 900, "none", "不再更新"),
    ],
)
def test_lateness_is_counted_in_days_against_the_declared_cycle(cycle, days, outcome, why):
    verdict = RULES["timely"].look(facts(content=said(update_cycle=cycle), latest=version(2, 75, days=days)))
    assert verdict.outcome == outcome and why in verdict.reason


def test_a_drop_that_the_load_explains_is_none():
    one = facts(latest=version(2, 40, note="按撤并后的学校重新统计"))
    assert RULES["rows-kept"].look(one).outcome == Outcome.MET
