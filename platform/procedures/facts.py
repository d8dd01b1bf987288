"""The facts a step needs, declared once as a Django form.

The page draws the form, the API derives its schema from the form's fields, and `perform` validates with it in both
cases, so there is one set of rules and one set of sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import Post

    from procedures.models import Case


@dataclass(frozen=True)
class Setting:
    """What a form of facts may know: who fills it in, on which case, about which subject, when."""

    at: datetime
    actor: Actor | None = None
    post: Post | None = None
    case: Case | None = None
    subject: Any = None


class Facts(forms.Form):
    """Base of all facts. A subclass declares fields; `law` names those that the law itself asks for.

    `setup` may narrow choices by the setting. A key that is no field is refused: an unknown item is never ignored.
    """

    law: frozenset[str] = frozenset()

    def __init__(self, data: Mapping[str, Any] | None = None, *, setting: Setting, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.setting = setting
        self.setup()

    def setup(self) -> None:
        """Fit choices, help texts and initial values to the setting."""

    def unknown_keys(self, given: Iterable[str]) -> dict[str, list[str]]:
        return {
            key: [
                _("没有“%(key)s”这一项，可填的有：%(names)s") % {"key": key, "names": "、".join(self.fields)}
            ]
            for key in given
            if key not in self.fields
        }

    def errors_by_field(self) -> dict[str, list[str]]:
        return {name: [str(message) for message in messages] for name, messages in self.errors.items()}

    def as_json(self) -> dict[str, Any]:
        """The cleaned facts in values that JSON has; feeding them back gives the same cleaned facts."""
        return {name: plain(value) for name, value in self.cleaned_data.items()}


class NoFacts(Facts):
    """A step that needs nothing but the act itself."""


def plain(value: Any) -> Any:
    """A value as JSON has it: dates in ISO form, models by their code or key, sequences as lists."""
    if isinstance(value, Model):
        return getattr(value, "code", None) or value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return [plain(item) for item in value]
