from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datacentre import listeners
        from web import portal
        from web.navigation import Item, Place, register

        from catalog.admission import needs_published_entry
        from catalog.models.entries import compiles
        from catalog.portal import summary

        listeners.register_admission(needs_published_entry)
        portal.register_catalogue(summary)
        portal.register_field(_("目录"), order=10)
        for place in (Place.STAFF, Place.PUBLIC, Place.DATA):
            label = _("公共数据目录") if place == Place.DATA else _("找数据")
            register(Item(label, "catalog:list", place=place, order=20))
        register(
            Item(_("目录编制"), "catalog:compile", show=compiles, order=50, section=("catalog:compile",))
        )
