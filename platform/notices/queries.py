"""Reading what was told: one's own box, and for those who run the deliveries, what did not arrive."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Role, User
from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from notices.models import Delivery, Notice, Outgoing, Subscription

PAGE = 50


def box(user: User) -> QuerySet[Notice]:
    """The person's own notices; nobody reads another's."""
    return Notice.objects.filter(user=user).select_related("outgoing__case")


#: So many unread notices are counted; a badge says 99+ beyond.
COUNTED = 100


def unread(user: User) -> int:
    """How many the person has not read, up to `COUNTED`; answered from an index that holds only unread ones.

    One statement by hand, because every page asks it: its answer costs a tenth of what composing it anew would.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM notices_notice WHERE user_id = %s AND read_at IS NULL LIMIT %s) t",
            [user.pk, COUNTED],
        )
        return int(cursor.fetchone()[0])


def badge(count: int) -> str:
    """The number beside 通知: nothing, the number, or 99+."""
    return f"{COUNTED - 1}+" if count >= COUNTED else str(count or "")


def unread_page(user: User) -> list[Notice]:
    return list(box(user).filter(read_at__isnull=True).order_by("-id")[:PAGE])


def read_page(user: User, *, before: int | None = None) -> list[Notice]:
    """Read ones, newest first; one more than a page when there are older ones."""
    found = box(user).filter(read_at__isnull=False).order_by("-id")
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def subscriptions_visible_to(actor: Actor) -> QuerySet[Subscription]:
    """A system administrator sees all, a lead those of the own bodies, others none."""
    found = Subscription.objects.select_related("organisation").order_by("organisation__code", "url")
    if actor.holds(Role.SYSTEM_ADMIN):
        return found
    return found.filter(organisation__in=led_by(actor))


def led_by(actor: Actor) -> set[int]:
    return {post.organisation_id for post in actor.posts if post.role in (Role.LEAD, Role.PRINCIPAL)}


def may_run(actor: Actor) -> bool:
    """Who sees and repeats what was not delivered to people."""
    return actor.holds(Role.SYSTEM_ADMIN)


def may_subscribe(actor: Actor) -> bool:
    return may_run(actor) or bool(led_by(actor))


def with_figures(found: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Each subscription with how many pushes wait and failed, and when the last arrived."""
    state = Delivery.State
    return found.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=state.DUE)),
        failed=Count("deliveries", filter=Q(deliveries__state=state.FAILED)),
        last_done=Max("deliveries__done_at"),
    )


def deliveries(subscription: Subscription) -> list[Delivery]:
    """The newest deliveries with their attempts; two queries."""
    return list(
        subscription.deliveries.select_related("outgoing").prefetch_related("log").order_by("-id")[:PAGE]
    )


def undelivered() -> list[Outgoing]:
    """Messages that nobody received, newest first."""
    return list(
        Outgoing.objects.exclude(failure="").select_related("organisation", "case").order_by("-id")[:PAGE]
    )


def unmailed() -> list[Notice]:
    """Mails that failed or may not have left, newest first."""
    found = Notice.objects.filter(mail__in=[Notice.Mail.FAILED, Notice.Mail.UNSURE])
    return list(found.select_related("outgoing", "user").order_by("-id")[:PAGE])
