"""Data that society gives of its own will: offered, answered, taken back; everybody reads what was taken."""

from __future__ import annotations

import pytest
from audit.models import Event
from notices.models import Outgoing
from procedures.refusals import BadFacts, NoRight, WrongState

from catalog.contributions import giving
from catalog.models import Contribution
from tests.shelf import AT

pytestmark = pytest.mark.django_db

SAID = {
    "title": "登山步道实测轨迹", "summary": "渝中区 40 条步道的轨迹点", "origin": "本人实地测量",
    "conditions": "非商业使用，注明来源", "leaving": "退出后 30 日内删除",
}  # fmt: skip


def offered(cast, name="citizen", **more):
    return giving.offer({**SAID, **more}, at=AT, by=cast.actor(name, AT))


def taken(cast, name="citizen"):
    return giving.answer(offered(cast, name), take=True, reason="", at=AT, by=cast.actor("authority", AT))


@pytest.mark.duty("CAT-21")
def test_a_person_gives_and_the_terms_stand_with_it(client, cast):
    row = taken(cast)
    assert [e.action for e in Event.objects.filter(object_kind="contribution").order_by("pk")] == [
        "contribution:offer", "contribution:accept",
    ]  # fmt: skip
    assert set(Outgoing.objects.values_list("topic", flat=True)) == {
        "contribution:offered",
        "contribution:answered",
    }
    page = client.get(f"/catalog/contributions/{row.pk}/").content.decode().replace("\u00a0", " ")
    for words in SAID.values():
        assert words in page, words
    listed = client.get("/catalog/contributions/").content.decode()
    # People are not named to everybody.
    assert (
        SAID["title"] in listed
        and "个人" in listed
        and "市民" not in listed.replace("市民政", "")
        and "市民" not in page
    )
    client.force_login(cast.user("authority"))
    assert "市民" in client.get(f"/catalog/contributions/{row.pk}/").content.decode()


@pytest.mark.duty("CAT-21")
def test_the_giver_takes_it_back_at_any_time_and_the_register_remembers(client, cast):
    row = taken(cast)
    for name in ("authority", "company", "auditor"):
        with pytest.raises(NoRight):
            giving.withdraw(row, at=AT, by=cast.actor(name, AT))
    client.force_login(cast.user("citizen"))
    assert client.post(f"/catalog/contributions/{row.pk}/withdraw/").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn" and row.withdrawn_at
    with pytest.raises(WrongState):
        giving.withdraw(row, at=AT, by=cast.actor("citizen", AT))
    client.logout()
    assert "已退出" in client.get("/catalog/contributions/").content.decode()
    assert Outgoing.objects.filter(topic="contribution:withdrawn", text__contains=SAID["leaving"]).exists()


def test_what_waits_or_was_declined_is_between_the_two(client, cast):
    row = offered(cast, "company")
    assert row.name == cast.organisation("company").name
    with pytest.raises(BadFacts):
        giving.answer(row, take=False, reason=" ", at=AT, by=cast.actor("authority", AT))
    giving.answer(row, take=False, reason="与已有目录重复", at=AT, by=cast.actor("authority", AT))
    with pytest.raises(WrongState):
        giving.answer(row, take=True, reason="", at=AT, by=cast.actor("authority", AT))
    for name, status in ((None, 404), ("citizen", 404), ("company", 200), ("authority", 200)):
        if name:
            client.force_login(cast.user(name))
        assert client.get(f"/catalog/contributions/{row.pk}/").status_code == status
    assert not Contribution.objects.visible_to(None).exists()


@pytest.mark.parametrize("name", ["provider", "authority", "auditor", "district"])
def test_bodies_that_compile_a_catalogue_do_not_give(client, cast, name):
    with pytest.raises(NoRight):
        offered(cast, name)
    client.force_login(cast.user(name))
    assert client.get("/catalog/contributions/offer/").status_code == 403


def test_the_pages_offer_and_answer(client, cast):
    assert client.get("/catalog/contributions/offer/").status_code == 302
    client.force_login(cast.user("citizen"))
    refused = client.post("/catalog/contributions/offer/", {**SAID, "leaving": ""})
    assert refused.status_code == 422 and "退出办法" in refused.content.decode()
    assert client.post("/catalog/contributions/offer/", SAID).status_code == 302
    again = client.post("/catalog/contributions/offer/", SAID)
    assert again.status_code == 422 and "同名的数据已经提出" in again.content.decode()
    row = Contribution.objects.get()
    address = f"/catalog/contributions/{row.pk}/answer/"
    assert client.post(address, {"take": "yes"}).status_code == 403
    client.force_login(cast.user("authority"))
    assert "答复并通知" in client.get(f"/catalog/contributions/{row.pk}/").content.decode()
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"take": "no"}).status_code == 422
    assert client.post(address, {"take": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "taken"
    with pytest.raises(NoRight):
        giving.answer(row, take=True, reason="", at=AT, by=cast.actor("provider", AT))
