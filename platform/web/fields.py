"""A form field as the `.field` component: label, hint, error and control, tied together by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from web.icons import icon

EMPTY = SafeString("")


class Renderer(TemplatesSetting):
    """`{{ form.name.as_field_group }}` and `{{ form }}` draw this house's components."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


def _optional(field: BoundField) -> SafeString:
    return EMPTY if field.field.required else mark_safe(' <span class="opt">选填</span>')


def _hint(field: BoundField) -> SafeString:
    if not field.help_text:
        return EMPTY
    return format_html('<p class="hint" id="{}_helptext">{}</p>', field.auto_id, field.help_text)


def _error(field: BoundField) -> SafeString:
    if not field.errors:
        return EMPTY
    lines = format_html_join(mark_safe("<br>"), "{}", ((error,) for error in field.errors))
    return format_html(
        '<p class="err" id="{}_error">{}<span>{}</span></p>', field.auto_id, icon("warning"), lines
    )


def _described(field: BoundField) -> str | bool:
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids) or False


def _attrs(field: BoundField, css: str, **more: Any) -> dict[str, Any]:
    own = field.field.widget.attrs.get("class", "")
    return {
        "class": " ".join(filter(None, [css, own])),
        "aria-describedby": _described(field),
        "aria-invalid": "true" if field.errors else False,
        **more,
    }


def _choices(field: BoundField) -> SafeString:
    """Radio buttons or tick boxes, each a `.choice` in a fieldset named by the field's label."""
    rows = format_html_join(
        "",
        '<label class="choice">{}<span>{}</span></label>',
        ((option.tag(wrap_label=False), option.choice_label) for option in field),
    )
    return format_html(
        '<fieldset class="field{}" id="{}"{}><legend>{}{}</legend>{}{}{}</fieldset>',
        _bad(field),
        field.auto_id,
        _fieldset_described(field),
        field.label,
        _optional(field),
        _hint(field),
        _error(field),
        rows,
    )


def _fieldset_described(field: BoundField) -> SafeString:
    ids = _described(field)
    return format_html(' aria-describedby="{}"', ids) if ids else EMPTY


def _bad(field: BoundField) -> str:
    return " field--bad" if field.errors else ""


def _control(field: BoundField, size: str, rows: int | None) -> SafeString:
    widget = field.field.widget
    size_class = f" w-{size}" if size else ""
    if isinstance(widget, forms.Textarea):
        limit = getattr(field.field, "max_length", None)
        # A pasted text is not cut at the limit: the reader sees by how much it is too long.
        more: dict[str, Any] = {"maxlength": False, "cols": False}
        if rows:
            more["rows"] = rows
        if limit:
            more["data-limit"] = limit
        control = field.as_widget(attrs=_attrs(field, f"textarea{size_class}", **more))
        if limit:
            return control + format_html(
                '<p class="count" data-count-of="{}">最多 {} 字</p>', field.auto_id, limit
            )
        return control
    if isinstance(widget, forms.FileInput):
        return format_html(
            '<div class="upload">{}<label class="btn btn--plain" for="{}">{}选择文件</label>'
            '<span class="small muted" data-file-of="{}" data-empty="尚未选择文件">尚未选择文件</span></div>',
            field.as_widget(attrs=_attrs(field, "")),
            field.auto_id,
            icon("upload"),
            field.auto_id,
        )
    if isinstance(widget, forms.Select):
        return field.as_widget(attrs=_attrs(field, f"select{size_class}"))
    if isinstance(widget, forms.DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
        return field.as_widget(attrs=_attrs(field, f"input{size_class or ' w-s'}"))
    return field.as_widget(attrs=_attrs(field, f"input{size_class}"))


def render_field(field: BoundField, *, size: str = "", rows: int | None = None) -> SafeString:
    """The whole component. `size` is s, m or l (11, 22, 32 em); `rows` is the height of a long text."""
    widget = field.field.widget
    if widget.is_hidden:
        return field.as_widget()
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return _choices(field)
    if isinstance(widget, forms.CheckboxInput):
        return format_html(
            '<div class="field{}">{}<label class="choice">{}<span>{}</span></label>{}</div>',
            _bad(field),
            _error(field),
            field.as_widget(attrs=_attrs(field, "")),
            field.label,
            _hint(field),
        )
    return format_html(
        '<div class="field{}"><label for="{}">{}{}</label>{}{}{}</div>',
        _bad(field),
        field.id_for_label,
        field.label,
        _optional(field),
        _hint(field),
        _error(field),
        _control(field, size, rows),
    )


def _links(form: BaseForm) -> Iterable[SafeString]:
    for error in form.non_field_errors():
        yield format_html("<li>{}</li>", error)
    for field in form:
        target = field.id_for_label or field.auto_id
        for error in field.errors:
            if field.is_hidden:
                yield format_html("<li>{}</li>", error)
            else:
                yield format_html('<li><a href="#{}">{}</a></li>', target, error)


def render_summary(*forms_: BaseForm) -> SafeString:
    """What has to be mended, above the form, in the same words as beside the fields; empty without errors."""
    lines = [line for form in forms_ if form is not None and form.is_bound for line in _links(form)]
    if not lines:
        return EMPTY
    return format_html(
        '<div class="errsum" role="alert" tabindex="-1" aria-labelledby="errsum-title" data-focus>'
        '<h2 id="errsum-title">有 {} 处需要更正</h2><ol>{}</ol></div>',
        len(lines),
        mark_safe("".join(conditional_escape(line) for line in lines)),
    )
