"""The demonstration's entries: real tables, named sources, nothing shipped that may not be."""

from __future__ import annotations

import pytest
from accounts.models import Organisation
from datacentre import demonstration as tables
from datacentre.models import Holding, HoldingVersion

from catalog import demonstration
from catalog.models import Entry, SharingType
from tests.shelf import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(db):
    for i, name in enumerate(sorted({table.owner for table in tables.tables()})):
        Organisation.objects.create(code=f"body-{i}", name=name, short_name=name[2:], kind="city-department")


def test_it_loads_once_and_a_second_time_changes_nothing(bodies):
    demonstration.load(AT)
    before = (Entry.objects.count(), Holding.objects.count(), HoldingVersion.objects.count())
    assert before == (len(tables.tables()),) * 3
    demonstration.load(AT)
    assert (Entry.objects.count(), Holding.objects.count(), HoldingVersion.objects.count()) == before
    rows = {
        version.holding.code: version.rows for version in HoldingVersion.objects.select_related("holding")
    }
    assert rows["3-CQWJW-0001"] == 13_640 and rows["3-CQJW-0001"] == 75 and rows["1-CQMZJ-0001"] == 37
    assert rows["3-CQTJJ-0001"] == 1_031 and rows["3-CQTJJ-0002"] == 11_270
    assert all(h.source and h.licence for h in Holding.objects.all())
    assert Entry.objects.filter(status="published").count() == len(tables.tables())
    conditional = Entry.objects.get(sharing_type=SharingType.CONDITIONAL)
    assert {c.check_kind for c in conditional.conditions.all()} == {
        "function",
        "purpose",
        "period",
        "mode",
        "manual",
    }


def test_a_missing_body_is_said(db):
    with pytest.raises(LookupError, match="load_organisations"):
        demonstration.load(AT)


def test_what_may_not_be_passed_on_is_not_in_the_project():
    names = {path.name for path in tables.HERE.iterdir()}
    assert names == {
        "README.md", "covid19_2020_chongqing_daily.csv.gz", "universities_2025_chongqing.csv",
        "streets_2023_chongqing.csv", "villages_2023_chongqing.csv.gz",
    }  # fmt: skip
    assert {table.licence for table in tables.SHIPPED} <= {"MIT", "WTFPL"}
