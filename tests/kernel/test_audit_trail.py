from __future__ import annotations

import json
from datetime import datetime

import pytest
from accounts.actors import SYSTEM
from accounts.models import District
from audit import trail
from audit.models import Event
from audit.trail import Entry
from clock import SHANGHAI
from django.db import DataError, IntegrityError, connection, transaction

from tests.cast import Cast

AT = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


def entry(number: int = 1, **changes: object) -> Entry:
    facts = {
        "action": "sharing-request:grant",
        "actor": SYSTEM,
        "object_kind": "case",
        "object_id": f"GX2026-{number:06}",
        "at": AT,
        "organisation": "市大数据局",
        "before": {"state": "answering"},
        "after": {"state": "granted", "items": ["监测点", "数值"]},
        "cites": ("REG22-26.1",),
    }
    return Entry(**{**facts, **changes})


def test_an_event_is_complete_in_itself(cast: Cast):
    actor = cast.actor("authority", AT, via="api")
    with trail.under("req-12345678"):
        event = trail.record(entry(actor=actor))
    stored = Event.objects.get(pk=event.pk)
    assert (stored.at, stored.actor, stored.request_id) == (AT, "大数据局经办", "req-12345678")
    assert json.loads(stored.body) == {
        "at": "2026-11-21T09:30:00.000000+08:00",
        "action": "sharing-request:grant",
        "organisation": "市大数据局",
        "object": {"kind": "case", "id": "GX2026-000001"},
        "request_id": "req-12345678",
        "actor": {"name": "大数据局经办", "account": "authority", "via": "api"},
        "cites": ["REG22-26.1"],
        "before": {"state": "answering"},
        "after": {"state": "granted", "items": ["监测点", "数值"]},
    }


def test_in_bulk_and_one_by_one_the_same_row_is_written(db: None):
    hostile = 'a\tb\nc\\d"e\r\\.\u2028</script>'
    single = trail.record(entry(organisation=hostile, after={"text": hostile}))
    trail.record_many([entry(organisation=hostile, after={"text": hostile})])
    one, two = Event.objects.order_by("id").values_list(*trail.COLUMNS)
    assert one == two
    assert one[3] == hostile
    assert json.loads(one[-1])["after"]["text"] == hostile
    assert Event.objects.get(pk=single.pk).txid > 0


def test_many_events_take_one_statement(db: None, django_assert_num_queries):
    trail.record_many(entry(number) for number in range(5000))
    assert Event.objects.count() == 5000
    assert Event.objects.order_by("id").last().object_id == "GX2026-004999"


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.django_db(transaction=True)
def test_if_the_trail_cannot_be_written_the_act_does_not_happen(bulk: bool):
    unwritable = entry(action="x" * 81)
    with pytest.raises(DataError), transaction.atomic():
        District.objects.create(code="500199", name="一区")
        trail.record_many([entry(), unwritable]) if bulk else trail.record(unwritable)
    assert not District.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("value", [float("nan"), object(), {1, 2}])
def test_values_that_json_does_not_have_are_refused(db: None, value: object):
    with pytest.raises((TypeError, ValueError)):
        trail.record(entry(after={"value": value}))


@pytest.mark.parametrize("table", ["audit_event", "audit_link", "audit_seal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {} = {}", "DELETE FROM {} WHERE {} = {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses_to_change_the_trail(db: None, table: str, statement: str):
    trail.record(entry())
    column = {"audit_event": "id", "audit_link": "position", "audit_seal": "number"}[table]
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))
    assert Event.objects.count() == 1


def test_the_model_refuses_with_the_database(db: None):
    event = trail.record(entry())
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()
    event.actor = "别人"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
