"""The register of bodies and districts, kept by the system administrator; posts and accounts have their own pages."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import URLField
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin_site import RoleAdmin
from accounts.models import District, Function, Organisation, Role

KEEPERS = frozenset({Role.SYSTEM_ADMIN})

# Rights come from posts, not from groups; a second factor is its owner's, and reset on the people's page.
admin.site.unregister((Group, StaticDevice, TOTPDevice))


@admin.register(Organisation)
class OrganisationAdmin(RoleAdmin):
    edited_by = KEEPERS
    list_display = ("code", "name", "short_name", "kind", "duty", "valid_from", "valid_to")
    list_filter = ("kind", "duty")
    search_fields = ("code", "name", "short_name", "uscc")
    autocomplete_fields = ("district", "parent", "successor")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(District)
class DistrictAdmin(RoleAdmin):
    edited_by = KEEPERS
    list_display = ("code", "name", "valid_from", "valid_to")
    search_fields = ("code", "name")
    filter_horizontal = ("successors",)


@admin.register(Function)
class FunctionAdmin(RoleAdmin):
    edited_by = KEEPERS
    list_display = ("organisation", "code", "name", "basis", "valid_from", "valid_to")
    list_select_related = ("organisation",)
    search_fields = ("code", "name", "organisation__name")
    autocomplete_fields = ("organisation",)
