from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

import pytest
from clock import SHANGHAI
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from notices import mail, outbox
from notices.delivery import deliver
from notices.models import Notice

from tests.cast import Cast

AT = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


class Server(BaseEmailBackend):
    """A mail server that answers as the test says; what it accepted is kept."""

    accepted: list[str] = []
    on_open: Exception | None = None
    on_send: Exception | None = None

    def open(self) -> bool:
        if Server.on_open:
            raise Server.on_open
        return True

    def send_messages(self, messages: list) -> int:
        if Server.on_send:
            raise Server.on_send
        Server.accepted += [message.to[0] for message in messages]
        return len(messages)


@pytest.fixture
def server(settings) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.accepted, Server.on_open, Server.on_send = [], None, None
    return Server


@pytest.fixture
def notice(cast: Cast) -> Notice:
    outbox.post(
        [
            outbox.to_person(
                "t:x", cast.user("provider"), case_id=None, subject="征求\n意见", text="请答复。", at=AT
            )
        ]
    )
    deliver(AT)
    return Notice.objects.get()


def after(notice: Notice) -> Notice:
    notice.refresh_from_db()
    return notice


def test_the_mail_says_what_and_where(notice: Notice, settings):
    settings.SITE_URL = "https://data.example.cn"
    assert mail.send_due(AT) == 1
    (message,) = django_mail.outbox
    assert message.subject == "征求 意见"
    assert message.to == ["provider@example.cn"]
    assert f"https://data.example.cn/notices/{notice.pk}/" in message.body
    assert message.extra_headers["Message-ID"].startswith(f"<notice-{notice.pk}@")
    assert (after(notice).mail, notice.mailed_at, notice.mail_next_try) == ("sent", AT, None)


def test_sent_once_however_often_the_worker_looks(notice: Notice, server):
    assert [mail.send_due(AT) for _ in range(3)] == [1, 0, 0]
    assert server.accepted == ["provider@example.cn"]


def test_a_server_that_is_away_is_tried_again_with_growing_waits(notice: Notice, server):
    server.on_open = ConnectionRefusedError("refused")
    at = AT
    for wait in mail.BACK_OFF:
        assert mail.send_due(at) == 0
        assert after(notice).mail == "due"
        assert notice.mail_next_try == at + wait
        at = notice.mail_next_try
    mail.send_due(at)
    assert after(notice).mail == "failed"
    assert "不再重试" in notice.mail_failure
    server.on_open = None
    assert mail.send_due(at + timedelta(days=9)) == 0
    assert mail.again(notice, at)
    assert mail.send_due(at) == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a@b": (451, b"greylisted")}), "due"),
        (smtplib.SMTPDataError(552, b"too big"), "failed"),
        (smtplib.SMTPDataError(421, b"busy"), "due"),
        (smtplib.SMTPServerDisconnected("gone"), "unsure"),
        (TimeoutError("no answer"), "unsure"),
        (ValueError("bad address"), "failed"),
    ],
)
def test_what_the_server_says_decides(notice: Notice, server, error: Exception, state: str):
    server.on_send = error
    assert mail.send_due(AT) == 0
    assert after(notice).mail == state
    assert notice.mail_failure
    assert notice.mailed_at is None


def test_a_broken_connection_spoils_no_other_mail(cast: Cast, server):
    for name in ("provider", "requester"):
        outbox.post([outbox.to_person("t:x", cast.user(name), case_id=None, subject="s", text="", at=AT)])
    deliver(AT)
    server.on_send = smtplib.SMTPServerDisconnected("gone")
    mail.send_due(AT, limit=1)
    server.on_send = None
    mail.send_due(AT)
    assert server.accepted == ["requester@example.cn"]


def test_a_worker_killed_while_sending_leaves_a_mail_nobody_sends_twice(notice: Notice, server):
    server.on_send = SystemExit(9)
    with pytest.raises(SystemExit):
        mail.send_due(AT)
    assert after(notice).mail == "sending"
    server.on_send = None
    assert mail.send_due(AT + timedelta(minutes=1)) == 0
    assert mail.send_due(AT + mail.STALE) == 0
    assert after(notice).mail == "unsure"
    assert "不能确定" in notice.mail_failure
    assert server.accepted == []
    assert mail.again(notice, AT + mail.STALE)
    assert mail.send_due(AT + mail.STALE) == 1


def test_a_mail_that_left_is_not_sent_again_on_request(notice: Notice, server):
    mail.send_due(AT)
    assert not mail.again(notice, AT)
