from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "机构与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The OpenAPI description learns of the token scheme when its class is loaded.
        from accounts import api  # noqa: F401

        # The time of the last sign-in is written by `sign_in`, by the platform's clock; Django would ask the machine's.
        user_logged_in.disconnect(dispatch_uid="update_last_login")


class RoleAdminConfig(admin_apps.AdminConfig):
    """Django's administration with our site, which opens by posts.

    The base is named through its module: imported by itself, Django would take it for the config of this app.
    """

    default_site = "accounts.admin_site.RoleAdminSite"
    default = False
