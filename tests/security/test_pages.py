"""The pages of supervision, as every role."""

from __future__ import annotations

import csv
import io
from datetime import date

import clock
import pytest
from audit.models import Event
from deadlines.models import Deadline
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from security.breaches import settle
from security.models import BreachNote, Lead
from tests.cast import Cast
from tests.security.conftest import NOW, Keep

pytestmark = pytest.mark.django_db

EVERYTHING = ("authority", "authority_lead", "auditor")
OWN = ("provider_lead", "requester_lead")
NOTHING = (
    "provider",
    "requester",
    "district",
    "stranger",
    "company",
    "registrar",
    "sysadmin",
    "secadmin",
    "citizen",
)


@pytest.fixture(autouse=True)
def now():
    with clock.travel(NOW):
        yield


@pytest.fixture
def city(keep: Keep) -> dict[str, Deadline]:
    """Two breaches with their leads, and one limit kept."""
    rows = {
        "provider": keep("provider", date(2026, 11, 13)),
        "requester": keep("requester", date(2026, 11, 13), done=date(2026, 11, 17)),
        "authority": keep("authority", date(2026, 11, 13), done=date(2026, 11, 12)),
    }
    settle([row.pk for row in rows.values()], NOW)
    return rows


def page(client: Client, cast: Cast, who: str, path: str = "/oversight/", status: int = 200) -> str:
    client.force_login(cast.user(who))
    answer = client.get(path)
    assert answer.status_code == status, who
    return answer.content.decode() if not answer.streaming else b"".join(answer.streaming_content).decode()


@pytest.mark.duty("SHA-19")
@pytest.mark.parametrize("who", EVERYTHING)
def test_the_authority_and_the_auditor_see_all_bodies(client: Client, cast: Cast, city, who: str):
    html = page(client, cast, who)
    assert "市生态环境局" in html and "市交通运输委" in html and "只含本单位" not in html
    assert "期限履行监督" in html and "到期期限不足 20 个，不排名" in html


@pytest.mark.parametrize("who", OWN)
def test_the_lead_of_a_body_sees_its_own_figures_alone(client: Client, cast: Cast, city, who: str):
    other = {"provider_lead": "requester", "requester_lead": "provider"}[who]
    for path in (
        "/oversight/",
        "/oversight/overdue/",
        "/oversight/leads/",
        "/oversight/figures.csv",
        "/oversight/overdue.csv",
    ):
        html = page(client, cast, who, path)
        assert cast.organisation(who).short_name in html or cast.organisation(who).name in html
        assert cast.organisation(other).short_name not in html.replace(cast.organisation(who).short_name, "")
        assert cast.organisation(other).name not in html
    asked = page(client, cast, who, f"/oversight/?body={cast.organisation(other).pk}")
    assert cast.organisation(other).short_name not in asked


@pytest.mark.parametrize("who", NOTHING)
def test_everybody_else_is_refused(client: Client, cast: Cast, city, who: str):
    for path in ("/oversight/", "/oversight/overdue/", "/oversight/leads/", "/oversight/figures.csv"):
        page(client, cast, who, path, status=403)
    client.logout()
    assert client.get("/oversight/").status_code == 302


def test_a_foreign_lead_or_breach_is_not_found(client: Client, cast: Cast, city):
    lead = Lead.objects.get(deadline=city["provider"])
    assert "市生态环境局" in page(client, cast, "provider_lead", lead.get_absolute_url())
    page(client, cast, "requester_lead", lead.get_absolute_url(), status=404)
    page(client, cast, "requester_lead", f"/oversight/overdue/{city['provider'].pk}/", status=404)
    page(client, cast, "provider_lead", f"/oversight/overdue/{city['authority'].pk}/", status=404)
    page(client, cast, "provider_lead", "/oversight/reminders/", status=404)


def test_the_five_figures(client: Client, cast: Cast, city):
    html = page(client, cast, "authority")
    for words in (
        "到期期限",
        "按时率",
        "平均用时",
        "<b>33.3</b>",
        "1 / 3 个",
        ">1 个</a>",
        "逾期明细",
        "未填报",
    ):
        assert words in html
    assert "机动车排放检验结果" in html and "待核实" in html


def test_a_period_without_limits_says_so(client: Client, cast: Cast, city):
    html = page(client, cast, "authority", "/oversight/?period=2023")
    assert "期间内没有到期的法定期限" in html and "期间内没有逾期" in html


def test_the_dashboard_costs_the_same_however_much_there_is(client: Client, cast: Cast, keep: Keep, city):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, cast, "authority")
        return len(queries)

    cost()
    few = cost()
    more = [
        keep(who, date(2026, month, 13), done=date(2026, month, 20))
        for who in ("requester", "authority", "stranger", "provider")
        for month in range(1, 11)
    ]
    settle([row.pk for row in more], NOW)
    assert cost() == few == COST


COST = 17  # six of them sign the reader in


def test_leads_and_breaches_are_listed_at_a_constant_cost(client: Client, cast: Cast, keep: Keep, city):
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, cast, "authority", path)
        return len(queries)

    paths = ("/oversight/leads/", "/oversight/overdue/", "/oversight/reminders/")
    for path in paths:
        cost(path)
    keep("stranger", date(2026, 11, 12), on_pass="remind", breached_at=None)
    few = [cost(path) for path in paths]
    more = [keep("stranger", date(2026, 11, 12)) for _ in range(20)]
    for _ in range(20):
        keep("stranger", date(2026, 11, 12), on_pass="remind", breached_at=None)
    settle([row.pk for row in more], NOW)
    assert [cost(path) for path in paths] == few


