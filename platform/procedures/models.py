"""The case and what hangs on it. One narrow table; each kind of case adds its own record beside it."""

from __future__ import annotations

from datetime import date

from deadlines.workdays import day_of
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """办件: one matter on its way.

    `due_at` and `provisional` are derived by `perform`: the nearest limit that somebody has to keep. Whose turn it is
    stands in `Turn`. `version` counts the acts and guards against a stale page; `filing_key` names the sending of the
    form, so that one sent twice files once.
    """

    number = models.CharField(_("办件编号"), max_length=30, unique=True)
    kind = models.CharField(_("事项"), max_length=40)
    state = models.CharField(_("状态"), max_length=30)
    title = models.CharField(_("标题"), max_length=200)
    filer = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="filed_cases"
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="filed_cases"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="next_filings",
        help_text=_("退回后重新提交的前一件"),
    )
    received_at = models.DateTimeField(_("收到时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    due_at = models.DateTimeField(_("最近的截止"), null=True, blank=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    signing = models.BooleanField(_("待签发"), default=False, help_text=_("有一份文稿等第二人签发或者确认"))
    version = models.PositiveIntegerField(_("版本"), default=1)
    filing_key = models.CharField(max_length=80, unique=True, null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("办件")
        indexes = [
            models.Index(fields=["kind", "state"]),
            models.Index(fields=["filer", "received_at"]),
            models.Index(
                fields=["due_at", "id"], condition=models.Q(closed_at__isnull=True), name="case_open_due"
            ),
            models.Index(
                fields=["-closed_at", "-id"], condition=models.Q(closed_at__isnull=False), name="case_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def received_on(self) -> date:
        """The day of receipt in Chongqing; the database hands instants back in UTC."""
        return day_of(self.received_at)


class Party(models.Model):
    """A body's part in a case: requester, provider, authority … Seeing a case begins here.

    `waits` and `due_at` are derived with the turns: another body has to act on the case, this one has not, and the
    nearest limit ends then.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    relation = models.CharField(_("关系"), max_length=30)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    since = models.DateTimeField(_("自"))
    waits = models.BooleanField(_("等对方"), default=False)
    due_at = models.DateTimeField(_("截止时刻"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("当事方")
        constraints = [
            models.UniqueConstraint(fields=["case", "relation", "organisation"], name="party_once")
        ]
        indexes = [
            models.Index(fields=["organisation", "case"]),
            models.Index(
                fields=["organisation", "due_at", "case"], condition=models.Q(waits=True), name="party_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.organisation_id}"


class Turn(models.Model):
    """A body that has to act on a case now, in which role, and by when: the rows of the worklist.

    Derived by `procedures.turns` from the state, the running clocks and an open draft; never edited. `kind` and
    `state` repeat the case's, so that a list is narrowed by them without reading the cases. `barred` are the people
    of the body who may not decide this case (回避): it is not their turn.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="turns")
    kind = models.CharField(_("事项"), max_length=40)
    state = models.CharField(_("状态"), max_length=30)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    role = models.CharField(_("岗位"), max_length=20)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    clock = models.CharField(_("期限"), max_length=60, blank=True)
    due_on = models.DateField(_("最后一日"), null=True, blank=True)
    due_at = models.DateTimeField(_("截止时刻"), null=True, blank=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    since = models.DateTimeField(_("自"))
    barred = ArrayField(models.BigIntegerField(), verbose_name=_("须回避的人员"), default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("轮次")
        constraints = [models.UniqueConstraint(fields=["case", "organisation", "role"], name="one_turn")]
        indexes = [
            models.Index(
                fields=["organisation", "role", "handler", "due_at", "case"],
                include=["barred"],
                name="turn_worklist",
            ),
            models.Index(fields=["organisation", "due_at", "case"], name="turn_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role} {self.due_on or ''}".rstrip()


class Done(models.Model):
    """An ended case for each person who took or signed a step of it: the rows of 我办结的, written at its end."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="done")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("办结时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("办结")
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="done_once")]
        indexes = [models.Index(fields=["user", "-closed_at", "-case"], name="done_by")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class Act(models.Model):
    """A step taken. The case's own history; the audit trail holds the evidence of the same act."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="acts")
    step = models.CharField(_("步骤"), max_length=40)
    label = models.CharField(_("名称"), max_length=60)
    at = models.DateTimeField(_("时间"))
    effective_at = models.DateTimeField(
        _("生效时刻"), null=True, blank=True, help_text=_("系统按期限办理的，是期限届满的时刻")
    )
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    facts = models.JSONField(default=dict)
    cites = models.JSONField(default=list)
    about = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="+", help_text=_("要求本步骤的另一办件")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("经过")
        indexes = [models.Index(fields=["case", "id"])]

    def __str__(self) -> str:
        return f"{self.label} {self.at:%Y-%m-%d %H:%M}"


class Proposal(models.Model):
    """A step drafted by one person that waits for another's consent (送签). At most one open a case and step."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    step = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_for = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_how = models.CharField(max_length=20, blank=True)
    urgent = models.BooleanField(_("已先行办理，待确认"), default=False)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("送签稿")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(closed_at__isnull=True), name="one_open_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.drafted_at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """A filing not yet made: the filer's own paper, without number or clock."""

    kind = models.CharField(max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("送签时间"), null=True, blank=True)
    note = models.TextField(_("退回意见"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("草稿")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Attachment(models.Model):
    """A file somebody added to a case or a draft; its digest is taken on arrival."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="attachments")
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sm3 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/%Y/%m/")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Hearing(models.Model):
    """A step that one case's act asks of another case: heard once, after the act's own transaction."""

    source = models.ForeignKey(Act, models.PROTECT, related_name="hearings")
    case = models.ForeignKey(Case, models.PROTECT, related_name="hearings")
    step = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)
    next_try = models.DateTimeField(null=True, blank=True, db_index=True)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "case", "step"], name="heard_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class IdempotencyKey(models.Model):
    """The answer that a call of the interface got, kept so that a repeated call gets it again and acts no more.

    Written in the call's own transaction: an act without its row, or a row without its act, cannot be. `digest` is
    the SHA-256 of method, address and body; the same key with another digest is refused.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(_("幂等键"), max_length=200)
    call = models.CharField(_("调用"), max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("幂等键")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.call} {self.key}"
