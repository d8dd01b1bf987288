"""Drafts: one's own until they are sent, changed only by those who saw their present content."""

from __future__ import annotations

import pytest
from procedures.models import Case, Draft

from tests.api.conftest import MONDAY, is_problem

pytestmark = pytest.mark.usefixtures("monday")


def kept(world, caller, **changes):
    body = {"kind": "sharing-request", "subject": "CAR", "facts": {"scenario": "还没有写完"}, **changes}
    return caller("requester").post("/drafts/", body)


def test_a_draft_is_kept_incomplete_read_changed_and_thrown_away(world, caller):
    made = kept(world, caller)
    assert made.status_code == 201, made.json()
    requester, path = caller("requester"), made["Location"].removeprefix("/api/v1")
    read = requester.get(path)
    assert (read.json()["facts"], read["ETag"]) == ({"scenario": "还没有写完"}, made["ETag"])
    is_problem(requester.patch(path, {"facts": {}}), 428, "precondition-required")
    is_problem(requester.patch(path, {"facts": {}}, If_Match='"draft.1.0"'), 412, "stale")
    changed = requester.patch(path, {"facts": {"scope": "12 个账号"}}, If_Match=read["ETag"])
    assert (changed.status_code, changed.json()["facts"]) == (200, {"scope": "12 个账号"})
    assert changed.json()["subject"] == "CAR"
    assert [draft["id"] for draft in requester.get("/drafts/").json()["results"]] == [made.json()["id"]]
    assert requester.delete(path).status_code == 204
    is_problem(requester.get(path), 404, "not-found")


@pytest.mark.parametrize("who", ["requester_lead", "authority", "stranger", "auditor", "citizen"])
def test_a_draft_is_nobody_elses(world, caller, who):
    path = kept(world, caller)["Location"].removeprefix("/api/v1")
    is_problem(caller(who).get(path), 404, "not-found")
    is_problem(caller(who).patch(path, {"facts": {}}, If_Match="*"), 404, "not-found")
    is_problem(caller(who).delete(path), 404, "not-found")
    assert caller(who).get("/drafts/").json()["results"] == []
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"kind": "no-such"}, {"subject": "NO-SUCH"}, {"organisation": "cq-sthjj"}, {"facts": []}, {"colour": 1}],
)
def test_a_draft_about_nothing_is_refused(world, caller, changes):
    problem = is_problem(kept(world, caller, **changes), 422, "bad-facts")
    assert list(problem["errors"]) == list(changes)


def test_a_draft_that_needs_no_signature_is_not_sent(world, caller):
    path = kept(world, caller)["Location"].removeprefix("/api/v1")
    is_problem(caller("requester").post(f"{path}send/"), 409, "wrong-state")
    is_problem(caller("requester").post(f"{path}sign/"), 409, "wrong-state")
    assert not Case.objects.exists()


OBJECTION = {
    "matter": "refusal",
    "claim": "答复没有说明两项信息为什么不能共享，请求重新答复。",
    "basis": "《重庆市政务数据资源管理暂行办法》第二十七条",
}


@pytest.fixture
def refused(world) -> str:
    case = world.request()
    facts = {"reason": "与申请单位的职能没有直接关系。", "basis": "《重庆市数据条例》第二十五条第三款"}
    world.perform(case, "refuse", "authority", MONDAY, **facts)
    return world.sign(case, "authority_lead", MONDAY).number


@pytest.mark.duty("SHA-14")
def test_a_filing_of_two_people_is_sent_and_begins_with_the_signature(refused, caller):
    sent = caller("requester").post("/sharing-objection/", {"subject": refused, **OBJECTION})
    assert sent.status_code == 202, sent.json()
    assert sent.json()["sent_at"] is not None
    path = sent["Location"].removeprefix("/api/v1")
    is_problem(caller("requester").patch(path, {"facts": {}}, If_Match=sent["ETag"]), 409, "wrong-state")
    is_problem(caller("requester").post(f"{path}sign/"), 403, "no-right")
    is_problem(caller("authority_lead").post(f"{path}sign/"), 404, "not-found")
    assert [one["id"] for one in caller("requester_lead").get("/drafts/").json()["results"]] == [
        sent.json()["id"]
    ]
    signed = caller("requester_lead").post(f"{path}sign/", If_Match=sent["ETag"])
    assert signed.status_code == 201, signed.json()
    assert signed.json()["kind"] == "sharing-objection"
    case = caller("requester_lead").get(signed["Location"].removeprefix("/api/v1")).json()
    assert (case["acts"][0]["person"], case["acts"][0]["signed_by"]) == ("交通委经办", "交通委处长")
    is_problem(caller("requester").get(path), 404, "not-found")


def test_a_draft_is_sent_back_with_words_mended_and_sent_again(refused, caller):
    made = caller("requester").post("/drafts/", {"kind": "sharing-objection", "subject": refused})
    path = made["Location"].removeprefix("/api/v1")
    problem = is_problem(caller("requester").post(f"{path}send/"), 422, "bad-facts")
    assert set(problem["errors"]) == set(OBJECTION)
    caller("requester").patch(path, {"facts": OBJECTION}, If_Match=made["ETag"])
    assert caller("requester").post(f"{path}send/", If_Match=made["ETag"]).status_code == 412
    assert caller("requester").post(f"{path}send/").status_code == 200
    is_problem(caller("requester_lead").post(f"{path}send-back/", {"note": ""}), 422, "bad-facts")
    back = caller("requester_lead").post(f"{path}send-back/", {"note": "依据写到款。"})
    assert (back.status_code, back.json()["sent_at"]) == (200, None)
    assert caller("requester").get(path).json()["note"] == "依据写到款。"
    assert caller("requester").post(f"{path}send/").status_code == 200


def test_a_filing_that_may_not_be_made_leaves_no_draft(refused, caller):
    facts = {"subject": refused, **OBJECTION}
    is_problem(caller("company").post("/sharing-objection/", facts), 422, "bad-facts")
    entry = {**facts, "subject": "CAR", "matter": "type"}
    is_problem(caller("company").post("/sharing-objection/", entry), 403, "no-right")
    is_problem(caller("requester").post("/sharing-objection/", {**facts, "claim": "短"}), 422, "bad-facts")
    is_problem(caller("requester").post("/sharing-objection/", {**facts, "colour": "红"}), 422, "bad-facts")
    assert not Draft.objects.exists()
