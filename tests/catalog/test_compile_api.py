"""Compiling by the interface: the same rules as the form, and nobody's change lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from catalog.models import Draft
from catalog.norm.elements import ENTRY, ITEM
from tests.shelf import SAID, build_entry

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/entry-drafts/"


@pytest.fixture
def call(cast):
    def made(name: str) -> Any:
        client = Client()
        client.force_login(cast.user(name))

        def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
            more = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
            return getattr(client, method)(path, headers=headers, **more)

        return send

    return made


def test_a_draft_is_kept_read_changed_and_thrown_away(call, cast):
    provider = call("provider")
    made = provider("post", ROOT, {"name": "水质监测", "items": [{"name": "断面", "code": "section"}]})
    assert made.status_code == 201, made.json()
    said = made.json()
    assert said["provider"]["code"] == "cq-sthjj" and said["content"]["items"][0]["type"] == "text"
    assert {"field": "summary", "row": None, "part": "", "message": "请填写“摘要”"}.items() <= said[
        "problems"
    ][0].items()
    path, tag = made["Location"], made["ETag"]
    assert provider("get", path)["ETag"] == tag
    assert provider("patch", path, {"summary": "x"}).status_code == 428
    assert provider("patch", path, {"summary": "x"}, **{"If-Match": '"entry-draft.1.0"'}).status_code == 412
    changed = provider("patch", path, {"summary": "各断面"}, **{"If-Match": tag})
    assert changed.status_code == 200 and changed.json()["content"]["summary"] == "各断面"
    assert changed.json()["content"]["items"][0]["code"] == "section"
    assert Draft.objects.get().origin == "api"
    assert [one["id"] for one in provider("get", f"{ROOT}?wanting=true").json()["results"]] == [said["id"]]
    assert provider("get", f"{ROOT}?wanting=false").json()["results"] == []
    assert provider("delete", path).status_code == 204 and not Draft.objects.exists()


@pytest.mark.duty("CAT-08")
def test_the_schema_has_every_element_of_the_norm(client):
    schemas = client.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()["components"][
        "schemas"
    ]
    names = {element.name for element in ENTRY}
    assert names <= set(schemas["EntryDraftBodyRequest"]["properties"]) and names <= set(
        schemas["EntryShape"]["properties"]
    )
    for element in ENTRY:
        assert element.label in json.dumps(
            schemas["EntryDraftBodyRequest"]["properties"][element.name], ensure_ascii=False
        )
    assert {element.name for element in ITEM} <= set(schemas["ItemShape"]["properties"])


def test_an_entry_is_given_with_every_element(client, cast):
    build_entry(cast.organisation("provider"), code="X")
    told = client.get("/api/v1/entries/X/").json()
    assert {element.name for element in ENTRY} <= set(told)
    assert told["opening_delivery"] == ["file"] and told["items"][0]["personal"] is False


def test_a_change_begins_from_what_is_published(call, cast):
    build_entry(cast.organisation("provider"), code="X")
    made = call("provider")("post", ROOT, {"entry": "X", "update_cycle": "weekly"}).json()
    assert (made["kind"], made["base_version"], made["content"]["summary"]) == ("change", 1, SAID["summary"])
    assert made["problems"] == []
    refused = call("provider")("post", ROOT, {"entry": "X"})
    assert refused.status_code == 409 and "编制中" in refused.json()["detail"]


def test_a_removal_is_proposed_with_its_reason(call, cast):
    build_entry(cast.organisation("provider"), code="X")
    made = call("provider")("post", f"{ROOT}removals/", {"entry": "X", "reason": "职能划转"})
    assert made.status_code == 201 and (made.json()["kind"], made.json()["reason"]) == ("remove", "职能划转")
    tag = {"If-Match": made["ETag"]}
    assert call("provider")("patch", made["Location"], {"summary": "x"}, **tag).status_code == 409


@pytest.mark.duty("CAT-02", "SHA-03")
def test_a_secret_is_refused_and_leaves_nothing(call):
    for body in ({"name": "某事", "secret": True}, {"name": "（机密级）某事"}):
        refused = call("provider")("post", ROOT, body)
        assert (refused.status_code, refused.json()["code"]) == (422, "secret-matter")
        assert "某事" not in refused.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("name", ["requester", "auditor", "sysadmin", "citizen", "company"])
def test_a_draft_does_not_exist_for_others(call, name):
    path = call("provider")("post", ROOT, {"name": "水质监测"})["Location"]
    other = call(name)
    assert other("get", path).status_code == other("get", f"{path}twins/").status_code == 404
    assert other("patch", path, {"summary": "x"}, **{"If-Match": "*"}).status_code == 404
    assert other("delete", path).status_code == 404 and Draft.objects.count() == 1
    assert other("get", ROOT).json()["results"] == []


@pytest.mark.parametrize("name", ["company", "citizen", "sysadmin", "registrar"])
def test_who_compiles_for_nobody_keeps_nothing(call, name):
    assert call(name)("post", ROOT, {"name": "x"}).status_code == 422
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {}, {"name": ""}, {"name": "x", "colour": 1}, {"name": "x", "subject": "nonsense"}, {"name": 1},
        {"name": "x", "items": [{"length": "十"}]}, {"name": "x", "provider": "cq-tyj"}, {"name": "x", "entry": "NONE"},
        {"name": "x", "conditions": [{"text": "y", "parameter": {"lines": 1}}]},
    ],
)  # fmt: skip
def test_what_the_interface_cannot_take_is_named(call, body):
    assert call("provider")("post", ROOT, body).status_code in (409, 422)
    assert not Draft.objects.exists()


@pytest.mark.duty("CAT-20")
def test_twins_are_told_and_answered(call, cast):
    build_entry(cast.organisation("stranger"), code="X")
    provider = call("provider")
    path = provider("post", ROOT, SAID)["Location"]
    told = provider("get", f"{path}twins/").json()
    assert [(one["key"], one["answered"]) for one in told] == [("X", False)] and "名称相同" in told[0]["why"]
    assert provider("post", f"{path}twins/", {"key": "X", "answer": "different"}).status_code == 422
    assert provider("post", f"{path}twins/", {"key": "Y", "answer": "source"}).status_code == 422
    kept = provider("post", f"{path}twins/", {"key": "X", "answer": "source"})
    assert kept.status_code == 200 and kept.json()["content"]["related"] == ["X"]
    assert provider("get", f"{path}twins/").json()[0]["answered"] is True
