"""Mail for in-site notices, as near to exactly once as SMTP allows.

SENDING is committed before the server is spoken to and SENT after it has accepted. A refusal is certain, so it is
retried (4xx) or final (5xx); a connection that breaks while the mail is under way, or a worker killed then, is not, so
the mail becomes UNSURE and is not sent again by itself.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

import structlog
from clock import SHANGHAI
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse

from notices.models import Notice

log = structlog.get_logger(__name__)

#: Waits after the first, second … try that was refused for now. After the last the mail has failed.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
#: A mail that is SENDING for longer was left behind by a worker that died.
STALE = timedelta(minutes=15)

Mail = Notice.Mail


def send_due(at: datetime, limit: int = 200) -> int:
    """Send up to `limit` due mails over one connection; returns how many the server accepted."""
    _give_up_stale(at)
    connection: BaseEmailBackend | None = None
    sent = 0
    try:
        for _ in range(limit):
            notice = _take(at)
            if notice is None:
                break
            if connection is None:
                connection = _connect(notice, at)
            if connection is None:
                break
            sent += _send(notice, connection, at)
            if notice.mail == Mail.UNSURE:  # a broken connection tells nothing about the next mail
                connection.close()
                connection = None
    finally:
        if connection is not None:
            connection.close()
    return sent


@transaction.atomic
def _take(at: datetime) -> Notice | None:
    """The next due mail, marked SENDING; committed before anything leaves."""
    notice = (
        Notice.objects.filter(mail_next_try__lte=at, mail=Mail.DUE)
        .select_related("outgoing__case", "user")
        .order_by("mail_next_try", "id")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    if notice is not None:
        _mark(notice, Mail.SENDING, next_try=at + STALE, attempts=notice.mail_attempts + 1)
    return notice


def _connect(notice: Notice, at: datetime) -> BaseEmailBackend | None:
    """An open connection; when there is none to be had, nothing left, so the mail waits for the next try."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_server_away", error=str(error))
        _retry(notice, f"连不上邮件服务器：{error}", at)
        return None
    return connection


def _send(notice: Notice, connection: BaseEmailBackend, at: datetime) -> bool:
    try:
        connection.send_messages([message(notice)])
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        _refused(notice, code, answer, at)
    except smtplib.SMTPResponseException as error:
        _refused(notice, error.smtp_code, error.smtp_error, at)
    except (OSError, smtplib.SMTPException) as error:
        _mark(notice, Mail.UNSURE, failure=f"发送途中连接中断，不能确定是否发出：{error}")
    except ValueError as error:  # an address or a header that no mail can carry
        _mark(notice, Mail.FAILED, failure=f"邮件不能写成：{error}")
    else:
        _mark(notice, Mail.SENT, mailed_at=at)
        return True
    return False


def message(notice: Notice) -> EmailMessage:
    """The mail. Its Message-ID is the notice's, so that a mail sent twice is still recognised as one."""
    outgoing = notice.outgoing
    address = settings.SITE_URL + reverse("notices:open", args=[notice.pk])
    when = outgoing.created_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    text = f"{outgoing.text}\n\n查看：{address}\n\n{when}，渝数。本邮件由系统发出，不需要回复。\n"
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        # A line break in a subject would begin a new header.
        " ".join(outgoing.subject.split()),
        text,
        to=[notice.user.email],
        headers={"Message-ID": f"<notice-{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _refused(notice: Notice, code: int, answer: bytes | str, at: datetime) -> None:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    reason = f"邮件服务器答复 {code} {words}"
    if 400 <= code < 500:
        _retry(notice, reason, at)
    else:
        _mark(notice, Mail.FAILED, failure=reason)


def _retry(notice: Notice, reason: str, at: datetime) -> None:
    tries = notice.mail_attempts
    if tries <= len(BACK_OFF):
        _mark(notice, Mail.DUE, next_try=at + BACK_OFF[tries - 1], failure=reason)
    else:
        _mark(notice, Mail.FAILED, failure=f"{reason}。试了 {tries} 次，不再重试。")


def _mark(
    notice: Notice,
    state: Mail,
    *,
    next_try: datetime | None = None,
    attempts: int | None = None,
    mailed_at: datetime | None = None,
    failure: str = "",
) -> None:
    notice.mail, notice.mail_next_try, notice.mail_failure = state, next_try, failure
    notice.mailed_at = mailed_at
    notice.mail_attempts = notice.mail_attempts if attempts is None else attempts
    notice.save(update_fields=["mail", "mail_next_try", "mail_failure", "mailed_at", "mail_attempts"])


def _give_up_stale(at: datetime) -> None:
    stale = Notice.objects.filter(mail=Mail.SENDING, mail_next_try__lte=at)
    stale.update(
        mail=Mail.UNSURE,
        mail_next_try=None,
        mail_failure="发送途中程序中断，不能确定是否发出。站内通知不受影响；需要时可以重发。",
    )


def again(notice: Notice, at: datetime) -> bool:
    """Send a failed or unsure mail once more, because a person asked for it; False when it is neither."""
    waiting = Notice.objects.filter(pk=notice.pk, mail__in=[Mail.FAILED, Mail.UNSURE])
    return bool(waiting.update(mail=Mail.DUE, mail_next_try=at, mail_attempts=0))
