"""目录: what data exists, who provides it, on which terms it is shared."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Organisation, Role
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.norm.vocabularies import label

#: 分类码/顺序码 as `catalog.codes` issues it; letters and hyphens in codes that were issued elsewhere.
RESOURCE_CODE = r"^[A-Za-z0-9][A-Za-z0-9-]{0,49}(/[0-9]{6,9})?$"
item_code = RegexValidator(r"^[A-Za-z_][A-Za-z0-9_]*$", _("信息项代码由字母、数字和下划线组成，不以数字开头"))


class SharingType(models.TextChoices):
    UNCONDITIONAL = "unconditional", _("无条件共享")
    CONDITIONAL = "conditional", _("有条件共享")
    NOT_SHARED = "not-shared", _("不予共享")


class OpeningType(models.TextChoices):
    UNCONDITIONAL = "unconditional", _("无条件开放")
    CONDITIONAL = "conditional", _("有条件开放")
    NOT_OPEN = "not-open", _("不予开放")


class BasisKind(models.TextChoices):
    """What a narrower type may rest on (REG22-24.3), and one thing it may not rest on alone."""

    NONE = "", _("未说明")
    LAW = "law", _("法律")
    REGULATION = "administrative-regulation", _("行政法规")
    NATIONAL = "national-provision", _("国家有关规定")
    LOCAL = "local-regulation", _("地方性法规、规章或者本市文件")


#: The kinds that suffice (CAT-18).
SUFFICIENT = (BasisKind.LAW, BasisKind.REGULATION, BasisKind.NATIONAL)


class SecurityLevel(models.TextChoices):
    """数据分类分级 (GB/T 43697): state secrets have no level here, they stay outside (CAT-02)."""

    CORE = "core", _("核心数据")
    IMPORTANT = "important", _("重要数据")
    GENERAL_4 = "general-4", _("一般数据 4 级")
    GENERAL_3 = "general-3", _("一般数据 3 级")
    GENERAL_2 = "general-2", _("一般数据 2 级")
    GENERAL_1 = "general-1", _("一般数据 1 级")


def _basis_suffices(type_field: str, basis_field: str) -> models.Q:
    """As the database checks it: unconditional, or a basis of a kind that suffices."""
    return models.Q(**{type_field: SharingType.UNCONDITIONAL}) | (
        ~models.Q(**{basis_field: ""}) & models.Q(**{f"{basis_field}_kind__in": SUFFICIENT})
    )


#: Posts that work on the catalogue for their body.
EDITORS = (Role.OFFICER, Role.LEAD, Role.PRINCIPAL)


@dataclass(frozen=True)
class Sight:
    """What somebody sees of the catalogue besides what is published: everything, or the withdrawn of own bodies."""

    everything: bool = False
    own: frozenset[int] = frozenset()

    @classmethod
    def of(cls, actor: Actor | None) -> Sight:
        if actor is None:
            return cls()
        working = [post for post in actor.posts if post.role in EDITORS]
        if actor.is_system or any(p.organisation.duty == Organisation.Duty.CITY_AUTHORITY for p in working):
            return cls(everything=True)
        return cls(own=frozenset(post.organisation_id for post in working))


class EntryQuerySet(models.QuerySet):
    def published(self) -> EntryQuerySet:
        return self.filter(status=Entry.Status.PUBLISHED)

    def visible_to(self, actor: Actor | None) -> EntryQuerySet:
        """The published ones for everyone; withdrawn ones for their provider and the data authority."""
        return self.seen_with(Sight.of(actor))

    def seen_with(self, sight: Sight) -> EntryQuerySet:
        if sight.everything:
            return self
        if not sight.own:
            return self.published()
        return self.filter(models.Q(status=Entry.Status.PUBLISHED) | models.Q(provider__in=sight.own))


def compiles(actor: Actor) -> bool:
    """Whether the person compiles a catalogue for some body; enterprises and associations have none (REG22-3)."""
    return any(post.role in EDITORS and post.organisation.compiles_a_catalogue for post in actor.posts)


class Entry(models.Model):
    """目录条目: an entry of the published catalogue (REG22-22). What is being compiled is a `Draft`.

    The row holds the entry as it is now, by the elements of `catalog.norm`; `version` counts its publications, each
    kept as an `EntryVersion`. Only `catalog.publishing` writes here. Anything narrower than unconditional names its
    legal basis (REG22-24; CAT-17, CAT-18).
    """

    class Status(models.TextChoices):
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤销")

    code = models.CharField(_("资源代码"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=200)
    summary = models.TextField(_("摘要"))
    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="entries", verbose_name=_("数据提供单位")
    )
    resource_class = models.CharField(_("信息资源分类"), max_length=20, default="307")
    subject = models.CharField(_("主题"), max_length=40, blank=True)
    keywords = models.JSONField(_("关键词"), default=list, blank=True)
    gathered = models.CharField(_("汇聚范围"), max_length=300, blank=True)
    formats = models.JSONField(_("格式"), default=list, blank=True)
    delivery = models.JSONField(_("提供方式"), default=list, blank=True)  # "file", "api"
    update_cycle = models.CharField(_("更新周期"), max_length=20, blank=True)
    sharing_type = models.CharField(
        _("共享类型"), max_length=20, choices=SharingType.choices, default=SharingType.UNCONDITIONAL
    )
    sharing_basis = models.CharField(_("共享类型依据"), max_length=300, blank=True)
    sharing_basis_kind = models.CharField(
        _("共享依据类别"), max_length=30, choices=BasisKind.choices, blank=True, default=BasisKind.NONE
    )
    sharing_basis_text = models.TextField(_("共享依据原文"), blank=True)
    opening_type = models.CharField(_("开放类型"), max_length=20, choices=OpeningType.choices)
    opening_conditions = models.TextField(_("开放条件"), blank=True)
    opening_basis = models.CharField(_("开放类型依据"), max_length=300, blank=True)
    opening_basis_kind = models.CharField(
        _("开放依据类别"), max_length=30, choices=BasisKind.choices, blank=True, default=BasisKind.NONE
    )
    opening_basis_text = models.TextField(_("开放依据原文"), blank=True)
    opening_delivery = models.JSONField(_("开放方式"), default=list, blank=True)
    security_level = models.CharField(
        _("安全级别"), max_length=20, choices=SecurityLevel.choices, default=SecurityLevel.GENERAL_1
    )
    identifier_kind = models.CharField(_("标识"), max_length=20, blank=True)
    personal = models.BooleanField(_("含个人信息"), default=False)
    treatment = models.TextField(_("脱敏、清洗、加工记录或者权利人同意"), blank=True)
    secrecy_review = models.CharField(_("保密审查记录"), max_length=200, blank=True)
    use_requirements = models.TextField(_("使用要求"), blank=True)
    base_database = models.BooleanField(
        _("基础数据库基础信息项"),
        default=False,
        help_text=_("基础数据库的基础信息项应当无条件共享（GOV19-25）"),
    )
    database = models.CharField(_("所属基础数据库"), max_length=20, blank=True)
    theme_database = models.CharField(_("所属主题数据库"), max_length=60, blank=True)
    region = models.CharField(_("覆盖区域"), max_length=60, blank=True)
    system = models.CharField(_("来源系统"), max_length=100, blank=True)
    division = models.CharField(_("提供方内设机构"), max_length=100, blank=True)
    contact = models.CharField(_("联系处室"), max_length=100, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    related = models.JSONField(_("关联资源代码"), default=list, blank=True)
    status = models.CharField(_("状态"), max_length=20, choices=Status.choices, default=Status.PUBLISHED)
    published_at = models.DateTimeField(_("首次发布"))
    changed_at = models.DateTimeField(_("最近变更"))
    version = models.PositiveIntegerField(_("版本"), default=1)
    holding = models.OneToOneField(
        "datacentre.Holding",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entry",
        verbose_name=_("数据实体"),
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("目录条目")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["status", "-changed_at"]),
            models.Index(fields=["provider", "name"], name="entry_by_provider_name"),
            models.Index(
                fields=["id"],
                include=["code", "changed_at"],
                condition=models.Q(status="published"),
                name="entry_sitemap",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=_basis_suffices("sharing_type", "sharing_basis"), name="entry_narrower_needs_basis"
            ),
            models.CheckConstraint(
                condition=_basis_suffices("opening_type", "opening_basis"), name="entry_opening_needs_basis"
            ),
            models.CheckConstraint(
                condition=models.Q(base_database=False) | models.Q(sharing_type=SharingType.UNCONDITIONAL),
                name="entry_base_is_unconditional",
            ),
            models.CheckConstraint(
                condition=models.Q(code__regex=RESOURCE_CODE), name="entry_code_fits_an_address"
            ),
            models.CheckConstraint(
                condition=models.Q(security_level__in=SecurityLevel.values), name="entry_level_is_no_secret"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def cycle_label(self) -> str:
        return label("update-cycle", self.update_cycle)

    @property
    def cycle_words(self) -> str:
        """每日更新, 不再更新: the cycle as a sentence part."""
        return self.cycle_label if "更新" in self.cycle_label else f"{self.cycle_label}更新"

    @property
    def subject_label(self) -> str:
        return label("subject", self.subject)


class EntryItem(models.Model):
    """信息项 of an entry.

    `element` names the data element of which this entry is the one source (一数一源, GOV19-16); a reference to
    another body's element leaves it empty. An item narrower than its entry names its own basis.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="items")
    code = models.CharField(_("代码"), max_length=60, validators=[item_code])
    name = models.CharField(_("名称"), max_length=100)
    type = models.CharField(_("类型"), max_length=20)
    length = models.PositiveIntegerField(_("长度"), null=True, blank=True)
    description = models.CharField(_("说明"), max_length=300, blank=True)
    sharing_type = models.CharField(
        _("共享类型"), max_length=20, choices=SharingType.choices, default=SharingType.UNCONDITIONAL
    )
    sharing_basis = models.CharField(_("单列依据"), max_length=300, blank=True)
    sharing_basis_kind = models.CharField(
        _("依据类别"), max_length=30, choices=BasisKind.choices, blank=True, default=BasisKind.NONE
    )
    opening_type = models.CharField(
        _("开放类型"), max_length=20, choices=OpeningType.choices, default=OpeningType.NOT_OPEN
    )
    personal = models.BooleanField(_("含个人信息"), default=False)
    element = models.CharField(
        _("数据元"),
        max_length=60,
        blank=True,
        help_text=_("本条目是该数据元的唯一来源；引用其他单位的数据元时留空"),
    )
    position = models.PositiveIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("信息项")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "code"], name="entry_item_once")]
        indexes = [
            models.Index(fields=["element"], condition=~models.Q(element=""), name="entry_item_element")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type_label(self) -> str:
        return label("item-type", self.type)


class Condition(models.Model):
    """One sharing condition of an entry. `check_kind` names the question that a machine can answer, if any.

    `parameter` by kind: function {"words": [...]} (one of them in the function's name); purpose {"kinds": [...]};
    period {"months": n}; mode {"modes": [...]}; items {"codes": [...], "together": n}; manual {}.
    """

    class Check(models.TextChoices):
        FUNCTION = "function", _("申请单位职能")
        PURPOSE = "purpose", _("用途")
        PERIOD = "period", _("使用期限")
        MODE = "mode", _("提供方式")
        ITEMS = "items", _("信息项")
        MANUAL = "manual", _("由经办人判断")

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="conditions")
    position = models.PositiveIntegerField(_("次序"), default=0)
    text = models.CharField(_("条件"), max_length=300)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    check_kind = models.CharField(_("核对方式"), max_length=20, choices=Check.choices, default=Check.MANUAL)
    parameter = models.JSONField(_("参数"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("共享条件")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class EntryVersion(models.Model):
    """目录第 n 版 of an entry: its whole content when it was published. The database refuses to change it."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    publication = models.ForeignKey(
        "catalog.Publication", models.PROTECT, related_name="versions", verbose_name=_("发布")
    )
    at = models.DateTimeField(_("发布时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    content = models.JSONField(_("内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("目录条目版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="entry_version_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} v{self.number}"
