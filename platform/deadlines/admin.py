"""Calendar notices and terms, kept by the system administrator: nothing is saved before its effect has been shown."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from accounts.admin_site import RoleAdmin
from accounts.models import Role
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from deadlines.admin_forms import ChangeForm, NoticeForm, TermForm
from deadlines.listeners import changed
from deadlines.models import CalendarDay, CalendarNotice, Deadline, Term
from deadlines.recompute import Preview, apply, preview

KEEPERS = frozenset({Role.SYSTEM_ADMIN})
#: So many moved limits are listed; the rest are counted.
LISTED = 200


class PreviewedAdmin(RoleAdmin):
    """A table whose changes move running clocks: form, then what it would do, then the saving."""

    edited_by = KEEPERS
    change_form_class: type[ChangeForm]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._change(request, None)

    def _change(self, request: HttpRequest, row: Model | None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, self.change_form_class(initial=self.initial(row)))
        form = self.change_form_class(request.POST)
        if not form.is_valid() or "back" in request.POST:
            return self._page(request, form)
        at = clock.now()
        shown = preview(form.change, at=at)
        if request.POST.get("confirmed") != str(shown):
            # Not confirmed yet, or cases have moved on since: what is confirmed is what was last shown.
            return self._page(request, form, shown)
        reason = form.cleaned_data["reason"]
        done = apply(form.change, by=current(request), reason=reason, at=at, after=changed)
        messages.success(request, _("已保存：%(effect)s") % {"effect": done})
        return redirect(self._list())

    def initial(self, row: Model | None) -> dict[str, Any]:
        return {}

    def _list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _page(self, request: HttpRequest, form: ChangeForm, shown: Preview | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": self.opts.verbose_name,
            "form": form,
            "shown": shown,
            "moves": shown.moves[:LISTED] if shown else (),
            "more": max(0, len(shown.moves) - LISTED) if shown else 0,
            "list_url": self._list(),
        }
        return TemplateResponse(request, "admin/deadlines/change.html", context)


class DaysInline(admin.TabularInline):
    model = CalendarDay
    fields = readonly_fields = ("date", "off", "name")
    ordering = ("date",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True


@admin.register(CalendarNotice)
class CalendarNoticeAdmin(PreviewedAdmin):
    """A notice once loaded never changes: a correction is a later notice."""

    change_form_class = NoticeForm
    list_display = ("number", "title", "covers_year", "issued_on", "loaded_at", "reason")
    inlines = (DaysInline,)
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Term)
class TermAdmin(PreviewedAdmin):
    change_form_class = TermForm
    list_display = ("code", "name", "amount", "unit", "rolls", "basis", "standing", "valid_from", "valid_to")
    list_filter = ("standing", "unit")
    search_fields = ("code", "name", "basis")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        row = self.get_object(request, object_id)
        if row is None:
            return redirect(self._list())
        return self._change(request, row)

    def initial(self, row: Model | None) -> dict[str, Any]:
        if row is None:
            return {}
        return {name: getattr(row, name) for name in TermForm.base_fields if name != "reason"}


@admin.register(Deadline)
class DeadlineAdmin(RoleAdmin):
    """To look at only: rows whose step failed stand first in the filter."""

    list_display = ("case", "label", "due_on", "outcome", "breached_at", "next_look", "failure")
    list_filter = ("outcome", "on_pass", ("failure", admin.EmptyFieldListFilter))
    list_select_related = ("case",)
    search_fields = ("case__number",)
    show_full_result_count = False
    ordering = ("-id",)
