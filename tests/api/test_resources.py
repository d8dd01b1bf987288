"""Each resource besides cases: what it gives and whom it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from audit.models import Event
from datacentre.models import Grant, Holding, Read
from deadlines.models import CalendarNotice
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from documents.models import Paper
from notices.delivery import deliver

from catalog.models import Entry
from tests.api.conftest import is_problem
from tests.sharing.conftest import MONDAY


def test_working_days_are_counted_with_their_reasons(visitor, law):
    answer = visitor.get("/workdays/", {"start": "2026-09-21", "n": 5}).json()
    assert answer["date"] == "2026-09-29"
    assert any("中秋节" in day.get("name", "") for day in answer["days"])
    assert CalendarNotice.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"start": "2026-09-21"},
        {"start": "2026-9-21", "n": 5},
        {"start": "20260921", "n": 5},
        {"start": "2026-02-30", "n": 5},
        {"start": "2026-09-21", "n": "五"},
        {"start": "2026-09-21", "n": ""},
        {"start": "2026-09-21", "n": 501},
        {"start": "1999-09-21", "n": 1},
        {"start": "2026-09-21", "n": 5, "m": 1},
        {"start": "2026-09-21", "n": [5, 6]},
    ],
)
def test_a_count_that_cannot_be_understood_is_refused_with_the_reason(visitor, law, query):
    problem = is_problem(visitor.get("/workdays/", query), 400, "bad-query")
    assert problem["errors"]


def test_an_unknown_parameter_is_refused_and_the_known_ones_named(visitor):
    problem = is_problem(visitor.get("/organisations/", {"name": "局"}), 400, "bad-query")
    assert problem["errors"] == {"name": ["没有这一参数，可用的有：cursor、limit、q、kind"]}


def test_terms_are_those_of_the_day(visitor, law):
    assert visitor.get("/terms/", {"limit": 100}).json()["results"]
    assert visitor.get("/terms/", {"on": "1990-01-01"}).json()["results"] == []


def test_articles_and_duties_lead_to_each_other(visitor):
    article = visitor.get("/articles/REG22-26/").json()
    assert "SHA-05" in article["duties"]
    assert any("共享申请" in one["label"] for one in article["resting"]) or article["resting"] == []
    duty = visitor.get("/duties/SHA-05/").json()
    assert any("共享申请" in one for one in duty["enforced_by"])
    assert {one["code"] for one in duty["articles"]} & {"REG22-26.1", "REG22-26"}
    assert "REG22-" in is_problem(visitor.get("/articles/REG22-999/"), 404, "not-found")["detail"]
    is_problem(visitor.get("/duties/SHA-99/"), 404, "not-found")


def test_all_duties_are_reached_page_by_page(visitor):
    seen, cursor = [], None
    while True:
        page = visitor.get("/duties/", {"limit": 50, **({"cursor": cursor} if cursor else {})}).json()
        seen += [one["id"] for one in page["results"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 213


def test_bodies_are_public_and_found_by_name(cast, visitor):
    found = visitor.get("/organisations/", {"q": "生态环境"}).json()["results"]
    assert [one["code"] for one in found] == ["cq-sthjj"]
    assert visitor.get("/organisations/cq-sthjj/").json()["short_name"] == "市生态环境局"
    is_problem(visitor.get("/organisations/nobody/"), 404, "not-found")


def test_entries_are_found_by_words_and_facets(world, visitor):
    assert [one["code"] for one in visitor.get("/entries/", {"q": "排放 检验"}).json()["results"]] == ["CAR"]
    assert visitor.get("/entries/", {"q": "没有的"}).json()["results"] == []
    assert visitor.get("/entries/", {"type": "unconditional"}).json()["results"] == []
    query = {"type": ["unconditional", "conditional"], "provider": "cq-sthjj", "order": "changed"}
    assert len(visitor.get("/entries/", query).json()["results"]) == 1
    is_problem(visitor.get("/entries/", {"type": "open"}), 400, "bad-query")


def test_an_entry_that_is_not_published_exists_for_its_provider_alone(world, visitor, caller):
    assert [item["code"] for item in visitor.get("/entries/CAR/").json()["items"]] == [
        "plate",
        "result",
        "phone",
    ]
    assert caller("requester").get("/entries/CAR/").json()["may_apply"] is True
    assert caller("provider").get("/entries/CAR/").json()["may_apply"] is False
    Entry.objects.update(status="withdrawn")
    is_problem(visitor.get("/entries/CAR/"), 404, "not-found")
    is_problem(caller("requester").get("/entries/CAR/"), 404, "not-found")
    assert caller("provider").get("/entries/CAR/").json()["status"] == "withdrawn"


@pytest.fixture
def granted(world, monday) -> str:
    """The number of a request that was granted; the clock stands on the first day of use."""
    number = world.granted().number
    monday(MONDAY + timedelta(days=20))
    return number


@pytest.mark.duty("SHA-09", "SHA-12")
def test_granted_items_are_read_page_by_page_and_every_read_is_logged(granted, caller):
    requester = caller("requester")
    first = requester.get(f"/grants/{granted}/data/", {"limit": 20})
    assert first.status_code == 200, first.content.decode()
    body = first.json()
    assert [column["code"] for column in body["columns"]] == ["plate", "result"]
    assert (len(body["results"]), body["results"][0]["plate"]) == (20, "渝A00000")
    rest = requester.get(f"/grants/{granted}/data/", {"cursor": body["next"]}).json()
    assert (len(rest["results"]), rest["next"]) == (10, None)
    assert Read.objects.filter(grant__case__number=granted, finished=True).count() == 2
    assert requester.get(f"/grants/{granted}/").json()["reads"] == 2


def test_rows_are_filtered_on_granted_items_only(granted, caller):
    requester, path = caller("requester"), f"/grants/{granted}/data/"
    found = requester.get(path, {"filter[plate]": "渝A00003", "items": "result"}).json()["results"]
    assert found == [{"result": "合格"}]
    assert len(requester.get(path, {"filter[plate__gte]": "渝A00028"}).json()["results"]) == 2
    is_problem(requester.get(path, {"filter[phone]": "13800000003"}), 403, "item-not-granted")
    is_problem(requester.get(path, {"items": "phone"}), 403, "item-not-granted")
    is_problem(requester.get(path, {"filter[colour]": "红"}), 400, "bad-query")
    is_problem(requester.get(path, {"filter": "plate"}), 400, "bad-query")
    is_problem(requester.get(path, {"plate": "渝A00003"}), 400, "bad-query")
    is_problem(requester.get(path, {"cursor": "nonsense"}), 400, "bad-query")
    is_problem(requester.get(path, {"limit": 1001}), 400, "bad-query")


@pytest.mark.duty("SHA-09")
def test_data_is_for_the_grantee_alone(granted, caller, visitor):
    path = f"/grants/{granted}/data/"
    for who in ("provider", "authority", "auditor"):
        is_problem(caller(who).get(path), 403, "not-your-grant")
        assert caller(who).get(f"/grants/{granted}/").status_code == 200
    for who in ("stranger", "company", "citizen", "sysadmin"):
        is_problem(caller(who).get(path), 404, "not-found")
        is_problem(caller(who).get(f"/grants/{granted}/"), 404, "not-found")
    is_problem(visitor.get(path), 401, "not-authenticated")
    is_problem(caller("requester", "read", "cases:write").get(path), 403, "token-scope")


@pytest.mark.parametrize("way", ["csv", "xlsx", "json"])
def test_files_are_downloaded_in_each_form(granted, caller, way):
    response = caller("requester").get(f"/grants/{granted}/download/", {"format": way})
    content = b"".join(response.streaming_content)
    assert response.status_code == 200 and content
    assert "attachment" in response["Content-Disposition"]
    assert Read.objects.get(way=way).finished
    is_problem(caller("requester").get(f"/grants/{granted}/download/", {"format": "pdf"}), 400, "bad-query")
    is_problem(caller("requester").get(f"/grants/{granted}/download/"), 400, "bad-query")


@pytest.mark.duty("SHA-09")
def test_a_grant_that_has_ended_is_closed_to_every_form(granted, caller, monday):
    monday(MONDAY + timedelta(days=400))
    requester = caller("requester")
    is_problem(requester.get(f"/grants/{granted}/data/"), 403, "grant-ended")
    is_problem(requester.get(f"/grants/{granted}/download/", {"format": "csv"}), 403, "grant-ended")


def test_a_used_up_quota_says_when_it_begins_anew(granted, caller):
    Grant.objects.update(quota_per_day=1)
    requester = caller("requester")
    assert requester.get(f"/grants/{granted}/data/").status_code == 200
    response = requester.get(f"/grants/{granted}/data/")
    is_problem(response, 429, "quota-used-up")
    assert int(response["Retry-After"]) == 14 * 3600 + 1  # it is ten in the morning


def test_asking_for_the_headers_alone_reads_nothing(granted, caller):
    response = caller("requester").call("head", f"/grants/{granted}/data/")
    assert response.status_code == 405
    assert not Read.objects.exists()


@pytest.mark.duty("SHA-10")
def test_the_grantee_records_what_the_data_was_used_for(granted, caller):
    path, facts = f"/grants/{granted}/uses/", {"used_for": "督促维修 12 辆", "result": "复检合格 11 辆"}
    assert caller("requester").post(path, facts).status_code == 201
    is_problem(caller("provider").post(path, facts), 403, "not-your-grant")
    is_problem(caller("requester").post(path, {}), 422, "bad-facts")
    assert [use["used_for"] for use in caller("provider").get(path).json()["results"]] == ["督促维修 12 辆"]


def test_provider_and_grantee_see_the_grant_and_its_reads(granted, caller):
    caller("requester").get(f"/grants/{granted}/data/")
    for who in ("requester", "provider", "authority"):
        assert [one["number"] for one in caller(who).get("/grants/").json()["results"]] == [granted]
        assert caller(who).get(f"/grants/{granted}/reads/").json()[-1] == {
            "day": "2026-10-11",
            "reads": 1,
            "rows": 30,
        }
    assert caller("provider").get("/grants/", {"held": "true"}).json()["results"] == []
    assert caller("stranger").get("/grants/").json()["results"] == []
    assert [one["code"] for one in caller("provider").get("/holdings/").json()["results"]] == ["CAR"]
    assert caller("requester").get("/holdings/").json()["results"] == []


def test_a_paper_is_verified_by_its_code(granted, visitor):
    paper = Paper.objects.filter(case__number=granted, kind="sharing-answer").get()
    told = visitor.get(f"/papers/{paper.code}/").json()
    assert (told["number"], told["intact"]) == ("渝数共答〔2026〕1号", True)
    with connection.cursor() as cursor:  # as one would who holds the database itself
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE documents_paper SET title = '改过的标题' WHERE id = %s", [paper.pk])
    assert visitor.get(f"/papers/{paper.code}/").json()["intact"] is False
    is_problem(visitor.get("/papers/AAAA-BBBB-CCCC/"), 404, "not-found")


def test_notices_are_ones_own(granted, caller, monday):
    deliver(MONDAY + timedelta(days=20))
    monday(MONDAY + timedelta(days=20))
    requester = caller("requester")
    notices = requester.get("/notices/", {"read": "false"}).json()["results"]
    assert notices and {notice["case"] for notice in notices} == {granted}
    path = f"/notices/{notices[0]['id']}/read/"
    is_problem(caller("stranger").post(path), 404, "not-found")
    assert requester.post(path).status_code == requester.post(path).status_code == 204
    assert len(requester.get("/notices/", {"read": "true"}).json()["results"]) == 1


def test_the_trail_is_for_auditors_and_knows_who_looked(granted, caller):
    auditor = caller("auditor")
    events = auditor.get("/audit-events/", {"object_id": granted, "action": "sharing-request:grant"}).json()
    assert [event["body"]["cites"] for event in events["results"]] == [["REG22-26.1"]]
    assert auditor.get(f"/audit-events/{events['results'][0]['id']}/").status_code == 200
    assert Event.objects.filter(action="audit:search").count() == 1
    for who in ("authority", "authority_lead", "sysadmin", "secadmin", "requester"):
        is_problem(caller(who).get("/audit-events/"), 403, "no-right")
        is_problem(caller(who).get(f"/audit-events/{events['results'][0]['id']}/"), 403, "no-right")


def test_the_trail_is_paged_without_a_gap(granted, caller):
    auditor, seen, cursor = caller("auditor"), [], None
    requester = caller("requester")
    for _ in range(60):
        requester.get(f"/grants/{granted}/data/", {"limit": 1})
    before = Event.objects.count()
    while True:
        page = auditor.get("/audit-events/", {"cursor": cursor} if cursor else {}).json()
        seen += [event["id"] for event in page["results"]]
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) >= before
    is_problem(auditor.get("/audit-events/", {"cursor": "x"}), 400, "bad-cursor")


# loading


def sent(*lines: str) -> dict[str, object]:
    text = "\n".join(("号牌号码,检验结果,车主电话", *lines))
    return {"file": SimpleUploadedFile("表.csv", text.encode(), "text/csv"), "note": "补载"}


def test_a_provider_loads_the_next_version_and_a_bad_cell_keeps_everything_out(world, caller):
    holding, good = Holding.objects.get(code="CAR"), "渝A00001,合格,13800000000"
    path, before = "/holdings/CAR/versions/", holding.latest().number
    is_problem(caller("requester").upload(path, sent(good)), 404, "not-found")
    is_problem(caller("authority").upload(path, sent(good)), 403, "not-your-grant")
    refused = caller("provider").upload(path, sent(good, f"{good},多一格"))
    is_problem(refused, 422, "bad-table")
    assert "第 3 行" in refused.json()["errors"]["file"][0]
    assert holding.latest().number == before
    loaded = caller("provider").upload(path, sent(good))
    assert loaded.status_code == 201
    assert (loaded.json()["number"], loaded.json()["rows"]) == (before + 1, 1)
    assert [one["number"] for one in caller("authority").get(path).json()["results"]][0] == before + 1


# pushes


def test_a_lead_subscribes_a_system_and_only_then_sees_its_key(world, caller):
    body = world.cast.organisation("requester").code
    wanted = {"organisation": body, "url": "https://partner.example.cn/in", "topics": ["sharing-request:*"]}
    is_problem(caller("requester").post("/subscriptions/", wanted), 403, "no-right")
    is_problem(caller("provider_lead").post("/subscriptions/", wanted), 422, "bad-facts")
    plain = {**wanted, "url": "http://partner.example.cn/in"}
    refused = caller("requester_lead").post("/subscriptions/", plain)
    is_problem(refused, 422, "bad-facts")
    assert "https://" in refused.json()["errors"]["url"][0]
    made = caller("requester_lead").post("/subscriptions/", wanted)
    assert made.status_code == 201 and len(made.json()["secret"]) > 20
    path = f"/subscriptions/{made.json()['id']}/"
    shown = caller("requester_lead").get(path).json()
    assert (shown["url"], shown["topics"], shown["active"]) == (wanted["url"], wanted["topics"], True)
    assert "secret" not in shown
    is_problem(caller("provider_lead").get(path), 404, "not-found")
    assert caller("requester_lead").patch(path, {"active": False}).json()["active"] is False
    renewed = caller("requester_lead").post(f"{path}secret/").json()["secret"]
    assert renewed != made.json()["secret"]
    assert [one["id"] for one in caller("sysadmin").get("/subscriptions/").json()["results"]] == [
        made.json()["id"]
    ]


# papers


def test_the_people_of_a_case_fetch_its_papers(granted, caller):
    paper = Paper.objects.filter(case__number=granted).first()
    path = f"/papers/{paper.code}/pdf/"
    for who in ("requester", "authority"):
        answer = caller(who).get(path)
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    is_problem(caller("stranger").get(path), 404, "not-found")
    is_problem(caller("requester").get("/papers/AAAA-BBBB-CCCC/pdf/"), 404, "not-found")
