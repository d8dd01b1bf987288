"""A sharing request over the interface, from filing to shared data; every role's view of it."""

from __future__ import annotations

import pytest
from procedures.models import Case

from catalog.models import Entry
from tests.api.conftest import is_problem

pytestmark = pytest.mark.usefixtures("monday")


def filed(world, caller, who: str = "requester", **changes):
    facts = {"subject": "CAR", **world.facts(**changes)}
    return caller(who).post("/sharing-request/", facts)


@pytest.mark.duty("SHA-04", "SHA-05")
def test_a_request_is_filed_answered_by_two_and_opened(world, caller):
    response = filed(world, caller)
    assert response.status_code == 201, response.json()
    number = response.json()["number"]
    assert response["Location"] == f"/api/v1/cases/{number}/"
    assert response["ETag"] == f'"{number}.1"'
    assert response.json()["state"] == "ANSWERING"
    granted = caller("authority").post(f"/sharing-request/{number}/grant/", world.grant_facts())
    assert granted.status_code == 202, granted.json()
    assert granted.json()["state"] == "ANSWERING"
    is_problem(caller("authority").post(f"/cases/{number}/sign/"), 403, "no-right")
    signed = caller("authority_lead").post(f"/cases/{number}/sign/")
    assert signed.status_code == 200
    assert signed.json()["state"] == "IN_USE"


def test_a_case_says_where_it_stands_whose_turn_it_is_and_why_that_day(world, caller):
    number = filed(world, caller).json()["number"]
    case = caller("authority").get(f"/cases/{number}/").json()
    assert case["state_label"] == "审核中"
    assert [turn["mine"] for turn in case["turns"]] == [True]
    deadline = case["deadlines"][0]
    assert (deadline["clock"], deadline["due_on"]) == ("ANSWER", "2026-09-29")
    assert any("中秋节" in day.get("name", "") for day in deadline["working"]["days"])
    assert {step["code"] for step in case["steps"]} >= {"grant", "refuse", "consult"}
    assert {step["operation"] for step in case["steps"]} >= {"sharing-request.grant"}
    assert case["papers"][0]["kind"] == "sharing-receipt"
    assert case["actions"] == ["note", "attach"]


def test_a_draft_for_signature_is_the_drafting_bodys_own(world, caller):
    number = filed(world, caller).json()["number"]
    caller("authority").post(f"/sharing-request/{number}/grant/", world.grant_facts())
    caller("authority").post(f"/cases/{number}/note/", {"text": "先电话问过对方。"})
    own = caller("authority_lead").get(f"/cases/{number}/").json()
    assert own["proposal"]["step"] == "grant"
    assert own["actions"] == ["note", "attach", "reassign", "sign", "send-back"]
    assert [act["step"] for act in own["acts"]] == ["submit", "propose:grant", "note"]
    others = caller("requester").get(f"/cases/{number}/").json()
    assert others["proposal"] is None
    assert [act["step"] for act in others["acts"]] == ["submit"]
    assert own["acts"][0]["person"] is None
    assert others["acts"][0]["person"] == "交通委经办"


@pytest.mark.parametrize("who", ["stranger", "company", "citizen", "sysadmin", "secadmin", "registrar"])
def test_a_case_does_not_exist_for_those_without_part_in_it(world, caller, who):
    number = filed(world, caller).json()["number"]
    is_problem(caller(who).get(f"/cases/{number}/"), 404, "not-found")
    assert caller(who).get("/cases/").json()["results"] == []
    is_problem(caller(who).post(f"/sharing-request/{number}/grant/", world.grant_facts()), 404, "not-found")
    is_problem(caller(who).post(f"/cases/{number}/note/", {"text": "记录"}), 404, "not-found")


def test_an_auditor_reads_everything_and_changes_nothing(world, caller):
    number = filed(world, caller).json()["number"]
    case = caller("auditor").get(f"/cases/{number}/").json()
    assert (case["number"], case["steps"], case["actions"]) == (number, [], [])
    is_problem(caller("auditor").post(f"/sharing-request/{number}/refuse/", {}), 403, "no-right")
    is_problem(caller("auditor").post(f"/cases/{number}/note/", {"text": "记录"}), 403, "no-right")


