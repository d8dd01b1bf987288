from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from audit import queries, trail
from audit.models import Event, Link
from audit.queries import Search
from audit.sealing import seal_all
from django.test import Client
from django.urls import reverse

from tests.cast import PEOPLE, Cast, build_cast
from tests.kernel.tampering import AT, entry

PAGES = ["audit:trail", "audit:export", "audit:verification", "audit:seal-book"]


@pytest.fixture(autouse=True)
def no_second_factor(settings, tmp_path):
    settings.SECOND_FACTOR_WAIVED = True
    settings.AUDIT_SEAL_BOOK = tmp_path / "seals.jsonl"


@pytest.fixture
def auditor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.user("auditor"))
    return client


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "auditor"])
def test_nobody_but_an_auditor_sees_anything(cast: Cast, client: Client, name: str):
    event = trail.record(entry())
    client.force_login(cast.user(name))
    for address in [*map(reverse, PAGES), reverse("audit:event", args=[event.pk])]:
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403
    assert not queries.visible_to(cast.actor(name)).exists()


def test_a_visitor_is_asked_to_sign_in(client: Client, db: None):
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 302


def test_the_auditor_can_change_nothing(auditor: Client):
    event = trail.record(entry())
    for method in (auditor.post, auditor.put, auditor.patch, auditor.delete):
        assert method(reverse("audit:trail")).status_code == 405
        assert method(reverse("audit:event", args=[event.pk])).status_code == 405
        assert method(reverse("audit:seal-book")).status_code == 405


@pytest.mark.parametrize(
    ("asked", "hits"),
    [
        ("action=sharing-request:refuse", 1),
        ("organisation=市生态环境局", 1),
        ("object_id=GX2026-000002", 1),
        ("object_kind=case&object_id=GX2026-000002", 1),
        ("request_id=req-of-three", 1),
        ("actor=系统", 3),
        ("actor=谁", 0),
        ("since=2026-11-21&until=2026-11-21", 3),
        ("since=2026-11-22", 0),
        ("until=2026-11-20", 0),
    ],
)
def test_search_finds_by_each_question(auditor: Client, asked: str, hits: int):
    trail.record(entry(1, action="sharing-request:refuse"))
    trail.record(entry(2, organisation="市生态环境局"))
    with trail.under("req-of-three"):
        trail.record(entry(3))
    response = auditor.get(f"{reverse('audit:trail')}?{asked}")
    assert response.status_code == 200
    assert len(re.findall("GX2026-", text(response))) - asked.count("GX2026-") == hits


def test_pages_join_without_gap_or_overlap(auditor: Client, cast: Cast):
    same_moment = [entry(1, object_id=f"N{number}") for number in range(70)]
    trail.record_many([*same_moment, *(entry(number) for number in range(2, 60))])
    actor, seen, before = cast.actor("auditor"), [], None
    while True:
        page = queries.search(actor, Search(object_kind="case"), before=before)
        seen += [event.pk for event in page.events]
        before = queries.placed(page.older)
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 128


def test_the_next_page_keeps_the_questions(auditor: Client):
    trail.record_many(entry(number) for number in range(60))
    first = text(auditor.get(f"{reverse('audit:trail')}?object_kind=case"))
    onward = re.search(r'href="\?([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    assert "object_kind=case" in onward
    assert len(re.findall("GX2026-", text(auditor.get(f"{reverse('audit:trail')}?{onward}")))) == 10


@pytest.mark.parametrize(
    "asked",
    ["before=x", "before=1_2_3", "since=x", "action=nothing:such", "since=2026-02-02&until=2026-01-01"],
)
def test_questions_that_make_no_sense_are_answered_in_words(auditor: Client, asked: str):
    response = auditor.get(f"{reverse('audit:trail')}?{asked}")
    assert response.status_code == 400
    assert "errsum" in text(response)


def test_reading_is_recorded(auditor: Client):
    event = trail.record(entry(1))
    auditor.get(f"{reverse('audit:trail')}?object_id=GX2026-000001")
    auditor.get(reverse("audit:event", args=[event.pk]))
    search, read = Event.objects.filter(action__startswith="audit:").order_by("id")
    assert (search.action, search.actor, search.organisation) == (
        "audit:search",
        "审计管理员",
        "重庆市大数据应用发展管理局",
    )
    assert json.loads(search.body)["after"] == {"asked": {"object_id": "GX2026-000001"}, "shown": 1}
    assert (read.action, read.object_id) == ("audit:read", str(event.pk))


def test_an_event_shows_before_and_after_basis_and_neighbours(auditor: Client):
    with trail.under("one-request"):
        event = trail.record(
            entry(
                1,
                after={"state": "granted", "text": "<script>alert(1)</script>"},
                cites=("REG22-26.1", "OLD-1"),
            )
        )
        trail.record(entry(2, action="document:issue", object_id="函〔2026〕1 号"))
    shown = text(auditor.get(reverse("audit:event", args=[event.pk])))
    assert "answering" in shown
    assert "<b>granted</b>" in shown
    assert "状态" in shown and ">state</div>" in shown
    assert "共享申请：同意共享" in shown and "sharing-request:grant" in shown
    assert "<script>alert" not in shown
    assert "《重庆市数据条例》第二十六条" in shown
    assert "OLD-1" in shown
    assert "函〔2026〕1 号" in shown
    assert "待封印" in shown
    assert auditor.get(reverse("audit:event", args=[10**9])).status_code == 404


def test_the_number_of_queries_does_not_grow(auditor: Client, django_assert_max_num_queries):
    trail.record_many(entry(number) for number in range(200))
    auditor.get(reverse("audit:trail"))
    for asked in ("", "?object_id=GX2026-000002", "?actor=系统"):
        with django_assert_max_num_queries(16):
            auditor.get(reverse("audit:trail") + asked)


def test_values_hop_along_the_index(db: None):
    trail.record_many(entry(number, action=f"a:{number % 7}") for number in range(100))
    assert queries.values("action") == [f"a:{number}" for number in range(7)]
    with pytest.raises(ValueError):
        queries.values("body")


@pytest.mark.django_db(transaction=True)
def test_export_and_verification_in_the_browser(client: Client, settings):
    client.force_login(build_cast().user("auditor"))
    Event.objects.count()
    assert "没有封印" in text(client.post(reverse("audit:export"), {}))
    trail.record_many(entry(number) for number in range(5))
    seal_all(AT)
    count = Link.objects.count()
    response = client.post(reverse("audit:export"), {"since": "2026-11-21", "until": "2026-11-21"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert len(archive.read("events.jsonl").splitlines()) == count
    assert response["Content-Disposition"].startswith('attachment; filename="audit-1-')
    assert "完好" in text(client.post(reverse("audit:verification"), {}))
    assert f"第 1 至 {count} 位" in text(client.get(reverse("audit:verification")))
    lines = b"".join(client.get(reverse("audit:seal-book")).streaming_content).splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1]
    wrong = client.post(reverse("audit:export"), {"since": "2026-11-22", "until": "2026-11-21"})
    assert "早了 1 天" in text(wrong)
    recorded = Event.objects.filter(action__in=["audit:export", "audit:verify", "audit:seals"])
    assert recorded.count() == 3


def test_events_of_other_days_are_shown_in_chongqing_time(auditor: Client):
    trail.record(entry(1, at=AT.replace(hour=0, minute=5) + timedelta(days=1)))
    assert "2026-11-22 00:05:00" in text(auditor.get(reverse("audit:trail")))
