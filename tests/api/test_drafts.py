"""Drafts: one's own until they are sent, changed only by those who saw their present content."""

from __future__ import annotations

import pytest
from procedures.models import Case, Draft

from tests.api.conftest import is_problem

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
