from __future__ import annotations

import re
from datetime import timedelta

import pytest
from accounts.actors import SYSTEM
from audit import book, trail
from audit.chain import GENESIS, link_digest, seal_digest
from audit.models import Event, Link, Seal
from audit.sealing import seal_all
from audit.verification import verify
from django.core.management import call_command

from tests.kernel.tampering import AT, as_superuser, entry, write_and_seal

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def sealed(settings, tmp_path):
    """Three seals over ten events each, and the book beside them."""
    settings.AUDIT_SEAL_BOOK = tmp_path / "seals.jsonl"
    write_and_seal(count=10, runs=3)


def event_at(position: int) -> int:
    return Link.objects.get(position=position).event_id


def found() -> dict[int, str]:
    """position → what; the command must end with 1 exactly when something was found."""
    report = verify(None, None)
    if report.ok:
        call_command("audit", "verify")
    else:
        with pytest.raises(SystemExit) as ended:
            call_command("audit", "verify")
        assert ended.value.code == 1
    return {position: what for position, what in reversed(report.findings)}


def test_an_untouched_trail_is_whole(capsys):
    assert found() == {}
    assert "核对第 1 至 30 位，30 条，3 个封印" in capsys.readouterr().out


def test_events_not_yet_sealed_are_counted_and_no_fault():
    trail.record(entry(99))
    report = verify(None, None)
    assert report.ok
    assert report.waiting == 1


def test_an_edited_body_is_found_at_its_position():
    as_superuser(
        f"UPDATE audit_event SET body = replace(body, 'granted', 'refused') WHERE id = {event_at(7)}"
    )
    assert list(found()) == [7]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "action = 'sharing-request:refuse'",
        "actor = '别人'",
        "organisation = ''",
        "object_kind = 'grant'",
        "object_id = 'GX2026-999999'",
        "request_id = 'another'",
    ],
)
def test_a_column_that_no_longer_says_what_the_body_says_is_found(change: str):
    as_superuser(f"UPDATE audit_event SET {change} WHERE id = {event_at(7)}")
    assert {7: "检索栏与全文不符"}.items() <= {
        position: what.split("：")[-1] for position, what in found().items()
    }.items()


def test_a_deleted_event_is_found():
    as_superuser(f"DELETE FROM audit_event WHERE id = {event_at(7)}")
    assert re.search("已被删除", found()[7])


def test_an_event_deleted_with_its_link_is_found():
    as_superuser(
        f"DELETE FROM audit_event WHERE id = {event_at(7)}", "DELETE FROM audit_link WHERE position = 7"
    )
    assert found() == {7: "第 7 位缺失"}


def test_an_event_put_in_behind_the_sealers_back_is_found():
    as_superuser(
        "INSERT INTO audit_event (at, action, actor, organisation, object_kind, object_id, request_id, body, txid)"
        f" SELECT at, action, actor, organisation, object_kind, object_id, request_id, body, txid FROM audit_event"
        f" WHERE id = {event_at(7)}"
    )
    (what,) = found().values()
    assert "不在链上" in what


def test_an_event_put_in_with_a_link_of_its_own_is_found():
    """All later positions moved up by one to make room."""
    as_superuser(
        "UPDATE audit_link SET position = -position WHERE position >= 7",
        "UPDATE audit_link SET position = 1 - position WHERE position < 0",
        "INSERT INTO audit_event (at, action, actor, organisation, object_kind, object_id, request_id, body)"
        " SELECT at, action, actor, organisation, object_kind, object_id, request_id, body FROM audit_event LIMIT 1",
        f"INSERT INTO audit_link (position, event_id, digest) SELECT 7, max(id), '{'0' * 64}' FROM audit_event",
    )
    positions = set(found())
    assert {7, 8, 31} <= positions


def test_two_events_that_changed_places_are_found():
    seventh, eighth = event_at(7), event_at(8)
    as_superuser(
        "UPDATE audit_link SET event_id = -1 WHERE position = 7",
        f"UPDATE audit_link SET event_id = {seventh} WHERE position = 8",
        f"UPDATE audit_link SET event_id = {eighth} WHERE position = 7",
    )
    assert set(found()) == {7, 8}


def test_a_tail_cut_off_below_its_seal_is_found():
    as_superuser(
        f"DELETE FROM audit_event WHERE id >= {event_at(28)}", "DELETE FROM audit_link WHERE position >= 28"
    )
    assert found() == {28: "第 28 至 30 位缺失，尾部被截去"}


def test_a_tail_cut_off_together_with_its_seal_is_found_by_the_book():
    as_superuser(
        f"DELETE FROM audit_event WHERE id >= {event_at(21)}",
        "DELETE FROM audit_link WHERE position >= 21",
        "DELETE FROM audit_seal WHERE number = 3",
    )
    assert "封印簿有第 3 号封印" in found()[21]


def test_a_seal_taken_out_is_found():
    as_superuser("DELETE FROM audit_seal WHERE number = 2")
    assert "应为第 2 号，现在是第 3 号" in " ".join(found().values())


def test_a_changed_seal_is_found():
    as_superuser("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2")
    assert "与自身摘要不符" in found()[11]


def rewrite_everything() -> None:
    """The best that the keeper of the database can do: change an event, and make chain and seals anew."""
    seventh = event_at(7)
    as_superuser(f"UPDATE audit_event SET body = replace(body, 'granted', 'refused') WHERE id = {seventh}")
    head, statements = GENESIS, []
    heads: dict[int, str] = {}
    for link in Link.objects.select_related("event").order_by("position"):
        head = heads[link.position] = link_digest(
            head, link.position, link.event_id, link.event.body.encode()
        )
        statements.append(f"UPDATE audit_link SET digest = '{head}' WHERE position = {link.position}")
    previous = GENESIS
    for seal in Seal.objects.order_by("number"):
        seal.head, seal.previous = heads[seal.last], previous
        previous = seal_digest(seal.facts())
        statements.append(
            f"UPDATE audit_seal SET head = '{seal.head}', previous = '{seal.previous}', digest = '{previous}'"
            f" WHERE number = {seal.number}"
        )
    as_superuser(*statements)


def test_a_chain_rewritten_as_a_whole_is_found_by_the_book_alone():
    rewrite_everything()
    assert all("与封印簿所记不同" in what for what in found().values())
    assert len(found()) == 3


def test_a_copy_of_the_book_kept_elsewhere_serves_as_well(tmp_path):
    copy = tmp_path / "elsewhere.jsonl"
    copy.write_text(book.path().read_text())
    rewrite_everything()
    book.path().unlink()
    book.update()
    assert verify(None, None).ok, "whoever can write everything leaves nothing to find here"
    assert not verify(None, None, kept=copy).ok


def test_a_range_is_checked_alone():
    as_superuser(f"UPDATE audit_event SET body = body || ' ' WHERE id = {event_at(7)}")
    hour = timedelta(hours=1)
    assert verify(AT + hour, None).ok
    assert verify(AT + hour, AT + 2 * hour).count == 10
    assert not verify(AT, AT + hour).ok
    assert verify(AT + 10 * hour, AT + 11 * hour).count == 0


def test_the_check_itself_stands_in_the_trail():
    as_superuser(f"UPDATE audit_event SET body = body || ' ' WHERE id = {event_at(7)}")
    found()
    event = Event.objects.get(action="audit:verify")
    assert event.actor == SYSTEM.name
    assert '"ok":false' in event.body
    seal_all(AT + timedelta(days=1))
    assert list(found()) == [7], "sealing goes on over a fault, and the fault stays found"
