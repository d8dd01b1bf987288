"""Bringing a catalogue in by file: a run for each file, what its rows are to become, what is wrong with them."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Organisation
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.entries import EDITORS


class ImportRunQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ImportRunQuerySet:
        """The runs of one's own body; all of them for the city data authority."""
        working = [post for post in actor.posts if post.role in EDITORS]
        if actor.is_system or any(p.organisation.duty == Organisation.Duty.CITY_AUTHORITY for p in working):
            return self
        return self.filter(provider__in={post.organisation_id for post in working})


class ImportRun(models.Model):
    """One file on its way into the drafts of a body: uploaded, checked, then committed whole or not at all.

    The file and the rows read from it are kept while the run is open, at most `runs.KEPT_DAYS` days after the last
    look at it; of a run that ended only its name, SM3, counts and report stay. `counts` is {outcome: rows}; `notes`
    what the reader wants said (encoding, sheets that were left aside); `report` the cleansing report of an adapter.
    """

    class Source(models.TextChoices):
        NORM = "norm", _("按目录编制规范填写的表")
        PORTAL = "portal", _("本市开放门户导出的清单")
        NATIONAL = "national", _("其他地方的开放目录")

    class State(models.TextChoices):
        WAITING = "waiting", _("等待核对")
        CHECKING = "checking", _("正在核对")
        CHECKED = "checked", _("已核对")
        REFUSED = "refused", _("文件不能使用")
        FAILED = "failed", _("核对没有完成")
        COMMITTED = "committed", _("已导入")
        ENDED = "ended", _("已放弃")

    #: In these the file and the rows are still needed.
    OPEN = (State.WAITING, State.CHECKING, State.CHECKED, State.FAILED)

    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="import_runs", verbose_name=_("数据提供单位")
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices, default=Source.NORM)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    name = models.CharField(_("文件名"), max_length=200)
    format = models.CharField(_("格式"), max_length=10, blank=True)
    file = models.FileField(_("文件"), upload_to="imports/%Y/%m/", max_length=200, blank=True)
    marked = models.FileField(_("标注的工作簿"), upload_to="imports/%Y/%m/", max_length=200, blank=True)
    size = models.PositiveIntegerField(_("字节数"))
    sm3 = models.CharField(_("SM3"), max_length=64)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    total = models.PositiveIntegerField(_("共"), default=0)
    counts = models.JSONField(_("统计"), default=dict)
    notes = models.JSONField(_("说明"), default=list)
    report = models.JSONField(_("清洗报告"), default=dict, blank=True)
    refusal = models.TextField(_("不能使用的原因"), blank=True)
    created_at = models.DateTimeField(_("上传时间"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("状态时间"))
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("目录导入")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["provider", "-id"], name="import_by_provider"),
            models.Index(
                fields=["state", "changed_at"],
                condition=~models.Q(file="") | models.Q(state__in=["waiting", "checking"]),
                name="import_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.sm3[:8]}"


class ImportRow(models.Model):
    """What one entry of the file is to become.

    `content` and `problems` are JSON as text, written once and read once; the content leaves out what is empty.
    """

    class Outcome(models.TextChoices):
        ADD = "add", _("新增")
        CHANGE = "change", _("变更已发布的条目")
        UPDATE = "update", _("修改编制中的条目")
        UNCHANGED = "unchanged", _("没有变化")
        BAD = "bad", _("须改正")

    #: What leads to a draft.
    WRITTEN = (Outcome.ADD, Outcome.CHANGE, Outcome.UPDATE)

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    place = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    name = models.CharField(max_length=200)
    content = models.TextField()
    problems = models.TextField(default="[]")
    #: Keys of what it is compared with, 0 for none; no foreign keys, because a row only lives as long as its run.
    draft_id = models.BigIntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)
    base_version = models.PositiveIntegerField(default=0)
    #: The draft's `changed_at` when it was compared.
    seen = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入的条目")
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="import_row_once")]

    def __str__(self) -> str:
        return self.name


class ImportProblem(models.Model):
    """One thing wrong with a row or a cell (`col` from 0, -1 for the row).

    What is not `blocking` may be kept in a draft and mended there.
    """

    class Kind(models.TextChoices):
        HEADER = "header", _("表头")
        MISSING = "missing", _("缺少内容")
        UNREADABLE = "unreadable", _("不在代码表中或者写法不对")
        LONG = "long", _("过长")
        FORMULA = "formula", _("公式")
        ERROR = "error", _("错误值")
        DATE = "date", _("日期或者数字格式")
        MERGED = "merged", _("合并单元格")
        HIDDEN = "hidden", _("隐藏的行")
        DUPLICATE = "duplicate", _("重复")
        IDENTIFIER = "identifier", _("代码核对不符")
        TARGET = "target", _("与现有目录不符")
        RULE = "rule", _("发布前须补正")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="problems", db_index=False)
    position = models.PositiveIntegerField()
    sheet = models.CharField(max_length=60)
    line = models.PositiveIntegerField()
    col = models.IntegerField(default=-1)
    place = models.CharField(max_length=80)
    label = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    blocking = models.BooleanField()
    value = models.CharField(max_length=60, blank=True)
    message = models.TextField()
    cites = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("导入中的问题")
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="import_problem_once")]
        indexes = [models.Index(fields=["run", "-blocking", "position"], name="import_problem_order")]

    def __str__(self) -> str:
        return f"{self.place} {self.message}"
