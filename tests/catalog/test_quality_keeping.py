"""What is kept of quality: how an entry stands, and each change for good."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from accounts.actors import SYSTEM
from accounts.models import Organisation
from datacentre.actions import load_version
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from catalog.models import Entry, EntryQuality, QualityChange, QualityMonth
from catalog.publishing import Change, publish, withdraw
from catalog.quality import keeping
from catalog.quality.declare import RULES
from tests.cast import Cast, build_cast
from tests.catalog.looking import LATER, measured, outcome, stands
from tests.shelf import AIR_ROWS, AT, SAID, build_entry, content

pytestmark = [pytest.mark.django_db, pytest.mark.duty("CAT-30")]


@pytest.fixture
def provider(cast: Cast) -> Organisation:
    return measured(cast)


def change(entry: Entry, **said: Any) -> None:
    items = [{"code": i.code, "name": i.name, "type": i.type} for i in entry.items.all()]
    publish(
        [Change(entry.provider, content(items=items, **said), entry=entry)],
        reason="补充",
        at=LATER,
        by=SYSTEM,
    )


def test_a_publication_and_a_load_are_looked_at_and_every_rule_answers(provider: Organisation):
    row = stands()
    assert (
        set(row.results)
        == set(RULES)
        == {*row.met, *row.failing, *(c for c, r in row.results.items() if r[0] == "none")}
    )
    assert (row.entry_version, row.data_version, row.looked_at) == (1, 1, AT)
    assert outcome("held") == "met" and outcome("held", "NOISE") == "fails"
    assert outcome("typed") == "met" and outcome("typed", "NOISE") == "none"
    assert (row.must, row.should, row.may) == (0, 4, 1), row.failing
    assert 0 < row.mark < 10_000
    assert list(EntryQuality.objects.filter(next_look__lte=AT)) == []


def test_looking_twice_changes_nothing(provider: Organisation):
    before = list(EntryQuality.objects.order_by("pk").values())
    changes, months = QualityChange.objects.count(), list(QualityMonth.objects.values())
    keeping.note(AT, entries=Entry.objects.values_list("pk", flat=True))
    assert keeping.settle(AT).changed == 0
    assert list(EntryQuality.objects.order_by("pk").values()) == before
    assert (QualityChange.objects.count(), list(QualityMonth.objects.values())) == (changes, months)


@pytest.mark.duty("CAT-24")
def test_time_alone_makes_an_entry_late_and_a_load_mends_it(provider: Organisation):
    assert outcome("timely") == "met"
    assert keeping.look(AT + timedelta(hours=1)).looked == 0
    keeping.settle(LATER)
    assert stands().results["timely"][:2] == [
        "fails",
        "承诺每日更新，最近一次载入在 2026-09-28，应在 2026-09-29 前更新，已超过 2 天",
    ]
    keeping.settle(LATER + timedelta(days=1))
    assert "已超过 3 天" in stands().results["timely"][1]
    load_version(
        Entry.objects.get(code="AIR").holding, rows=AIR_ROWS, at=LATER + timedelta(days=1), by=SYSTEM
    )
    keeping.note(LATER + timedelta(days=1))
    keeping.settle(LATER + timedelta(days=1))
    assert outcome("timely") == "met"
    told = QualityChange.objects.filter(entry__code="AIR", rule="timely").order_by("pk")
    assert [(one.before, one.after, one.data_version) for one in told] == [
        ("met", "fails", 1),
        ("fails", "met", 2),
    ]


def test_a_change_of_an_outcome_is_a_row_for_good(provider: Organisation):
    entry = Entry.objects.get(code="AIR")
    change(entry, keywords=["空气", "雾霾"])
    keeping.settle(LATER)
    row = QualityChange.objects.get(entry=entry, rule="keywords", after="met")
    assert (row.before, row.entry_version, row.body) == ("fails", 2, provider)
    with pytest.raises(DatabaseError), transaction.atomic():
        QualityChange.objects.filter(pk=row.pk).update(reason="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_what_nobody_said_is_found_by_the_sweep(provider: Organisation):
    """A change written behind everybody's back, a lost nudge of a load, a body that follows another."""
    entry = Entry.objects.get(code="AIR")
    assert keeping.note(AT) == 0
    Entry.objects.filter(pk=entry.pk).update(version=7)
    assert keeping.note(AT) == 1
    keeping.settle(AT)
    EntryQuality.objects.filter(entry__code="NOISE").delete()
    assert keeping.note(AT) == 1
    keeping.settle(AT)
    load_version(entry.holding, rows=AIR_ROWS, at=AT, by=SYSTEM)
    assert keeping.note(AT) == 1
    keeping.settle(AT)
    assert keeping.note(AT) == 0 and stands().data_version == 2


