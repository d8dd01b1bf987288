from __future__ import annotations

import json
from datetime import timedelta

import clock
import pytest
from accounts.actions import sessions
from accounts.actions.sessions import end_abandoned
from accounts.models import SignedInSession, User
from audit.models import Event
from django.contrib.sessions.models import Session
from django.test import Client

from tests.cast import PASSWORD, Cast


def sign_in(client: Client, account: str = "requester", password: str = PASSWORD, **more):
    return client.post("/login/", {"username": account, "password": password, **more})


def test_it_signs_in_and_records_it(client: Client, cast: Cast) -> None:
    response = sign_in(client)
    assert response.status_code == 302 and response["Location"] == "/work/"
    assert client.get("/account/").status_code == 200
    event = Event.objects.get(action="account:sign-in")
    assert event.object_id == "requester" and event.actor == cast.user("requester").name
    assert SignedInSession.objects.get().means == "password"


@pytest.mark.parametrize("account", ["requester", "nobody-of-that-name"])
def test_a_refusal_says_the_same_for_every_account(client: Client, cast: Cast, account: str) -> None:
    page = sign_in(client, account, "wrong")
    assert page.status_code == 200
    assert "账号或密码不对" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_closed_account_gets_the_same_refusal(client: Client, cast: Cast) -> None:
    user = cast.user("requester")
    user.is_active = False
    user.save()
    assert "账号或密码不对" in sign_in(client).content.decode()


def test_what_was_typed_as_an_unknown_account_is_not_kept(client: Client, cast: Cast) -> None:
    sign_in(client, "my-password-in-the-wrong-box", "x")
    assert not Event.objects.filter(body__contains="wrong-box").exists()


def test_the_last_sign_in_is_told_by_the_platforms_clock(client: Client, cast: Cast) -> None:
    then = clock.now() + timedelta(days=40)
    with clock.travel(then):
        assert sign_in(client).status_code == 302
    assert User.objects.get(username=cast.user("requester").username).last_login == then


