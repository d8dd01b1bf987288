"""Data that society gives of its own will: offered, answered, taken back; everybody reads what was taken."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from accounts.models import Post, Role
from audit.models import Event
from clock import SHANGHAI
from django.db import connection, transaction
from notices.models import Outgoing
from procedures.refusals import BadFacts, NoRight, WrongState

from catalog.contributions import giving
from catalog.models import Contribution
from tests.cast import Cast, build_cast
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


# Of a body: of whoever works there now


def employed(cast: Cast, name: str, body: str, role: Role = Role.OFFICER) -> None:
    """The person takes a post at the body, beside those held."""
    since = (AT - timedelta(days=9)).astimezone(SHANGHAI).date()
    Post.objects.create(
        user=cast.user(name), organisation=cast.organisation(body), role=role, valid_from=since
    )


def left(cast: Cast, name: str) -> None:
    today = AT.astimezone(SHANGHAI).date()
    Post.objects.filter(user=cast.user(name)).update(valid_to=today)


@pytest.mark.duty("CAT-21")
def test_what_a_firm_gives_is_held_by_those_who_work_there_now(cast):
    row = offered(cast, "company")
    employed(cast, "citizen", "company")
    left(cast, "company")
    colleague, former = cast.actor("citizen", AT), cast.actor("company", AT)
    assert Contribution.objects.visible_to(colleague).get() == row
    assert not Contribution.objects.visible_to(former).exists()
    with pytest.raises(NoRight):
        giving.withdraw(row, at=AT, by=former)
    assert giving.withdraw(row, at=AT, by=colleague).state == "withdrawn"


def test_administering_a_firms_accounts_is_no_part_in_what_it_gives(cast):
    row = offered(cast, "company")
    employed(cast, "citizen", "company", Role.SYSTEM_ADMIN)
    administrator = cast.actor("citizen", AT)
    assert not Contribution.objects.visible_to(administrator).exists()
    with pytest.raises(NoRight):
        giving.withdraw(row, at=AT, by=administrator)
    assert giving.giver_of(administrator)[1] is None, "gives in one's own name"


def test_the_pages_are_the_firms(client, cast):
    row = offered(cast, "company")
    Post.objects.create(
        user=cast.user("citizen"),
        organisation=row.body,
        role=Role.LEAD,
        valid_from=AT.astimezone(SHANGHAI).date(),
    )
    client.force_login(cast.user("citizen"))
    assert "本单位提供的" in client.get("/catalog/contributions/").content.decode()
    assert "退出这项数据" in client.get(f"/catalog/contributions/{row.pk}/").content.decode()
    client.force_login(cast.user("stranger"))
    assert client.post(f"/catalog/contributions/{row.pk}/withdraw/").status_code == 404
    client.force_login(cast.user("citizen"))
    assert client.post(f"/catalog/contributions/{row.pk}/withdraw/").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_firm_is_answered_at_its_desk_and_a_person_by_name(cast):
    giving.answer(offered(cast, "company"), take=True, reason="", at=AT, by=cast.actor("authority", AT))
    taken(cast)
    to_firm, to_person = Outgoing.objects.filter(topic="contribution:answered").order_by("pk")
    assert (to_firm.organisation, to_firm.user) == (cast.organisation("company"), None)
    assert (to_person.organisation, to_person.user) == (None, cast.user("citizen"))


@pytest.mark.parametrize("name", ["company", "authority"])
def test_nobody_answers_ones_own_offer_or_that_of_ones_own_firm(client, cast, name):
    """Whoever works for the firm and for the data authority: the one who offered, and a colleague."""
    row = offered(cast, "company")
    employed(cast, "company", "authority")
    employed(cast, "authority", "company")
    with pytest.raises(NoRight):
        giving.answer(row, take=True, reason="", at=AT, by=cast.actor(name, AT))
    client.force_login(cast.user(name))
    assert "答复并通知" not in client.get(f"/catalog/contributions/{row.pk}/").content.decode()
    assert client.post(f"/catalog/contributions/{row.pk}/answer/", {"take": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "offered"


def test_who_once_offered_for_a_firm_does_not_answer_it_either(cast):
    row = offered(cast, "company")
    left(cast, "company")
    employed(cast, "company", "authority")
    with pytest.raises(NoRight):
        giving.answer(row, take=True, reason="", at=AT, by=cast.actor("company", AT))


# Once


def test_a_firm_offers_one_thing_once_whoever_of_its_people_does(cast):
    offered(cast, "company")
    employed(cast, "citizen", "company")
    with pytest.raises(BadFacts):
        offered(cast, "citizen")
    left(cast, "citizen")
    assert offered(cast, "citizen").body is None, "a person's own is another's"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["citizen", "company"])
def test_a_double_click_offers_once(name):
    """The second waits for the first and then finds its offer."""
    cast = build_cast()
    actor = cast.actor(name, AT)
    first_in, go_on, refused = threading.Event(), threading.Event(), []

    def first() -> None:
        with transaction.atomic():
            giving.offer(SAID, at=AT, by=actor)
            first_in.set()
            assert go_on.wait(30)
        connection.close()

    def second() -> None:
        try:
            giving.offer(SAID, at=AT, by=actor)
        except BadFacts as refusal:
            refused.append(refusal)
        connection.close()

    hands = [threading.Thread(target=one) for one in (first, second)]
    hands[0].start()
    assert first_in.wait(30)
    hands[1].start()
    hands[1].join(0.5)
    go_on.set()
    for hand in hands:
        hand.join()
    assert len(refused) == 1 and Contribution.objects.count() == 1
