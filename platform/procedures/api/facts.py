"""The facts of a step as the body of a call: derived from the form that the page draws.

The body's fields say in the description what the form takes. Sent values are held to their JSON types here and to
everything else by the form itself, so page and interface refuse with the same sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import clock
from api.fields import Body, Day, Flag, Many, OneOf, Text, Whole
from django import forms
from rest_framework import serializers

from procedures.declare import Procedure, Step
from procedures.facts import Facts, Setting
from procedures.fields import Basis
from procedures.filing import admits_persons

BIGGEST = 2**63
LAW = "法定内容。"


class FactsBody(Body):
    """Types only; the form of the step says everything else, after the case has been found and locked."""

    own: tuple[str, ...] = ()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError("应为一个 JSON 对象。")
        told = {name: value for name, value in data.items() if name in self.own}
        errors = self._own_errors(told)
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None:
                errors[name] = [f"没有“{name}”这一项，可填的有：{'、'.join(self.fields)}"]
            elif name not in self.own and (wrong := misfit(field, value)):
                errors[name] = [wrong]
        if errors:
            raise serializers.ValidationError(errors)
        return dict(data)

    def _own_errors(self, told: Mapping[str, Any]) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        for name in self.own:
            try:
                self.fields[name].run_validation(told.get(name, serializers.empty))
            except serializers.ValidationError as error:
                errors[name] = error.detail
            except serializers.SkipField:
                continue
        return errors

    def facts(self) -> dict[str, Any]:
        """The raw facts, without what belongs to the call."""
        return {name: value for name, value in self.validated_data.items() if name not in self.own}


def misfit(field: serializers.Field, value: Any) -> str:
    """What is wrong with the JSON type of a value; "" when nothing is."""
    if value is None:
        return "" if field.allow_null else "这一项不能是 null，没有内容的可以不写。"
    match field:
        case Whole():
            whole = isinstance(value, int) and not isinstance(value, bool)
            return "" if whole and -BIGGEST <= value < BIGGEST else "应为整数（JSON 数字）。"
        case Flag():
            return "" if isinstance(value, bool) else "应为 true 或者 false。"
        case Many():
            good = isinstance(value, list) and all(isinstance(one, str) for one in value)
            return "" if good else '应为文本的列表，如 ["file", "api"]。'
        case Day():
            good = isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
            return "" if good else "应为日期，写作 2026-12-31。"
        case serializers.JSONField():
            return ""
    return "" if isinstance(value, str) else "应为文本（JSON 字符串）。"


def of_step(procedure: Procedure, step: Step) -> type[FactsBody]:
    """The body of taking a step: its facts."""
    return type(f"{_name(procedure, step)}", (FactsBody,), {**_fields(step.facts), "description": step.label})


def of_filing(procedure: Procedure) -> type[FactsBody]:
    """The body of beginning a case: its facts, beside what the filing is about and for whom.

    Raises ValueError when a fact has the name of one of those: the declaration has to name it otherwise.
    """
    steps = [step for step in procedure.filing_steps if not step.by_system]
    own: dict[str, Any] = {}
    if procedure.subject is not None:
        own["subject"] = Text(max_length=80, help_text="所涉对象的编号，如目录条目的资源代码、办件编号。")
    own["organisation"] = Text(
        required=False, max_length=40, help_text="代表哪一机构提交（机构代码）；不填为本人任职的机构。"
    )
    own["previous"] = Text(required=False, max_length=30, help_text="退回补正后重新提交的，写原办件编号。")
    if admits_persons(procedure):
        own["personally"] = Flag(required=False, help_text="在机构任职的人以个人名义提交的，写 true。")
    if len(steps) > 1 and procedure.opens is None:
        own["step"] = OneOf([(step.code, step.label) for step in steps], help_text="提交的种类。")
    facts = _fields(steps[0].facts)
    if taken := set(own) & set(facts):
        raise ValueError(f"{procedure.code}: facts may not be named {', '.join(sorted(taken))}")
    parts = {**own, **facts, "own": tuple(own), "description": steps[0].label}
    return type(_name(procedure, steps[0]), (FactsBody,), parts)


def _name(procedure: Procedure, step: Step) -> str:
    return "".join(word.title() for word in f"{procedure.code}-{step.code}".split("-"))


def _fields(form: type[Facts]) -> dict[str, serializers.Field]:
    """The form's fields as it is without a subject at hand; choices that depend on one stay open."""
    drawn = form(setting=Setting(at=clock.now())).fields
    return {
        name: _field(declared, drawn.get(name, declared), name in form.law)
        for name, declared in form.base_fields.items()
    }


def _field(declared: forms.Field, drawn: forms.Field, by_law: bool) -> serializers.Field:
    choices = [(str(code), str(label)) for code, label in getattr(drawn, "choices", ()) or ()]
    told = f"{declared.label}。{LAW if by_law else ''}{declared.help_text}"
    common: dict[str, Any] = {"required": declared.required, "label": declared.label, "help_text": told}
    empty: dict[str, Any] = {**common, "allow_null": not declared.required}
    match declared:
        case forms.MultipleChoiceField():
            child = OneOf(choices) if choices else Text(max_length=200)
            least = {"min_length": 1} if declared.required else {}
            return Many(child=child, **least, **common)
        case forms.ModelChoiceField():
            return Text(max_length=100, **empty) if declared.to_field_name else Whole(**empty)
        case forms.ChoiceField():
            return OneOf([c for c in choices if c[0]], allow_blank=not declared.required, **common)
        case forms.BooleanField():
            return Flag(**common)
        case forms.DateField():
            return Day(**empty)
        case forms.IntegerField():
            return Whole(min_value=declared.min_value, max_value=declared.max_value, **empty)
        case forms.JSONField():
            return serializers.JSONField(**empty)
        case forms.CharField():
            return _text(declared, common)
    raise TypeError(f"no JSON type for a {type(declared).__name__} ({declared.label})")


def _text(declared: forms.CharField, common: dict[str, Any]) -> Text:
    least = getattr(declared, "least", None) or declared.min_length
    most = getattr(declared, "most", None) or declared.max_length
    if isinstance(declared, Basis):
        common = {**common, "help_text": f"{common['help_text']}。须用书名号"}
    return Text(
        min_length=least if declared.required else None,
        max_length=most,
        allow_blank=not declared.required,
        **common,
    )
