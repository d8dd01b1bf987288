"""The figures of a month: of every body from its first look on, summed one after another, kept when it is over."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import clock
import pytest
from accounts.actors import SYSTEM
from accounts.models import Organisation
from datacentre.models import Holding
from django.db import DatabaseError, connection, transaction

from catalog import tasks
from catalog.models import Entry, EntryQuality, QualityMonth
from catalog.publishing import Change, content_of, publish
from catalog.quality import keeping, months, ranking
from tests.cast import Cast, build_cast
from tests.catalog.looking import LATER, measured
from tests.shelf import AT, build_entry

pytestmark = [pytest.mark.django_db, pytest.mark.duty("CAT-30")]


@pytest.fixture
def provider(cast: Cast) -> Organisation:
    return measured(cast)


def counted(body: Organisation, month: str = "2026-10-01") -> int:
    return QualityMonth.objects.get(body=body, month=month).entries


def test_a_month_that_is_over_stays_as_it_was(provider: Organisation):
    (september,) = QualityMonth.objects.filter(body=provider)
    assert (september.entries, september.flawless, str(september.month)) == (2, 0, "2026-09-01")
    assert september.rules["held"] == [1, 2] and september.rules["timely"] == [0, 1]
    assert september.marks == sum(EntryQuality.objects.values_list("mark", flat=True))
    keeping.settle(LATER)
    assert QualityMonth.objects.filter(body=provider).count() == 2
    kept = QualityMonth.objects.get(pk=september.pk)
    assert (kept.marks, kept.as_of) == (september.marks, AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        QualityMonth.objects.filter(pk=september.pk).update(marks=0, as_of=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()


def test_an_entry_that_passes_to_another_body_is_counted_there_and_no_longer_here(provider, cast: Cast):
    successor = cast.organisation("requester")
    keeping.settle(LATER)
    assert counted(provider) == 2
    Holding.objects.filter(owner=provider).update(owner=successor)
    entries = list(Entry.objects.filter(provider=provider))
    publish(
        [Change(successor, content_of(entry), entry=entry, holding=entry.holding) for entry in entries],
        reason="机构调整",
        at=LATER,
        by=SYSTEM,
    )
    keeping.settle(LATER)
    assert (counted(provider), counted(successor)) == (0, 2)
    assert set(EntryQuality.objects.values_list("provider", flat=True)) == {successor.pk}


def test_an_entry_that_passes_on_is_the_successors_even_when_it_cannot_be_looked_at(provider, cast: Cast):
    successor, noise = cast.organisation("requester"), Entry.objects.get(code="NOISE")

    def judge(facts):
        raise ValueError("坏了")

    publish([Change(successor, content_of(noise), entry=noise)], reason="机构调整", at=LATER, by=SYSTEM)
    keeping.look(LATER, judge=judge)
    assert (counted(provider), counted(successor)) == (1, 1)


@pytest.fixture
def two(provider: Organisation, cast: Cast) -> tuple[Organisation, Organisation]:
    """Both have looked-at entries; nothing of the second's is due when the month begins."""
    other = cast.organisation("requester")
    build_entry(other, code="ROADS", name="道路")
    keeping.settle(AT)
    EntryQuality.objects.filter(provider=other).update(next_look=LATER + timedelta(days=4))
    return provider, other


def test_the_first_look_of_a_month_keeps_every_body(two):
    assert keeping.look(LATER).looked == 1
    assert ranking.months()[0] == date(2026, 10, 1)
    assert [counted(body) for body in two] == [2, 1]


def test_on_the_first_of_a_month_the_sweep_keeps_every_body_with_nothing_due(two, monkeypatch):
    monkeypatch.setattr(tasks.look_at_quality, "delay", lambda: None)
    EntryQuality.objects.update(next_look=LATER + timedelta(days=4))
    with clock.travel(LATER):
        tasks.sweep_quality()
    assert keeping.look(LATER).looked == 0
    assert [counted(body) for body in two] == [2, 1]


def test_the_sweep_makes_good_what_a_killed_worker_did_not_write(two, monkeypatch):
    """Also for a body whose entries have all gone since."""
    monkeypatch.setattr(tasks.look_at_quality, "delay", lambda: None)
    provider, other = two
    keeping.settle(LATER)
    QualityMonth.objects.filter(body=provider, month="2026-10-01").update(entries=40)
    EntryQuality.objects.filter(provider=other).delete()
    months.keep_all(LATER)
    assert [counted(body) for body in two] == [2, 0]


@pytest.mark.django_db(transaction=True)
def test_months_are_summed_one_after_another():
    """Who comes second waits, and sums what the first has left: older sums never stand above newer ones."""
    provider = measured(build_cast())
    held, done = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            months.keep([provider.pk], AT)
            EntryQuality.objects.filter(entry__code="NOISE").delete()
            held.set()
            assert done.wait(30)
        connection.close()

    def second() -> None:
        months.keep([provider.pk], AT)
        connection.close()

    hands = [threading.Thread(target=one) for one in (first, second)]
    hands[0].start()
    assert held.wait(30)
    hands[1].start()
    hands[1].join(0.5)
    assert hands[1].is_alive()
    done.set()
    for hand in hands:
        hand.join()
    assert counted(provider, "2026-09-01") == 1
