"""The demonstration is made through the same door as by people, and leaves something for every desk."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from procedures.models import Case, Draft, Turn

from catalog.models import DemandDraft


@pytest.mark.slow
def test_every_desk_has_something_to_do_and_a_second_load_changes_nothing(
    db: None, capsys: pytest.CaptureFixture
):
    call_command("demonstrate")
    states = set(Case.objects.values_list("kind", "state"))
    assert states >= {
        ("sharing-request", "ANSWERING"),
        ("sharing-request", "CONSULTING"),
        ("sharing-request", "IN_USE"),
        ("sharing-request", "REFUSED"),
        ("sharing-objection", "COORDINATING"),
        ("grant-revocation", "EXAMINING"),
    }
    desks = set(Turn.objects.values_list("organisation__short_name", "role"))
    assert {role for _, role in desks} == {"officer", "lead"}
    own = Draft.objects.exclude(pk__in=DemandDraft.objects.values("draft"))
    assert own.count() == 1 and Draft.objects.count() > 1
    before = Case.objects.count()
    call_command("demonstrate")
    assert Case.objects.count() == before
    assert "requester-lead" in capsys.readouterr().out
