"""What the public pages of the law and of the procedures say is what the platform does: both read the declarations."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import clock
import pytest
from accounts.actors import VISITOR
from clock import SHANGHAI
from deadlines.lawpages import figures
from deadlines.lawpages import references as terms
from deadlines.models import Deadline, Term
from deadlines.workdays import end_of
from django.test import Client
from procedures.lawpages import references as steps
from procedures.models import Case
from procedures.registry import all_procedures
from statutes.law import cite
from web import navigation, procedurepage
from web.diagram import of_procedure
from web.navigation import Place

from tests.cast import PEOPLE, Cast
from tests.law import load_law

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
ANSWER = cite("REG22-26").article


@pytest.fixture(autouse=True)
def now():
    with clock.travel(AT):
        yield


@pytest.fixture
def law(db: None) -> None:
    load_law()


def limit(due_on: date, *, done: date | None = None, **more: object) -> Deadline:
    due_at = end_of(due_on)
    closed = datetime(done.year, done.month, done.day, 15, tzinfo=SHANGHAI) if done else None
    case = Case.objects.create(
        number=f"L-{Deadline.objects.count()}", kind="t", state="s", title="t", received_at=AT
    )
    values = {
        "case": case, "clock": "ANSWER", "label": "答复", "basis": "REG22-26.1", "rules_on": due_on,
        "started_at": due_at - timedelta(days=8), "due_on": due_on, "due_at": due_at, "closed_at": closed,
        "outcome": "met" if closed else "open", "on_pass": "breach",
        "breached_at": due_at if (closed or AT) >= due_at else None,
    }  # fmt: skip
    return Deadline.objects.create(**{**values, **more})


def shown(found: list) -> dict[str, str]:
    return {figure.label: figure.value for figure in found}


class TestFigures:
    def test_running_kept_and_broken_in_the_last_twelve_months(self):
        limit(date(2026, 11, 27))
        limit(date(2026, 11, 13))
        limit(date(2026, 11, 13), done=date(2026, 11, 12))
        limit(date(2026, 11, 13), done=date(2026, 11, 17))
        assert shown(figures(ANSWER, AT)) == {"在办的期限": "2", "近 12 个月按时": "1", "近 12 个月逾期": "2"}

    def test_older_ones_other_articles_and_what_is_no_law_are_left_out(self):
        limit(date(2025, 11, 20), done=date(2025, 11, 19))
        limit(date(2026, 11, 13), basis="REG22-28.1")
        limit(date(2026, 11, 27), on_pass="remind")
        assert figures(ANSWER, AT) == []

    def test_one_query_however_many_there_are(self, django_assert_num_queries):
        for _ in range(30):
            limit(date(2026, 11, 27))
        with django_assert_num_queries(1):
            figures(ANSWER, AT)


def test_terms_in_force_are_shown_with_their_force(law):
    found = {one.label: one.value for one in terms(ANSWER, AT)}
    assert found["答复共享申请"] == "5 个工作日，法定"
    assert found["开通共享数据"] == "5 个工作日，平台默认，无法定效力"
    Term.objects.filter(code="T07").update(valid_to=AT.date())
    assert "答复共享申请" not in {one.label for one in terms(ANSWER, AT)}


def test_every_step_stands_on_the_page_of_every_article_it_cites():
    for procedure in all_procedures():
        for step in procedure.steps:
            for citation in step.citations:
                found = {one.url for one in steps(citation.article, AT)}
                assert f"/procedures/{procedure.code}/#{step.code}" in found


@pytest.mark.duty("SEC-36")
def test_the_page_of_an_article_says_how_it_is_enforced(client: Client, law):
    limit(date(2026, 11, 27))
    html = client.get("/law/REG22-26/").content.decode()
    for words in (
        "办理程序",
        "共享申请：同意共享",
        "/procedures/sharing-request/#grant",
        "在办的期限",
        "办理条件",
        "法定",
    ):
        assert words in html


@pytest.mark.parametrize("code", [procedure.code for procedure in all_procedures()])
def test_every_procedure_has_a_page_for_everybody(client: Client, law, code: str):
    listed = client.get("/procedures/").content.decode()
    assert f"/procedures/{code}/" in listed
    answer = client.get(f"/procedures/{code}/")
    html = answer.content.decode()
    procedure = next(one for one in all_procedures() if one.code == code)
    assert answer.status_code == 200 and procedure.description in html
    # A drawing that could not be read gives way to its list.
    assert ('class="pmap' in html) is not of_procedure(procedure).wide
    for step in procedure.steps:
        assert f'id="{step.code}"' in html and step.label in html
    for declared in procedure.clocks.values():
        assert declared.label in html
    assert "没有有效的期限条款" not in html


def test_a_procedure_that_does_not_exist_is_not_found(client: Client):
    assert client.get("/procedures/nothing/").status_code == 404
    assert client.post("/procedures/").status_code == 405


def test_what_passing_does_follows_the_force_of_the_term(law, django_assert_num_queries):
    procedure = next(one for one in all_procedures() if one.code == "sharing-request")
    with django_assert_num_queries(1):
        page = procedurepage.build(procedure, AT.date())
    passing = {row.clock.code: (row.length, row.passing) for row in page.clocks}
    assert passing["ANSWER"] == ("5 个工作日，可延长一次 5 个工作日", "记为逾期，成为监督线索")
    assert passing["OPINION"] == ("3 个工作日", "记为逾期，成为监督线索，系统办理“逾期未复”")
    assert passing["SUPPLY"] == ("5 个工作日", "提醒，不记逾期")
    assert passing["TERM"] == ("至指定的日期", "系统办理“到期停用”")


@pytest.mark.parametrize("who", ["", *PEOPLE])
def test_every_link_offered_is_alive(client: Client, cast: Cast, law, who: str):
    actor = cast.actor(who) if who else None
    if actor is not None:
        client.force_login(actor.user)
    for place in Place:
        for link in navigation.links(place, actor or VISITOR):
            assert client.get(link.href, follow=True).status_code == 200, (who, place, link)
