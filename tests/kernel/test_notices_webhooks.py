from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from accounts.models import Role
from audit.models import Event
from clock import SHANGHAI
from django.core.exceptions import PermissionDenied
from notices import actions, outbox, partners, webhooks
from notices.delivery import deliver
from notices.models import Attempt, Delivery, Subscription

from tests.cast import Cast

AT = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)


class Partner:
    """A partner's real HTTPS server on this machine; answers as the test says and keeps what it got."""

    def __init__(self, folder: Path) -> None:
        self.status, self.body, self.headers, self.wait = 200, b"ok", {}, 0.0
        self.got: list[tuple[dict[str, str], bytes]] = []
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                partner.got.append((dict(self.headers), body))
                self.send_response(partner.status)
                for name, value in partner.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for byte in partner.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(partner.wait)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.certificate = folder / "partner.pem"
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ]
            + [
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                folder / "key.pem",
                "-out",
                self.certificate,
            ],
            check=True,
            capture_output=True,
        )
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, folder / "key.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server.server_port}/yushu?system=1"


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Partner]:
    partner = Partner(tmp_path_factory.mktemp("partner"))
    yield partner
    partner.server.shutdown()


@pytest.fixture
def partner(running: Partner, settings) -> Partner:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
    settings.WEBHOOK_CA_FILE = str(running.certificate)
    running.status, running.body, running.headers, running.wait, running.got = 200, b"ok", {}, 0.0, []
    return running


@pytest.fixture
def subscription(cast: Cast, partner: Partner) -> Subscription:
    return actions.subscribe(
        cast.actor("provider_lead"), cast.organisation("provider"), partner.url, ["sharing-request:*"], at=AT
    )


def tell(cast: Cast, topic: str = "sharing-request:consult", body: str = "provider") -> None:
    message = outbox.to_desk(
        topic, cast.organisation(body), Role.OFFICER, case_id=None, subject="征求意见", text="请答复。", at=AT
    )
    outbox.post([message])
    deliver(AT)


def test_the_partner_gets_it_signed(cast: Cast, subscription: Subscription, partner: Partner):
    tell(cast)
    assert webhooks.send_due(AT) == 1
    ((headers, body),) = partner.got
    facts = json.loads(body)
    assert (facts["topic"], facts["organisation"]) == ("sharing-request:consult", "cq-sthjj")
    assert headers["X-Yushu-Timestamp"] == str(int(AT.timestamp()))
    signed = headers["X-Yushu-Timestamp"].encode() + b"." + body
    expected = hmac.new(subscription.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Yushu-Signature"] == f"v1={expected}"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.done_at, headers["X-Yushu-Delivery"]) == ("done", AT, str(delivery.pk))
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer) == (200, "ok")


def test_only_what_the_body_itself_is_told_and_asked_for(cast: Cast, subscription: Subscription):
    tell(cast, "catalog-entry:publish")
    tell(cast, body="requester")
    assert not Delivery.objects.exists()
    tell(cast)
    assert Delivery.objects.count() == 1


def test_pushed_once_however_often_it_is_looked_for(cast: Cast, subscription: Subscription, partner: Partner):
    tell(cast)
    assert [webhooks.send_due(AT) for _ in range(3)] == [1, 0, 0]
    assert len(partner.got) == 1


def test_a_refusal_is_tried_again_with_growing_waits_and_then_given_up(
    cast: Cast, subscription: Subscription, partner: Partner
):
    partner.status = 503
    tell(cast)
    at = AT
    for wait in webhooks.BACK_OFF:
        webhooks.send_due(at)
        delivery = Delivery.objects.get()
        assert delivery.next_try == at + wait
        at = delivery.next_try
    webhooks.send_due(at)
    assert Delivery.objects.get().state == "failed"
    assert len(partner.got) == len(webhooks.BACK_OFF) + 1
    assert len({headers["X-Yushu-Delivery"] for headers, _ in partner.got}) == 1
    assert webhooks.send_due(at + timedelta(days=30)) == 0
    partner.status = 204
    actions.push_again(cast.actor("provider_lead"), Delivery.objects.get(), at=at)
    assert webhooks.send_due(at) == 1
    assert Delivery.objects.get().state == "done"
    assert Event.objects.filter(action="webhook:redeliver").exists()


