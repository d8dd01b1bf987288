"""目录编制轮次: from the call to one version of the catalogue, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from deadlines.models import Deadline
from django.db import connection
from documents.models import Paper
from procedures.models import Case
from procedures.refusals import BadFacts, Guarded, NoRight, WrongState

from catalog import rules
from catalog.models import CatalogueRound, Draft, Entry, EntryVersion, Publication
from tests.catalog.city import MONDAY, City
from tests.law import load_law
from tests.shelf import build_entry, content

Stage = Draft.Stage


@pytest.fixture
def city(cast) -> City:
    load_law()
    return City(cast)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of the block; rows that are copied in bulk are none."""
    seen: list[str] = []

    def note(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def adopted(city: City, *bodies: str) -> Case:
    """A round in which the bodies have each had an entry adopted."""
    round_ = city.open_round(bodies)
    for body in bodies:
        city.draft(body, f"{body}的数据")
        city.adopt(city.submit(city.list_of(round_, body), body, f"{body}_lead"))
    return round_


@pytest.mark.duty("CAT-08", "CAT-10", "CAT-11")
def test_a_round_begins_with_its_norm_and_a_list_for_each_body(city: City):
    round_ = city.open_round(["provider", "requester"])
    record = round_.catalogue_round
    assert round_.state == "COMPILING" and record.lists.count() == 2
    assert {"共享类型", "开放类型", "安全级别", "使用要求", "更新周期"} <= set(record.elements)
    assert Deadline.objects.get(case=round_, clock="COMPILE").on_pass == Deadline.OnPass.REMIND
    assert all(one.case.parent == round_ for one in record.lists.all())
    with pytest.raises(Guarded, match="还没有结束"):
        city.open_round()


@pytest.mark.duty("CAT-05", "CAT-10")
def test_all_who_are_bound_are_called_and_those_by_reference_only_by_name(city: City):
    stranger = city.cast.organisation("stranger")
    stranger.kind = "by-reference"
    stranger.save()
    round_ = city.open_round(whom="all", named="")
    called = set(round_.catalogue_round.lists.values_list("body__code", flat=True))
    assert stranger.code not in called and city.cast.organisation("provider").code in called
    assert city.cast.organisation("company").code not in called
    city.perform(round_, "call-body", "authority", change="add", body=stranger.code, reason="该单位申请参加")
    assert round_.catalogue_round.lists.filter(body=stranger).exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"norm": "本市规范"}, "norm"),
        ({"named": "没有这个局"}, "named"),
        ({"compile_by": "2026-09-21"}, "compile_by"),
        ({"named": "company-1"}, "named"),
    ],
)
def test_a_round_without_norm_bodies_or_date_is_refused(city: City, facts, field):
    with pytest.raises(BadFacts) as refusal:
        city.open_round(**{"named": city.cast.organisation("provider").code, **facts})
    assert set(refusal.value.errors) == {field}
    assert not CatalogueRound.objects.exists()


@pytest.mark.duty("CAT-09")
def test_a_body_joins_or_leaves_while_the_round_compiles(city: City):
    round_ = city.open_round()
    with pytest.raises(Guarded, match="已经在本轮次中"):
        city.perform(
            round_, "call-body", "authority", change="add", body="市生态环境局", reason="该单位重复增列"
        )
    city.draft("provider", "水质监测")
    city.submit(city.list_of(round_, "provider"), "provider", "provider_lead")
    city.perform(
        round_, "call-body", "authority", change="drop", body="市生态环境局", reason="该机构已合并撤销"
    )
    city.hear()
    case = city.list_of(round_, "provider")
    assert case.state == "CLOSED"
    assert Draft.objects.get().stage == Stage.EDITING
    with pytest.raises(Guarded, match="没有进行中的清单"):
        city.perform(
            round_, "call-body", "authority", change="drop", body="市生态环境局", reason="该机构已合并撤销"
        )


@pytest.mark.duty("CAT-07", "CAT-11", "CAT-13", "SHA-02")
def test_a_round_is_published_at_once_as_one_version(city: City):
    round_ = adopted(city, "provider", "requester")
    city.perform(round_, "close", "authority")
    round_ = city.publish(round_)
    assert round_.state == "PUBLISHED"
    made = Publication.objects.get()
    assert (made.number, made.added, made.case) == (1, 2, round_)
    assert round_.catalogue_round.publication == made
    assert set(Entry.objects.values_list("name", "provider__short_name")) == {
        ("provider的数据", "市生态环境局"),
        ("requester的数据", "市交通运输委"),
    }
    assert EntryVersion.objects.filter(publication=made).count() == 2
    assert {d.stage for d in Draft.objects.all()} == {Stage.PUBLISHED}
    assert all(draft.entry_id for draft in Draft.objects.all())
    assert made.digest in str(Paper.objects.get(case=round_, kind="catalogue-publication").content)


