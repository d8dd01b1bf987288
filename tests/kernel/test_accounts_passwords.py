from __future__ import annotations

from datetime import timedelta

import clock
import pytest
from accounts import actions
from accounts.models import SignedInSession, User
from accounts.refusals import NoRight
from audit.models import Event
from django.core.exceptions import ValidationError
from django.test import Client

from tests.cast import PASSWORD, Cast

NEW = "Another-Word-77"


def change(client: Client, new: str = NEW, present: str = PASSWORD, again: str | None = None, **more):
    return client.post("/account/password/", {"present": present, "new": new, "again": again or new, **more})


@pytest.fixture
def requester(client: Client, cast: Cast) -> Client:
    client.post("/login/", {"username": "requester", "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("Short-1", "不少于 12 位，现在是 7 位"),
        ("onlysmallletters", "现在只有小写字母"),
        ("small-letters-only", "现在只有小写字母、符号"),
        ("Requester-2026-a", "不能包含您的账号名"),
        ("交通委经办-Abc-2026", "不能包含您的姓名"),
        (PASSWORD, "最近用过"),
    ],
)
def test_a_weak_password_is_refused_in_words(requester: Client, new: str, says: str) -> None:
    page = change(requester, new).content.decode()
    assert says in page
    assert User.objects.get(username="requester").check_password(PASSWORD)


def test_it_changes_and_keeps_this_session_only(requester: Client) -> None:
    other = Client()
    other.post("/login/", {"username": "requester", "password": PASSWORD})
    before = requester.session.session_key
    assert change(requester).status_code == 302
    assert requester.session.session_key != before
    assert requester.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert SignedInSession.objects.filter(ended_at__isnull=True).get().key == requester.session.session_key
    event = Event.objects.get(action="account:set-password")
    assert NEW not in event.body and "argon2" not in event.body


@pytest.mark.parametrize(
    ("form", "says"),
    [({"present": "wrong"}, "与现在的密码不符"), ({"again": "Something-Else-1"}, "两次输入的新密码不一样")],
)
def test_the_present_password_and_the_repetition_must_fit(requester: Client, form: dict, says: str) -> None:
    assert says in change(requester, **form).content.decode()


def test_the_last_five_cannot_be_used_again(cast: Cast) -> None:
    user, at = cast.user("requester"), clock.now()
    by = cast.actor("requester")
    words = [f"Number-{i}-of-Many" for i in range(6)]
    for i, word in enumerate(words):
        actions.set_password(user, word, by=by, at=at + timedelta(days=i))
    for word in words[1:]:
        with pytest.raises(ValidationError, match="最近用过"):
            actions.set_password(user, word, by=by, at=at + timedelta(days=9))
    actions.set_password(user, words[0], by=by, at=at + timedelta(days=9))


def test_nobody_sets_anothers_password(cast: Cast) -> None:
    with pytest.raises(NoRight, match="本人"):
        actions.set_password(cast.user("requester"), NEW, by=cast.actor("sysadmin"), at=clock.now())


def test_a_password_grows_old_after_ninety_days(requester: Client, settings) -> None:
    settings.PASSWORD_MAX_AGE_DAYS = 90
    start = clock.now()
    User.objects.filter(username="requester").update(password_changed_at=start)
    with clock.travel(start + timedelta(minutes=5)):
        assert requester.get("/account/").status_code == 200
    User.objects.filter(username="requester").update(password_changed_at=start - timedelta(days=90))
    with clock.travel(start + timedelta(minutes=6)):
        response = requester.get("/account/tokens/")
        assert response["Location"] == "/account/password/?next=%2Faccount%2Ftokens%2F"
        assert "已使用满 90 天" in requester.get("/account/password/").content.decode()
        assert change(requester, next="/account/tokens/")["Location"] == "/account/tokens/"
        assert requester.get("/account/tokens/").status_code == 200


def test_a_one_time_password_opens_only_the_page_for_changing_it(client: Client, cast: Cast) -> None:
    user = cast.user("requester")
    at = clock.now()
    password = actions.issue_one_time_password(user, by=cast.actor("sysadmin"), at=at, reason="忘记")
    assert password not in Event.objects.get(action="account:one-time-password").body
    client.post("/login/", {"username": "requester", "password": password})
    for address in ("/account/", "/people/", "/"):
        assert client.get(address)["Location"].startswith("/account/password/")
    refused = client.get("/account/tokens/", headers={"HX-Request": "true"})
    assert refused.status_code == 204 and refused["HX-Redirect"].startswith("/account/password/")
    assert "一次性密码" in client.get("/account/password/").content.decode()
    assert change(client, present=password).status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("by", ["secadmin", "auditor", "requester_lead", "citizen"])
def test_only_the_system_administrator_issues_one(cast: Cast, by: str) -> None:
    with pytest.raises(NoRight):
        actions.issue_one_time_password(cast.user("requester"), by=cast.actor(by), at=clock.now(), reason="x")