def test_a_worker_killed_while_pushing_leaves_it_for_the_next(
    cast: Cast, subscription: Subscription, partner: Partner, monkeypatch
):
    tell(cast)
    monkeypatch.setattr(webhooks, "_note", lambda *_: (_ for _ in ()).throw(SystemExit(9)))
    with pytest.raises(SystemExit):
        webhooks.send_due(AT)
    monkeypatch.undo()
    assert webhooks.send_due(AT) == 0, "another worker may still be speaking"
    assert webhooks.send_due(AT + webhooks.LEASE) == 1
    first, second = (headers["X-Yushu-Delivery"] for headers, _ in partner.got)
    assert first == second, "the partner can tell that it has it already"


def test_a_stopped_subscription_waits(cast: Cast, subscription: Subscription, partner: Partner):
    tell(cast)
    lead = cast.actor("provider_lead")
    actions.switch(lead, subscription, False, at=AT)
    assert webhooks.send_due(AT) == 0
    actions.switch(lead, subscription, True, at=AT)
    assert webhooks.send_due(AT) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirects_are_not_followed(cast: Cast, subscription: Subscription, partner: Partner, status: int):
    partner.status, partner.headers = status, {"Location": partner.url}
    tell(cast)
    assert webhooks.send_due(AT) == 0
    assert len(partner.got) == 1
    assert Attempt.objects.get().status == status


def test_an_endless_answer_is_cut(cast: Cast, subscription: Subscription, partner: Partner, monkeypatch):
    monkeypatch.setattr(partners, "WHOLE", 0.5)
    partner.body, partner.wait = b"x" * 200, 0.05
    tell(cast)
    began = time.monotonic()
    webhooks.send_due(AT)
    assert time.monotonic() - began < 5
    assert Attempt.objects.exists()


def test_only_the_beginning_of_an_answer_is_kept(cast: Cast, subscription: Subscription, partner: Partner):
    partner.body = b"\0" + b"x" * 5000
    tell(cast)
    webhooks.send_due(AT)
    assert Attempt.objects.get().answer == "x" * 500


def test_a_certificate_of_nobody_is_refused(cast: Cast, subscription: Subscription, settings):
    settings.WEBHOOK_CA_FILE = ""
    tell(cast)
    assert webhooks.send_due(AT) == 0
    assert "CERTIFICATE_VERIFY_FAILED" in Attempt.objects.get().answer


def test_our_own_machine_is_not_called_unless_allowed(
    cast: Cast, subscription: Subscription, partner: Partner, settings
):
    settings.WEBHOOK_NETWORKS = []
    tell(cast)
    assert webhooks.send_due(AT) == 0
    assert partner.got == []
    assert "不是公网地址" in Attempt.objects.get().answer


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str):
    with pytest.raises(partners.Refused, match="不是公网地址"):
        partners.resolve(address, 443)


def test_a_name_with_one_inner_address_is_refused_whole(monkeypatch):
    answers = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(partners.socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(partners.Refused):
        partners.resolve("two-faced.example.cn", 443)


def test_a_public_address_is_called():
    assert partners.resolve("8.8.8.8", 443) == "8.8.8.8"


@pytest.mark.parametrize(
    "url",
    [
        "http://a.cn/",
        "ftp://a.cn",
        "https:///x",
        "https://u:p@a.cn/",
        "https://a.cn:99999/",
        "//a.cn",
        "a.cn",
    ],
)
def test_addresses_that_cannot_be_a_partners_are_refused(url: str):
    with pytest.raises(partners.Refused):
        partners.split(url)


def test_who_may_subscribe(cast: Cast, partner: Partner):
    provider = cast.organisation("provider")
    for name in ("provider", "requester_lead", "citizen", "auditor", "secadmin"):
        with pytest.raises(PermissionDenied):
            actions.subscribe(cast.actor(name), provider, partner.url, ["a:*"], at=AT)
    made = actions.subscribe(cast.actor("sysadmin"), provider, partner.url, ["a:*"], at=AT)
    event = Event.objects.get(action="webhook:subscribe")
    assert made.secret not in event.body
