"""The law's terms and the State Council's notices, read once a run and then written with three statements."""

from __future__ import annotations

from deadlines.models import CalendarDay, CalendarNotice, Term
from django.core.management import call_command

_read: dict[type, list] = {}


def load_law() -> None:
    """What a deployment loads with `manage.py load_law`."""
    if not _read:
        call_command("load_law", verbosity=0)
        for model in (CalendarNotice, CalendarDay, Term):
            _read[model] = list(model.objects.all())
        return
    for model, rows in _read.items():
        model.objects.bulk_create(rows)
