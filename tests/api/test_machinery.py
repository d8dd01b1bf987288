"""What holds for every call: problems, limits, keys, hostile bodies."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import clock
import pytest
from api.paging import page
from django.core.cache import cache
from django.db import connection
from django.test import Client
from procedures.idempotency import clear_expired
from procedures.models import Attachment, Case, IdempotencyKey
from redis.exceptions import ConnectionError as Unreachable

from tests.api.conftest import MONDAY, is_problem, token_of
from tests.cast import PASSWORD

# Paging


def test_a_page_neither_repeats_nor_hides_a_row_while_others_are_added(world, caller, monday):
    numbers = []
    for minute in range(7):
        monday(MONDAY + timedelta(minutes=minute))
        numbers.append(world.request(MONDAY + timedelta(minutes=minute)).number)
    authority, seen, cursor = caller("authority"), [], None
    while True:
        answer = authority.get("/cases/", {"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [case["number"] for case in answer["results"]]
        world.request(MONDAY + timedelta(hours=1))
        cursor = answer["next"]
        if not cursor:
            break
    assert seen == numbers[::-1]


def test_rows_without_a_date_come_last_and_are_paged_like_the_others(world, monday):
    for minute in range(4):
        world.request(MONDAY + timedelta(minutes=minute))
    Case.objects.filter(number__in=["GX-2026-0001", "GX-2026-0003"]).update(due_at=None)
    seen, cursor = [], ""
    while True:
        found = page(Case.objects.all(), ("due_at", "id"), name="t", cursor=cursor, limit=1)
        seen += [case.number[-1] for case in found.rows]
        cursor = found.next
        if not cursor:
            break
    assert seen == ["2", "4", "1", "3"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1e3", ""])
def test_a_limit_outside_its_bounds_is_refused(cast, caller, limit):
    is_problem(caller("authority").get("/cases/", {"limit": limit}), 400, "bad-query")


def test_a_cursor_of_another_list_or_a_changed_one_is_refused(world, caller, monday):
    world.request()
    world.request()
    cursor = caller("authority").get("/cases/", {"limit": 1}).json()["next"]
    is_problem(caller("authority").get("/worklist/", {"cursor": cursor}), 400, "bad-cursor")
    is_problem(caller("authority").get("/cases/", {"cursor": cursor[:-2] + "xx"}), 400, "bad-cursor")
    is_problem(caller("authority").get("/cases/", {"cursor": "' OR 1=1 --"}), 400, "bad-cursor")


# Limits of speed


def test_a_visitor_who_calls_too_fast_is_told_when_to_go_on(cast, visitor, settings):
    settings.API_RATES = {"anon": 2, "token": 600, "session": 600}
    assert [visitor.get("/organisations/").status_code for _ in range(2)] == [200, 200]
    response = visitor.get("/organisations/")
    is_problem(response, 429, "too-fast")
    assert 1 <= int(response["Retry-After"]) <= 61


def test_each_token_has_a_count_of_its_own(cast, caller, settings):
    settings.API_RATES = {"anon": 60, "token": 1, "session": 600}
    one, other = caller("authority"), caller("provider")
    assert (one.get("/cases/").status_code, one.get("/cases/").status_code) == (200, 429)
    assert other.get("/cases/").status_code == 200


def test_without_the_cache_nothing_is_limited(cast, visitor, settings, monkeypatch):
    settings.API_RATES = {"anon": 1, "token": 1, "session": 1}

    def away(*args: object, **kwargs: object) -> None:
        raise Unreachable("away")

    monkeypatch.setattr(cache._cache, "incr", away)
    monkeypatch.setattr(cache._cache, "add", away)
    assert {visitor.get("/organisations/").status_code for _ in range(3)} == {200}


# Idempotency keys

pytestmark = pytest.mark.django_db


def _facts(world, **changes):
    return {"subject": "CAR", **world.facts(**changes)}


def test_a_call_repeated_with_its_key_gets_the_first_answer_and_acts_once(world, caller, monday):
    requester, facts = caller("requester"), _facts(world)
    first = requester.post("/sharing-request/", facts, Idempotency_Key="a-1")
    again = requester.post("/sharing-request/", facts, Idempotency_Key="a-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert Case.objects.count() == 1
    assert caller("requester").post("/sharing-request/", facts, Idempotency_Key="a-2").status_code == 201
    assert Case.objects.count() == 2


def test_a_key_for_another_body_or_address_is_refused(world, caller, monday):
    requester = caller("requester")
    number = requester.post("/sharing-request/", _facts(world), Idempotency_Key="a").json()["number"]
    other = requester.post("/sharing-request/", _facts(world, contact="李雷"), Idempotency_Key="a")
    is_problem(other, 422, "key-reused")
    is_problem(
        requester.post(f"/cases/{number}/note/", {"text": "记录"}, Idempotency_Key="a"), 422, "key-reused"
    )
    assert Case.objects.count() == 1


def test_keys_are_each_persons_own(world, caller, monday):
    number = caller("requester").post("/sharing-request/", _facts(world)).json()["number"]
    path = f"/cases/{number}/note/"
    assert caller("requester").post(path, {"text": "记录"}, Idempotency_Key="k").status_code == 204
    assert caller("authority").post(path, {"text": "记录"}, Idempotency_Key="k").status_code == 204


def test_a_refused_call_keeps_nothing_and_may_be_mended(world, caller, monday):
    requester = caller("requester")
    bad = requester.post("/sharing-request/", _facts(world, scenario="太短"), Idempotency_Key="m")
    is_problem(bad, 422, "bad-facts")
    assert not IdempotencyKey.objects.exists()
    assert requester.post("/sharing-request/", _facts(world), Idempotency_Key="m").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "键", "a" * 201, "a b"])
def test_a_key_that_is_none_is_refused(world, caller, monday, key):
    response = caller("requester").post("/sharing-request/", _facts(world), Idempotency_Key=key)
    assert response.status_code == 400
    assert not Case.objects.exists()


def test_a_key_is_forgotten_after_a_day(world, caller, monday):
    requester = caller("requester")
    requester.post("/sharing-request/", _facts(world), Idempotency_Key="old")
    later = MONDAY + timedelta(hours=25)
    monday(later)
    assert requester.post("/sharing-request/", _facts(world), Idempotency_Key="old").status_code == 201
    assert Case.objects.count() == 2
    assert clear_expired(later) == 0
    assert clear_expired(later + timedelta(hours=25)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_call_made_eight_times_at_once_acts_once(world, cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    secret, facts = token_of(cast, "requester"), json.dumps(_facts(world))
    answers: list[tuple[int, str]] = []
    ready = threading.Barrier(8)

    def call() -> None:
        client = Client(raise_request_exception=False)
        ready.wait()
        try:
            response = client.post(
                "/api/v1/sharing-request/",
                facts,
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "same"},
            )
            answers.append((response.status_code, response.json().get("number") or response.json()["code"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Case.objects.count() == 1
    assert len(answers) == 8
    assert set(answers) <= {(201, Case.objects.get().number), (409, "in-progress")}
    assert any(status == 201 for status, _ in answers)


# Bodies


def _raw(caller, content: bytes, content_type: str = "application/json"):
    return caller.client.post(
        "/api/v1/sharing-request/", content, content_type=content_type, headers=caller.headers
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "bad-json"),
        (b"[]", "bad-json"),
        (b"null", "bad-json"),
        (b'"text"', "bad-json"),
        (b'{"subject": NaN}', "bad-json"),
        (b'{"subject": "\\u0000"}', "bad-json"),
        (b'{"subject": "\\ud800"}', "bad-json"),
        (b'{"\\udfff": 1}', "bad-json"),
        (b'{"subject": "\xff"}', "bad-json"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "bad-json"),
        (b'{"a":' + b"9" * 5000 + b"}", "bad-json"),
    ],
)
def test_a_body_that_is_no_json_is_refused_with_the_place(cast, caller, content, code):
    is_problem(_raw(caller("requester"), content), 400, code)


def test_no_body_at_all_lacks_what_is_required(cast, caller):
    assert "subject" in is_problem(_raw(caller("requester"), b""), 422, "bad-facts")["errors"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_another_content_type_is_refused(cast, caller, kind):
    is_problem(_raw(caller("requester"), b"{}", kind), 415, "unsupported-media-type")


def test_ten_megabytes_are_refused_before_they_are_read(cast, caller):
    is_problem(_raw(caller("requester"), b'{"a":"' + b"x" * 10_000_000 + b'"}'), 413, "too-large")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>" * 3,
        "'; DROP TABLE procedures_case; --　　　　　",
        "\u202e\u2066文字方向被改的一段话，看看会怎样，足够二十个字了吧？",
        "👩‍👩‍👧‍👦" * 20,
        "{{ 7*7 }}{% load law %}${jndi:ldap://x}足够二十个字了吧",
    ],
)
def test_hostile_text_is_kept_as_it_is_or_refused_and_never_breaks(world, caller, monday, text):
    response = caller("requester").post("/sharing-request/", _facts(world, scenario=text))
    assert response.status_code == 201, response.json()
    number = response.json()["number"]
    act = caller("authority").get(f"/cases/{number}/").json()["acts"][0]
    assert act["facts"]["scenario"] == text.strip()


def test_over_long_text_is_refused_with_its_length(world, caller, monday):
    response = caller("requester").post("/sharing-request/", _facts(world, scenario="长" * 100_000))
    problem = is_problem(response, 422, "bad-facts")
    assert "100000" in problem["errors"]["scenario"][0]


def test_values_that_no_database_holds_are_refused(world, caller, monday):
    number = caller("requester").post("/sharing-request/", _facts(world)).json()["number"]
    facts = world.grant_facts(quota_per_day=10**30)
    response = caller("authority").post(f"/sharing-request/{number}/grant/", facts)
    assert list(is_problem(response, 422, "bad-facts")["errors"]) == ["quota_per_day"]
    is_problem(caller("authority").get("/drafts/999999999999999999/"), 404, "not-found")
    is_problem(caller("authority").get("/drafts/9999999999999999999/"), 404, "not-found")


# Methods, addresses, formats


def test_what_is_no_address_or_no_method_is_said_so(cast, caller, visitor):
    is_problem(visitor.get("/no-such-thing/"), 404, "not-found")
    is_problem(visitor.get("/cases/GX%00/"), 400, "bad-request")
    problem = is_problem(caller("requester").call("post", "/sharing-request"), 404, "not-found")
    assert "/api/v1/sharing-request/" in problem["detail"]
    response = caller("requester").call("put", "/cases/", {})
    is_problem(response, 405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD"
    is_problem(caller("requester").call("options", "/cases/"), 405, "method-not-allowed")
    is_problem(caller("requester").get("/sharing-request/"), 405, "method-not-allowed")
    is_problem(caller("requester").get("/cases/", Accept="text/csv"), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer", "token-form"),
        ("Bearer a b", "token-form"),
        ("Bearer yushu_nonsense", "token-unknown"),
        ("Bearer \x80\xff", "token-unknown"),
    ],
)
def test_a_token_that_is_none_says_what_is_wrong(cast, visitor, header, code):
    is_problem(visitor.get("/cases/", Authorization=header), 401, code)


def test_a_browser_calls_with_its_session_and_its_csrf_token(world, monday):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/login/")
    token = client.cookies[next(name for name in client.cookies if "csrf" in name)].value
    signed_in = client.post(
        "/login/", {"username": "requester", "password": PASSWORD, "csrfmiddlewaretoken": token}
    )
    assert signed_in.status_code == 302
    assert client.get("/api/v1/cases/").status_code == 200
    body = json.dumps(_facts(world))
    response = client.post("/api/v1/sharing-request/", body, content_type="application/json")
    is_problem(response, 403, "csrf")
    token = client.cookies[next(name for name in client.cookies if "csrf" in name)].value
    response = client.post(
        "/api/v1/sharing-request/",
        body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert response.status_code == 201


def test_a_fault_of_ours_is_a_problem_with_a_number_and_leaves_nothing(world, caller, monday, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("procedures.announce.taken", broken)
    response = caller("requester").post("/sharing-request/", _facts(world), Idempotency_Key="f")
    problem = is_problem(response, 500, "failed")
    assert problem["request_id"] == response["X-Request-ID"]
    assert "secret" not in response.content.decode()
    assert not Case.objects.exists() and not IdempotencyKey.objects.exists()


def test_every_answer_names_its_request_and_the_version(cast, visitor):
    response = visitor.get("/organisations/")
    assert (response["API-Version"], len(response["X-Request-ID"])) == ("1.0", 32)


# Attachments


def _pdf(name: str = "依据.pdf", content: bytes = b"%PDF-1.7 text"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, content_type="application/pdf")


def _upload(caller, number: str, file, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return caller.client.post(
        f"/api/v1/cases/{number}/attachments/",
        {"file": file},
        format="multipart",
        headers={**caller.headers, **named},
    )


def test_files_are_added_by_parties_and_read_by_those_who_see_the_case(world, caller, monday):
    number = caller("requester").post("/sharing-request/", _facts(world)).json()["number"]
    made = _upload(caller("requester"), number, _pdf(), Idempotency_Key="p")
    assert made.status_code == 201, made.json()
    assert _upload(caller("requester"), number, _pdf(), Idempotency_Key="p").json() == made.json()
    assert Attachment.objects.count() == 1
    read = caller("authority").get(made.json()["href"].removeprefix("/api/v1"))
    assert b"".join(read.streaming_content) == b"%PDF-1.7 text"
    assert read["Content-Type"] == "application/pdf" and "attachment" in read["Content-Disposition"]
    is_problem(caller("stranger").get(made.json()["href"].removeprefix("/api/v1")), 404, "not-found")
    is_problem(_upload(caller("stranger"), number, _pdf()), 404, "not-found")


@pytest.mark.parametrize(
    ("name", "content"), [("a.exe", b"MZ"), ("a.pdf", b"MZ"), ("a.pdf", b""), ("a.docx", b"PK\x03\x04")]
)
def test_a_file_of_another_kind_is_refused(world, caller, monday, name, content):
    number = caller("requester").post("/sharing-request/", _facts(world)).json()["number"]
    response = _upload(caller("requester"), number, _pdf(name, content))
    assert list(is_problem(response, 422, "bad-facts")["errors"]) == ["file"]
    assert not Attachment.objects.exists()


def test_an_upload_that_is_none_is_refused(world, caller, monday):
    number = caller("requester").post("/sharing-request/", _facts(world)).json()["number"]
    requester = caller("requester")
    for kind, content, status in (
        ("multipart/form-data; boundary=x", b"nonsense", 422),
        ("multipart/form-data", b"--x", 400),
        ("application/json", b"{}", 415),
    ):
        response = requester.client.post(
            f"/api/v1/cases/{number}/attachments/", content, content_type=kind, headers=requester.headers
        )
        assert response.status_code == status, response.content.decode()
        assert response["Content-Type"] == "application/problem+json"
