from __future__ import annotations

import os
import threading

import pytest
from audit import book, trail
from audit.chain import GENESIS, link_digest
from audit.models import Event, Link, Seal
from audit.sealing import seal_all
from audit.sm3 import plain_sm3, sm3
from audit.verification import verify
from django.db import connection, connections, transaction

from tests.kernel.tampering import AT, as_superuser, entry, write_and_seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_book(settings, tmp_path):
    settings.AUDIT_SEAL_BOOK = tmp_path / "seals.jsonl"


VECTORS = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


@pytest.mark.parametrize("data", VECTORS)
def test_sm3_gives_the_digests_of_the_standard(data: bytes):
    assert plain_sm3(data).hex() == sm3(data).hex() == VECTORS[data]


@pytest.mark.parametrize("length", [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 1000])
def test_plain_sm3_agrees_with_openssl_at_every_border_of_a_block(length: int):
    data = os.urandom(length)
    assert plain_sm3(data) == sm3(data)


def test_events_get_gapless_positions_and_a_seal_over_them():
    write_and_seal(count=10, runs=2)
    assert list(Link.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 21))
    first, second = Seal.objects.order_by("number")
    assert (first.first, first.last, first.count, first.previous) == (1, 10, 10, GENESIS)
    assert (second.number, second.first, second.last, second.previous) == (2, 11, 20, first.digest)
    tenth, eleventh = Link.objects.select_related("event").filter(position__in=[10, 11]).order_by("position")
    assert first.head == tenth.digest
    assert eleventh.digest == link_digest(tenth.digest, 11, eleventh.event_id, eleventh.event.body.encode())


def test_nothing_new_makes_no_seal():
    assert seal_all(AT) == []
    write_and_seal(runs=1)
    assert seal_all(AT) == []
    assert Seal.objects.count() == 1


def test_a_long_backlog_is_sealed_in_runs_even_inside_one_transaction():
    trail.record_many(entry(number) for number in range(25))
    assert [seal.count for seal in seal_all(AT, limit=10)] == [10, 10, 5]
    assert verify(None, None).ok
    trail.record(entry())
    assert [seal.first for seal in seal_all(AT)] == [26]


def test_a_lower_id_that_commits_later_is_not_skipped():
    """The classic hole: id 1 is taken first and committed last."""
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                trail.record(entry(1))
                begun.set()
                go_on.wait(10)
        finally:
            connections.close_all()

    other = threading.Thread(target=slow)
    other.start()
    begun.wait(10)
    trail.record(entry(2))
    assert seal_all(AT) == [], "an older transaction still runs, so nothing above it may be closed"
    go_on.set()
    other.join()
    (seal,) = seal_all(AT)
    assert seal.count == 2
    order = Link.objects.order_by("position").values_list("event__object_id", flat=True)
    assert list(order) == ["GX2026-000001", "GX2026-000002"]


def test_an_event_that_was_rolled_back_leaves_no_gap():
    trail.record(entry(1))
    with pytest.raises(RuntimeError), transaction.atomic():
        trail.record(entry(2))
        raise RuntimeError
    trail.record(entry(3))
    seal_all(AT)
    assert list(Link.objects.order_by("position").values_list("position", flat=True)) == [1, 2]
    assert verify(None, None).ok


def test_two_sealers_at_once_make_one_chain():
    trail.record_many(entry(number) for number in range(2000))
    made: list[int] = []

    def work() -> None:
        try:
            made.extend(seal.count for seal in seal_all(AT, limit=100))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seal_all(AT)
    assert sum(made) <= 2000
    assert Link.objects.count() == 2000
    assert verify(None, None).ok


def test_a_restored_dump_is_sealed_though_its_transactions_are_numbered_otherwise():
    """Another database system counts from its own beginning: old numbers may lie beyond the present ones."""
    write_and_seal(runs=1)
    trail.record_many([entry(50), entry(51)])
    as_superuser(
        "UPDATE audit_seal SET cluster = 1, horizon = 5000000000000",
        "UPDATE audit_event SET txid = txid + 5000000000000 WHERE object_id = 'GX2026-000050'",
    )
    trail.record(entry(52))
    seal_all(AT)
    assert Link.objects.count() == Event.objects.count() == 13
    trail.record(entry(53))
    assert [seal.count for seal in seal_all(AT)] == [1]


def test_an_account_without_special_rights_can_seal():
    """pg_control_system() and the snapshot are open to everybody."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_clerk")
        cursor.execute("SET LOCAL ROLE plain_clerk")
        cursor.execute("SELECT system_identifier, pg_current_snapshot() FROM pg_control_system()")
        assert cursor.fetchone()
        cursor.execute("RESET ROLE")
        cursor.execute("DROP ROLE plain_clerk")


def test_each_seal_is_in_the_book_once_and_after_a_crash_too():
    write_and_seal(runs=2)
    assert [seal["number"] for seal in book.read()] == [1, 2]
    whole = book.path().read_text()
    book.path().write_text(whole + '{"number":3,"fir')  # torn while it was written
    assert book.update() == 0
    assert book.path().read_text() == whole
    book.path().write_text(whole.splitlines(keepends=True)[0])
    assert book.update() == 1
    assert book.path().read_text() == whole


def test_a_book_that_knows_more_than_the_database_stops_the_sealer_loudly():
    write_and_seal(runs=2)
    as_superuser("DELETE FROM audit_link WHERE position > 10", "DELETE FROM audit_seal WHERE number = 2")
    with pytest.raises(book.Mismatch, match="第 2 号"):
        seal_all(AT)
