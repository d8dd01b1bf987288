from __future__ import annotations

import re
import time

import pytest
from audit.models import Event
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.cast import PASSWORD, Cast


def code(device: TOTPDevice, shift: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + shift * device.step
    return f"{totp.token():06d}"


def sign_in(account: str) -> Client:
    client = Client()
    client.post("/login/", {"username": account, "password": PASSWORD})
    return client


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_WAIVED = False


@pytest.fixture
def enrolled(cast: Cast, strict: None) -> tuple[Client, list[str]]:
    """The system administrator with a device, signed in and verified; and the recovery codes."""
    client = sign_in("sysadmin")
    client.get("/account/factor/enrol/")
    page = client.post("/account/factor/enrol/", {"token": code(TOTPDevice.objects.get())})
    return client, re.findall(r'class="mono">([a-z2-7]{8})<', page.content.decode())


@pytest.mark.parametrize("account", ["sysadmin", "secadmin", "auditor"])
def test_an_administrator_reaches_nothing_before_enrolling(cast: Cast, strict: None, account: str) -> None:
    client = sign_in(account)
    for address in ("/account/", "/people/", "/admin/", "/"):
        assert client.get(address)["Location"].startswith("/account/factor/enrol/"), address
    assert client.get("/account/factor/enrol/").status_code == 200
    assert client.post("/logout/").status_code == 302


@pytest.mark.parametrize("account", ["requester", "requester-lead", "citizen"])
def test_others_need_none(cast: Cast, strict: None, account: str) -> None:
    assert sign_in(account).get("/account/").status_code == 200


def test_a_setting_asks_it_of_principals_too(cast: Cast, strict: None, settings) -> None:
    settings.SECOND_FACTOR_ROLES = [*settings.SECOND_FACTOR_ROLES, "principal"]
    assert sign_in("requester-lead").get("/account/").status_code == 302
    assert sign_in("requester").get("/account/").status_code == 200


def test_the_demonstration_waives_it_and_says_so(cast: Cast) -> None:
    page = sign_in("sysadmin").get("/account/")
    assert page.status_code == 200 and "演示环境不强制使用动态口令" in page.content.decode()


def test_enrolling_opens_the_way_and_gives_ten_recovery_codes(enrolled: tuple[Client, list[str]]) -> None:
    client, codes = enrolled
    assert client.get("/account/").status_code == 200
    assert len(set(codes)) == 10 == StaticToken.objects.count()
    assert Event.objects.filter(action="account:enrol-second-factor").exists()


def test_the_enrolment_page_carries_the_secret_only_as_picture_and_text(cast: Cast, strict: None) -> None:
    page = sign_in("sysadmin").get("/account/factor/enrol/").content.decode()
    assert "data:image/svg+xml" in page and "<script>" not in page and "style=" not in page


def test_a_wrong_first_code_enrols_nothing(cast: Cast, strict: None) -> None:
    client = sign_in("sysadmin")
    client.get("/account/factor/enrol/")
    page = client.post("/account/factor/enrol/", {"token": "000000"})
    assert "动态口令不对" in page.content.decode() and not TOTPDevice.objects.filter(confirmed=True).exists()
    assert client.get("/account/").status_code == 302


def test_the_next_session_asks_for_a_code_once(enrolled: tuple[Client, list[str]]) -> None:
    device = TOTPDevice.objects.get()
    client = sign_in("sysadmin")
    assert client.get("/account/")["Location"].startswith("/account/factor/?next=")
    before = client.session.session_key
    token = code(device, 1)
    response = client.post("/account/factor/", {"token": token, "next": "/account/"})
    assert response["Location"] == "/account/"
    assert client.session.session_key != before
    assert client.get("/account/").status_code == 200
    again = sign_in("sysadmin")
    again.post("/account/factor/", {"token": token})
    assert again.get("/account/").status_code == 302, "a code that was used is worth nothing"


def test_a_recovery_code_works_once(enrolled: tuple[Client, list[str]]) -> None:
    first = sign_in("sysadmin")
    first.post("/account/factor/", {"token": enrolled[1][0].upper()})
    assert first.get("/account/").status_code == 200
    second = sign_in("sysadmin")
    second.post("/account/factor/", {"token": enrolled[1][0]})
    assert second.get("/account/").status_code == 302


def test_wrong_codes_slow_down_and_are_recorded(enrolled: tuple[Client, list[str]]) -> None:
    client = sign_in("sysadmin")
    assert "不对" in client.post("/account/factor/", {"token": "000000"}).content.decode()
    assert "之后再试" in client.post("/account/factor/", {"token": "000000"}).content.decode()
    assert Event.objects.filter(action="account:second-factor-refused").count() == 1


def test_a_password_alone_never_replaces_the_device(enrolled: tuple[Client, list[str]]) -> None:
    device = TOTPDevice.objects.get()
    thief = sign_in("sysadmin")
    response = thief.get("/account/factor/enrol/")
    assert response["Location"] == "/account/factor/?next=/account/factor/enrol/"
    assert thief.post("/account/factor/enrol/", {"token": "123456"}).status_code == 302
    assert TOTPDevice.objects.get() == device


def test_who_enrolled_by_choice_must_show_it_too(cast: Cast) -> None:
    client = sign_in("requester")
    client.get("/account/factor/enrol/")
    client.post("/account/factor/enrol/", {"token": code(TOTPDevice.objects.get())})
    assert sign_in("requester").get("/account/").status_code == 302


def test_the_security_administrator_resets_a_lost_device(cast: Cast) -> None:
    TOTPDevice.objects.create(user=cast.user("requester"), confirmed=True)
    refused = sign_in("sysadmin").post("/people/requester/reset-factor/", {"reason": "手机丢失"})
    assert refused.status_code == 403 and TOTPDevice.objects.exists()
    sign_in("secadmin").post("/people/requester/reset-factor/", {"reason": "手机丢失"})
    assert not TOTPDevice.objects.exists()
    assert "手机丢失" in Event.objects.get(action="account:reset-second-factor").body
