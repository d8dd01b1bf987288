"""Whose turn: what waits for a signature, what one who asks sees, and the way to the data."""

from __future__ import annotations

from datetime import timedelta

import clock
import pytest
from procedures import drafts, registry
from procedures.filing import file
from procedures.models import Case, Draft, Party

from sharing import subjects
from sharing.procedures import REVOCATION
from tests.sharing.conftest import MONDAY
from tests.sharing.test_pages_worklist import listed, text

CLAIM = {
    "matter": "type",
    "claim": "本单位履行法定职责确有需要，请求予以共享。",
    "basis": "《重庆市数据条例》第二十五条第一款",
}


@pytest.fixture
def sent(world) -> Draft:
    """An objection that the requester's officer drafted and sent to be signed."""
    by = world.cast.actor("requester", MONDAY)
    draft = drafts.save(
        registry.get("sharing-objection"),
        by=by,
        organisation=world.cast.organisation("requester"),
        subject="CAR",
        facts=CLAIM,
        at=MONDAY,
    )
    return drafts.send(draft, by=by, at=MONDAY)


# a filing that waits for a signature


def test_a_filing_to_sign_is_the_signers_turn(sent, browser) -> None:
    page = text(browser("requester_lead").get("/work/"))
    assert "待您签发的申请" in page and f'href="/drafts/{sent.pk}/"' in page
    assert "<b>1</b>轮到我" in page
    assert "现在没有轮到您的办件" not in page


@pytest.mark.parametrize("name", ["requester", "authority_lead", "provider_lead", "stranger"])
def test_it_is_nobody_elses(sent, browser, name) -> None:
    page = text(browser(name).get("/work/"))
    assert "待您签发的申请" not in page and "<b>0</b>轮到我" in page


def test_sent_back_or_signed_it_is_not_waiting(world, sent, browser) -> None:
    lead = world.cast.actor("requester_lead", MONDAY)
    drafts.send_back(sent, by=lead, at=MONDAY, note="请写明依据的款项")
    assert "待您签发的申请" not in text(browser("requester_lead").get("/work/"))
    drafts.send(sent, by=world.cast.actor("requester", MONDAY), at=MONDAY)
    drafts.sign(sent, by=lead, at=MONDAY)
    assert "待您签发的申请" not in text(browser("requester_lead").get("/work/"))


# several whose turn it is


@pytest.fixture
def examined(world) -> Case:
    used = world.granted()
    by = world.cast.actor("provider", MONDAY)
    said = {"ground": "scope", "facts": "接口调用集中在夜间，需要核实使用范围。"}
    return file(REVOCATION, by=by, at=MONDAY, facts=said, subject=subjects.grant(used.number, by))


@pytest.mark.parametrize(("name", "step"), [("requester", "说明情况"), ("authority", "暂停授权")])
def test_the_next_step_is_the_readers_own(examined, browser, name, step) -> None:
    page = text(browser(name).get(f"/cases/{examined.number}/"))
    following = page.split("<dt>下一步</dt><dd>")[1].split("</dd>")[0]
    assert "<dt>轮到谁</dt><dd>您" in page
    assert step in following
    other = {"requester": "暂停授权", "authority": "说明情况"}[name]
    assert other not in following


# those who only ask


@pytest.mark.parametrize("name", ["citizen", "company", "sysadmin"])
def test_who_handles_nothing_has_applications_and_no_worklist(world, browser, name) -> None:
    world.request()
    page = text(browser(name).get("/work/"))
    assert "<h1>我的申请</h1>" in page and "您还没有申请" in page
    assert "本单位全部" not in page and listed(browser(name)) == []
    assert "我的申请" not in text(browser("authority").get("/work/"))


def test_own_applications_are_listed_and_no_others(world, browser) -> None:
    theirs, body, own = (world.request(MONDAY + timedelta(hours=n)) for n in range(3))
    Party.objects.filter(case=body, relation="requester").update(
        organisation=world.cast.organisation("company")
    )
    Case.objects.filter(pk=own.pk).update(filer=None, filed_by=world.cast.user("citizen"))
    assert listed(browser("company")) == [body.number]
    assert listed(browser("citizen")) == [own.number]
    assert theirs.number not in text(browser("company").get("/work/"))


