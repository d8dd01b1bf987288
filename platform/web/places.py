"""The links to the kernel's own pages. The apps above the kernel register theirs in their own `AppConfig.ready`."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Role
from django.utils.translation import gettext_lazy as _
from notices import queries as notices

from web.navigation import Item, Place, holds_a_post, register
from web.queries.applications import handles_cases


def asks_only(actor: Actor) -> bool:
    """Who has no worklist, but applications of their own."""
    return actor.user is not None and not handles_cases(actor)


def works_for_a_public_body(actor: Actor) -> bool:
    """Who may come to data by sharing, or provide it."""
    roles = (Role.OFFICER, Role.LEAD, Role.PRINCIPAL)
    return any(post.role in roles and post.organisation.compiles_a_catalogue for post in actor.posts)


def audits(actor: Actor) -> bool:
    return actor.holds(Role.AUDITOR)


def administers(actor: Actor) -> bool:
    return actor.holds(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


def signed_in(actor: Actor) -> bool:
    return actor.user is not None


def unread(actor: Actor) -> str:
    """Notices the person has not read (one query)."""
    return notices.badge(notices.unread(actor.user)) if actor.user else ""


def register_kernel_pages() -> None:
    """Called once, when the web app is ready."""
    for item in (
        Item(_("待办"), "web:worklist", show=handles_cases, order=10, section=()),
        Item(_("取得的数据"), "datacentre:grants", show=works_for_a_public_body, order=40, section=()),
        Item(_("提供的数据"), "datacentre:holdings", show=works_for_a_public_body, order=45, section=()),
        Item(_("审计"), "audit:trail", show=audits, order=90),
        Item(_("人员"), "accounts:people", show=administers, order=95),
        Item(_("系统管理"), "admin:index", show=administers, order=96, section=("admin",)),
        Item(_("未送达"), "notices:undelivered", show=notices.may_run, order=97, section=()),
        Item(_("法规"), "statutes:index", order=98),
        Item(_("首页"), "web:home", place=Place.PUBLIC, order=10, section=()),
        Item(_("法规与职责"), "statutes:index", place=Place.PUBLIC, order=60),
        Item(_("多久答复"), "web:home", place=Place.PUBLIC, order=50, fragment="limits"),
        Item(_("工作日计算"), "deadlines:workdays", place=Place.SERVICE, order=60),
        Item(_("核验文书"), "documents:verify", place=Place.SERVICE, order=50),
        Item(_("法定期限与依据"), "web:home", place=Place.OVERSIGHT, order=10, fragment="limits"),
        Item(_("法规与职责"), "statutes:index", place=Place.OVERSIGHT, order=20),
        Item(_("办理程序"), "web:procedures", place=Place.SERVICE, order=10),
        Item(_("办理程序"), "web:procedures", place=Place.OVERSIGHT, order=30),
        Item(_("机构名录"), "accounts:organisations", place=Place.DATA, order=40),
        Item(_("接口文档"), "api-docs", place=Place.DATA, order=50),
        Item(_("无障碍"), "web:accessibility", place=Place.TOP, order=10),
        Item(_("帮助"), "web:help", place=Place.TOP, order=20),
        Item(
            _("通知"),
            "notices:inbox",
            show=signed_in,
            place=Place.ACCOUNT,
            order=10,
            count=unread,
        ),
        Item(
            _("我的账号"),
            "accounts:account",
            show=signed_in,
            place=Place.ACCOUNT,
            order=20,
        ),
        Item(_("我的申请"), "web:mine", show=asks_only, place=Place.ACCOUNT, order=5, section=()),
        Item(_("帮助"), "web:help", show=holds_a_post, place=Place.ACCOUNT, order=30),
    ):
        register(item)
