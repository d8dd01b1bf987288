"""The papers the law asks for: numbered, made from the facts of a step, digested, verifiable by anyone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Paper(models.Model):
    """One paper. `facts` and `template_version` make its text; `content` and `sm3` fix it."""

    case = models.ForeignKey("procedures.Case", models.PROTECT, related_name="papers")
    act = models.ForeignKey("procedures.Act", models.PROTECT, null=True, related_name="papers")
    kind = models.CharField(_("种类"), max_length=40)  # e.g. "sharing-answer" (matrix D12)
    number = models.CharField(_("文号"), max_length=60, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    issuer = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    addressee = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    copies_to = models.JSONField(_("抄送"), default=list, blank=True)
    issued_at = models.DateTimeField(_("印发时间"))
    template = models.CharField(max_length=80)
    template_version = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    content = models.JSONField(_("正文"), default=dict)
    sm3 = models.CharField(max_length=64)
    code = models.CharField(_("验证码"), max_length=20, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("文书")

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Counter(models.Model):
    """The last number given out in a series; the row is locked while the next is taken, so none is lost or doubled."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)