@pytest.mark.duty("CAT-11")
def test_nothing_is_published_while_a_list_waits_or_by_one_person(city: City):
    round_ = adopted(city, "provider")
    with pytest.raises(WrongState):
        city.perform(round_, "publish", "authority", reason="提前发布目录")
    city.perform(
        round_, "call-body", "authority", change="add", body="市交通运输委", reason="新设机构补充列入"
    )
    city.draft("requester", "公交线路")
    waiting = city.submit(city.list_of(round_, "requester"), "requester", "requester_lead")
    city.perform(round_, "close", "authority")
    with pytest.raises(Guarded, match="还有 1 个单位的清单没有审定：市交通运输委"):
        city.perform(round_, "publish", "authority", reason="2026 年编制轮次")
    city.adopt(waiting)
    city.perform(round_, "publish", "authority", reason="2026 年编制轮次")
    with pytest.raises(NoRight):
        city.sign(round_, "authority")
    assert city.sign(round_, "authority_lead").state == "PUBLISHED"


@pytest.mark.duty("CAT-11", "CAT-20")
def test_one_entry_that_breaks_a_rule_keeps_the_whole_version_back(city: City):
    """Two lists were adopted, each right by itself; together they name two sources of one data element."""
    round_ = city.open_round(["provider", "requester"])
    element = {"items": [{"code": "plate", "name": "号牌", "type": "code", "element": "DE-PLATE"}]}
    for body in ("provider", "requester"):
        city.draft(body, f"{body}的数据", **element)
        city.adopt(city.submit(city.list_of(round_, body), body, f"{body}_lead"))
    city.perform(round_, "close", "authority")
    with pytest.raises(rules.BrokenRules, match="一数一源"):
        city.publish(round_)
    round_.refresh_from_db()
    assert round_.state == "REVIEWING"
    assert not Entry.objects.exists() and not Publication.objects.exists()
    assert {d.stage for d in Draft.objects.all()} == {Stage.ADOPTED}


@pytest.mark.duty("CAT-11")
def test_a_cancelled_round_leaves_the_contents_with_the_bodies(city: City):
    round_ = adopted(city, "provider")
    city.perform(
        round_, "call-body", "authority", change="add", body="市交通运输委", reason="新设机构补充列入"
    )
    city.draft("requester", "公交线路")
    city.submit(city.list_of(round_, "requester"), "requester", "requester_lead")
    city.perform(round_, "cancel", "authority", reason="编制规范需要修订，本轮次取消。")
    round_ = city.sign(round_, "authority_lead")
    city.hear()
    assert round_.state == "CANCELLED"
    assert city.list_of(round_, "requester").state == "CLOSED"
    assert set(Draft.objects.values_list("stage", "case")) == {(Stage.EDITING, None)}
    city.open_round()


def test_a_list_sent_back_after_the_close_is_closed_by_its_own_date(city: City):
    round_ = city.open_round()
    city.draft("provider", "水质监测")
    case = city.submit(city.list_of(round_, "provider"), "provider", "provider_lead")
    city.perform(round_, "close", "authority")
    city.perform(case, "send-back", "authority", defects="更新周期请统一核实以后再报。", until="2026-10-08")
    city.perform(round_, "close-late", "authority")
    city.hear()
    case.refresh_from_db()
    assert case.state == "COMPILING"
    late = MONDAY.replace(month=10, day=9)
    city.perform(round_, "close-late", "authority", late)
    city.hear(late)
    case.refresh_from_db()
    assert case.state == "NOT_SUBMITTED"
    with pytest.raises(Guarded, match="没有纳入的条目"):
        city.perform(round_, "publish", "authority", late, reason="2026 年编制轮次")


@pytest.mark.duty("CAT-11")
def test_two_thousand_drafts_are_reported_adopted_and_published_in_a_fixed_number_of_queries(city: City):
    """As many queries as for twenty: only what is written in batches grows."""
    counts = []
    for number, body in ((20, "provider"), (2000, "requester")):
        round_ = city.open_round([body])
        Draft.objects.bulk_create(
            Draft(
                provider=city.cast.organisation(body),
                name=f"数据 {number} {n}",
                content={**content().as_json(), "name": f"数据 {number} {n}"},
                changed_at=MONDAY,
            )
            for n in range(number)
        )
        case = city.list_of(round_, body)
        with counted() as queries:
            case = city.submit(case, body, f"{body}_lead")
            case = city.adopt(case, exceptions=f"数据 {number} 7｜不纳入｜重复来源｜已由其他单位提供")
        city.perform(round_, "close", "authority")
        with counted() as publishing:
            city.publish(round_)
        counts.append((len(queries), len(publishing)))
    assert Publication.objects.order_by("number").last().added == 1999
    (few, published_few), (many, published_many) = counts
    assert many == few
    assert published_many <= published_few + 30  # rows are written some hundreds at a time
    assert Entry.objects.count() == 2018


def test_a_change_that_was_overtaken_is_named(city: City):
    entry = build_entry(city.cast.organisation("provider"), at=MONDAY)
    round_ = city.open_round()
    city.draft("provider", "大气监测数据（修订）", entry=entry)
    case = city.submit(city.list_of(round_, "provider"), "provider", "provider_lead")
    Entry.objects.filter(pk=entry.pk).update(version=2)
    with pytest.raises(Guarded, match="已更新到第 2 版"):
        city.perform(case, "adopt", "authority")
