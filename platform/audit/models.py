"""The trail: events that are only ever added, and the seals that chain them (architecture, rule 6)."""

from __future__ import annotations

from clock import SHANGHAI
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from audit import names


def transaction_id() -> models.Expression:
    """The number of the writing transaction, with its epoch, so that it never wraps."""
    current = models.Func(function="pg_current_xact_id", output_field=models.TextField())
    return Cast(Cast(current, models.TextField()), models.BigIntegerField())


class Event(models.Model):
    """One act, complete in itself: every name is kept as text, so the row can be read when all else is gone.

    Written in the transaction of the act; the database refuses to change or delete it (migration `triggers`).
    `body` is the JSON of the whole event and the only thing that the chain covers: the other columns repeat the
    beginning of it for searching, and the verifier compares them with it.
    """

    at = models.DateTimeField(_("时间"))
    action = models.CharField(_("行为"), max_length=80)
    actor = models.CharField(_("行为人"), max_length=120)
    organisation = models.CharField(_("机构"), max_length=120, blank=True)
    object_kind = models.CharField(_("对象类别"), max_length=40)
    object_id = models.CharField(_("对象"), max_length=80)
    request_id = models.CharField(_("请求号"), max_length=64, blank=True)
    body = models.TextField(_("全文"))
    txid = models.BigIntegerField(_("事务号"), db_default=transaction_id(), editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("审计事件")
        indexes = [
            models.Index(fields=["at", "id"], name="event_at"),
            models.Index(fields=["action", "at", "id"], name="event_action"),
            models.Index(fields=["actor", "at", "id"], name="event_actor"),
            models.Index(fields=["organisation", "at", "id"], name="event_organisation"),
            models.Index(fields=["object_kind", "object_id", "at", "id"], name="event_object"),
            models.Index(fields=["request_id"], condition=~models.Q(request_id=""), name="event_request"),
            # Rows lie in the order of their transactions, so a block-range index finds the unsealed ones for almost
            # no cost on writing.
            BrinIndex(fields=["txid"], pages_per_range=16, autosummarize=True, name="event_txid"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_id}"

    @property
    def action_name(self) -> str:
        """The action as people say it; the code where no app names it."""
        return names.name_of(self.action) or self.action

    @property
    def kind_name(self) -> str:
        """The kind of object as people say it; the code where no app names it."""
        return names.kind_of(self.object_kind) or self.object_kind


class Link(models.Model):
    """The place of an event in the chain: gapless positions, each digest made over the one before."""

    position = models.BigIntegerField(_("位置"), primary_key=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="link", verbose_name=_("事件"))
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("链环")

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"


class Seal(models.Model):
    """封印: closes a run of links. Its own digest covers every column here but `digest` (audit.chain.seal_digest).

    `horizon`: every transaction below it had ended and was looked at; the next sealing begins there.
    `cluster`: the database system that counted the transactions; in another one the numbers mean nothing.
    """

    number = models.BigIntegerField(_("封印号"), primary_key=True)
    first = models.BigIntegerField(_("首位"))
    last = models.BigIntegerField(_("末位"))
    count = models.BigIntegerField(_("条数"))
    head = models.CharField(_("末位摘要"), max_length=64)
    previous = models.CharField(_("前一封印摘要"), max_length=64)
    sealed_at = models.DateTimeField(_("封印时间"), db_index=True)
    horizon = models.BigIntegerField(_("事务界"))
    cluster = models.BigIntegerField(_("数据库标识"))
    digest = models.CharField(_("封印摘要"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("封印")

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"

    def facts(self) -> dict[str, object]:
        """The seal as it stands in the book and in an export: what its digest covers, and the digest."""
        return {
            "number": self.number,
            "first": self.first,
            "last": self.last,
            "count": self.count,
            "head": self.head,
            "previous": self.previous,
            "sealed_at": self.sealed_at.astimezone(SHANGHAI).isoformat(timespec="microseconds"),
            "horizon": self.horizon,
            "cluster": self.cluster,
            "digest": self.digest,
        }
