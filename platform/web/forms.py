"""Forms whose messages say what to write: `class Filing(web.forms.Form)`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class Form(forms.Form):
    """A Django form without the colon after labels and with messages that name the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = missing(field) % {"label": field.label or name}


def missing(field: forms.Field) -> str:
    """What to say when the field is empty, with %(label)s."""
    if isinstance(field, forms.FileField):
        return _("请上传“%(label)s”")
    if isinstance(field, forms.BooleanField):
        return _("请确认“%(label)s”")
    if isinstance(field, forms.ChoiceField):
        return _("请选择“%(label)s”")
    return _("请填写“%(label)s”")
