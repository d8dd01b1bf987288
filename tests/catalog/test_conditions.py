"""The catalogue's conditions against a request: fits, does not fit, not settled."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.conditions import RequestFacts, Verdict, check, unconditional
from catalog.models import BasisKind, Entry, SharingType
from tests.shelf import build_entry, item, term

pytestmark = pytest.mark.django_db

LAW = {"sharing_basis": "《中华人民共和国数据安全法》第三十八条", "sharing_basis_kind": BasisKind.LAW}
ITEMS = (
    item("day", "日期", "date", sharing_type=SharingType.UNCONDITIONAL),
    item("plate", "号牌号码", "code", sharing_type=SharingType.CONDITIONAL),
    item("phone", "联系电话", "code", sharing_type=SharingType.NOT_SHARED, **LAW),
)


def entry_with(cast, kind: str, parameter: dict) -> Entry:
    return build_entry(
        cast.organisation("provider"),
        sharing_type=SharingType.CONDITIONAL,
        conditions=(term("条件", "依据", kind, parameter),),
        items=ITEMS,
        **LAW,
    )


@pytest.mark.duty("CAT-17")
@pytest.mark.parametrize(
    ("kind", "parameter", "asked", "verdict"),
    [
        ("function", {"words": ["监管"]}, {"functions": ["机动车排放监管"]}, "ok"),
        ("function", {"words": ["监管"]}, {"functions": ["道路运输管理"]}, "ask"),
        ("function", {"words": ["监管"]}, {}, "no"),
        ("function", {}, {"functions": ["道路运输管理"]}, "ask"),
        ("purpose", {"kinds": ["duty"]}, {"purpose": "duty"}, "ok"),
        ("purpose", {"kinds": ["duty"]}, {"purpose": "service"}, "no"),
        ("purpose", {"kinds": ["duty"]}, {}, "no"),
        ("purpose", {}, {"purpose": "duty"}, "ask"),
        ("period", {"months": 12}, {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}, "ok"),
        ("period", {"months": 12}, {"first_day": date(2026, 1, 1), "last_day": date(2027, 1, 1)}, "no"),
        ("period", {"months": 1}, {"first_day": date(2026, 1, 31), "last_day": date(2026, 2, 27)}, "ok"),
        ("period", {"months": "x"}, {"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 2)}, "ask"),
        ("period", {"months": 12}, {}, "no"),
        ("mode", {"modes": ["api"]}, {"modes": ["api"]}, "ok"),
        ("mode", {"modes": ["api"]}, {"modes": ["api", "file"]}, "no"),
        ("mode", {"modes": ["api"], "batch": False}, {"modes": ["api"], "batch": True}, "ask"),
        ("mode", {}, {"modes": ["api"]}, "ask"),
        ("items", {"codes": ["plate"]}, {"items": ["plate"]}, "ask"),
        ("items", {"codes": ["plate"]}, {"items": ["day"]}, "ok"),
        ("items", {"codes": ["plate", "day"], "together": 1}, {"items": ["plate", "day"]}, "no"),
        ("items", {"codes": ["plate", "day"], "together": 1}, {"items": ["day"]}, "ok"),
        ("manual", {}, {}, "ask"),
    ],
)
def test_a_condition_answers_yes_no_or_not_settled(cast, kind, parameter, asked, verdict):
    finding = check(entry_with(cast, kind, parameter), request_facts=RequestFacts(**asked))[1]
    assert finding.verdict == verdict and finding.why and finding.asked and finding.basis == "依据"


@pytest.mark.parametrize(
    ("items", "verdict", "words"),
    [
        (["day"], "ok", "都是无条件共享"),
        (["day", "plate"], "ok", "按下列条件核对"),
        (["plate", "phone"], "no", "联系电话"),
        (["owner"], "no", "没有信息项：owner"),
    ],
)
def test_the_sharing_type_of_what_is_asked_comes_first(cast, items, verdict, words):
    finding = check(entry_with(cast, "manual", {}), request_facts=RequestFacts(items=items))[0]
    assert finding.verdict == verdict and words in finding.why


def test_what_is_not_shared_is_said_with_its_basis(cast):
    entry = build_entry(
        cast.organisation("provider"), sharing_type=SharingType.NOT_SHARED, items=ITEMS[1:2], **LAW
    )
    finding = check(entry, request_facts=RequestFacts(items=["plate"]))[0]
    assert finding.verdict == "no" and finding.basis == LAW["sharing_basis"]


def test_one_line_for_all_findings(cast):
    entry = entry_with(cast, "manual", {})
    assert Verdict(check(entry, request_facts=RequestFacts(items=["day"]))).verdict == "ask"
    assert Verdict(check(entry, request_facts=RequestFacts(items=["phone"]))).verdict == "no"
    assert Verdict([]).verdict == "ok"


def test_only_unconditional_items_are_granted_at_once(cast):
    entry = entry_with(cast, "manual", {})
    assert unconditional(entry, ["day"])
    assert not unconditional(entry, ["day", "plate"])
    assert not unconditional(entry, [])
