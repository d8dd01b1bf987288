"""What a form of facts asks, as a table: the form's own fields, before it is fitted to a case."""

from __future__ import annotations

from django import forms
from procedures.facts import Facts

from web.documentation.markdown import table


def fields(form: type[Facts]) -> str:
    """Each field with its name on the interface; nothing when the act itself is enough."""
    rows = [
        (
            str(field.label) + ("（法定）" if name in form.law else ""),
            f"`{name}`",
            "是" if field.required else "",
            takes(field),
            str(field.help_text),
        )
        for name, field in form.base_fields.items()
    ]
    return table(["须写明", "字段", "必填", "填什么", "说明"], rows)


def takes(field: forms.Field) -> str:
    """What the field takes, in words. Choices that come from the case are not known here, and never asked for."""
    match field:
        case forms.ModelMultipleChoiceField():
            return "一项以上，选项随办件"
        case forms.ModelChoiceField():
            return "一项，选项随办件"
        case forms.MultipleChoiceField():
            return f"一项以上：{_choices(field)}" if field.choices else "一项以上，选项随办件"
        case forms.ChoiceField():
            return f"一项：{_choices(field)}" if field.choices else "一项，选项随办件"
        case forms.BooleanField():
            return "是或者否"
        case forms.DateField():
            return "日期"
        case forms.IntegerField():
            return "整数" + _between(field.min_value, field.max_value, "")
        case forms.JSONField():
            return "列表"
        case forms.CharField():
            least = getattr(field, "least", None) or field.min_length
            return "文字" + _between(least, getattr(field, "most", None) or field.max_length, " 字")
    raise TypeError(f"no words for what a {type(field).__name__} takes ({field.label})")


def _choices(field: forms.ChoiceField | forms.MultipleChoiceField) -> str:
    return "、".join(str(label) for code, label in field.choices if code)


def _between(least: int | None, most: int | None, unit: str) -> str:
    if least and most:
        return f"，{least} 至 {most}{unit}"
    if most:
        return f"，最多 {most}{unit}"
    return f"，至少 {least}{unit}" if least else ""
