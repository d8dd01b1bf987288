from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from accounts.models import Organisation
from django import forms
from django.utils.translation import gettext_lazy as _
from web.forms import Form

from catalog.exchange.safety import MEGABYTE, MOST_BYTES
from catalog.models import ImportRun
from catalog.models.entries import EDITORS
from catalog.publishing import is_authority


def bodies(actor: Actor) -> list[Organisation]:
    """The bodies in whose name the person may import, the own ones first; every body for the city data authority."""
    own = list(
        dict.fromkeys(
            post.organisation
            for post in actor.posts
            if post.role in EDITORS and post.organisation.compiles_a_catalogue
        )
    )
    if not is_authority(actor):
        return own
    others = Organisation.objects.filter(valid_to__isnull=True).exclude(pk__in=[body.pk for body in own])
    return own + [body for body in others.order_by("short_name") if body.compiles_a_catalogue]


class UploadForm(Form):
    """One file, and in whose name it comes."""

    provider = forms.ChoiceField(label=_("以哪个单位的名义"))
    source = forms.ChoiceField(label=_("文件是什么"), choices=ImportRun.Source.choices, initial="norm")
    file = forms.FileField(
        label=_("文件"),
        max_length=200,
        help_text=f"XLSX、CSV 或者 JSON，不超过 {MOST_BYTES // MEGABYTE} MB。先核对，核对合格、您确认以后才写入。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json,.jsonl,.gz"}),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = bodies(actor)
        self.fields["provider"].choices = [(body.code, body.name) for body in self.bodies]  # type: ignore[attr-defined]

    @property
    def body(self) -> Organisation:
        return next(body for body in self.bodies if body.code == self.cleaned_data["provider"])