def test_a_lead_is_taken_and_handed_on_in_the_browser(client: Client, cast: Cast, city):
    address = Lead.objects.get(deadline=city["provider"]).get_absolute_url()
    assert "受理线索" in page(client, cast, "authority", address)
    assert client.post(f"{address}take/").status_code == 302
    html = page(client, cast, "authority", address)
    assert "移送线索" in html and "结束，不予处理" in html
    answer = client.post(f"{address}hand-on/", {"hand-on-to": "", "hand-on-reason": "短"})
    assert answer.status_code == 422 and "请填写“移送至”" in answer.content.decode()
    facts = {"hand-on-to": "市政府督查室", "hand-on-reason": "逾期未办，建议责令限期整改"}
    assert client.post(f"{address}hand-on/", facts).status_code == 302
    html = page(client, cast, "provider_lead", address)
    assert "市政府督查室" in html and "已移送" in html and "受理线索" not in html


def test_who_may_not_take_a_lead_is_told_why_and_offered_no_button(client: Client, cast: Cast, city):
    lead = Lead.objects.get(deadline=city["provider"])
    lead.body = cast.organisation("authority")
    lead.save(update_fields=["body"])
    html = page(client, cast, "authority", lead.get_absolute_url())
    assert "您不是处负责人，不能受理" in html and "受理线索" not in html
    assert "受理线索" in page(client, cast, "authority_lead", lead.get_absolute_url())


def test_a_lead_cannot_be_acted_on_by_those_who_only_see_it(client: Client, cast: Cast, city):
    lead = Lead.objects.get(deadline=city["provider"])
    for who in ("auditor", "provider_lead"):
        client.force_login(cast.user(who))
        answer = client.post(f"{lead.get_absolute_url()}take/")
        assert answer.status_code == 403 and "由市数据主管部门的人员核实" in answer.content.decode()
        assert "受理线索" not in answer.content.decode()
    client.force_login(cast.user("authority"))
    assert client.post(f"{lead.get_absolute_url()}burn/").status_code == 404
    assert client.get(f"{lead.get_absolute_url()}take/").status_code == 405
    lead.refresh_from_db()
    assert lead.status == "new"


def test_a_cause_is_stated_and_then_seen(client: Client, cast: Cast, city):
    address = f"/oversight/overdue/{city['provider'].pk}/"
    assert "填报原因" in page(client, cast, "provider_lead", address)
    answer = client.post(address, {"cause": "短"})
    assert answer.status_code == 422 and "“逾期原因”至少写 5 个字，现在是 1 个字" in answer.content.decode()
    assert client.post(address, {"cause": "<b>系统切换，数据没有及时核对"}).status_code == 302
    html = page(client, cast, "authority")
    assert "&lt;b&gt;系统切换" in html and "<b>系统切换" not in html
    client.force_login(cast.user("authority"))
    answer = client.post(address, {"cause": "替它填一个原因"})
    assert answer.status_code == 403 and BreachNote.objects.get().cause.startswith("<b>系统切换")
    assert "填报原因</button>" not in answer.content.decode()


def test_a_lead_is_raised_from_a_passed_reminder(client: Client, cast: Cast, keep: Keep):
    passed = keep(
        "provider", date(2026, 11, 10), on_pass="remind", breached_at=None, breach_ground="", label="提供数据"
    )
    assert "提供数据" in page(client, cast, "authority", "/oversight/reminders/")
    address = f"/oversight/reminders/{passed.pk}/"
    client.force_login(cast.user("authority"))
    assert client.post(address, {"ground": "REG22-99", "facts": "没有汇聚，也没有说明。"}).status_code == 422
    answer = client.post(address, {"ground": "REG22-56(三)", "facts": "没有汇聚，也没有说明，催办两次。"})
    assert answer.status_code == 302 and answer["Location"] == Lead.objects.get().get_absolute_url()
    assert client.get(address).status_code == 404
    page(client, cast, "provider_lead", address, status=404)


def test_the_exports_are_tables_and_are_recorded(client: Client, cast: Cast, city):
    BreachNote.objects.create(
        deadline=city["provider"], cause="=HYPERLINK(1)", stated_by=cast.user("provider_lead"), stated_at=NOW
    )
    text = page(client, cast, "auditor", "/oversight/figures.csv?period=2026")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert len(rows) == 4 and rows[1][0] == "2026-11" and rows[0][3] == "到期"
    rows = list(csv.reader(io.StringIO(page(client, cast, "auditor", "/oversight/overdue.csv")[1:])))
    assert {row[1] for row in rows[1:]} == {"重庆市生态环境局", "重庆市交通运输委员会"}
    assert "'=HYPERLINK(1)" in {row[7] for row in rows}
    assert Event.objects.filter(action="oversight:export").count() == 2


@pytest.mark.parametrize(
    "query", ["period=%01", "body=９", "body=-1", "page=0", "page=99999", "kind=%F0%9F%92%A9", "status=x"]
)
def test_strange_questions_are_answered(client: Client, cast: Cast, city, query: str):
    for path in ("/oversight/", "/oversight/overdue/", "/oversight/leads/"):
        page(client, cast, "authority", f"{path}?{query}")
