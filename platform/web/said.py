"""The facts of a step in words: what a form said, labelled, and what a browser sent, taken off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from procedures.facts import Facts

Said = list[tuple[str, Any]]


def posted(form: Facts, data: QueryDict) -> dict[str, Any]:
    """What the browser sent for the fields of an unbound form, as raw values, and nothing else that it sent."""
    return {
        name: field.widget.value_from_datadict(data, {}, name)  # type: ignore[arg-type]
        for name, field in form.fields.items()
    }


def in_full(form: Facts, values: Mapping[str, Any]) -> Said:
    """Every fact with its label, choices in words; for a draft that somebody has to sign, or typed in vain."""
    return [
        (str(field.label), shown)
        for name, field in form.fields.items()
        if (shown := _shown(field, values.get(name))) not in ("", [], None)
    ]


def in_short(facts: type[Facts], values: Mapping[str, Any]) -> Said:
    """The facts that need no query to be told: texts, days, numbers and fixed choices; for the log."""
    told = []
    for name, field in facts.base_fields.items():
        value = values.get(name)
        if isinstance(field, forms.ModelChoiceField) or value in ("", None, []):
            continue
        if isinstance(value, list | dict) and not getattr(field, "choices", None):
            continue
        told.append((str(field.label), _shown(field, value)))
    return told


def _shown(field: forms.Field, value: Any) -> Any:
    if isinstance(field, forms.ModelChoiceField):
        try:
            return str(field.to_python(value) or "")
        except forms.ValidationError:
            return value
    if isinstance(field, forms.ChoiceField):
        words = {str(code): str(label) for code, label in field.choices}
        if isinstance(value, list | tuple):
            return [words.get(str(code), str(code)) for code in value]
        return words.get(str(value), value)
    if isinstance(field, forms.DateField) and isinstance(value, str):
        return _day(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return value


def _day(value: str) -> date | str:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value