def test_a_withdrawn_entry_is_no_longer_counted(provider: Organisation):
    withdraw(Entry.objects.get(code="NOISE"), reason="并入", at=LATER, by=SYSTEM)
    keeping.settle(LATER)
    assert not EntryQuality.objects.filter(entry__code="NOISE").exists()
    assert QualityChange.objects.filter(entry__code="NOISE").exists()
    month = QualityMonth.objects.get(body=provider, month="2026-10-01")
    assert month.entries == 1


def test_an_entry_that_cannot_be_looked_at_is_set_aside_and_stops_no_other(provider: Organisation):
    def judge(facts):
        if facts.entry.code == "AIR":
            raise ValueError("坏了")
        return keeping.judge(facts)

    keeping.note(LATER, entries=Entry.objects.values_list("pk", flat=True))
    report = keeping.look(LATER, judge=judge)
    assert report.failed == [("AIR", "ValueError: 坏了")]
    air = stands()
    assert (air.error, air.looked_at, stands("NOISE").looked_at) == ("ValueError: 坏了", AT, LATER)
    assert air.next_look > LATER
    keeping.settle(air.next_look)
    assert stands().error == ""


@pytest.mark.django_db(transaction=True)
def test_what_a_publication_holds_is_left_for_the_next_look():
    """Nobody waits for the other: the look passes over an entry that is being published, and takes it afterwards."""
    body = build_cast().organisation("provider")
    entry, other = (build_entry(body, code=code, name=f"{code} 的数据") for code in ("HELD", "FREE"))
    held, done = threading.Event(), threading.Event()

    def publication() -> None:
        with transaction.atomic():
            Entry.objects.select_for_update().get(pk=entry.pk)
            held.set()
            assert done.wait(30)
        connection.close()

    hands = threading.Thread(target=publication)
    hands.start()
    assert held.wait(30)
    assert keeping.look(AT).looked == 1
    assert stands("FREE").looked_at == AT and stands("HELD").looked_at is None
    EntryQuality.objects.filter(entry=other).delete()
    assert keeping.note(AT) == 2
    done.set()
    hands.join()
    assert keeping.look(AT).looked == 2


def test_what_loading_checked_is_not_checked_again(provider: Organisation):
    facts = keeping.gather([Entry.objects.get(code="AIR").pk], AT)[0]
    assert all(column.checked for column in facts.declared)
    assert "载入时已逐个核对" in stands().results["typed"][1]


def test_a_hundred_entries_cost_as_many_queries_as_one(provider: Organisation, django_assert_num_queries):
    def new(first: int, last: int) -> None:
        made = [
            Change(provider, content(**{**SAID, "name": f"监测点 {n} 的数据"}), code=f"P-{n}")
            for n in range(first, last)
        ]
        publish(made, reason="首次发布", at=AT, by=SYSTEM)

    new(0, 1)
    with django_assert_num_queries(22) as few:
        keeping.look(AT)
    new(1, 61)
    with django_assert_num_queries(len(few)):
        assert keeping.look(AT).looked == 60


def test_the_command_looks_at_what_it_is_told(provider: Organisation, capsys):
    call_command("quality", "look", "AIR")
    assert "检查了" in capsys.readouterr().out
    call_command("quality", "look", "--all")
    with pytest.raises(CommandError, match="没有这些已发布的条目：NOPE"):
        call_command("quality", "look", "NOPE")
