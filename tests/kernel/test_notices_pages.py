from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from accounts.models import Role
from clock import SHANGHAI
from django.test import Client
from django.urls import reverse
from notices import outbox, queries
from notices.delivery import deliver
from notices.models import Delivery, Notice, Outgoing, Preference, Subscription

from tests.cast import Cast

AT = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_WAIVED = True


def tell(cast: Cast, name: str, count: int = 1) -> list[Notice]:
    person = cast.user(name)
    outbox.post(
        outbox.to_person("t:x", person, case_id=None, subject=f"通知{number}号", text="<b>正文</b>", at=AT)
        for number in range(count)
    )
    deliver(AT)
    return list(Notice.objects.filter(user=person).order_by("-id"))


def text(response) -> str:
    return response.content.decode()


def test_a_notice_bears_the_time_of_what_it_tells_and_not_of_its_delivery(cast: Cast, client: Client):
    person = cast.user("provider")
    outbox.post([outbox.to_person("t:x", person, case_id=None, subject="逾期", text="", at=AT)])
    deliver(AT + timedelta(days=9, hours=1))
    client.force_login(person)
    for address in (reverse("notices:inbox"), reverse("notices:open", args=[Notice.objects.get().pk])):
        assert "11-21 09:30" in text(client.get(address))


def test_unread_first_and_marked_by_post_only(cast: Cast, client: Client):
    (notice,) = tell(cast, "provider")
    client.force_login(cast.user("provider"))
    assert "未读" in text(client.get(reverse("notices:inbox")))
    shown = text(client.get(reverse("notices:open", args=[notice.pk])))
    assert "&lt;b&gt;正文" in shown
    notice.refresh_from_db()
    assert notice.read_at is None
    assert client.get(reverse("notices:read", args=[notice.pk])).status_code == 405
    assert client.post(reverse("notices:read", args=[notice.pk])).status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_another_persons_box_does_not_exist(cast: Cast, client: Client):
    (notice,) = tell(cast, "provider")
    client.force_login(cast.user("provider_lead"))
    assert client.get(reverse("notices:open", args=[notice.pk])).status_code == 404
    assert client.post(reverse("notices:read", args=[notice.pk])).status_code == 404
    client.post(reverse("notices:read-all"), {"up_to": notice.pk})
    assert queries.unread(cast.user("provider")) == 1


def test_marking_all_spares_what_came_after_the_page_was_shown(cast: Cast, client: Client):
    seen = tell(cast, "provider", 3)
    tell(cast, "provider", 2)
    client.force_login(cast.user("provider"))
    client.post(reverse("notices:read-all"), {"up_to": seen[0].pk})
    assert queries.unread(cast.user("provider")) == 2
    client.post(reverse("notices:read-all"), {"up_to": "x"})
    assert queries.unread(cast.user("provider")) == 2


def test_the_badge_counts_and_vanishes(cast: Cast, client: Client, django_assert_num_queries):
    (notice,) = tell(cast, "provider")
    client.force_login(cast.user("provider"))
    assert "未读通知 1 条" in text(client.get(reverse("notices:badge")))
    client.post(reverse("notices:read", args=[notice.pk]))
    assert text(client.get(reverse("notices:badge"))).strip() == ""
    with django_assert_num_queries(1):
        queries.unread(cast.user("provider"))


def test_old_ones_page_by_page(cast: Cast, client: Client):
    tell(cast, "provider", 120)
    Notice.objects.update(read_at=AT)
    client.force_login(cast.user("provider"))
    assert "没有未读的通知" in text(client.get(reverse("notices:inbox")))
    older = queries.read_page(cast.user("provider"))[queries.PAGE - 1].pk
    assert "通知69号" in text(client.get(reverse("notices:inbox"), {"before": older}))
    assert client.get(reverse("notices:inbox"), {"before": "x"}).status_code == 200


def test_the_box_takes_a_constant_number_of_queries(
    cast: Cast, client: Client, django_assert_max_num_queries
):
    tell(cast, "provider", 100)
    client.force_login(cast.user("provider"))
    client.get(reverse("notices:inbox"))
    with django_assert_max_num_queries(16):
        client.get(reverse("notices:inbox"))