# the way to the data


def test_a_case_in_use_begins_with_the_way_to_the_data(world, browser) -> None:
    case = world.granted()
    with clock.travel(MONDAY + timedelta(days=30)):
        page = text(browser("requester").get(f"/cases/{case.number}/"))
        assert page.index("取得数据") < page.index('<h2 id="c1">期限</h2>')
        for way in (
            f"/grants/{case.number}/csv/",
            f"/grants/{case.number}/xlsx/",
            f"/grants/{case.number}/rows/",
        ):
            assert way in page
        assert f"/grants/{case.number}/csv/" not in text(browser("authority").get(f"/cases/{case.number}/"))


def test_before_the_first_day_it_says_when(world, browser) -> None:
    case = world.granted()
    page = text(browser("requester").get(f"/cases/{case.number}/"))
    assert "10 月 9 日起可以读取" in page
    assert f"/grants/{case.number}/csv/" not in page


# nobody settles a dispute about what they decided


@pytest.fixture
def objected(world) -> Case:
    """A refusal by the authority's officer and lead, disputed."""
    case = world.request()
    said = {"reason": "超出履行职责所必需的范围。", "basis": "《重庆市数据条例》第二十五条第三款"}
    world.perform(case, "refuse", "authority", MONDAY, **said)
    world.sign(case, "authority_lead", MONDAY)
    by = world.cast.actor("requester", MONDAY)
    draft = drafts.save(
        registry.get("sharing-objection"),
        by=by,
        organisation=world.cast.organisation("requester"),
        subject=case.number,
        facts={**CLAIM, "matter": "refusal"},
        at=MONDAY,
    )
    drafts.send(draft, by=by, at=MONDAY)
    return drafts.sign(draft, by=world.cast.actor("requester_lead", MONDAY), at=MONDAY)


#: What the authority may do with an objection on its way.
SIDE = ("meet", "settle", "return")


@pytest.mark.duty("SHA-14")
def test_who_gave_the_answer_does_not_have_the_objection(world, objected, browser) -> None:
    other = world.second_officer("authority")
    assert listed(browser("authority")) == []
    assert listed(browser(other)) == [objected.number]
    assert listed(browser("authority"), tab="body") == [objected.number]
    page = text(browser("authority").get(f"/cases/{objected.number}/"))
    assert "须回避" in page and 'class="turn"' not in page
    offered = [step for step in SIDE if f"/steps/{step}/" in page]
    assert offered == []
    assert 'class="turn"' in text(browser(other).get(f"/cases/{objected.number}/"))


@pytest.mark.duty("SHA-14")
def test_who_signed_the_answer_does_not_have_the_settlement_to_sign(world, objected, browser) -> None:
    other, lead = world.second_officer("authority"), world.second_officer("authority", "lead")
    world.perform(
        objected, "position", "provider", MONDAY, position="用途与职能相符，可以共享。", basis=CLAIM["basis"]
    )
    world.sign(objected, "provider_lead", MONDAY)
    said = {"result": "shared", "reason": "用途与职能相符，应当共享。", "basis": CLAIM["basis"]}
    world.perform(objected, "settle", other, MONDAY, **said)
    assert listed(browser("authority_lead")) == []
    assert listed(browser(lead)) == [objected.number]


@pytest.mark.duty("SHA-14")
def test_it_is_not_given_to_who_may_not_decide_it(world, objected, browser) -> None:
    client, other = browser("authority_lead"), world.cast.user(world.second_officer("authority"))
    refused = client.post(f"/cases/{objected.number}/reassign/", {"to": world.cast.user("authority").pk})
    assert refused.status_code == 422 and "须回避" in text(refused)
    assert client.post(f"/cases/{objected.number}/reassign/", {"to": other.pk}).status_code == 302
