"""需求清单: read line by line, and each line of an adopted list handed to the procedure that looks for a source."""

from __future__ import annotations

import pytest
from django import forms
from procedures import registry
from procedures.declare import START, SYSTEM, Outcome, Procedure, State, Step
from procedures.facts import Facts
from procedures.models import Act, Case

from catalog import demands
from catalog.models import CatalogueList
from catalog.relations import authority, body
from tests.catalog.city import City
from tests.law import load_law


class Need(Facts):
    items = forms.CharField()
    function = forms.CharField()
    source = forms.CharField(required=False)


MATCHING = State("MATCHING", "匹配中", turn=authority)


def taking(*, by_system: bool) -> Procedure:
    """A procedure that takes demands, filed by the system or by the officer who reported."""
    return Procedure(
        "demand-matching",
        "需求对接",
        prefix="XQ",
        app="catalog",
        record=CatalogueList,
        relations=(body, authority),
        parties=lambda context: {"body": context.subject.body},
        title=lambda context: context.facts["items"],
        cites=("GOV19-12",),
        steps=(
            Step(
                "raise",
                "提出需求",
                START,
                MATCHING,
                by=SYSTEM if by_system else body.officer,
                facts=Need,
                cites="GOV19-12.2",
            ),
            Step(
                "end", "办结", MATCHING, Outcome("ENDED", "已办结"), by=authority.officer, cites="GOV19-12.3"
            ),
        ),
    )


@pytest.fixture
def city(cast) -> City:
    load_law()
    return City(cast)


@pytest.mark.duty("CAT-12")
@pytest.mark.parametrize("by_system", [True, False])
def test_each_line_opens_a_matter_of_the_body(city: City, monkeypatch, by_system: bool):
    monkeypatch.setitem(registry._procedures, demands.DEMAND, taking(by_system=by_system))
    city.draft("provider", "水质监测")
    case = city.list_of(city.open_round(), "provider")
    lines = "机动车登记信息｜机动车排放监管｜市公安局\n企业用电量｜重点排污单位核查"
    case = city.adopt(city.submit(case, "provider", "provider_lead", demands=lines))
    made = Case.objects.filter(kind="demand-matching").order_by("id")
    assert [(one.title, one.parent) for one in made] == [("机动车登记信息", case), ("企业用电量", case)]
    filed = Act.objects.get(case=made[0], step="raise")
    assert filed.facts == {"items": "机动车登记信息", "function": "机动车排放监管", "source": "市公安局"}
    assert (filed.user is None) == by_system


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("机动车登记信息", "第 1 行"),
        ("数据｜", "第 1 行"),
        ("\n".join(["数据｜职能"] * 201), "最多 200 条"),
    ],
)
def test_a_line_without_its_function_is_named(text: str, wrong: str):
    assert any(wrong in line for line in demands.read(text)[1])


@pytest.mark.duty("CAT-20")
def test_double_sources_are_found_for_who_gathers(city: City):
    element = {"items": [{"code": "plate", "name": "号牌", "type": "code", "element": "DE-PLATE"}]}
    round_ = city.open_round(["provider", "requester"])
    for who in ("provider", "requester"):
        city.draft(who, f"{who}的车辆", **element)
        city.submit(city.list_of(round_, who), who, f"{who}_lead")
    record = city.list_of(round_, "provider").catalogue_list
    assert demands.double_sources(record) == "DE-PLATE：“provider的车辆”与市交通运输委“requester的车辆”"
