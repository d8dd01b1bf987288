"""Bodies and districts, each with the dates between which it existed and what followed it."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from statutes.enforcement import enforces

from accounts.codes import validate_uscc


class DatedQuerySet(models.QuerySet):
    def on(self, day: date) -> Self:
        """Those in being on the day (half-open: a row that ends on the day has ended)."""
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=day),
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=day),
        )


class District(models.Model):
    """区县. The code is that of GB/T 2260; a district that ended names its successors."""

    code = models.CharField(_("行政区划代码"), max_length=6, unique=True)
    name = models.CharField(_("名称"), max_length=50)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True, help_text=_("自这一天起不再存在"))
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors", blank=True)
    note = models.TextField(_("说明"), blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区县")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A body that provides, asks for, decides on or supervises data (matrix H)."""

    class Kind(models.TextChoices):
        CITY_GOVERNMENT = "city-government", _("市人民政府")
        CITY_DEPARTMENT = "city-department", _("市级部门")
        DISTRICT_GOVERNMENT = "district-government", _("区县人民政府")
        DISTRICT_DEPARTMENT = "district-department", _("区县部门")
        AGENCY = "agency", _("市政府派出机构")
        PUBLIC_SERVICE = "public-service", _("公共服务组织")
        BY_REFERENCE = "by-reference", _("参照执行单位")
        ENTERPRISE = "enterprise", _("企业")
        REGISTRY = "registry", _("登记机构")
        ASSOCIATION = "association", _("行业协会")
        PARTNER = "partner", _("外省市对接方")

    class Duty(models.TextChoices):
        """The statutory office a body holds besides its own functions."""

        NONE = "", _("无")
        CITY_AUTHORITY = "city-authority", _("市数据主管部门")
        DISTRICT_AUTHORITY = "district-authority", _("区县数据主管部门")
        PLANNING = "planning", _("发展改革部门")
        FINANCE = "finance", _("财政部门")
        AUDIT = "audit", _("审计机关")

    code = models.CharField(
        _("机构代码"), max_length=40, unique=True, help_text=_("平台内代码，不是统一社会信用代码")
    )
    name = models.CharField(_("全称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=30, choices=Kind.choices)
    duty = models.CharField(_("法定职责"), max_length=30, choices=Duty.choices, blank=True, default=Duty.NONE)
    uscc = models.CharField(
        _("统一社会信用代码"),
        max_length=18,
        blank=True,
        validators=[validate_uscc],
        help_text=_("未核实的留空"),
    )
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, verbose_name=_("所在区县"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级机构")
    )
    fiscally_funded = models.BooleanField(_("财政资金保障运行"), default=False)
    dedicated_unit = models.CharField(
        _("专职机构"), max_length=60, blank=True, help_text=_("负责数据资源管理工作的内设机构（GOV19-7）")
    )
    website = models.URLField(_("网站"), blank=True)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("承继机构")
    )
    note = models.TextField(_("说明"), blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("机构")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty"],
                condition=models.Q(duty="city-authority", valid_to__isnull=True),
                name="one_city_authority",
            ),
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~models.Q(uscc="") & models.Q(valid_to__isnull=True),
                name="one_body_a_uscc",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:organisation", args=[self.code])

    def in_being(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )

    @property
    @enforces("CAT-01", what="机构登记：政务部门、公共服务组织分类")
    def is_government_department(self) -> bool:
        """政务部门 (REG22-3, GOV19-3): a State organ or a body with delegated public functions."""
        return self.kind in GOVERNMENT_DEPARTMENTS

    @property
    @enforces("CAT-05", what="机构登记：参照执行单位可以编目，不列入必须完成的名单")
    def compiles_a_catalogue(self) -> bool:
        """Whether its data is public data: a government department, a public-service body or one bound like them."""
        return self.kind in GOVERNMENT_DEPARTMENTS | {self.Kind.PUBLIC_SERVICE, self.Kind.BY_REFERENCE}

    @property
    @enforces("CAT-06", what="机构登记：市政府派出机构比照区县政府")
    def acts_as_district(self) -> bool:
        """Bound by what the law says of district governments (GOV19-5, OPEN20-5)."""
        return self.kind in {self.Kind.DISTRICT_GOVERNMENT, self.Kind.AGENCY}

    @property
    def is_data_authority(self) -> bool:
        """Whether it is 数据主管部门, of the city or of a district."""
        return self.duty in {self.Duty.CITY_AUTHORITY, self.Duty.DISTRICT_AUTHORITY}


#: 政务部门 by kind (CAT-01).
GOVERNMENT_DEPARTMENTS = frozenset(
    {
        Organisation.Kind.CITY_GOVERNMENT,
        Organisation.Kind.CITY_DEPARTMENT,
        Organisation.Kind.DISTRICT_GOVERNMENT,
        Organisation.Kind.DISTRICT_DEPARTMENT,
        Organisation.Kind.AGENCY,
    }
)


class Function(models.Model):
    """One line of a body's list of functions: what it may ask data for (GOV19-50(四))."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="functions")
    code = models.CharField(_("职能编号"), max_length=40)
    name = models.CharField(_("职能"), max_length=200)
    basis = models.CharField(_("依据"), max_length=300)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("职能清单")
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="function_code_once")]

    def __str__(self) -> str:
        return self.name
