"""What a filing is about: everybody finds what they may see, and nothing else exists."""

from __future__ import annotations

import pytest
from accounts.actors import SYSTEM
from datacentre.models import Grant
from procedures.models import Case

from catalog.models import Entry
from sharing import subjects
from tests.sharing.conftest import MONDAY

OBJECTION = {
    "matter": "type",
    "claim": "应当共享，请会同提供部门协调处理。",
    "basis": "《重庆市数据条例》第二十四条",
}


@pytest.fixture
def used(world) -> Case:
    return world.granted()


@pytest.mark.parametrize("name", ["requester", "requester_lead", "authority", "provider", "auditor"])
def test_those_who_see_the_request_may_name_it(world, used, name) -> None:
    assert subjects.request_or_entry(used.number, world.cast.actor(name, MONDAY)) == used


@pytest.mark.parametrize("name", ["stranger", "company", "citizen", "sysadmin"])
def test_a_request_does_not_exist_for_others(world, used, name) -> None:
    with pytest.raises(Entry.DoesNotExist):
        subjects.request_or_entry(used.number, world.cast.actor(name, MONDAY))


def test_an_entry_is_named_by_everybody(world) -> None:
    assert subjects.request_or_entry("CAR", world.cast.actor("stranger", MONDAY)) == world.entry


@pytest.mark.parametrize("name", ["requester", "authority", "provider", "auditor"])
def test_those_who_see_the_grant_may_name_it(world, used, name) -> None:
    actor, granted = world.cast.actor(name, MONDAY), Grant.objects.get(case=used)
    assert subjects.grant(used.number, actor) == subjects.grant(str(granted.pk), actor) == granted


@pytest.mark.parametrize("name", ["stranger", "district", "company", "citizen"])
def test_a_grant_does_not_exist_for_others(world, used, name) -> None:
    actor, key = world.cast.actor(name, MONDAY), Grant.objects.get(case=used).pk
    for known_as in (used.number, str(key)):
        with pytest.raises(Grant.DoesNotExist):
            subjects.grant(known_as, actor)
    assert subjects.grant(used.number, SYSTEM).pk == key


@pytest.mark.parametrize("name", ["stranger", "district", "citizen"])
def test_the_pages_do_not_show_the_subject_to_others(world, used, browser, name) -> None:
    client, key = browser(name), Grant.objects.get(case=used).pk
    for address in (
        f"/file/grant-revocation/{used.number}/",
        f"/file/grant-revocation/{key}/",
        f"/file/sharing-objection/{used.number}/",
    ):
        response = client.get(address)
        assert response.status_code == 404
        assert "机动车排放检验结果" not in response.content.decode()


def test_the_interface_does_not_either(world, used, browser) -> None:
    body = {"kind": "sharing-objection", "subject": used.number, "facts": OBJECTION}
    for name, status in (("requester", 201), ("stranger", 422)):
        made = browser(name).post("/api/v1/drafts/", body, content_type="application/json")
        assert made.status_code == status, made.content


def test_a_draft_about_what_one_may_not_see_any_more_is_not_filed(world, used) -> None:
    from procedures import drafts, registry
    from procedures.refusals import BadFacts

    by = world.cast.actor("requester", MONDAY)
    kept = drafts.save(
        registry.get("sharing-objection"),
        by=by,
        organisation=world.cast.organisation("requester"),
        subject=used.number,
        facts=OBJECTION,
        at=MONDAY,
    )
    drafts.send(kept, by=by, at=MONDAY)
    world.cast.user("requester").posts.update(organisation=world.cast.organisation("stranger"))
    with pytest.raises(BadFacts, match=used.number):
        drafts.sign(kept, by=world.cast.actor("requester_lead", MONDAY), at=MONDAY)