def test_a_visitor_is_asked_for_a_token(visitor):
    response = visitor.get("/cases/")
    is_problem(response, 401, "not-authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_reaches_as_far_as_its_scopes(world, caller):
    assert caller("requester", "read").get("/cases/").status_code == 200
    facts = {"subject": "CAR", **world.facts()}
    is_problem(caller("requester", "read").post("/sharing-request/", facts), 403, "token-scope")
    is_problem(caller("requester", "data:read").get("/cases/"), 403, "token-scope")
    assert not Case.objects.exists()


def test_facts_are_refused_field_by_field_with_the_sentences_of_the_form(world, caller):
    problem = is_problem(filed(world, caller, scenario="太短", items=["plate", "colour"]), 422, "bad-facts")
    assert problem["errors"]["scenario"] == ["“应用场景”至少写 20 个字，现在是 2 个字"]
    assert problem["errors"]["items"] == ["“信息项”没有“colour”这一项"]


def test_an_unknown_fact_is_never_ignored(world, caller):
    problem = is_problem(filed(world, caller, colour="红"), 422, "bad-facts")
    assert list(problem["errors"]) == ["colour"]


def test_a_value_of_another_type_is_refused(world, caller):
    problem = is_problem(
        filed(world, caller, scenario=12, items="plate", first_day=20261009), 422, "bad-facts"
    )
    assert set(problem["errors"]) == {"scenario", "items", "first_day"}


def test_a_subject_that_does_not_exist_is_named(world, caller):
    problem = is_problem(filed(world, caller, subject="NO-SUCH"), 422, "bad-facts")
    assert "NO-SUCH" in problem["errors"]["subject"][0]


def test_a_company_may_not_file(world, caller):
    is_problem(filed(world, caller, who="company"), 403, "no-right")


def test_a_guard_names_its_article(world, caller):
    Entry.objects.update(sharing_type="not-shared")
    problem = is_problem(filed(world, caller), 409, "precondition")
    assert problem["cites"] == ["REG22-24.1"]


def test_a_step_in_the_wrong_state_is_refused(world, caller):
    number = filed(world, caller).json()["number"]
    is_problem(caller("requester").post(f"/sharing-request/{number}/relinquish/", {}), 409, "wrong-state")


def test_a_step_of_another_procedure_is_not_found_there(world, caller):
    number = filed(world, caller).json()["number"]
    problem = is_problem(
        caller("authority").post(f"/sharing-objection/{number}/settle/", {}), 404, "not-found"
    )
    assert "sharing-request" in problem["detail"]


def test_if_match_guards_a_step_and_may_be_left_out(world, caller):
    number = filed(world, caller).json()["number"]
    tag = caller("authority").get(f"/cases/{number}/")["ETag"]
    path = f"/sharing-request/{number}/grant/"
    for wrong in (f'"{number}.9"', '"other.1"', "W/nonsense", '""'):
        is_problem(caller("authority").post(path, world.grant_facts(), If_Match=wrong), 412, "stale")
    assert caller("authority").post(path, world.grant_facts(), If_Match=tag).status_code == 202
    back = caller("authority_lead").post(f"/cases/{number}/send-back/", {"note": "依据不足，请补充。"})
    assert back.status_code == 200
    assert caller("authority").post(path, world.grant_facts(), If_Match="*").status_code == 202


def test_a_lead_gives_a_case_to_somebody_of_the_same_body(world, caller):
    number = filed(world, caller).json()["number"]
    path = f"/cases/{number}/reassign/"
    is_problem(caller("authority").post(path, {"to": "authority"}), 403, "no-right")
    is_problem(caller("authority_lead").post(path, {"to": "nobody"}), 422, "bad-facts")
    is_problem(caller("authority_lead").post(path, {"to": "requester"}), 422, "bad-facts")
    assert caller("authority_lead").post(path, {"to": "authority"}).status_code == 200
    turn = caller("authority").get(f"/cases/{number}/").json()["turns"][0]
    assert turn["mine"] is True


def test_whoever_waits_reminds_those_whose_turn_it_is_once_a_working_day(world, caller):
    number = filed(world, caller).json()["number"]
    path = f"/cases/{number}/urge/"
    is_problem(caller("authority").post(path), 409, "wrong-state")  # it is their own turn
    is_problem(caller("auditor").post(path), 403, "no-right")
    is_problem(caller("stranger").post(path), 404, "not-found")
    body = world.cast.organisation("authority").short_name
    assert caller("requester").post(path).json() == {"urged": [body]}
    is_problem(caller("requester").post(path), 409, "wrong-state")


def test_lists_are_filtered_and_show_whose_turn_it_is(world, caller):
    number = filed(world, caller).json()["number"]

    def numbers(who, **query):
        return [case["number"] for case in caller(who).get("/cases/", query).json()["results"]]

    assert numbers("requester", turn="others") == numbers("authority", turn="mine") == [number]
    assert numbers("authority_lead", turn="mine") == []
    assert numbers("authority_lead", turn="body") == [number]
    assert numbers("requester", q="机动车", kind="sharing-request", state="ANSWERING", closed="false") == [
        number
    ]
    assert numbers("requester", closed="true") == numbers("requester", q="没有的") == []
    assert [c["number"] for c in caller("authority").get("/worklist/").json()["results"]] == [number]
    assert caller("requester").get("/worklist/").json()["results"] == []


def test_list_and_detail_cost_a_constant_number_of_queries(world, caller, django_assert_num_queries):
    authority = caller("authority")
    filed(world, caller)
    authority.get("/cases/")
    with django_assert_num_queries(3):  # token, posts, one page
        authority.get("/cases/")
    for _ in range(5):
        number = filed(world, caller).json()["number"]
    with django_assert_num_queries(3):
        assert len(authority.get("/cases/").json()["results"]) == 6
    with django_assert_num_queries(3):
        authority.get("/worklist/")
    with django_assert_num_queries(10):  # token, posts, case, and its seven kinds of rows
        authority.get(f"/cases/{number}/")
