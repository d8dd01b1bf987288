"""目录编制: the catalogue's own administration pages, opened by posts to providers and the city data authority.

Everything that is saved here goes through `save_entry`; the pages only collect. Publishing and withdrawing are
actions on the list, with a reason.
"""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from accounts.admin_site import RoleAdminSite
from accounts.models import Organisation
from datacentre.models import Holding
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from procedures.refusals import Refused

from catalog import actions, rules
from catalog.models import Condition, Entry, EntryItem
from catalog.models.entries import compiles

ITEM_FIELDS = tuple(actions.ItemFacts.__dataclass_fields__)
CONDITION_FIELDS = tuple(actions.ConditionFacts.__dataclass_fields__)


class CatalogueSite(RoleAdminSite):
    """Pages for those who compile the catalogue; each sees what `Entry.objects.visible_to` shows."""

    site_header = site_title = "目录编制"
    index_title = "目录编制"

    def has_permission(self, request: HttpRequest) -> bool:
        return compiles(current(request))


site = CatalogueSite(name="catalogue")


class EntryForm(forms.ModelForm):
    """An entry with the two things that are no part of it: the secrecy mark and the reason of a change."""

    delivery = forms.MultipleChoiceField(
        label="提供方式",
        choices=[("file", "文件下载"), ("api", "接口")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    secret = forms.BooleanField(
        label="涉密", required=False, help_text="涉密事项不在本平台编目，勾选后不保存任何内容。"
    )
    reason = forms.CharField(
        label="变更原因",
        required=False,
        max_length=300,
        help_text="变更已发布的条目必须填写。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Entry
        fields = (
            "code", "name", "summary", "provider", "subject", "gathered", "sharing_type", "sharing_basis",
            "sharing_basis_kind", "sharing_basis_text", "update_cycle", "security_level", "use_requirements",
            "delivery", "base_database", "holding",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The rules on the entry alone, each beside its field."""
        said = super().clean() or {}
        entry = Entry(**{name: value for name, value in said.items() if name not in ("secret", "reason")})
        try:
            rules.refuse_secret(bool(said.get("secret")), entry.name, entry.code)
        except rules.SecretMatter as refusal:
            raise ValidationError(refusal.message) from None
        if self.errors:
            return said
        for problem in rules.entry_problems(entry):
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)
        if self.instance.status == Entry.Status.PUBLISHED and not said.get("reason", "").strip():
            self.add_error("reason", "变更已发布的条目应当写明原因")
        return said


class ItemFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """The rules on the items under the entry as it is being saved."""
        super().clean()
        if any(self.errors):
            return
        rows = [EntryItem(**facts) for facts in collected(self, ITEM_FIELDS)]
        problems = rules.item_problems(self.instance, rows)
        if problems:
            raise ValidationError([problem.message for problem in problems])


class ItemInline(admin.TabularInline):
    model = EntryItem
    formset = ItemFormSet
    fields = (*ITEM_FIELDS, "position")
    extra = 1


class ConditionInline(admin.TabularInline):
    model = Condition
    fields = (*CONDITION_FIELDS, "position")
    extra = 0


class ReasonAction(ActionForm):
    reason = forms.CharField(label="原因", required=False, max_length=300)


def collected(formset: forms.BaseInlineFormSet, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The rows of a formset that stay, in the order of their positions."""
    kept = [
        form.cleaned_data
        for form in formset.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE") and form.cleaned_data.get(names[0])
    ]
    kept.sort(key=lambda facts: facts.get("position") or 0)
    return [{name: facts[name] for name in names if facts.get(name) is not None} for facts in kept]


@admin.register(Entry, site=site)
class EntryAdmin(admin.ModelAdmin):
    form = EntryForm
    inlines = (ItemInline, ConditionInline)
    list_display = ("code", "name", "provider", "sharing_type", "status", "version")
    list_filter = ("status", "sharing_type")
    list_select_related = ("provider",)
    search_fields = ("code", "name", "provider__name")
    readonly_fields = ("status", "version", "published_at", "changed_at")
    actions = ("publish", "withdraw")
    action_form = ReasonAction

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        actor = current(request)
        visible = Entry.objects.visible_to(actor)
        if actions.is_authority(actor):
            return visible
        return visible.filter(provider__in=actor.organisation_ids)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return site.has_permission(request) and (obj is None or actions.may_edit(obj, current(request)))

    def has_delete_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return False

    def get_inline_instances(self, request: HttpRequest, obj: Entry | None = None) -> list[Any]:
        """The rows' rights are those of the entry they belong to."""
        found = [inline(self.model, self.admin_site) for inline in self.inlines]
        may = self.has_change_permission(request, obj)
        for inline in found:
            inline.has_view_permission = lambda request, obj=None: True
            inline.has_add_permission = inline.has_change_permission = inline.has_delete_permission = (
                lambda request, obj=None: may
            )
        return found

    def formfield_for_foreignkey(self, field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A provider's people choose their own body and its holdings; the authority's may choose any."""
        actor = current(request)
        if not actions.is_authority(actor):
            own = actor.organisation_ids
            if field.name == "provider":
                kwargs["queryset"] = Organisation.objects.filter(pk__in=own)
            elif field.name == "holding":
                kwargs["queryset"] = Holding.objects.filter(owner__in=own)
        return super().formfield_for_foreignkey(field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Entry, form: forms.ModelForm, change: bool) -> None:
        """Nothing yet: the entry is kept together with its rows, by `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: list[Any], change: bool) -> None:
        items, conditions = formsets
        actions.save_entry(
            form.instance,
            items=[actions.ItemFacts(**facts) for facts in collected(items, ITEM_FIELDS)],
            conditions=[actions.ConditionFacts(**facts) for facts in collected(conditions, CONDITION_FIELDS)],
            reason=form.cleaned_data["reason"],
            at=clock.now(),
            by=current(request),
        )

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> str:
        return form.cleaned_data.get("reason", "")

    def log_addition(self, request: HttpRequest, obj: Entry, message: Any) -> None:
        """The trail holds it."""

    def log_change(self, request: HttpRequest, obj: Entry, message: Any) -> None:
        """The trail holds it."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Publishing is the data authority's; nobody deletes."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found if actions.is_authority(current(request)) else {}

    @admin.action(description="发布")
    def publish(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        self._each(request, chosen, actions.publish_entry, "已发布")

    @admin.action(description="撤销（须写明原因）")
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Entry]) -> None:
        self._each(request, chosen, actions.withdraw_entry, "已撤销")

    def _each(self, request: HttpRequest, chosen: QuerySet[Entry], act: Any, done: str) -> None:
        reason = request.POST.get("reason", "")
        for entry in chosen:
            try:
                act(entry, reason=reason, at=clock.now(), by=current(request))
            except Refused as refusal:
                self.message_user(request, f"“{entry.name}”没有办理：{refusal.message}", messages.ERROR)
            except ValidationError as error:
                self.message_user(request, "；".join(error.messages), messages.ERROR)
            else:
                self.message_user(request, f"“{entry.name}”{done}。", messages.SUCCESS)
