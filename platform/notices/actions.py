"""What people do with notices and subscriptions. What concerns a partner system is recorded in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.actors import Actor
from accounts.models import Organisation, User
from audit.trail import Entry, record
from django.core.exceptions import PermissionDenied
from django.db import transaction

from notices import delivery, mail, outbox, queries, webhooks
from notices.models import Delivery, Notice, Outgoing, Preference, Subscription, new_secret


def mark_read(user: User, pk: int, *, at: datetime) -> int:
    """Mark one own notice as read; 0 when it is another's or already read."""
    return queries.box(user).filter(pk=pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(user: User, *, up_to: int, at: datetime) -> int:
    """Mark everything up to the newest one that the person saw; what came later stays unread."""
    return Notice.objects.filter(user=user, read_at__isnull=True, pk__lte=up_to).update(read_at=at)


def set_mail(user: User, wanted: bool) -> None:
    """Whether notices also come by mail; the in-site box stays on."""
    Preference.objects.update_or_create(user=user, defaults={"mail": wanted})


@transaction.atomic
def subscribe(
    actor: Actor, organisation: Organisation, url: str, topics: Sequence[str], *, at: datetime
) -> Subscription:
    """A new subscription; its `secret` is to be shown to the person now and never again."""
    if not (queries.may_run(actor) or organisation.pk in queries.led_by(actor)):
        raise PermissionDenied("推送订阅由本机构负责人或者系统管理员设置。")
    made = Subscription.objects.create(
        organisation=organisation, url=url, topics=list(topics), created_at=at, created_by=actor.user
    )
    _record(actor, "webhook:subscribe", made, at, after={"url": url, "topics": list(topics)})
    return made


@transaction.atomic
def switch(actor: Actor, subscription: Subscription, active: bool, *, at: datetime) -> None:
    """Stop or resume a subscription; while stopped its pushes wait."""
    before = {"active": subscription.active}
    subscription.active = active
    subscription.save(update_fields=["active"])
    _record(actor, "webhook:switch", subscription, at, before=before, after={"active": active})


@transaction.atomic
def renew_secret(actor: Actor, subscription: Subscription, *, at: datetime) -> str:
    """A new key for the signature; the old one is worth nothing from now on."""
    subscription.secret = new_secret()
    subscription.save(update_fields=["secret"])
    _record(actor, "webhook:renew-secret", subscription, at)
    return subscription.secret


@transaction.atomic
def push_again(actor: Actor, pushed: Delivery, *, at: datetime) -> None:
    webhooks.again(pushed, at)
    _record(actor, "webhook:redeliver", pushed.subscription, at, after={"delivery": pushed.pk})
    transaction.on_commit(outbox.nudge)


@transaction.atomic
def deliver_again(actor: Actor, outgoing: Outgoing, *, at: datetime) -> bool:
    _require_runner(actor)
    done = delivery.again(outgoing, at)
    record(Entry("notice:redeliver", actor, "outgoing", str(outgoing.pk), at, after={"done": done}))
    transaction.on_commit(outbox.nudge)
    return done


@transaction.atomic
def mail_again(actor: Actor, notice: Notice, *, at: datetime) -> bool:
    _require_runner(actor)
    done = mail.again(notice, at)
    record(Entry("notice:mail-again", actor, "notice", str(notice.pk), at, after={"done": done}))
    transaction.on_commit(outbox.nudge)
    return done


def _require_runner(actor: Actor) -> None:
    if not queries.may_run(actor):
        raise PermissionDenied("未送达的通知由系统管理员处理。")


def _record(
    actor: Actor,
    action: str,
    subscription: Subscription,
    at: datetime,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    entry = Entry(
        action,
        actor,
        "subscription",
        str(subscription.pk),
        at,
        organisation=subscription.organisation.name,
        before=before or {},
        after=after or {},
    )
    record(entry)
