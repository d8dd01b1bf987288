"""共享异议: filed by two people, settled together with the provider, by somebody who did not decide the matter."""

from __future__ import annotations

import pytest
from deadlines.models import Deadline
from documents.models import Paper
from procedures import drafts
from procedures.filing import file
from procedures.models import Draft
from procedures.refusals import BadFacts, Guarded, NoRight

from sharing.procedures import OBJECTION
from tests.sharing.conftest import MONDAY, World

pytestmark = pytest.mark.duty("SHA-14")

CLAIM = {
    "matter": "refusal",
    "claim": "本单位履行法定职责确有需要，请求予以共享。",
    "basis": "《重庆市数据条例》第二十五条第一款",
}
SETTLED = {
    "result": "shared",
    "reason": "用途与职能相符，应当共享。",
    "basis": "《重庆市数据条例》第二十五条第一款",
}


@pytest.fixture
def refused(world: World):
    case = world.request()
    world.perform(
        case,
        "refuse",
        "authority",
        MONDAY,
        reason="超出履行职责所必需的范围。",
        basis="《中华人民共和国个人信息保护法》第三十四条",
    )
    return world.sign(case, "authority_lead", MONDAY)


def draft_of(world: World, case, **changes: object) -> Draft:
    who = world.cast.actor("requester", MONDAY)
    return drafts.save(
        OBJECTION,
        by=who,
        organisation=world.cast.organisation("requester"),
        subject=case.number,
        facts={**CLAIM, **changes},
        at=MONDAY,
    )


def raised(world: World, case):
    draft = draft_of(world, case)
    drafts.send(draft, by=world.cast.actor("requester", MONDAY), at=MONDAY)
    return drafts.sign(draft, by=world.cast.actor("requester_lead", MONDAY), at=MONDAY)


def test_an_objection_is_signed_by_a_second_person_and_goes_to_authority_and_provider(world: World, refused):
    objection = raised(world, refused)
    assert (objection.number, objection.state) == ("YY-2026-0001", "COORDINATING")
    assert {d.clock for d in Deadline.objects.filter(case=objection, outcome="open")} == {
        "SETTLE",
        "POSITION",
    }
    assert {t.organisation.short_name for t in objection.turns.all()} == {"市大数据局", "市生态环境局"}
    act = objection.acts.get(step="raise")
    assert (act.user.username, act.signed_by.username) == ("requester", "requester-lead")
    assert not Draft.objects.exists()


def test_without_the_signature_there_is_no_objection(world: World, refused):
    with pytest.raises(Guarded):
        file(OBJECTION, by=world.cast.actor("requester", MONDAY), at=MONDAY, facts=CLAIM, subject=refused)
    draft = draft_of(world, refused)
    drafts.send(draft, by=world.cast.actor("requester", MONDAY), at=MONDAY)
    for who in ("requester", "stranger", "authority_lead"):
        with pytest.raises(NoRight):
            drafts.sign(draft, by=world.cast.actor(who, MONDAY), at=MONDAY)


def test_an_incomplete_draft_is_kept_but_not_sent(world: World, refused):
    draft = draft_of(world, refused, claim="太短")
    with pytest.raises(BadFacts):
        drafts.send(draft, by=world.cast.actor("requester", MONDAY), at=MONDAY)
    draft.refresh_from_db()
    assert draft.facts["claim"] == "太短" and draft.sent_at is None


def test_it_is_settled_only_after_the_provider_has_spoken_and_by_others(world: World, refused):
    objection = raised(world, refused)
    with pytest.raises(NoRight, match="须回避"):
        world.perform(objection, "settle", "authority", MONDAY, **SETTLED)
    world.perform(
        objection,
        "position",
        "provider",
        MONDAY,
        position="经研究，可以按最小必要范围提供。",
        basis="《重庆市数据条例》第二十五条",
    )
    world.sign(objection, "provider_lead", MONDAY)
    assert Deadline.objects.get(case=objection, clock="POSITION").outcome == "met"
    second = world.second_officer("authority")
    with pytest.raises(NoRight, match="须回避"):
        world.perform(objection, "settle", second, MONDAY, **SETTLED)
        world.sign(objection, "authority_lead", MONDAY)
    lead = world.second_officer("authority", role="lead")
    settled = world.sign(objection, lead, MONDAY)
    assert settled.state == "SETTLED"
    assert Paper.objects.get(case=objection, kind="sharing-settlement").issuer == world.cast.organisation(
        "authority"
    )


@pytest.mark.parametrize(
    ("who", "refusal", "words"),
    [("stranger", BadFacts, "已经看不到"), ("authority", Guarded, "不是本单位的申请")],
)
def test_nobody_objects_to_anothers_answer(world: World, refused, who, refusal, words):
    """For a body without part in it the request does not exist; the others are told that it is not theirs."""
    draft = drafts.save(
        OBJECTION,
        by=world.cast.actor(who, MONDAY),
        organisation=world.cast.organisation(who),
        subject=refused.number,
        facts=CLAIM,
        at=MONDAY,
    )
    with pytest.raises(refusal, match=words):
        drafts.send(draft, by=world.cast.actor(who, MONDAY), at=MONDAY)
        drafts.sign(draft, by=world.cast.actor("authority_lead", MONDAY), at=MONDAY)
