"""The rounds, the update and the needs of the demonstration stand where they are said to."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from procedures.models import Case

from catalog.models import CatalogueList, DemandDraft, Publication
from security.models import Lead


@pytest.mark.slow
@pytest.mark.django_db
def test_a_list_in_each_state_and_an_update_due():
    call_command("demonstrate")
    states = set(Case.objects.values_list("kind", "state"))
    assert states >= {
        ("catalogue-round", "PUBLISHED"),
        ("catalogue-round", "COMPILING"),
        *(
            ("catalogue-list", state)
            for state in ("COMPILING", "MERGING", "CITY_REVIEW", "ADOPTED", "NOT_SUBMITTED", "CLOSED")
        ),
        ("catalogue-update", "CHANGE_NOTED"),
        ("body-dispute", "CONVENED"),
        ("body-dispute", "REFERRED"),
        ("attribute-suggestion", "SUGGESTED"),
        *(("demand-matching", state) for state in ("MERGING", "ASKED", "CATALOGUING", "MATCHED", "MERGED")),
    }
    assert Publication.objects.filter(case__kind="catalogue-round").count() == 1
    blamed = Lead.objects.filter(case__kind__startswith="catalogue-")
    assert {lead.body.code for lead in blamed} == {"500103-education-demo"}
    before = CatalogueList.objects.count()
    call_command("demonstrate")
    assert CatalogueList.objects.count() == before
    assert DemandDraft.objects.count() == 2 and Case.objects.filter(kind="demand-matching").count() == 5
