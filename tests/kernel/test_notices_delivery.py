from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from accounts.models import Post, Role
from clock import SHANGHAI
from django.db import connections, transaction
from notices import delivery, outbox, queries
from notices.delivery import deliver
from notices.models import Notice, Outgoing, Preference
from redis.exceptions import ConnectionError as Unreachable

from tests.cast import Cast, build_cast

AT = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


def to_desk(cast: Cast, body: str = "provider", role: Role = Role.OFFICER, **changes: object) -> Outgoing:
    facts = {"case_id": None, "subject": "征求意见", "text": "请在 3 个工作日内答复。", "at": AT}
    message = outbox.to_desk("sharing-request:consult", cast.organisation(body), role, **{**facts, **changes})
    outbox.post([message])
    return message


def told() -> list[str]:
    return list(Notice.objects.order_by("user__name").values_list("user__name", flat=True))


def test_everybody_who_holds_the_role_that_day_is_told(cast: Cast):
    Post.objects.create(
        user=cast.user("citizen"),
        organisation=cast.organisation("provider"),
        role=Role.OFFICER,
        valid_from=AT.date(),
    )
    message = to_desk(cast)
    assert deliver(AT).notices == 2
    assert told() == ["市民", "生态环境局经办"]
    message.refresh_from_db()
    assert (message.done_at, message.next_try, message.failure) == (AT, None, "")


def test_posts_count_on_the_day_of_delivery_and_not_of_writing(cast: Cast):
    to_desk(cast)
    Post.objects.filter(user=cast.user("provider")).update(valid_to=AT.date() + timedelta(days=1))
    Post.objects.create(
        user=cast.user("citizen"),
        organisation=cast.organisation("provider"),
        role=Role.OFFICER,
        valid_from=AT.date() + timedelta(days=1),
    )
    deliver(AT + timedelta(days=1))
    assert told() == ["市民"]


def test_when_nobody_holds_the_role_the_lead_is_told(cast: Cast):
    to_desk(cast, role=Role.REGISTRAR)
    deliver(AT)
    assert told() == ["生态环境局处长"]


def test_when_there_is_no_lead_either_the_row_says_so_and_is_tried_again(cast: Cast):
    message = to_desk(cast, "stranger", Role.PRINCIPAL)
    assert deliver(AT).failed == 1
    message.refresh_from_db()
    assert message.done_at is None
    assert message.failure.startswith("重庆市体育局没有人任主要负责人，也没有处负责人")
    assert message.next_try == AT + timedelta(hours=1)
    assert list(queries.undelivered()) == [message]
    Post.objects.create(
        user=cast.user("citizen"),
        organisation=cast.organisation("stranger"),
        role=Role.LEAD,
        valid_from=AT.date(),
    )
    deliver(AT + timedelta(hours=1))
    assert told() == ["市民"]
    message.refresh_from_db()
    assert (message.failure, message.next_try) == ("", None)


def test_after_the_last_try_it_is_given_up_and_stays_in_sight(cast: Cast):
    message = to_desk(cast, "stranger", Role.PRINCIPAL)
    at = AT
    for _ in range(len(delivery.RETRY) + 1):
        assert deliver(at).taken == 1
        message.refresh_from_db()
        at = message.next_try or at
    assert message.next_try is None
    assert deliver(at + timedelta(days=30)).taken == 0
    assert list(queries.undelivered()) == [message]
    assert delivery.again(message, at)
    assert deliver(at).taken == 1


def test_a_row_that_cannot_be_delivered_stops_no_other(cast: Cast):
    to_desk(cast, "stranger", Role.PRINCIPAL)
    to_desk(cast)
    assert deliver(AT).notices == 1


def test_one_person_in_two_posts_is_told_once(cast: Cast):
    Post.objects.create(
        user=cast.user("provider"),
        organisation=cast.organisation("provider"),
        role=Role.LEAD,
        valid_from=AT.date(),
    )
    to_desk(cast)
    deliver(AT)
    assert told() == ["生态环境局经办"]


def test_a_person_is_told_whatever_the_posts(cast: Cast):
    outbox.post([outbox.to_person("t:x", cast.user("citizen"), case_id=None, subject="s", text="", at=AT)])
    deliver(AT)
    assert told() == ["市民"]


def test_delivering_twice_tells_nobody_twice(cast: Cast):
    message = to_desk(cast)
    deliver(AT)
    assert deliver(AT).taken == 0
    # As after a restored backup or a hand in the table: the row is due again, the people were told.
    Outgoing.objects.filter(pk=message.pk).update(next_try=AT, done_at=None)
    deliver(AT)
    assert told() == ["生态环境局经办"]


def test_not_before_its_time(cast: Cast):
    to_desk(cast, at=AT + timedelta(minutes=1))
    assert deliver(AT).taken == 0


def test_many_rows_take_a_constant_number_of_statements(cast: Cast, django_assert_max_num_queries):
    for _ in range(300):
        to_desk(cast)
    with django_assert_max_num_queries(9):
        assert deliver(AT).notices == 300


def test_mail_is_due_only_for_who_wants_it_and_has_an_address(cast: Cast):
    Preference.objects.create(user=cast.user("provider"), mail=False)
    cast.user("requester").email = ""
    cast.user("requester").save()
    for body in ("provider", "requester", "authority"):
        to_desk(cast, body)
    deliver(AT)
    states = dict(Notice.objects.values_list("user__name", "mail"))
    assert states == {"生态环境局经办": "", "交通委经办": "", "大数据局经办": "due"}


def test_undone_with_the_act_that_posted_it(cast: Cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        to_desk(cast)
        raise RuntimeError
    assert not Outgoing.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_share_the_rows():
    cast = build_cast()
    for _ in range(200):
        to_desk(cast)
    taken: list[int] = []

    def work() -> None:
        try:
            while done := deliver(AT, limit=20).taken:
                taken.append(done)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver(AT)
    assert Notice.objects.count() == 200
    assert not Outgoing.objects.filter(done_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_halfway_leaves_everything_due(monkeypatch):
    cast = build_cast()
    to_desk(cast)
    monkeypatch.setattr(delivery, "_close", lambda *_: (_ for _ in ()).throw(SystemExit(9)))
    with pytest.raises(SystemExit):
        deliver(AT)
    assert not Notice.objects.exists()
    monkeypatch.undo()
    deliver(AT)
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_nudge_for_all_that_leaves_together_and_its_loss_costs_nothing(monkeypatch):
    cast = build_cast()
    sent: list[str] = []
    monkeypatch.setattr(outbox, "_gathering_until", 0.0)
    monkeypatch.setattr(outbox.current_app, "send_task", lambda name, **_: sent.append(name))
    with transaction.atomic():
        to_desk(cast)
        to_desk(cast)
        assert sent == []
    to_desk(cast)
    assert sent == ["notices.tasks.deliver"], "what is posted while the nudge is on its way leaves with it"

    def away(name: str, **_: object) -> None:
        raise outbox.OperationalError from Unreachable()

    monkeypatch.setattr(outbox, "_gathering_until", 0.0)
    monkeypatch.setattr(outbox.current_app, "send_task", away)
    to_desk(cast)
    assert deliver(AT).taken == 4
