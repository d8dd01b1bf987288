"""政务信息化项目: from its registration to its acceptance (GOV19-48), what was built before it, what auditors found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WithParts(models.Manager):
    """With what every step and page of the case reads."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().select_related("case", "applicant")


class Project(models.Model):
    """One project. Each stage keeps what it decided; the list of the catalogue stands in `items`."""

    class Kind(models.TextChoices):
        BUILD = "build", _("建设")
        UPKEEP = "upkeep", _("运行维护")

    class Level(models.TextChoices):
        CITY = "city", _("市级")
        DISTRICT = "district", _("区县级")

    class Cloud(models.TextChoices):
        CITY_CLOUD = "city-cloud", _("数字重庆云平台")
        OTHER = "other", _("其他")

    class Network(models.TextChoices):
        GOVERNMENT = "government", _("电子政务网络")
        STATE = "state", _("国家另有规定的网络")
        NEW = "new", _("新建业务专网")

    class Platform(models.TextChoices):
        NONE = "none", _("不建公共数据平台、共享系统、开放系统")
        MERGE = "merge", _("把已有的并入统一平台")
        NEW = "new", _("新建")

    case = models.OneToOneField("procedures.Case", models.PROTECT, primary_key=True, related_name="project")
    applicant = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="projects", verbose_name=_("申报单位")
    )
    name = models.CharField(_("项目名称"), max_length=150)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    level = models.CharField(_("层级"), max_length=10, choices=Level.choices)
    need = models.TextField(_("建设需求"), blank=True)
    amount = models.PositiveIntegerField(_("金额（万元）"), null=True, blank=True)
    cloud = models.CharField(_("运行的云平台"), max_length=20, choices=Cloud.choices, blank=True)
    cloud_reason = models.TextField(_("不用数字重庆云平台的理由"), blank=True)
    network = models.CharField(_("使用的网络"), max_length=20, choices=Network.choices, blank=True)
    network_basis = models.CharField(_("网络的依据"), max_length=300, blank=True)
    platform = models.CharField(_("平台和系统"), max_length=10, choices=Platform.choices, blank=True)
    replaced = models.TextField(_("替代的系统"), blank=True)
    systems = models.ManyToManyField(
        "catalog.LegacySystem", related_name="projects", blank=True, verbose_name=_("整合的已有系统")
    )
    shared_data = models.TextField(_("可以通过共享取得的数据"), blank=True)
    contractor = models.BooleanField(_("委托他人建设、维护"), default=False)
    evaluation = models.JSONField(_("评估"), default=dict, blank=True)
    listed_on = models.DateField(_("列入清单日期"), null=True, blank=True)
    listed_year = models.PositiveSmallIntegerField(_("清单年度"), null=True, blank=True)
    plan = models.TextField(_("建设方案"), blank=True)
    plan_number = models.CharField(_("方案批复文号"), max_length=100, blank=True)
    plan_approved_on = models.DateField(_("方案批复日期"), null=True, blank=True)
    design = models.TextField(_("初步设计"), blank=True)
    design_opinion = models.TextField(_("初步设计审核意见"), blank=True)
    budget = models.JSONField(_("预算安排"), default=dict, blank=True)
    completion = models.JSONField(_("目录清单完成情况"), default=dict, blank=True)
    acceptance = models.JSONField(_("验收"), default=dict, blank=True)

    objects = models.Manager()
    whole = WithParts()

    class Meta:
        verbose_name = verbose_name_plural = _("政务信息化项目")
        default_manager_name = "whole"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.name


class ProjectItem(models.Model):
    """An entry that the project will bring about, as its pre-compiled list says (预编制目录清单, GOV19-48.3).

    `draft` is what the body compiles for it; while a list is reviewed the case holds the drafts. `content` is what the
    list said when it was last sent to review.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="items")
    draft = models.ForeignKey("catalog.Draft", models.SET_NULL, null=True, blank=True, related_name="+")
    entry = models.ForeignKey("catalog.Entry", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("类别"), max_length=10)
    name = models.CharField(_("名称"), max_length=200)
    base_version = models.PositiveIntegerField(_("所依据的版本"), default=0)
    content = models.JSONField(_("内容"), default=dict, blank=True)
    exempted = models.TextField(_("不要求完成的理由"), blank=True)
    position = models.PositiveIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("项目目录清单")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="project_item_once")]

    def __str__(self) -> str:
        return self.name


class LegacySystem(models.Model):
    """已建的公共数据平台、共享系统、开放系统和渠道, which are to become part of the one platform (REG22-21.3)."""

    class Kind(models.TextChoices):
        PLATFORM = "platform", _("公共数据平台")
        SHARING = "sharing", _("共享系统")
        OPENING = "opening", _("开放系统")
        CHANNEL = "channel", _("其他开放渠道")

    class Status(models.TextChoices):
        APART = "apart", _("未整合")
        MERGING = "merging", _("整合中")
        MERGED = "merged", _("已并入")

    owner = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="legacy_systems", verbose_name=_("建设单位")
    )
    name = models.CharField(_("名称"), max_length=150)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    data = models.CharField(_("所含数据"), max_length=300, blank=True)
    merge_by = models.DateField(_("整合期限"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("已建平台和系统")
        ordering = ["owner__code", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="legacy_system_once")]

    def __str__(self) -> str:
        return self.name


class LegacyStatus(models.Model):
    """How far a system had come on a day; the newest row counts, and none is changed."""

    system = models.ForeignKey(LegacySystem, models.PROTECT, related_name="statuses")
    status = models.CharField(_("整合状态"), max_length=10, choices=LegacySystem.Status.choices)
    on = models.DateField(_("日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("整合情况")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.system_id} {self.status} {self.on}"


class AuditFinding(models.Model):
    """审计结果 about a body, or about one of its projects; it bears on the money the body is given (GOV19-49.2)."""

    class Result(models.TextChoices):
        CLEAN = "clean", _("未发现问题")
        MINOR = "minor", _("发现问题，已整改")
        OPEN = "open", _("发现问题，未整改完成")

    body = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="audit_findings", verbose_name=_("被审计单位")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="audit_findings", verbose_name=_("项目")
    )
    auditor = models.CharField(_("审计机关"), max_length=100)
    document = models.CharField(_("审计文书"), max_length=200)
    issued_on = models.DateField(_("出具日期"))
    result = models.CharField(_("结论"), max_length=10, choices=Result.choices)
    finding = models.TextField(_("主要内容"))
    entered_for = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("录入单位")
    )
    entered_at = models.DateTimeField(_("录入时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("审计结果")
        ordering = ["-issued_on", "-pk"]

    def __str__(self) -> str:
        return self.document