def test_mail_can_be_switched_off_and_the_box_cannot(cast: Cast, client: Client):
    client.force_login(cast.user("provider"))
    client.post(reverse("notices:preference"), {})
    assert not Preference.objects.get(user=cast.user("provider")).mail
    (notice,) = tell(cast, "provider")
    assert notice.mail == ""
    client.post(reverse("notices:preference"), {"mail": "on"})
    assert Preference.objects.get(user=cast.user("provider")).mail


def test_what_did_not_arrive_is_shown_to_the_system_administrator_alone(cast: Cast, client: Client):
    message = outbox.to_desk(
        "t:x", cast.organisation("stranger"), Role.PRINCIPAL, case_id=None, subject="没人收", text="", at=AT
    )
    outbox.post([message])
    deliver(AT)
    Outgoing.objects.update(next_try=None)
    address = reverse("notices:undelivered")
    for name in ("provider_lead", "auditor", "secadmin", "citizen"):
        client.force_login(cast.user(name))
        assert client.get(address).status_code == 403
        assert client.post(reverse("notices:deliver-again", args=[message.pk])).status_code == 403
    client.force_login(cast.user("sysadmin"))
    assert "重庆市体育局没有人任主要负责人" in text(client.get(address))
    client.post(reverse("notices:deliver-again", args=[message.pk]))
    message.refresh_from_db()
    assert message.next_try is not None


def test_a_lead_subscribes_sees_the_key_once_and_only_the_own_body(cast: Cast, client: Client):
    listing = reverse("notices:webhooks")
    client.force_login(cast.user("provider"))
    assert client.get(listing).status_code == 403
    client.force_login(cast.user("provider_lead"))
    asked = {
        "organisation": cast.organisation("provider").pk,
        "url": "https://partner.example.cn/in",
        "topics": "sharing-request:*\nsharing-request:grant",
    }
    made = text(client.post(listing, asked))
    subscription = Subscription.objects.get()
    assert subscription.secret in made
    assert subscription.secret not in text(client.get(listing))
    assert "已经订阅" in text(client.post(listing, asked))
    foreign = {**asked, "organisation": cast.organisation("requester").pk, "url": "https://b.example.cn/"}
    assert "errsum" in text(client.post(listing, foreign))
    page = reverse("notices:webhook", args=[subscription.pk])
    assert subscription.secret not in text(client.get(page))
    renewed = text(client.post(reverse("notices:webhook-secret", args=[subscription.pk])))
    old, subscription = subscription.secret, Subscription.objects.get()
    assert subscription.secret != old
    assert subscription.secret in renewed
    client.post(reverse("notices:webhook-switch", args=[subscription.pk]), {"active": "0"})
    assert not Subscription.objects.get().active
    client.force_login(cast.user("requester_lead"))
    assert client.get(page).status_code == 404
    assert client.post(reverse("notices:webhook-switch", args=[subscription.pk])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://a.cn/", "应以 https:// 开头"),
        ("url", "https://u:p@a.cn/", "不能写账号和口令"),
        ("topics", "共享", "主题应写作"),
        ("topics", " ".join(f"a:b{n}" for n in range(101)), "最多 100 个"),
    ],
)
def test_a_subscription_that_cannot_work_is_refused_in_words(
    cast: Cast, client: Client, field: str, value: str, words: str
):
    client.force_login(cast.user("sysadmin"))
    asked = {"organisation": cast.organisation("provider").pk, "url": "https://a.cn/", "topics": "a:*"}
    assert words in text(client.post(reverse("notices:webhooks"), {**asked, field: value}))
    assert not Subscription.objects.exists()


def test_a_push_is_repeated_on_request(cast: Cast, client: Client):
    subscription = Subscription.objects.create(
        organisation=cast.organisation("provider"),
        url="https://a.cn/",
        topics=["t:*"],
        created_at=AT,
        created_by=cast.user("provider_lead"),
    )
    outbox.post(
        [
            outbox.to_desk(
                "t:x", cast.organisation("provider"), Role.OFFICER, case_id=None, subject="s", text="", at=AT
            )
        ]
    )
    deliver(AT)
    Delivery.objects.update(state="failed", next_try=None, attempts=8, created_at=AT - timedelta(days=3))
    pushed = Delivery.objects.get()
    address = reverse("notices:webhook-again", args=[subscription.pk, pushed.pk])
    client.force_login(cast.user("requester_lead"))
    assert client.post(address).status_code == 404
    client.force_login(cast.user("provider_lead"))
    assert client.post(address).status_code == 302
    pushed.refresh_from_db()
    assert (pushed.state, pushed.attempts) == ("due", 0)
