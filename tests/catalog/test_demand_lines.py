"""需求清单: read line by line; each line of an adopted list is a need of its own, from then on with the city."""

from __future__ import annotations

import pytest
from accounts.models import Role
from procedures.models import Act, Case, Party

from catalog import tasks
from catalog.demands import lines
from catalog.effects.look import double_sources
from tests.catalog.city import City
from tests.catalog.needing import department
from tests.law import load_law

LINES = "机动车登记信息｜机动车排放监管｜市公安局\n企业用电量｜重点排污单位核查"


@pytest.fixture
def city(cast) -> City:
    load_law()
    return City(cast)


@pytest.mark.duty("CAT-12")
def test_each_line_opens_a_matter_of_the_body(city: City):
    city.draft("provider", "水质监测")
    case = city.list_of(city.open_round(), "provider")
    case = city.adopt(city.submit(case, "provider", "provider_lead", demands=LINES))
    made = Case.objects.filter(kind="demand-matching").order_by("id")
    assert [(one.demand.items, one.parent, one.state) for one in made] == [
        ("机动车登记信息", case, "MATCHING"),
        ("企业用电量", case, "MATCHING"),
    ]
    filed = Act.objects.get(case=made[0])
    assert filed.step == "raise-with-list" and filed.user is None
    assert filed.facts == {"items": "机动车登记信息", "function": "机动车排放监管", "source": "市公安局"}
    assert made[0].demand.asker == city.cast.organisation("provider")
    assert {party.relation for party in Party.objects.filter(case=made[0])} == {"asker", "authority"}


@pytest.mark.duty("CAT-12")
def test_a_long_list_is_filed_by_and_by_each_line_once(
    city: City, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(lines, "AT_ONCE", 2)
    nudged: list[int] = []
    monkeypatch.setattr(tasks.file_lines, "delay", nudged.append)
    city.draft("provider", "水质监测")
    case = city.list_of(city.open_round(), "provider")
    # Two bodies' lines may read the same, and so may two of one list.
    text = "\n".join(["企业用电量｜重点排污单位核查"] * 2 + [f"数据{n}号｜职能{n}" for n in range(3)])
    case = city.submit(case, "provider", "provider_lead", demands=text)
    assert lines.waiting() == []
    with django_capture_on_commit_callbacks(execute=True):
        case = city.adopt(case)
    assert nudged == [case.pk] and lines.waiting() == [case.pk]
    made = Case.objects.filter(kind="demand-matching", parent=case).order_by("pk")
    assert made.count() == 2
    # The nudge was lost; the sweep finds the list, and each task calls the next.
    nudged.clear()
    tasks.file_waiting_lines()
    for count in (4, 5, 5):
        tasks.file_lines(nudged.pop())
        assert made.count() == count
    assert [one.demand.items for one in made] == ["企业用电量"] * 2 + [f"数据{n}号" for n in range(3)]
    assert lines.waiting() == []
    tasks.file_waiting_lines()
    assert made.count() == 5


@pytest.mark.duty("CAT-12")
def test_a_district_departments_line_was_merged_up_with_its_list(city: City):
    """Its data authority stands in the case, and need not gather it again."""
    own = department(city)
    case = city.list_of(city.open_round([own]), own)
    city.submit(case, own, f"{own}_lead", step="submit-to-merger", nothing_new="没有变化", demands=LINES)
    assert not Case.objects.filter(kind="demand-matching").exists()
    city.person("district_lead", city.cast.organisation("district"), Role.LEAD)
    city.perform(case, "merge", "district", joined="情况属实，同意上报。")
    city.sign(case, "district_lead")
    city.adopt(case)
    made = Case.objects.filter(kind="demand-matching")
    assert {one.state for one in made} == {"MATCHING"} and len(made) == 2
    district = city.cast.organisation("district")
    assert Party.objects.filter(case__in=made, relation="merger", organisation=district).count() == 2


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("机动车登记信息", "第 1 行"),
        ("数据｜", "第 1 行"),
        ("\n".join(["数据｜职能"] * 201), "最多 200 条"),
    ],
)
def test_a_line_without_its_function_is_named(text: str, wrong: str):
    assert any(wrong in line for line in lines.read(text)[1])


@pytest.mark.duty("CAT-20")
def test_double_sources_are_found_for_who_gathers(city: City):
    element = {"items": [{"code": "plate", "name": "号牌", "type": "code", "element": "DE-PLATE"}]}
    round_ = city.open_round(["provider", "requester"])
    for who in ("provider", "requester"):
        city.draft(who, f"{who}的车辆", **element)
        city.submit(city.list_of(round_, who), who, f"{who}_lead")
    record = city.list_of(round_, "provider").catalogue_list
    assert double_sources(record) == "DE-PLATE：“provider的车辆”与市交通运输委“requester的车辆”"
