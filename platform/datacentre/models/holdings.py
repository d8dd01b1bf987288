"""Holdings: what data is kept, which items it has, and each load of it."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Organisation, Role
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import validate_slug
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

#: Those who work on data for their body; other posts (auditor, administrators) work on the platform.
WORKING = (Role.OFFICER, Role.LEAD, Role.PRINCIPAL)


def holdings_storage() -> Storage:
    """Where the rows lie: a private folder, or an S3 bucket by configuration. Never under a public address."""
    return storages["holdings"]


def working_organisations(actor: Actor) -> set[int]:
    """The bodies at which the actor holds a working post."""
    return {post.organisation_id for post in actor.posts if post.role in WORKING}


def oversees(actor: Actor) -> bool:
    """Whether the actor sees all holdings and grants: works at, or audits for, the city data authority."""
    return any(
        post.organisation.duty == Organisation.Duty.CITY_AUTHORITY and post.role in (*WORKING, Role.AUDITOR)
        for post in actor.posts
    )


class HoldingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> HoldingQuerySet:
        """The actor's own body's holdings; all of them for the city data authority and its auditors."""
        if actor.is_system or oversees(actor):
            return self
        return self.filter(owner__in=working_organisations(actor))


class Holding(models.Model):
    """数据实体: the data of one catalogue entry, owned by the body that provides it."""

    code = models.CharField(_("编号"), max_length=60, unique=True, validators=[validate_slug])
    name = models.CharField(_("名称"), max_length=200)
    owner = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="holdings", verbose_name=_("数据提供单位")
    )
    source = models.TextField(_("来源"), blank=True)
    licence = models.CharField(_("许可"), max_length=100, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("数据实体")
        permissions = [("read_holding", "读取数据实体")]

    def __str__(self) -> str:
        return self.name

    def latest(self) -> HoldingVersion | None:
        """The version in use; one query."""
        return self.versions.order_by("-number").first()


class HoldingUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Holding, models.CASCADE)


class HoldingGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Holding, models.CASCADE)


class HoldingItem(models.Model):
    """A column of a holding.

    `required`: no row may leave it empty. `identifier`: its values are checked by their own checksum on load
    (REG22-11(三)). `kind`: a 文书, 证照 or 合同, which has the force of the paper original (GOV19-28) and is delivered
    with issuer, time and proof; `issuer_item` and `issued_item` name the columns that hold the first two, and
    without them the owner and the time of loading stand in.
    """

    class Type(models.TextChoices):
        TEXT = "text", _("文本")
        CODE = "code", _("代码")
        INTEGER = "integer", _("整数")
        NUMBER = "number", _("数值")
        DATE = "date", _("日期")
        MOMENT = "moment", _("时间")

    class Identifier(models.TextChoices):
        NONE = "", _("无")
        RESIDENT = "resident", _("身份号码")
        USCC = "uscc", _("统一社会信用代码")
        REGION = "region", _("行政区划代码")

    class Kind(models.TextChoices):
        PLAIN = "", _("一般数据")
        DOCUMENT = "document", _("文书")
        LICENCE = "licence", _("证照")
        CONTRACT = "contract", _("合同")

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="items")
    code = models.CharField(_("代码"), max_length=60)
    name = models.CharField(_("名称"), max_length=100)
    type = models.CharField(_("类型"), max_length=10, choices=Type.choices)
    position = models.PositiveIntegerField()
    required = models.BooleanField(_("必填"), default=False)
    identifier = models.CharField(
        _("标识"), max_length=10, choices=Identifier.choices, blank=True, default=Identifier.NONE
    )
    kind = models.CharField(
        _("文书证照合同"), max_length=20, choices=Kind.choices, blank=True, default=Kind.PLAIN
    )
    issuer_item = models.CharField(_("签发单位所在信息项"), max_length=60, blank=True)
    issued_item = models.CharField(_("签发时间所在信息项"), max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("信息项")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["holding", "code"], name="holding_item_once"),
            models.UniqueConstraint(fields=["holding", "name"], name="holding_item_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class HoldingVersion(models.Model):
    """One load of a holding; the database refuses to change or delete it.

    `items` are the item codes in the order of the columns. `size`, `sm3` and `sha256` are those of the canonical
    text of the version (UTF-8 CSV, LF, a header of item codes); `received_sm3` is the digest of the file as the
    provider sent it, so that both can be compared with what the provider keeps.
    """

    holding = models.ForeignKey(Holding, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    loaded_at = models.DateTimeField(_("载入时间"))
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    items = models.JSONField(_("信息项"), default=list)
    rows = models.PositiveBigIntegerField(_("行数"))
    size = models.PositiveBigIntegerField(_("字节"))
    sm3 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    received_sm3 = models.CharField(max_length=64, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("数据版本")
        constraints = [models.UniqueConstraint(fields=["holding", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.holding_id} v{self.number}"


class HoldingPart(models.Model):
    """A block of rows of a version: gzip of headless canonical CSV, one object in the store.

    `low` and `high` hold, per ordered item, the least and greatest value in the block; a query leaves out the blocks
    that cannot hold what it looks for. Rows are numbered from 0 through the version.
    """

    version = models.ForeignKey(HoldingVersion, models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    first_row = models.PositiveBigIntegerField()
    rows = models.PositiveIntegerField()
    file = models.FileField(storage=holdings_storage, max_length=200)
    sm3 = models.CharField(max_length=64)
    low = models.JSONField(default=dict)
    high = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("数据分块")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="part_once")]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.number}"
