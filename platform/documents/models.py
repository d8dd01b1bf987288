"""The papers the law asks for: numbered, made from the facts of a step, digested, verifiable by anyone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Paper(models.Model):
    """One paper. `facts` and `template_version` make its text; `content` and `sm3` fix it.

    Names are kept as they were on the day: a body that is renamed later does not change what was said. The database
    refuses to change or delete a paper.
    """

    case = models.ForeignKey("procedures.Case", models.PROTECT, related_name="papers")
    act = models.ForeignKey("procedures.Act", models.PROTECT, null=True, related_name="papers")
    kind = models.CharField(_("种类"), max_length=40)  # e.g. "sharing-answer" (matrix D12)
    number = models.CharField(_("文号"), max_length=60, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    issuer = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    issuer_name = models.CharField(_("发文机关"), max_length=100, help_text=_("印发时的全称"))
    addressee = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    addressee_name = models.CharField(_("主送机关"), max_length=100, blank=True, help_text=_("印发时的全称"))
    copies_to = models.JSONField(_("抄送"), default=list, blank=True)
    issued_at = models.DateTimeField(_("印发时间"))
    template = models.CharField(max_length=80)
    template_version = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    content = models.JSONField(_("正文"), default=dict)
    sm3 = models.CharField(max_length=64, db_index=True)
    code = models.CharField(_("验证码"), max_length=20, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("文书")

    def __str__(self) -> str:
        return f"{self.title} {self.number}"


class Rendition(models.Model):
    """One form in which a paper's file was handed out: the digest of its bytes, so that a file can be known again.

    The same paper gives the same bytes, until the typesetter, the fonts or our address change; then there is one
    more row, and files handed out before are still known.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="renditions")
    sm3 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    engine = models.CharField(max_length=60)  # e.g. "typst 0.15.2, letter 1"
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("文书文件")

    def __str__(self) -> str:
        return self.sm3


class Counter(models.Model):
    """The last number given out in a series; the row is locked while the next is taken, so none is lost or doubled."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
