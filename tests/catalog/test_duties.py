"""The duties of the catalogue: each is enforced and proved, or its own line says that nothing is to be done here."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from statutes.keeping import keepings

from catalog.models import Entry
from catalog.rules import BrokenRules
from tests.catalog.linked.reading import DCTERMS, document, iri
from tests.shelf import build_entry, build_holding

#: What the text of the law leaves to policy, and what only the draft says.
POLICY = {"CAT-42": "政策", "CAT-43": "市统计部门", "CAT-44": "草案没有效力"}


@pytest.fixture(scope="module")
def kept():
    return {row.duty.id: row for row in keepings(Path(settings.BASE_DIR)) if row.duty.id.startswith("CAT-")}


def test_every_duty_is_enforced_and_proved_or_says_why_not(kept):
    assert len(kept) == 44
    open_ = [one for one, row in kept.items() if not row.workless and not row.enforced_by]
    unproved = [one for one, row in kept.items() if not row.proved_by]
    assert (open_, unproved) == ([], [])


@pytest.mark.duty("CAT-42", "CAT-43", "CAT-44")
@pytest.mark.parametrize("duty", POLICY)
def test_what_is_policy_says_so_in_its_own_line(kept, duty):
    row = kept[duty]
    assert row.workless and not row.enforced_by
    written = io.StringIO()
    call_command("duties", duty, stdout=written)
    line = next(line for line in written.getvalue().splitlines() if line.strip().startswith("落实"))
    assert POLICY[duty] in line and "没有" in line


@pytest.mark.django_db
@pytest.mark.duty("CAT-43")
def test_statistics_can_be_catalogued_and_opened(client, cast):
    build_entry(
        cast.organisation("provider"), code="STAT", name="数字经济核心产业增加值", subject="statistics"
    )
    assert "统计资料" in client.get("/catalog/STAT/").content.decode()
    assert "STAT" in client.get("/catalog/?subject=statistics").content.decode()


@pytest.mark.django_db
@pytest.mark.duty("CAT-40")
def test_catalogue_data_sharing_and_opening_stand_on_one_platform(client, cast):
    holding = build_holding(cast.organisation("provider"))
    assert Entry.objects.get(code="AIR").holding == holding
    graph = document(client, "/catalog/linked/catalogue.ttl")
    names = {str(name) for name in graph.objects(iri("/id/service"), DCTERMS.alternative)}
    assert names == {"公共数据资源管理平台", "城市大数据资源中心", "一体化智能化公共数据平台"}
    page = client.get("/catalog/AIR/").content.decode()
    assert (
        "政务共享" in page
        and "社会公众取得" in page
        and "城市大数据资源中心" in client.get("/help/").content.decode()
    )


@pytest.mark.django_db
@pytest.mark.duty("CAT-19")
def test_personal_information_is_opened_only_with_its_treatment_on_the_record(cast):
    provider = cast.organisation("provider")
    with pytest.raises(BrokenRules):
        build_entry(provider, code="P", personal=True)
    assert build_entry(provider, code="P", personal=True, treatment="已去标识化").pk
