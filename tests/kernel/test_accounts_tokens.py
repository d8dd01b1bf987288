from __future__ import annotations

from datetime import timedelta
from io import StringIO

import clock
import pytest
from accounts import actions
from accounts.actors import current
from accounts.api import HasScope, TokenAuthentication
from accounts.models import Scope, Token
from accounts.refusals import NoRight, Unfit
from audit.models import Event
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from tests.cast import PASSWORD, Cast


class Probe(APIView):
    """Answers who called."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated, HasScope]

    def get(self, request):
        actor = current(request)
        return Response({"name": actor.name, "via": actor.via, "posts": [str(post) for post in actor.posts]})

    post = get


class DataProbe(Probe):
    required_scope = {"GET": Scope.DATA_READ, "POST": Scope.CASES_WRITE}


def make(cast: Cast, who: str = "requester", scopes=(Scope.READ,), days: int = 30):
    at = clock.now()
    return actions.make_token(
        cast.user(who),
        name="试",
        scopes=scopes,
        expires_at=at + timedelta(days=days),
        by=cast.actor(who),
        at=at,
    )


def call(secret: str, method: str = "get", view: type[APIView] = Probe, scheme: str = "Bearer"):
    request = getattr(APIRequestFactory(), method)("/", HTTP_AUTHORIZATION=f"{scheme} {secret}")
    return view.as_view()(request)


def test_a_token_carries_its_owner_and_the_owners_posts(cast: Cast) -> None:
    _, secret = make(cast)
    response = call(secret)
    assert response.data == {"name": "交通委经办", "via": "api", "posts": ["市交通运输委 经办人"]}


def test_only_a_digest_is_kept(cast: Cast) -> None:
    token, secret = make(cast)
    assert secret.startswith("yushu_") and len(secret) > 45
    row = str(Token.objects.filter(pk=token.pk).values().get())
    assert secret not in row and secret[10:] not in row
    assert not Event.objects.filter(body__contains=secret[12:]).exists()
    assert token.start == secret[:10]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda t, s: s[:-1] + ("A" if s[-1] != "A" else "B"), "没有这个接口令牌"),
        (lambda t, s: s + " x", "没有空格"),
        (lambda t, s: "密钥", "没有这个接口令牌"),
    ],
)
def test_a_wrong_token_is_refused_with_401(cast: Cast, spoil, says: str) -> None:
    response = call(spoil(*make(cast)))
    assert response.status_code == 401 and says in str(response.data)
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_is_refused(cast: Cast) -> None:
    _, secret = make(cast, days=1)
    with clock.travel(clock.now() + timedelta(days=1, minutes=1)):
        response = call(secret)
    assert response.status_code == 401 and "到期" in str(response.data)


def test_a_revoked_token_is_refused_at_once(cast: Cast) -> None:
    token, secret = make(cast)
    assert call(secret).status_code == 200
    actions.revoke_token(token, by=cast.actor("requester"), at=clock.now())
    response = call(secret)
    assert response.status_code == 401 and "已撤销" in str(response.data)


def test_a_closed_account_closes_its_tokens(cast: Cast) -> None:
    _, secret = make(cast)
    actions.deactivate(cast.user("requester"), by=cast.actor("secadmin"), at=clock.now(), reason="离职")
    assert call(secret).status_code == 401


def test_an_ended_post_gives_the_token_no_right(cast: Cast) -> None:
    _, secret = make(cast)
    post = cast.actor("requester").posts[0]
    actions.end_post(post, on=clock.today(), by=cast.actor("secadmin"), at=clock.now(), reason="调离")
    assert call(secret).data["posts"] == []


@pytest.mark.parametrize(
    ("scopes", "view", "method", "status"),
    [
        ((Scope.READ,), Probe, "get", 200),
        ((Scope.READ,), Probe, "post", 403),
        ((Scope.CASES_WRITE,), Probe, "post", 200),
        ((Scope.CASES_WRITE,), Probe, "get", 403),
        ((Scope.READ,), DataProbe, "get", 403),
        ((Scope.DATA_READ,), DataProbe, "get", 200),
        ((Scope.DATA_READ,), DataProbe, "post", 403),
    ],
)
def test_a_token_reaches_as_far_as_its_scopes(cast: Cast, scopes, view, method: str, status: int) -> None:
    response = call(make(cast, scopes=scopes)[1], method, view)
    assert response.status_code == status
    if status == 403:
        assert "没有“" in str(response.data)


def test_another_scheme_is_not_ours(cast: Cast) -> None:
    assert call(make(cast)[1], scheme="Basic").status_code == 401


def test_use_is_written_at_most_once_a_minute(cast: Cast) -> None:
    token, secret = make(cast)
    start = clock.now()
    for seconds, expected in ((0, 0), (30, 0), (61, 61)):
        with clock.travel(start + timedelta(seconds=seconds)):
            call(secret)
        token.refresh_from_db()
        assert token.last_used_at == start + timedelta(seconds=expected)


def test_a_call_costs_three_queries(cast: Cast) -> None:
    _, secret = make(cast)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        call(secret)
    assert len(queries) <= 3


@pytest.mark.parametrize(
    ("scopes", "days"), [((), 30), (("root",), 30), ((Scope.READ,), 366), ((Scope.READ,), 0)]
)
def test_a_token_without_scope_or_end_is_not_made(cast: Cast, scopes, days: int) -> None:
    with pytest.raises(Unfit):
        make(cast, scopes=scopes, days=days)


def test_the_database_refuses_a_token_of_more_than_a_year(cast: Cast) -> None:
    token, _ = make(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Token.objects.filter(pk=token.pk).update(expires_at=token.created_at + timedelta(days=366))


def test_nobody_makes_or_revokes_anothers_token(client: Client, cast: Cast) -> None:
    token, _ = make(cast)
    at = clock.now()
    with pytest.raises(NoRight):
        actions.make_token(
            cast.user("requester"),
            name="x",
            scopes=["read"],
            expires_at=at + timedelta(days=1),
            by=cast.actor("sysadmin"),
            at=at,
        )
    with pytest.raises(NoRight):
        actions.revoke_token(token, by=cast.actor("stranger"), at=at)
    client.post("/login/", {"username": "stranger", "password": PASSWORD})
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_the_page_shows_a_new_token_once(client: Client, cast: Cast) -> None:
    client.post("/login/", {"username": "requester", "password": PASSWORD})
    until = (clock.today() + timedelta(days=10)).isoformat()
    page = client.post(
        "/account/tokens/", {"name": "报表系统", "scopes": ["read", "data:read"], "until": until}
    )
    secret = page.content.decode().split('<code class="mono pre">')[1].split("<")[0]
    assert call(secret).status_code == 200
    assert secret not in client.get("/account/tokens/").content.decode()
    token = Token.objects.get()
    client.post(f"/account/tokens/{token.pk}/revoke/")
    assert call(secret).status_code == 401
    too_long = (clock.today() + timedelta(days=400)).isoformat()
    page = client.post("/account/tokens/", {"name": "x", "scopes": ["read"], "until": too_long})
    assert "不超过 365 天" in page.content.decode()


def test_the_command_prints_a_fresh_token_last(cast: Cast, settings) -> None:
    out = StringIO()
    call_command("token", "requester", stdout=out)
    assert call(out.getvalue().splitlines()[-1]).status_code == 200
    with pytest.raises(CommandError, match="没有账号"):
        call_command("token", "nobody")
    settings.DEMO = False
    with pytest.raises(CommandError, match="只用于演示"):
        call_command("token", "requester")
