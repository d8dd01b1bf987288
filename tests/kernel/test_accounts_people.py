from __future__ import annotations

import json
from io import StringIO

import clock
import pytest
from accounts import demonstration
from accounts.models import Appointment, Function, Organisation, Post, Role, SignedInSession, User
from audit.models import Event
from config import demo
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.test import Client

from tests.cast import PASSWORD, Cast

ADMINS = ("sysadmin", "secadmin")
READERS = (*ADMINS, "auditor")
OTHERS = ("authority-lead", "requester-lead", "registrar", "company", "citizen")


def sign_in(account: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/login/", {"username": account, "password": password})
    return client


@pytest.mark.parametrize("account", [*READERS, *OTHERS])
def test_the_people_pages_open_to_administrators_and_the_auditor(cast: Cast, account: str) -> None:
    client = sign_in(account)
    expected = 200 if account in READERS else 403
    for address in ("/people/", "/people/appointments/", "/people/requester/"):
        assert client.get(address).status_code == expected, address


def test_a_visitor_is_sent_to_sign_in(client: Client, cast: Cast) -> None:
    for address in (
        "/people/",
        "/people/new/",
        "/account/",
        "/account/tokens/",
        "/account/factor/",
        "/admin/",
    ):
        assert client.get(address, follow=True).redirect_chain[-1][0].startswith("/login/"), address


@pytest.mark.parametrize("account", ["secadmin", "auditor", *OTHERS])
def test_only_the_system_administrator_may_write_accounts_and_proposals(cast: Cast, account: str) -> None:
    client = sign_in(account)
    assert client.get("/people/new/").status_code == 403
    assert client.post("/people/new/", {"username": "x", "name": "x", "reason": "x"}).status_code == 403
    assert client.post("/people/requester/appoint/", {}).status_code == 403
    assert not User.objects.filter(username="x").exists()


def test_an_auditor_changes_nothing(cast: Cast) -> None:
    client = sign_in("auditor")
    for act in ("deactivate", "reactivate", "one-time-password", "reset-factor"):
        assert client.post(f"/people/requester/{act}/", {"reason": "x"}).status_code == 403, act
    post = cast.actor("requester").posts[0]
    assert (
        client.post(f"/people/posts/{post.pk}/end/", {"on": "2030-01-01", "reason": "x"}).status_code == 403
    )
    assert client.get("/admin/", follow=True).status_code == 403
    assert User.objects.get(username="requester").is_active


def test_from_account_to_post_in_the_browser(cast: Cast) -> None:
    sysadmin, secadmin = sign_in("sysadmin"), sign_in("secadmin")
    page = sysadmin.post("/people/new/", {"username": "newcomer", "name": "新来的", "reason": "入职"})
    password = page.content.decode().split('一次性密码</dt><dd class="mono">')[1].split("<")[0]
    body = cast.organisation("stranger")
    form = {
        "organisation": body.pk,
        "role": "officer",
        "valid_from": clock.today().isoformat(),
        "reason": "入职",
    }
    assert sysadmin.post("/people/newcomer/appoint/", form).status_code == 302
    appointment = Appointment.objects.get()
    assert "新来的" in secadmin.get("/people/appointments/").content.decode()
    assert (
        sysadmin.post(f"/people/appointments/{appointment.pk}/", {"decision": "confirmed"}).status_code == 403
    )
    secadmin.post(f"/people/appointments/{appointment.pk}/", {"decision": "confirmed"})
    assert Post.objects.get(user__username="newcomer").role == Role.OFFICER
    newcomer = sign_in("newcomer", password)
    assert newcomer.get("/account/")["Location"].startswith("/account/password/")


def test_declining_needs_a_reason(cast: Cast) -> None:
    sysadmin, secadmin = sign_in("sysadmin"), sign_in("secadmin")
    form = {
        "organisation": cast.organisation("stranger").pk,
        "role": "lead",
        "valid_from": clock.today().isoformat(),
        "reason": "轮岗",
    }
    sysadmin.post("/people/citizen/appoint/", form)
    pk = Appointment.objects.get().pk
    page = secadmin.post(f"/people/appointments/{pk}/", {"decision": "declined", "note": ""}, follow=True)
    assert "须写明理由" in page.content.decode() and not Appointment.objects.get().decided_at
    secadmin.post(f"/people/appointments/{pk}/", {"decision": "declined", "note": "岗位已满"})
    assert Appointment.objects.get().decision == "declined" and not cast.actor("citizen").posts
    assert "岗位已满" in sysadmin.get("/people/citizen/").content.decode()


def test_a_refusal_stands_beside_the_form(cast: Cast) -> None:
    form = {
        "organisation": cast.organisation("authority").pk,
        "role": "auditor",
        "valid_from": clock.today().isoformat(),
        "reason": "兼任",
    }
    page = sign_in("sysadmin").post("/people/authority/appoint/", form)
    assert page.status_code == 200 and "三员分立" in page.content.decode()
    page = sign_in("sysadmin").post("/people/new/", {"username": "requester", "name": "x", "reason": "x"})
    assert page.status_code == 200 and "errsum" in page.content.decode()
    page = sign_in("sysadmin").post("/people/new/", {"username": "appointments", "name": "x", "reason": "x"})
    assert "请另取" in page.content.decode()


def test_unknown_acts_and_people_are_not_found(cast: Cast) -> None:
    client = sign_in("sysadmin")
    assert client.get("/people/nobody/").status_code == 404
    assert client.get("/people/requester/promote/").status_code == 404


def test_the_list_costs_the_same_however_long(cast: Cast, django_assert_max_num_queries) -> None:
    client = sign_in("sysadmin")
    client.get("/people/")
    with django_assert_max_num_queries(14):
        client.get("/people/")


@pytest.mark.parametrize("account", [*READERS, *OTHERS])
def test_the_administration_opens_by_post(cast: Cast, account: str) -> None:
    response = sign_in(account).get("/admin/accounts/organisation/", follow=True)
    assert response.status_code == (200 if account in ADMINS else 403)


def test_the_system_administrator_edits_a_body_with_a_reason_on_the_trail(cast: Cast) -> None:
    client, body = sign_in("sysadmin"), cast.organisation("provider")
    address = f"/admin/accounts/organisation/{body.pk}/change/"
    form = {"code": body.code, "name": body.name, "short_name": "市环境局", "kind": body.kind, "note": ""}
    assert client.post(address, form).status_code == 200, "no reason, no change"
    assert Organisation.objects.get(pk=body.pk).short_name == "市生态环境局"
    assert client.post(address, {**form, "reason": "更名"}).status_code == 302
    event = json.loads(Event.objects.get(action="organisation:change").body)
    assert event["before"]["short_name"] == "市生态环境局" and event["after"]["short_name"] == "市环境局"
    assert event["after"]["reason"] == "更名" and event["actor"]["account"] == "sysadmin"
    assert client.post(f"/admin/accounts/organisation/{body.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_security_administrator_only_looks(cast: Cast) -> None:
    client, body = sign_in("secadmin"), cast.organisation("provider")
    assert client.get(f"/admin/accounts/organisation/{body.pk}/change/").status_code == 200
    assert client.post(f"/admin/accounts/organisation/{body.pk}/change/", {"reason": "x"}).status_code == 403
    assert client.get("/admin/accounts/organisation/add/").status_code == 403


def test_a_wrong_code_is_refused_in_the_administration(cast: Cast) -> None:
    body = cast.organisation("company")
    form = {
        "code": body.code,
        "name": body.name,
        "short_name": body.short_name,
        "kind": body.kind,
        "uscc": "91110000600037341X",
        "reason": "登记",
    }
    page = sign_in("sysadmin").post(f"/admin/accounts/organisation/{body.pk}/change/", form)
    assert "校验位应为 L，现在是 X" in page.content.decode()


@pytest.mark.django_db
def test_a_new_deployment_gets_its_three_administrators_once() -> None:
    with pytest.raises(CommandError, match="load_organisations"):
        call_command("first_admins")
    call_command("load_organisations", stdout=StringIO())
    out = StringIO()
    call_command("first_admins", stdout=out)
    assert {post.role for post in Post.objects.all()} == {
        Role.AUDITOR,
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
    }
    password = out.getvalue().split("账号 sysadmin，一次性密码 ")[1].splitlines()[0]
    assert sign_in("sysadmin", password).get("/account/")["Location"].startswith("/account/password/")
    again = StringIO()
    call_command("first_admins", stdout=again)
    assert again.getvalue().count("跳过") == 3 and User.objects.count() == 3


@pytest.mark.django_db
def test_the_demonstration_loads_once_and_is_what_it_says(settings) -> None:
    people = demonstration.load(clock.now())
    counts = (
        User.objects.count(),
        Post.objects.count(),
        Organisation.objects.count(),
        Function.objects.count(),
    )
    demonstration.load(clock.now())
    assert counts == (
        User.objects.count(),
        Post.objects.count(),
        Organisation.objects.count(),
        Function.objects.count(),
    )
    names = {person.account for person in people}
    assert names >= set(demo.ACCOUNTS)
    assert all("演示" in function.basis for function in Function.objects.all())
    for name in names:
        assert name in demonstration.account_list()
    assert sign_in("requester", settings.DEMO_PASSWORD).get("/account/").status_code == 200
    settings.DEMO = False
    with pytest.raises(RuntimeError, match="演示"):
        demonstration.load(clock.now())


@pytest.mark.django_db
def test_the_demonstration_password_meets_the_rules(settings) -> None:
    demonstration.load(clock.now())
    for user in User.objects.all():
        user.password = "!"  # its own password is of course the one in use
        validate_password(settings.DEMO_PASSWORD, user)


def test_the_history_of_a_row_is_what_the_trail_holds(cast: Cast) -> None:
    client, body = sign_in("sysadmin"), cast.organisation("provider")
    address = f"/admin/accounts/organisation/{body.pk}/"
    assert "没有对这一项的修改" in client.get(f"{address}history/").content.decode()
    form = {
        "code": body.code,
        "name": body.name,
        "short_name": "市环境局",
        "kind": body.kind,
        "reason": "更名",
    }
    client.post(f"{address}change/", form)
    assert "更名" in client.get(f"{address}history/").content.decode()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge，Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", "Chrome，Linux"),
        ("reports/1.0", "reports/1.0"),
        ("", "未说明的浏览器"),
    ],
)
def test_a_browser_is_named_as_people_name_it(agent: str, name: str) -> None:
    assert SignedInSession(browser=agent).browser_name == name
