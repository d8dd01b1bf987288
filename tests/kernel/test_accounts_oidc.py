from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import config.urls  # noqa: F401  the address plan is read once: before a test names a provider
import pytest
import requests
from accounts.models import Post, SignedInSession, User
from django.conf import settings as project
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.cast import PASSWORD, Cast
from tests.identity_provider import CLIENT, SECRET, Provider, new_key


@pytest.fixture
def provider(settings, cast: Cast) -> Iterator[Provider]:
    User.objects.filter(username="requester").update(identity_subject="subject-1")
    with Provider() as provider:
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        settings.AUTHENTICATION_BACKENDS = [
            *project.AUTHENTICATION_BACKENDS,
            "accounts.backends.CityIdentityBackend",
        ]
        settings.ROOT_URLCONF = "tests.kernel.oidc_urls"
        yield provider


def to_provider(client: Client, after: str = "/account/") -> str:
    """Begin; returns the address at which the provider hands the browser back."""
    begin = client.get("/oidc/authenticate/", {"next": after})
    answer = requests.get(begin["Location"], allow_redirects=False, timeout=10)
    return answer.headers["Location"].removeprefix("http://testserver")


def come_back(client: Client, address: str):
    return client.get(address, follow=True)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_known_person_signs_in_and_gets_the_posts_held_here(client: Client, provider: Provider) -> None:
    before = Post.objects.count(), User.objects.count()
    client.get("/login/")
    page = come_back(client, to_provider(client))
    assert page.redirect_chain[-1][0] == "/account/" and "交通委经办" in page.content.decode()
    assert SignedInSession.objects.get().means == "identity-provider"
    assert (Post.objects.count(), User.objects.count()) == before


def test_the_sign_in_page_offers_it(client: Client, provider: Provider) -> None:
    assert "/oidc/authenticate/" in client.get("/login/").content.decode()


def test_without_configuration_there_is_neither_button_nor_address(client: Client, cast: Cast) -> None:
    assert "oidc" not in client.get("/login/").content.decode()
    assert client.get("/oidc/authenticate/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("oidc_authentication_init")


def test_the_request_carries_state_nonce_and_challenge(client: Client, provider: Provider) -> None:
    query = parse_qs(urlsplit(client.get("/oidc/authenticate/")["Location"]).query)
    assert {"state", "nonce", "code_challenge"} <= set(query) and query["code_challenge_method"] == ["S256"]
    assert query["client_id"] == [CLIENT]


def test_an_unknown_person_gets_no_account(client: Client, provider: Provider) -> None:
    provider.subject = "somebody-else"
    count = User.objects.count()
    page = come_back(client, to_provider(client))
    assert "还没有对应的账号" in page.content.decode()
    assert not signed_in(client) and User.objects.count() == count


def test_an_empty_claim_matches_nobody(client: Client, provider: Provider, settings) -> None:
    settings.OIDC_ACCOUNT_CLAIM = "employee_number"  # everybody else's identity_subject is empty
    provider.userinfo = {"employee_number": ""}
    come_back(client, to_provider(client))
    assert not signed_in(client)


def test_the_claim_that_names_the_account_is_configured(client: Client, provider: Provider, settings) -> None:
    settings.OIDC_ACCOUNT_CLAIM = "employee_number"
    User.objects.filter(username="provider").update(identity_subject="E-77")
    provider.userinfo = {"employee_number": "E-77"}
    assert "生态环境局经办" in come_back(client, to_provider(client)).content.decode()


def test_a_closed_account_stays_closed(client: Client, provider: Provider) -> None:
    User.objects.filter(username="requester").update(is_active=False)
    come_back(client, to_provider(client))
    assert not signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-system"},
        {"aud": [CLIENT, "another-system"], "azp": "another-system"},
        {"aud": None},
        {"iss": "https://another.example"},
        {"exp": 946684800},
        {"exp": None},
    ],
    ids=lambda claims: "-".join(f"{name}={value}" for name, value in claims.items())[:40],
)
def test_a_token_with_a_wrong_claim_opens_nothing(client: Client, provider: Provider, claims: dict) -> None:
    provider.claims = claims
    page = come_back(client, to_provider(client))
    assert not signed_in(client)
    assert "没有通过核验" in page.content.decode()


@pytest.mark.parametrize("sign_with", [("none", "none"), ("secret", "HS256"), ("other", "RS256")])
def test_a_token_with_a_wrong_signature_opens_nothing(
    client: Client, provider: Provider, sign_with: tuple[str, str]
) -> None:
    keys = {"none": None, "secret": SECRET * 4, "other": new_key()}
    provider.sign_with = (keys[sign_with[0]], sign_with[1])
    come_back(client, to_provider(client))
    assert not signed_in(client)


def test_the_user_endpoint_must_speak_of_the_same_person(client: Client, provider: Provider) -> None:
    provider.userinfo = {"sub": "subject-2"}
    come_back(client, to_provider(client))
    assert not signed_in(client)


def test_another_state_opens_nothing(client: Client, provider: Provider) -> None:
    address = to_provider(client)
    page = come_back(client, address.replace("state=", "state=x"))
    assert not signed_in(client) and "没有通过核验" in page.content.decode()


def test_a_code_from_another_browser_opens_nothing(client: Client, provider: Provider) -> None:
    stolen = to_provider(Client())
    come_back(client, stolen)
    assert not signed_in(client)


def test_an_answer_is_good_once(client: Client, provider: Provider) -> None:
    address = to_provider(client)
    come_back(client, address)
    client.post("/logout/")
    come_back(client, address)
    assert not signed_in(client)


def test_a_provider_that_is_down_is_said_to_be(client: Client, provider: Provider, settings) -> None:
    address = to_provider(client)
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    page = come_back(client, address)
    assert not signed_in(client) and "没有按时答复" in page.content.decode()


def test_it_never_sends_anybody_elsewhere(client: Client, provider: Provider) -> None:
    address = to_provider(client, after="https://evil.example/")
    assert urlsplit(client.get(address)["Location"]).netloc == ""


def test_an_administrator_still_shows_the_second_factor(client: Client, provider: Provider, settings) -> None:
    settings.SECOND_FACTOR_WAIVED = False
    User.objects.filter(username="requester").update(identity_subject="")
    User.objects.filter(username="sysadmin").update(identity_subject="subject-1")
    page = come_back(client, to_provider(client))
    assert page.redirect_chain[-1][0].startswith("/account/factor/enrol/")


def test_a_password_that_grew_old_does_not_stand_in_the_way(
    client: Client, provider: Provider, settings
) -> None:
    settings.PASSWORD_MAX_AGE_DAYS = 90
    assert come_back(client, to_provider(client)).redirect_chain[-1][0] == "/account/"
    other = Client()
    other.post("/login/", {"username": "requester", "password": PASSWORD})
    assert other.get("/account/").status_code == 302
