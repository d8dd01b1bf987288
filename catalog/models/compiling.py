"""What is being compiled, and what was published from it."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Organisation
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.entries import EDITORS, Entry


class Publication(models.Model):
    """公共数据资源目录第 n 版: everything that one act published at once. Never changed.

    The catalogue as of version n is, for each entry, its newest `EntryVersion` of a publication up to n; so are the
    共享目录 and the 采集责任清单 of each body (GOV19-13). `digest` is the SM3 over the versions it made.
    """

    number = models.PositiveIntegerField(_("版本"), unique=True)
    at = models.DateTimeField(_("发布时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(
        "procedures.Case", models.PROTECT, null=True, blank=True, related_name="publications"
    )
    reason = models.CharField(_("原因"), max_length=300)
    added = models.PositiveIntegerField(_("新增"))
    changed = models.PositiveIntegerField(_("变更"))
    withdrawn = models.PositiveIntegerField(_("撤销"))
    digest = models.CharField(_("摘要值"), max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("目录版本")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class DraftQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> DraftQuerySet:
        """A body's own; those of its district or sector for who gathers them; all for the city data authority."""
        working = [post for post in actor.posts if post.role in EDITORS]
        if actor.is_system or any(p.organisation.duty == Organisation.Duty.CITY_AUTHORITY for p in working):
            return self
        own = models.Q(provider__in={post.organisation_id for post in working})
        districts = {
            post.organisation.district_id
            for post in working
            if post.organisation.duty == Organisation.Duty.DISTRICT_AUTHORITY
            and post.organisation.district_id
        }
        gathered = models.Q(provider__district__in=districts, case__isnull=False)
        return self.filter(own | gathered if districts else own)

    def open(self) -> DraftQuerySet:
        return self.filter(stage__in=Draft.OPEN)


class Draft(models.Model):
    """What a body proposes for one entry: a new one, a change, or its removal.

    It belongs to the body until a case takes it up (a list, an update, a project's list); then it moves with the
    case. `content` is `norm.Content.as_json()`; `problems` is what still stands in the way, as of the last look;
    `typed` is what was written and could not be read, by place (`summary`, `items.3.length`); `twins` what the officer
    said of the entries that look like it, by resource code (`catalog.twins`).
    A body has one open draft under a name and one for an entry: importing again meets the same.
    """

    class Kind(models.TextChoices):
        ADD = "add", _("新增")
        CHANGE = "change", _("变更")
        REMOVE = "remove", _("撤销")

    class Stage(models.TextChoices):
        EDITING = "editing", _("编制中")
        SUBMITTED = "submitted", _("已报送")
        ADOPTED = "adopted", _("已纳入，待发布")
        PUBLISHED = "published", _("已发布")
        DROPPED = "dropped", _("未采纳")

    class Finding(models.TextChoices):
        NONE = "", _("未审核")
        ACCEPT = "accept", _("纳入")
        RETURN = "return", _("退回修改")
        LEAVE_OUT = "leave-out", _("不纳入")

    class Origin(models.TextChoices):
        FORM = "form", _("在线填写")
        IMPORT = "import", _("批量导入")
        API = "api", _("接口")
        OTHER = "other-catalogue", _("其他目录")

    OPEN = (Stage.EDITING, Stage.SUBMITTED, Stage.ADOPTED)

    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="drafts", verbose_name=_("数据提供单位")
    )
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices, default=Kind.ADD)
    stage = models.CharField(_("阶段"), max_length=10, choices=Stage.choices, default=Stage.EDITING)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="drafts", verbose_name=_("目录条目")
    )
    base_version = models.PositiveIntegerField(_("所依据的版本"), default=0)
    name = models.CharField(_("名称"), max_length=200)
    content = models.JSONField(_("内容"), default=dict)
    problems = models.JSONField(_("待改正"), default=list, blank=True)
    typed = models.JSONField(_("未能读懂的填写"), default=dict, blank=True)
    twins = models.JSONField(_("重复核对"), default=dict, blank=True)
    case = models.ForeignKey(
        "procedures.Case", models.PROTECT, null=True, blank=True, related_name="drafts_taken"
    )
    finding = models.CharField(
        _("审核意见"), max_length=10, choices=Finding.choices, blank=True, default=Finding.NONE
    )
    finding_reason = models.TextField(_("意见说明"), blank=True)
    holding = models.ForeignKey(
        "datacentre.Holding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("数据实体"),
    )
    origin = models.CharField(_("来源"), max_length=20, choices=Origin.choices, default=Origin.FORM)
    source = models.CharField(_("来源位置"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("最近修改"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("编制中的条目")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["provider", "stage", "name"]),
            models.Index(fields=["case", "finding"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "name"],
                condition=models.Q(stage__in=["editing", "submitted", "adopted"]),
                name="draft_once_by_name",
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=models.Q(stage__in=["editing", "submitted", "adopted"]),
                name="draft_once_by_entry",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="add", entry__isnull=True)
                | (~models.Q(kind="add") & models.Q(entry__isnull=False))
                | models.Q(stage="published"),
                name="draft_of_an_entry_or_new",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BodyNumber(models.Model):
    """A body's number within its district, the last three digits of the class of its own resources."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    district = models.CharField(_("区县码"), max_length=3)
    number = models.PositiveIntegerField(_("序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("机构序号")
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="body_number_once_a_district")
        ]

    def __str__(self) -> str:
        return f"{self.district}{self.number:03d}"
