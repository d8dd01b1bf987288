"""Django's administration pages, opened by posts: only to system and security administrators.

Another app registers its tables with `RoleAdmin` and names who may see and who may edit:

    @admin.register(Term)
    class TermAdmin(RoleAdmin):
        edited_by = frozenset({Role.SYSTEM_ADMIN})

Without that, both administrators see the table and nobody edits it. Each change asks for a reason and is written to
the trail, in the same transaction, with what it was before and after.
"""

from __future__ import annotations

import json
from typing import Any

import clock
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from accounts.actors import current
from accounts.models import Role
from accounts.recording import recorded, recorded_of
from accounts.refusals import NoRight

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


class RoleAdminSite(admin.AdminSite):
    """The administration pages behind the platform's own sign-in."""

    site_header = "渝数管理"
    site_title = "渝数管理"
    index_title = "系统管理"

    def has_permission(self, request: HttpRequest) -> bool:
        return current(request).holds(*ADMINISTRATORS)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """There is one sign-in page; a person without the post is told so, not asked to sign in again."""
        if request.user.is_authenticated:
            raise NoRight("管理页面供系统管理员和安全管理员使用，您今天不担任这两个岗位。")
        back = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('accounts:login')}?{urlencode({'next': back})}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        return redirect("accounts:account")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        return redirect("accounts:password")


class ReasonForm(forms.ModelForm):
    """A form for a table's row that asks why."""

    reason = forms.CharField(
        label="修改理由",
        max_length=300,
        help_text="写明依据或原因，随修改一并留痕。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RoleAdmin(admin.ModelAdmin):
    """One table. `seen_by` may look, `edited_by` may add and change; nobody deletes."""

    form = ReasonForm
    seen_by: frozenset[Role] = ADMINISTRATORS
    edited_by: frozenset[Role] = frozenset()

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        if not (self.has_change_permission(request, obj) if change else self.has_add_permission(request)):
            kwargs["form"] = forms.ModelForm  # who only looks is not asked why
        return super().get_form(request, obj, change, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return current(request).holds(*self.seen_by, *self.edited_by)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return current(request).holds(*self.seen_by, *self.edited_by)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return current(request).holds(*self.edited_by)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return current(request).holds(*self.edited_by)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        before = _facts(type(obj)._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        recorded(
            f"{obj._meta.model_name}:{'change' if change else 'add'}",
            by=current(request),
            at=clock.now(),
            kind=str(obj._meta.label_lower),
            key=str(obj.pk),
            before=before,
            after={**_facts(obj), "reason": form.cleaned_data.get("reason", "")},
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the trail holds of the row."""
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"{obj}：修改经过",
            "opts": self.opts,
            "object": obj,
            "events": recorded_of(str(obj._meta.label_lower), str(obj.pk)),
        }
        return TemplateResponse(request, "accounts/admin_history.html", context)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        """The trail holds it; a second log beside it could only disagree."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        """The trail holds it; a second log beside it could only disagree."""


def _facts(obj: Model) -> dict[str, Any]:
    """The row's own columns as JSON has them."""
    columns = [field.name for field in obj._meta.concrete_fields]
    facts: dict[str, Any] = json.loads(json.dumps(model_to_dict(obj, columns), default=str))
    return facts
