from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

#: The pages of quality, which stand under one link.
QUALITY = tuple(f"catalog:quality-{page}" for page in ("rules", "rule", "body"))


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datacentre import listeners, marks
        from web import portal
        from web.navigation import Item, Place, register

        import catalog.operability  # noqa: F401 - says which duty it enforces
        from catalog import corrections, entrypage, procedures
        from catalog import listeners as publications
        from catalog.admission import needs_published_entry
        from catalog.demands.listeners import published
        from catalog.demands.queries import may_see as may_see_needs
        from catalog.disputes import onentry
        from catalog.models.entries import compiles
        from catalog.panels.correction import reviews_panel
        from catalog.portal import summary
        from catalog.publishing import is_authority
        from catalog.quality import standing
        from catalog.quality.due import mark_loaded
        from catalog.responsibility import may_see
        from catalog.standards.keeping import named_norm

        listeners.register_admission(needs_published_entry)
        listeners.register_norm(named_norm)
        listeners.register(mark_loaded)
        publications.register(published)
        marks.register(corrections.marks, corrections.ways)
        entrypage.register_panel("corrections", reviews_panel)
        entrypage.register_panel("disputes", onentry.panel)
        entrypage.register_way("dispute", onentry.dispute_way)
        entrypage.register_way("suggestion", onentry.suggestion_way)
        entrypage.register_panel("quality", entrypage.Panel("catalog/panels/quality.html", standing.panel))
        portal.register_catalogue(summary)
        portal.register_field(_("目录"), order=10)
        for place in (Place.STAFF, Place.PUBLIC, Place.DATA):
            label = _("公共数据目录") if place == Place.DATA else _("找数据")
            register(Item(label, "catalog:list", place=place, order=20))
        register(Item(_("基础数据库和主题数据库"), "catalog:databases", place=Place.DATA, order=30))
        register(Item(_("目录版本"), "catalog:publications", place=Place.DATA, order=30))
        register(Item(_("数据标准"), "catalog:standards", place=Place.DATA, order=40))
        register(Item(_("社会数据"), "catalog:contributions", place=Place.DATA, order=60))
        register(Item(_("代码表和目录要素"), "catalog:code-lists", place=Place.DATA, order=50))
        register(Item(_("质量规则"), "catalog:quality-rules", place=Place.OVERSIGHT, order=45))
        register(Item(_("数据校核"), "catalog:corrections", place=Place.OVERSIGHT, order=40))
        register(Item(_("项目清单"), "catalog:projects", place=Place.OVERSIGHT, order=50))
        # What is done to the catalogue day by day, under one link of the workbench.
        group = _("目录管理")
        for label, page, show, section in (
            (_("目录编制"), "compile", compiles, ("catalog:compile", "catalog:imports")),
            (_("数据需求"), "needs", may_see_needs, ("catalog:need",)),
            (_("责任清单"), "responsibilities", may_see, ("catalog:responsibility",)),
            (_("数据质量"), "quality", may_see, QUALITY),
            (_("主体争议"), "disputes", compiles, ()),
            (_("项目清单"), "projects", compiles, ("catalog:systems", "catalog:audits")),
            (_("法规修改"), "amendments", is_authority, ()),
        ):
            register(Item(label, f"catalog:{page}", show, 50, section=section, group=group))
        assert procedures.CORRECTION