def test_the_session_key_changes_at_signing_in(client: Client, cast: Cast) -> None:
    client.get("/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    client.cookies["yushu_session"] = before
    sign_in(client)
    assert client.session.session_key != before


def test_a_form_without_the_csrf_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_never_sends_anybody_elsewhere(client: Client, cast: Cast, address: str) -> None:
    assert sign_in(client, next=address)["Location"] == "/work/"


@pytest.mark.parametrize(
    ("account", "page"),
    [
        ("authority-lead", "/work/"),
        ("registrar", "/work/"),
        ("auditor", "/audit/"),
        ("sysadmin", "/people/"),
        ("citizen", "/"),
    ],
)
def test_everybody_begins_at_their_work(client: Client, cast: Cast, account: str, page: str) -> None:
    assert sign_in(client, account)["Location"] == page


def test_it_goes_back_to_the_page_asked_for(client: Client, cast: Cast) -> None:
    assert sign_in(client, next="/account/tokens/")["Location"] == "/account/tokens/"


def test_five_wrong_passwords_lock_the_account_at_this_address(client: Client, cast: Cast) -> None:
    for _ in range(4):
        assert sign_in(client, password="wrong").status_code == 200
    locked = sign_in(client, password="wrong")
    assert locked.status_code == 429
    assert "已锁定" in locked.content.decode() and int(locked["Retry-After"]) > 1700
    assert sign_in(client).status_code == 429, "the right password does not open a locked account"
    assert Event.objects.filter(action="account:sign-in-refused").count() == 4
    assert Event.objects.filter(action="account:locked-out").count() == 1
    assert sign_in(client, "provider").status_code == 302, "another account is not touched"
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")
    assert sign_in(elsewhere).status_code == 302, "nor the same account from another address"


def test_an_unknown_account_is_locked_in_the_same_words(client: Client, cast: Cast) -> None:
    pages = [sign_in(client, "nobody", "wrong") for _ in range(5)]
    assert pages[-1].status_code == 429 and "已锁定" in pages[-1].content.decode()


def test_signing_out_takes_a_post_and_ends_the_session(client: Client, cast: Cast) -> None:
    sign_in(client)
    key = client.session.session_key
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert "_auth_user_id" not in client.session
    row = SignedInSession.objects.get()
    assert row.ending == "signed-out" and row.key == ""
    thief = Client()
    thief.cookies["yushu_session"] = key
    assert thief.get("/account/").status_code == 302
    assert Event.objects.filter(action="account:sign-out").exists()


def test_an_idle_session_ends_after_half_an_hour(client: Client, cast: Cast) -> None:
    start = clock.now()
    with clock.travel(start):
        sign_in(client)
    with clock.travel(start + timedelta(minutes=29)):
        assert client.get("/account/").status_code == 200
    with clock.travel(start + timedelta(minutes=58)):
        assert client.get("/account/").status_code == 200, "use keeps it alive"
    with clock.travel(start + timedelta(minutes=89)):
        response = client.get("/account/")
        assert response.status_code == 302 and response["Location"] == "/login/?next=%2Faccount%2F"
        assert "没有操作" in client.get("/login/").content.decode()
    assert SignedInSession.objects.get().ending == "idle"


def test_a_session_ends_after_twelve_hours_however_busy(client: Client, cast: Cast) -> None:
    start = clock.now()
    with clock.travel(start):
        sign_in(client)
    for quarter in range(1, 48):
        with clock.travel(start + timedelta(minutes=15 * quarter)):
            assert client.get("/account/").status_code == 200
    with clock.travel(start + timedelta(hours=12)):
        assert client.get("/account/").status_code == 302
    assert SignedInSession.objects.get().ending == "too-old"


def test_a_person_sees_and_ends_the_other_sessions(client: Client, cast: Cast) -> None:
    other = Client(HTTP_USER_AGENT="Other browser")
    sign_in(other)
    sign_in(client)
    assert "Other browser" in client.get("/account/").content.decode()
    row = SignedInSession.objects.get(browser="Other browser")
    stranger = Client()
    sign_in(stranger, "stranger")
    assert stranger.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert other.get("/account/").status_code == 200
    client.post(f"/account/sessions/{row.pk}/end/")
    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_a_browser_that_was_closed_is_no_longer_listed(client: Client, cast: Cast) -> None:
    start = clock.now()
    with clock.travel(start):
        sign_in(Client(HTTP_USER_AGENT="Firefox/140.0"))
    with clock.travel(start + timedelta(minutes=40)):
        sign_in(client)
        assert "Firefox" not in client.get("/account/").content.decode()


def test_sessions_whose_browser_never_came_back_are_ended(client: Client, cast: Cast) -> None:
    start = clock.now()
    with clock.travel(start):
        sign_in(Client(HTTP_USER_AGENT="Firefox/140.0"))
    with clock.travel(start + timedelta(minutes=29)):
        sign_in(client)
    assert end_abandoned(start + timedelta(minutes=30)) == 0, "the last use is noted by the minute"
    assert end_abandoned(start + timedelta(minutes=31)) == 1
    gone, live = SignedInSession.objects.order_by("pk")
    assert (gone.ending, gone.key, live.ended_at) == ("idle", "", None)
    assert {row.session_key for row in Session.objects.all()} == {live.key}
    told = json.loads(Event.objects.get(action="account:sign-out").body)
    assert (told["after"]["ending"], told["actor"]["account"]) == ("idle", "requester")
    assert end_abandoned(start + timedelta(hours=13)) == 1 and end_abandoned(start + timedelta(hours=13)) == 0
    live.refresh_from_db()
    assert live.ending == "too-old"


def test_a_session_that_cannot_be_ended_holds_up_no_other(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    with clock.travel(start):
        sign_in(Client(), "provider")
        sign_in(client)
    close = sessions._close

    def broken(row: SignedInSession, *rest) -> None:
        if row.user.username == "provider":
            raise RuntimeError("broken")
        close(row, *rest)

    monkeypatch.setattr(sessions, "_close", broken)
    assert end_abandoned(start + timedelta(hours=13)) == 1
    assert [row.user.username for row in SignedInSession.objects.filter(ended_at=None)] == ["provider"]


def test_htmx_is_told_to_load_the_sign_in_page(client: Client, cast: Cast) -> None:
    start = clock.now()
    with clock.travel(start):
        sign_in(client)
    with clock.travel(start + timedelta(hours=1)):
        response = client.get("/account/", headers={"HX-Request": "true", "HX-Current-URL": "/account/"})
    assert response.status_code == 204 and response["HX-Redirect"] == "/login/?next=%2Faccount%2F"
