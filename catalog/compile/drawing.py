"""The controls of the form, drawn from the declaration of the norm: one function for every kind of element.

Plain Python over escaped parts, because a page of items has some five hundred of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from statutes.templatetags.law import cite
from web.icons import icon

from catalog.norm.elements import Element, Kind
from catalog.norm.vocabularies import vocabulary

EMPTY = SafeString("")
#: Up to so many values stand open as radio buttons; more are a list to choose from.
OPEN_MOST = 4
#: What is needed only in some cases: neither marked as optional nor always wanted.
SOMETIMES = frozenset(
    {
        "delivery", "sharing_basis", "sharing_basis_kind", "opening_conditions", "opening_basis",
        "opening_basis_kind", "treatment",
    }
)  # fmt: skip
#: Blocks that matter only for narrower types; `compile.css` shows them when the type chosen asks for them.
WHEN = {
    "sharing_basis": "when-sharing", "sharing_basis_kind": "when-sharing", "sharing_basis_text": "when-sharing",
    "opening_basis": "when-opening", "opening_basis_kind": "when-opening", "opening_basis_text": "when-opening",
    "opening_conditions": "when-open-conditional", "opening_delivery": "when-opened",
}  # fmt: skip
_WIDTHS = {Kind.NUMBER: " w-s", Kind.CODE: " w-m"}
_NARROW = frozenset({"phone", "region", "contact", "division", "system", "theme_database"})


@dataclass
class Field:
    """One element on the form: what is written in it and what is wrong with that.

    `key` is its name in what is sent, `place` its id and what the list of problems points at.
    """

    element: Element
    value: Any
    on: date
    key: str = ""
    place: str = ""
    problems: Sequence[str] = ()
    offered: Sequence[str] = ()
    spoken: str = ""  # the name of a control that has no visible label: 第 3 行，信息项名称

    def __post_init__(self) -> None:
        self.key = self.key or self.element.name
        self.place = self.place or self.element.name

    def draw(self) -> SafeString:
        """The whole component: label, hint, basis, error and control."""
        element = self.element
        wide = "" if element.kind in (Kind.CODE, Kind.FLAG) or element.name in _NARROW else " field--wide"
        css = f"field{wide}{' field--bad' if self.problems else ''} {self._when()}".strip()
        if element.kind == Kind.FLAG:
            return format_html(
                '<div class="{}">{}<label class="choice">{}<span>{}</span></label>{}</div>',
                css, self._errors(), self.control(), element.label, self._hint(),
            )  # fmt: skip
        if self._is_open():
            return format_html(
                '<fieldset class="{}" id="{}"{}><legend>{}{}</legend>{}{}<div class="choices{}">{}</div></fieldset>',
                css, self.place, self._described(), element.label, self._optional(), self._hint(), self._errors(),
                " choices--many" if len(self._choices()) > OPEN_MOST else "", self.control(),
            )  # fmt: skip
        return format_html(
            '<div class="{}"><label for="{}">{}{}</label>{}{}{}</div>',
            css, self.place, element.label, self._optional(), self._hint(), self._errors(), self.control(),
        )  # fmt: skip

    def control(self) -> SafeString:
        """The control alone, as in a cell of the table of items."""
        return _CONTROLS[self.element.kind](self)

    def cell(self) -> SafeString:
        """The control with its error, without label and hint."""
        return format_html("{}{}", self.control(), self._errors())

    def _when(self) -> str:
        css = WHEN.get(self.element.name, "") if self.key == self.element.name else ""
        # What is written, or wrong, stays in sight whatever type is chosen: it could not be mended otherwise.
        return f"{css} is-said" if css and (self.problems or self.value not in ("", [], None)) else css

    def _is_open(self) -> bool:
        if self.element.kind == Kind.CODES:
            return True
        return self.element.kind == Kind.CODE and len(self._choices()) <= OPEN_MOST

    def _choices(self) -> list[tuple[str, str]]:
        listed = vocabulary(self.element.vocabulary)
        choices = listed.choices(self.on)
        known = {code for code, _label in choices}
        said = self.value if isinstance(self.value, list | tuple) else [self.value]
        # A value that ended, or that could not be read, is shown as what it is: choosing another one mends it.
        return choices + [
            (str(code), f"{listed.label_of(str(code))}（不能选用）")
            for code in said
            if code and code not in known
        ]

    def _optional(self) -> SafeString:
        if self.element.needed or self.element.name in SOMETIMES:
            return EMPTY
        return mark_safe(' <span class="opt">选填</span>')

    def _hint(self) -> SafeString:
        basis = cite(*self.element.cites) if self.element.cites else EMPTY
        if not (self.element.help or basis):
            return EMPTY
        return format_html('<p class="hint" id="{}-hint">{} {}</p>', self.place, self.element.help, basis)

    def _errors(self) -> SafeString:
        if not self.problems:
            return EMPTY
        lines = format_html_join(mark_safe("<br>"), "{}", ((text,) for text in self.problems))
        return format_html(
            '<p class="err" id="{}-error">{}<span>{}</span></p>', self.place, icon("warning"), lines
        )

    def _described(self) -> SafeString:
        ids = []
        if (self.element.help or self.element.cites) and not self.spoken:
            ids.append(f"{self.place}-hint")
        if self.problems:
            ids.append(f"{self.place}-error")
        return format_html(' aria-describedby="{}"', " ".join(ids)) if ids else EMPTY

    def attributes(self) -> SafeString:
        """id, name, and what ties the control to its label, hint and error; in a table its name stands within."""
        label = self.element.label.removeprefix("信息项")
        return format_html(
            'id="{}" name="{}"{}{}{}',
            self.place,
            self.key,
            format_html(' aria-label="{}" placeholder="{}"', self.spoken, label) if self.spoken else EMPTY,
            self._described(),
            mark_safe(' aria-invalid="true"') if self.problems else EMPTY,
        )


def _text(field: Field) -> SafeString:
    value = "、".join(map(str, field.value)) if isinstance(field.value, list | tuple) else field.value
    size = "" if field.spoken else (" w-m" if field.element.name in _NARROW else "")
    offered = EMPTY
    if field.offered:
        options = format_html_join("", '<option value="{}"></option>', ((text,) for text in field.offered))
        offered = format_html('<datalist id="{}-list">{}</datalist>', field.place, options)
    return format_html(
        '<input class="input{}" {} value="{}"{} autocomplete="off">{}',
        size, field.attributes(), "" if value is None else value,
        format_html(' list="{}-list"', field.place) if field.offered else EMPTY, offered,
    )  # fmt: skip


def _long(field: Field) -> SafeString:
    rows = 3 if field.element.most <= 1000 else 5
    return format_html(
        '<textarea class="textarea" {} rows="{}" data-limit="{}">{}{}</textarea>'
        '<p class="count" data-count-of="{}">最多 {} 字</p>',
        field.attributes(), rows, field.element.most, "\n", field.value, field.place, field.element.most,
    )  # fmt: skip


def _code(field: Field) -> SafeString:
    choices = field._choices()
    if field._is_open() and not field.spoken:
        return _options(field, "radio", choices, {field.value})
    blank = format_html('<option value="">{}</option>', "与条目相同" if field.spoken else "请选择")
    # An entry's own class and a type of value always have one; the rest may be left open.
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, mark_safe(" selected") if code == field.value else EMPTY, label) for code, label in choices),
    )
    size = "" if field.spoken else " w-m"
    wanted = EMPTY if field.element.default and field.value else blank
    return format_html('<select class="select{}" {}>{}{}</select>', size, field.attributes(), wanted, options)


def _codes(field: Field) -> SafeString:
    said = field.value if isinstance(field.value, list | tuple) else [field.value]
    return _options(field, "checkbox", field._choices(), set(said))


def _options(field: Field, kind: str, choices: Iterable[tuple[str, str]], said: set[Any]) -> SafeString:
    return format_html_join(
        "",
        '<label class="choice"><input type="{}" name="{}" value="{}"{}><span>{}</span></label>',
        (
            (kind, field.key, code, mark_safe(" checked") if code in said else EMPTY, label)
            for code, label in choices
        ),
    )


def _flag(field: Field) -> SafeString:
    return format_html(
        '<input type="checkbox" {} value="1"{}>',
        field.attributes(),
        mark_safe(" checked") if field.value and field.value not in ("否", "0") else EMPTY,
    )


def _number(field: Field) -> SafeString:
    return format_html(
        '<input class="input" inputmode="numeric" {} value="{}" autocomplete="off">',
        field.attributes(),
        "" if field.value is None else field.value,
    )


_CONTROLS = {
    Kind.TEXT: _text,
    Kind.LONG: _long,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.WORDS: _text,
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
}


@dataclass
class Row:
    """One row of a table of items: its fields by the name of the element."""

    key: str
    number: int  # from 1, among all items of the draft; 0 for the row that the browser copies
    fields: Mapping[str, Field] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        return any(one.problems for one in self.fields.values())

    @property
    def more(self) -> bool:
        """Whether what is folded has to be seen: something is written there, or wrong."""
        return any(
            self.fields[part].problems or self.fields[part].value not in ("", None, False)
            for part in ("sharing_basis", "sharing_basis_kind", "element")
        )
