"""校核 as people meet it: filed by a citizen in the browser, marked on pages and in the interface, followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import clock
import pytest
from accounts.actions import make_token
from accounts.models import Scope
from clock import SHANGHAI
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procedures.models import Attachment, Case, Draft

from tests.cast import Cast
from tests.catalog.correcting import MONDAY, Correcting, make
from tests.law import load_law

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"
Browser = Callable[[str], Client]


@pytest.fixture
def world(cast: Cast, settings: Any, tmp_path: Any) -> Correcting:
    settings.MEDIA_ROOT = tmp_path
    load_law()
    return make(cast)


@pytest.fixture
def browser(world: Correcting) -> Iterator[Browser]:
    def of(name: str) -> Client:
        client = Client()
        client.force_login(world.cast.user(name))
        return client

    with clock.travel(MONDAY):
        yield of


@pytest.fixture
def case(world: Correcting) -> Case:
    return world.file()


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


def address(world: Correcting) -> str:
    return f"/file/correction-review/{world.entry.code}/"


# filing


def test_a_citizen_files_in_the_browser_with_the_proof(world: Correcting, browser: Browser) -> None:
    citizen = browser("citizen")
    page = text(citizen.get(address(world)))
    assert "申请校核“大气监测数据”" in page and "10 月 16 日" in page
    assert "代谁提出" not in page and "待办" not in page
    sent = {**world.facts(), "do": "file", "once": "c1", "as": "self"}
    response = citizen.post(address(world), {**sent, "files": [SimpleUploadedFile("证明.pdf", PDF)]})
    case = Case.objects.get(kind="correction-review")
    assert response["Location"] == f"/cases/{case.number}/"
    assert Attachment.objects.get(case=case).name == "证明.pdf"
    page = text(citizen.get(f"/cases/{case.number}/"))
    assert "申请人：市民" in page and "校核中" in page and "数据校核中告知书" in page
    assert "撤回" in page and "反映拒办" in page


def test_what_is_missing_is_said_and_nothing_is_lost(world: Correcting, browser: Browser) -> None:
    sent = {**world.facts(claimed="", doubt="甲乙丙丁戊己"), "do": "file", "as": "self"}
    response = browser("citizen").post(address(world), sent)
    page = text(response)
    assert response.status_code == 422
    assert "认为有错误的，请写明应当是什么" in page and "甲乙丙丁戊己" in page


def test_a_draft_of_a_person_is_found_again(world: Correcting, browser: Browser) -> None:
    citizen = browser("citizen")
    citizen.post(address(world), {**world.facts(claimed=""), "do": "save", "as": "self"})
    draft = Draft.objects.get()
    assert draft.organisation is None
    assert f"/drafts/{draft.pk}/" in text(citizen.get("/mine/"))
    sent = {**world.facts(), "do": "file", "once": "c2", "as": "self"}
    assert citizen.post(f"/drafts/{draft.pk}/", sent).status_code == 302
    assert Case.objects.get(kind="correction-review").filer is None


def test_one_with_a_post_may_file_for_oneself(world: Correcting, browser: Browser) -> None:
    user = world.cast.user("company")
    user.real_name_verified_at = MONDAY
    user.save()
    company = browser("company")
    assert "?as=self" in text(company.get(address(world)))
    company.post(address(world), {**world.facts(), "do": "file", "once": "c3", "as": "self"})
    case = Case.objects.get(kind="correction-review")
    assert case.filer is None and case.filed_by == user


def test_who_is_not_identified_is_told_how(world: Correcting, browser: Browser) -> None:
    citizen = world.cast.user("citizen")
    citizen.real_name_verified_at = None
    citizen.save()
    response = browser("citizen").get(address(world))
    assert response.status_code == 403 and "城市统一身份认证" in text(response)


# following


def test_ones_own_matters_stand_on_one_page(world: Correcting, case: Case, browser: Browser) -> None:
    page = text(browser("citizen").get("/mine/"))
    assert case.number in page and "校核中" in page and "剩 <b>10</b>" in page
    assert case.number not in text(browser("company").get("/mine/"))


def test_others_do_not_find_a_persons_matter(world: Correcting, case: Case, browser: Browser) -> None:
    for name in ("company", "requester", "stranger"):
        assert browser(name).get(f"/cases/{case.number}/").status_code == 404
    for name in ("provider", "authority", "auditor"):
        page = text(browser(name).get(f"/cases/{case.number}/"))
        assert "023-12345678" in page


def test_the_provider_answers_and_the_person_takes_steps(
    world: Correcting, case: Case, browser: Browser
) -> None:
    citizen = browser("citizen")
    page = text(citizen.get(f"/cases/{case.number}/?step=withdraw"))
    assert "撤回申请" in page
    step = f"/cases/{case.number}/steps/"
    response = browser("company").post(f"{step}withdraw/", {"reason": "不需要了", "version": 1})
    assert response.status_code == 404
    response = citizen.post(f"{step}withdraw/", {"reason": "不需要了", "version": case.version})
    case.refresh_from_db()
    assert response.status_code == 302 and case.state == "WITHDRAWN"


def test_a_file_is_added_by_the_person(world: Correcting, case: Case, browser: Browser) -> None:
    sent = {"file": SimpleUploadedFile("补充.pdf", PDF)}
    assert browser("citizen").post(f"/cases/{case.number}/attachments/", sent).status_code == 302
    assert Attachment.objects.get(case=case).added_by == world.cast.user("citizen")
    assert browser("company").post(f"/cases/{case.number}/attachments/", sent).status_code == 404


# the marks


@pytest.mark.duty("CAT-34")
def test_the_entry_says_that_a_review_runs(world: Correcting, browser: Browser, client: Client) -> None:
    page = text(client.get(f"/catalog/{world.entry.code}/"))
    assert "校核中" not in page and f"/catalog/{world.entry.code}/correct/" in page
    case = world.file()
    page = text(client.get(f"/catalog/{world.entry.code}/"))
    assert "本数据有 1 处正在校核" in page and "应当照常办理" in page
    assert "001483" not in page and "解放碑" not in page
    world.act(case, "withdraw", "citizen", MONDAY, reason="已自行核实")
    assert "校核中" not in text(client.get(f"/catalog/{world.entry.code}/"))


@pytest.mark.duty("CAT-34")
def test_the_rows_of_a_grant_carry_the_mark(world: Correcting, case: Case, browser: Browser) -> None:
    number = world.grant.case.number
    page = text(browser("requester").get(reverse("datacentre:grant", args=[number])))
    assert "1 处正在校核" in page and f"/file/correction-review/{number}/" in page
    page = text(browser("requester").get(reverse("datacentre:rows", args=[number])))
    assert '0.0525333 <span class="tag tag--warn">校核中</span>' in page
    assert page.count('<span class="tag tag--warn">') == 1


@pytest.mark.duty("CAT-34")
def test_the_interface_tells_it_too(world: Correcting, case: Case, browser: Browser, client: Client) -> None:
    entry = client.get(f"/api/v1/entries/{world.entry.code}/").json()
    (mark,) = entry["under_review"]
    assert mark["item"] == "pm25" and "key_value" not in mark
    _token, secret = make_token(
        world.cast.user("requester"),
        name="接口",
        scopes=Scope.values,
        expires_at=datetime(2026, 12, 1, tzinfo=SHANGHAI),
        by=world.cast.actor("requester", MONDAY),
        at=MONDAY,
    )
    headers = {"Authorization": f"Bearer {secret}"}
    data = Client(headers=headers).get(f"/api/v1/grants/{world.grant.case.number}/data/").json()
    (mark,) = data["under_review"]
    assert (mark["item"], mark["key_item"], mark["key_value"]) == ("pm25", "station", "001483")
    assert client.get(f"/api/v1/papers/{mark['notice']}/").status_code == 200
    asked = f"/api/v1/grants/{world.grant.case.number}/data/?items=name"
    assert Client(headers=headers).get(asked).json()["under_review"] == []
    asked = f"/api/v1/grants/{world.grant.case.number}/data/?items=pm25"
    (mark,) = Client(headers=headers).get(asked).json()["under_review"]
    assert (mark["key_item"], mark["key_value"]) == ("", "")


def test_a_person_files_by_the_interface(world: Correcting, browser: Browser) -> None:
    _token, secret = make_token(
        world.cast.user("citizen"),
        name="接口",
        scopes=Scope.values,
        expires_at=datetime(2026, 12, 1, tzinfo=SHANGHAI),
        by=world.cast.actor("citizen", MONDAY),
        at=MONDAY,
    )
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    said = {**world.facts(), "subject": world.entry.code}
    response = client.post("/api/v1/correction-review/", said, content_type="application/json")
    assert response.status_code == 201, response.content.decode()
    assert response.json()["filer"] is None
    told = client.get(f"/api/v1/cases/{response.json()['number']}/").json()
    assert [step["code"] for step in told["steps"]] == ["report-window", "withdraw"]
    assert told["acts"][0]["person"] == world.cast.user("citizen").name


# the figures


@pytest.mark.duty("CAT-30", "CAT-32")
def test_figures_are_public_and_problems_are_not(
    world: Correcting, case: Case, browser: Browser, client: Client
) -> None:
    world.uphold(case, MONDAY)
    page = text(client.get("/catalog/corrections/"))
    assert "市生态环境局" in page and "收到 <b>1</b> 件" in page
    assert "监测中心" in text(browser("provider").get("/catalog/problems/"))
    assert "监测中心" in text(browser("authority").get("/catalog/problems/"))
    assert "监测中心" not in text(browser("stranger").get("/catalog/problems/"))
    assert browser("company").get("/catalog/problems/").status_code == 403


def test_queries_do_not_grow_with_the_reviews(world: Correcting, client: Client) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    world.file()
    paths = (f"/catalog/{world.entry.code}/", "/catalog/corrections/")
    before = [count(path) for path in paths]
    for _ in range(5):
        world.file("company")
    assert [count(path) for path in paths] == before
