from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from accounts import queries, register
from accounts.models import District, Organisation
from django.core.management import call_command
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2025, 11, 5), date(2025, 11, 6)


@pytest.fixture
def loaded() -> None:
    register.load()


def test_it_loads_and_loads_again_without_a_change() -> None:
    first = register.load()
    rows = Organisation.objects.count() + District.objects.count()
    assert first.added == rows and not first.changed
    again = register.load()
    assert (again.added, again.changed, again.unchanged) == (0, 0, rows)
    out = StringIO()
    call_command("load_organisations", stdout=out)
    assert f"无变化 {rows}" in out.getvalue()


def test_it_leaves_what_an_administrator_added_and_mends_what_the_tables_know(loaded: None) -> None:
    Organisation.objects.filter(code="cq-sthjj").update(short_name="环保局", dedicated_unit="信息中心")
    register.load()
    body = Organisation.objects.get(code="cq-sthjj")
    assert (body.short_name, body.dedicated_unit) == ("市生态环境局", "信息中心")


def test_thirty_seven_districts_after_the_change_and_thirty_eight_before(loaded: None) -> None:
    assert District.objects.on(AFTER).count() == 37
    assert District.objects.on(BEFORE).count() == 38
    governments = Organisation.objects.filter(kind=Organisation.Kind.DISTRICT_GOVERNMENT)
    assert governments.on(AFTER).count() == 37
    assert governments.on(BEFORE).count() == 38


def test_the_districts_that_ended_name_what_followed(loaded: None) -> None:
    def heirs(code: str) -> set[str]:
        return {district.code for district in District.objects.get(code=code).successors.all()}

    assert heirs("500105") == {"500157"}
    assert heirs("500112") == {"500157", "500109"}
    assert "茨竹" in District.objects.get(code="500112").note


def test_the_successor_of_a_body_depends_on_the_day(loaded: None) -> None:
    yubei = Organisation.objects.get(code="500112-gov")
    assert queries.successor_of(yubei, BEFORE) == yubei
    assert queries.successor_of(yubei, AFTER).code == "500157-gov"
    liangjiang = Organisation.objects.get(code="500157-gov")
    assert queries.successor_of(liangjiang, BEFORE) is None, "it was not there yet, and nothing follows it"


def test_a_chain_that_bites_its_tail_ends(loaded: None) -> None:
    a, b = Organisation.objects.get(code="500112-gov"), Organisation.objects.get(code="500105-gov")
    a.successor, b.successor = b, a
    a.save(), b.save()
    assert queries.successor_of(a, AFTER) is None
    assert queries.succession(a) == [b]


@pytest.mark.duty("CAT-06")
def test_agencies_are_bound_as_districts_are(loaded: None) -> None:
    assert Organisation.objects.filter(kind=Organisation.Kind.AGENCY).count() == 4
    assert Organisation.objects.get(code="cq-ljxq").acts_as_district
    assert not Organisation.objects.get(code="cq-jw").acts_as_district


@pytest.mark.duty("CAT-01", "CAT-05")
def test_kinds_tell_departments_from_service_bodies_and_those_by_reference(loaded: None) -> None:
    kind = Organisation.Kind
    assert Organisation.objects.get(code="cq-jw").is_government_department
    for other in (kind.PUBLIC_SERVICE, kind.BY_REFERENCE, kind.ENTERPRISE, kind.REGISTRY):
        assert not Organisation(kind=other).is_government_department


@pytest.mark.duty("CAT-04")
def test_there_is_one_city_authority(loaded: None) -> None:
    assert Organisation.objects.get(duty=Organisation.Duty.CITY_AUTHORITY).code == "cq-dsjj"


def test_codes_stand_only_where_one_is_known(loaded: None) -> None:
    assert set(Organisation.objects.exclude(uscc="").values_list("code", flat=True)) == {"cq-gov", "cq-wsjkw"}
    assert Organisation.objects.get(code="500240-gov").short_name == "石柱县政府"
    assert not Organisation.objects.filter(short_name="").exists()


def test_anybody_can_search_the_register(client: Client, loaded: None) -> None:
    page = client.get("/organisations/", {"q": "生态"}).content.decode()
    assert "重庆市生态环境局" in page and "重庆市教育委员会" not in page
    assert "没有符合条件的机构" in client.get("/organisations/", {"q": "没有这个"}).content.decode()
    ended = client.get("/organisations/", {"q": "渝北"}).content.decode()
    assert "2025-11-06 撤销，由两江新区政府承继" in ended


def test_the_page_of_a_body_that_ended_leads_to_its_successor(client: Client, loaded: None) -> None:
    page = client.get("/organisations/500112-gov/").content.decode()
    assert "自 2025-11-06 起不再存在" in page and "/organisations/500157-gov/" in page
    assert client.get("/organisations/no-such/").status_code == 404


@pytest.mark.duty("CAT-03")
def test_the_public_page_shows_roles_and_no_names(client: Client, cast: Cast) -> None:
    page = client.get("/organisations/cq-jtysw/").content.decode()
    assert "主要负责人，已明确" in page and "经办人 1 人" in page
    assert cast.user("requester").name not in page and "专职机构" in page
    stranger = client.get("/organisations/cq-tyj/").content.decode()
    assert "平台上尚未明确" in stranger


def test_the_register_costs_the_same_however_long(
    client: Client, loaded: None, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(6):
        client.get("/organisations/")
