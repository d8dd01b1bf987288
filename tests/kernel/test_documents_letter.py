"""The letter as a page: who may read it, what it says of its limit, and that the database keeps it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from clock import SHANGHAI
from deadlines.models import Deadline, Term
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from documents import actions, queries
from documents.fixing import unchanged
from documents.letter import letter
from documents.models import Paper, Rendition

from tests.papers import AT, CONTENT, RECEIVED, case_with_parties, issued, met_limit, tamper


def at(paper: Paper, rest: str = "") -> str:
    return f"/papers/{quote(paper.number)}/{rest}"


@pytest.mark.duty("SHA-05")
def test_those_who_take_part_read_the_answer_with_its_reasons_and_basis(client, cast):
    paper = issued(cast)
    for name in ("requester", "provider", "authority", "auditor"):
        client.force_login(cast.user(name))
        page = client.get(at(paper))
        assert page.status_code == 200
        said = page.content.decode()
        for block in CONTENT["body"]:
            assert next(iter(block.values())) in said
        for part in (
            paper.number,
            paper.case.number,
            paper.title,
            "抄送：重庆市生态环境局。",
            "2026年9月23日印发",
        ):
            assert part in said
        assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("name", ["stranger", "citizen", "sysadmin", "company"])
def test_for_all_others_it_does_not_exist(client, cast, name):
    paper = issued(cast)
    client.force_login(cast.user(name))
    for rest in ("", "pdf/"):
        assert client.get(at(paper, rest)).status_code == 404
    assert not Rendition.objects.exists()


def test_a_visitor_has_to_sign_in(client, cast):
    paper = issued(cast)
    for rest in ("", "pdf/"):
        assert client.get(at(paper, rest)).status_code == 302


def test_a_number_that_was_never_given_is_not_found(client, cast):
    client.force_login(cast.user("authority"))
    assert client.get("/papers/" + quote("渝数共答〔2026〕9号") + "/").status_code == 404


@pytest.mark.duty("SHA-05")
def test_the_letter_says_how_its_limit_was_kept(client, cast):
    paper = issued(cast)
    met_limit(paper.case, cast)
    line = "期限：9月21日收到，法定5个工作日，9月29日截止，9月23日答复，按时。"
    client.force_login(cast.user("requester"))
    assert line in client.get(at(paper)).content.decode()
    assert line.removeprefix("期限：") in client.get("/verify/", {"code": paper.code}).content.decode()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"breached_at": datetime(2026, 9, 22, tzinfo=SHANGHAI), "due_on": date(2026, 9, 21)},
            "9月21日收到，法定5个工作日，9月21日截止，9月23日答复，逾期。",
        ),
        (
            {
                "extensions": [{"at": "2026-09-22T09:00:00+08:00", "amount": 5, "unit": "wd"}],
                "due_on": date(2027, 1, 4),
            },
            "9月21日收到，法定5个工作日，9月22日延长5个工作日，2027年1月4日截止，9月23日答复，按时。",
        ),
        (
            {"pauses": [{"from": "2026-09-21", "to": "2026-09-22", "why": "异议", "cites": ""}]},
            "9月21日收到，法定5个工作日，9月21日中止计算，9月22日恢复，9月29日截止，9月23日答复，按时。",
        ),
        (
            {"started_at": datetime(2026, 9, 22, 9, tzinfo=SHANGHAI), "label": "协调处理", "term": None},
            "9月22日起算，9月29日截止，9月23日作出，按时。",
        ),
    ],
)
def test_extensions_stops_and_delay_are_said(cast, changes, line):
    paper = issued(cast)
    met_limit(paper.case, cast, **changes)
    assert letter(paper).limits == (line,)


def test_a_default_of_the_platform_is_not_called_law(cast):
    paper = issued(cast)
    term = Term.objects.create(
        code="sharing.settle",
        name="协调处理",
        amount=10,
        unit=Term.Unit.WORKDAYS,
        basis="GOV19-27",
        standing=Term.Standing.DEFAULT,
        valid_from=date(2020, 1, 1),
    )
    met_limit(paper.case, cast, term=term, label="协调处理")
    assert "平台默认（无法定效力）10个工作日" in letter(paper).limits[0]


def test_limits_of_others_or_still_open_are_not_claimed(cast):
    paper = issued(cast)
    met_limit(paper.case, cast, outcome=Deadline.Outcome.OPEN, closed_at=None)
    met_limit(paper.case, cast, closed_at=RECEIVED)
    met_limit(paper.case, cast, owed_by=cast.organisation("provider"))
    assert letter(paper).limits == ()


def test_a_body_renamed_later_leaves_its_papers_as_they_were(cast):
    paper = issued(cast)
    body = cast.organisation("authority")
    body.name = "重庆市数据局"
    body.save()
    kept = Paper.objects.get(pk=paper.pk)
    assert letter(kept).issuer == "重庆市大数据应用发展管理局"
    assert unchanged(kept)


def test_the_digest_survives_the_database(cast):
    assert unchanged(Paper.objects.get(pk=issued(cast).pk))


def test_the_year_of_a_number_is_that_of_chongqing(cast):
    just_after_midnight = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert "〔2027〕" in issued(cast, at=just_after_midnight).number


def test_a_page_costs_the_same_however_much_it_says(client, cast):
    short = issued(cast, content={**CONTENT, "body": CONTENT["body"][:1]})
    long = issued(cast, content={**CONTENT, "body": CONTENT["body"] * 20})
    client.force_login(cast.user("requester"))
    client.get(at(short))
    counts = []
    for paper in (short, long):
        with CaptureQueriesContext(connection) as seen:
            client.get(at(paper))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_the_database_refuses_to_change_or_delete_a_paper(cast):
    paper = issued(cast)
    actions.hand_out(paper, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # else TRUNCATE fails on what this test itself left pending
    for statement in (
        "UPDATE documents_paper SET title = 'x'",
        "DELETE FROM documents_paper",
        "TRUNCATE documents_paper CASCADE",
        "UPDATE documents_rendition SET size = 1",
        "DELETE FROM documents_rendition",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Paper.objects.get().title == paper.title


def test_papers_of_a_case_newest_first(cast, django_assert_num_queries):
    case = case_with_parties(cast)
    papers = [issued(cast, case=case, at=AT.replace(hour=hour)) for hour in (9, 11, 10)]
    issued(cast)
    with django_assert_num_queries(1):
        found = [(paper.number, paper.issuer.name) for paper in queries.papers_of(case)]
    assert [number for number, _ in found] == [papers[1].number, papers[2].number, papers[0].number]


def test_the_command_finds_what_was_changed(cast, capsys):
    papers = [issued(cast) for _ in range(3)]
    call_command("papers", "verify")
    assert "核对 3 份，全部与印发时一致" in capsys.readouterr().out
    tamper(papers[1], title="公共数据共享申请同意书")
    with pytest.raises(SystemExit) as end:
        call_command("papers", "verify")
    assert end.value.code == 1
    said = capsys.readouterr().out
    assert papers[1].number in said and papers[1].sm3 in said
    assert papers[0].number not in said
