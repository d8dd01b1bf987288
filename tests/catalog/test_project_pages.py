"""Projects as people meet them: the public list, the systems, audit results, the case page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import clock
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import AuditFinding, LegacySystem
from tests.catalog.test_project import MONDAY, SUBMIT, WORDS, World, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def browser(world: World) -> Iterator[Browser]:
    def of(name: str) -> Client:
        client = Client()
        client.force_login(world.cast.user(name))
        return client

    with clock.travel(MONDAY):
        yield of


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


@pytest.mark.duty("CAT-37")
def test_the_list_is_public_and_holds_what_was_listed(world: World, client: Client) -> None:
    world.submitted()
    assert "清单里还没有项目" in text(client.get("/catalog/projects/"))
    world.planned()
    page = text(client.get("/catalog/projects/"))
    assert "生态环境监测一体化平台" in page and "已完成 0，共 1 条" in page and "建设方案审批" in page
    assert "清单里还没有项目" in text(client.get("/catalog/projects/?year=2025"))
    assert "生态环境监测一体化平台" in text(client.get("/catalog/projects/?year=2026&kind=build"))
    assert client.get("/catalog/projects/?year=x&kind=y&page=z").status_code == 200


def test_it_takes_as_many_queries_however_many_projects(world: World, client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/catalog/projects/")
        return len(seen)

    world.planned()
    before = count()
    for number in range(3):
        world.planned(f"土壤监测数据 {number}")
    assert count() == before


def test_a_department_applies_from_the_list(world: World, browser: Browser) -> None:
    address = f"/file/it-project/{world.cast.organisation('provider').code}/"
    provider = browser("provider")
    assert address in text(provider.get("/catalog/projects/"))
    assert address not in text(browser("company").get("/catalog/projects/"))
    response = provider.post(
        address, {"name": "生态环境监测一体化平台", "kind": "build", "do": "file", "once": "p"}
    )
    page = text(provider.get(response["Location"]))
    assert "申报准备" in page and "轮到您" in page
    sent = {**SUBMIT, "amount": "0", "version": 1}
    response = provider.post(f"{response['Location']}steps/submit/", sent)
    assert response.status_code == 422 and WORDS in text(response)


def test_the_case_shows_the_list_against_the_catalogue(world: World, browser: Browser) -> None:
    case = world.built()
    assert "未完成" in text(browser("provider").get(f"/cases/{case.number}/"))
    world.publish()
    page = text(browser("provider").get(f"/cases/{case.number}/"))
    assert "1 条，已完成 1 条" in page and "没有该单位的审计结果" in page
    assert 'class="pmap' not in page and 'class="steps"' in page
    assert browser("requester").get(f"/cases/{case.number}/").status_code == 404


def test_another_body_signs_what_it_reads_in_full(world: World, browser: Browser) -> None:
    case = world.planned()
    world.act(case, "terminate", "provider", reason=WORDS, collected="已形成试点数据，移交本单位")
    page = text(browser("authority_lead").get(f"/cases/{case.number}/"))
    assert "轮到您" in page and "已形成试点数据，移交本单位" in page
    assert "已形成试点数据" not in text(browser("planning").get(f"/cases/{case.number}/"))


@pytest.mark.duty("CAT-41")
def test_systems_are_public_and_kept_by_the_authority(world: World, browser: Browser, client: Client) -> None:
    said = {
        "do": "add",
        "owner": world.cast.organisation("provider").code,
        "name": "环境数据共享平台",
        "kind": "sharing",
        "status": "apart",
    }
    for name in ("provider", "citizen"):
        assert browser(name).post("/catalog/systems/", said).status_code == 403
    authority = browser("authority")
    assert authority.post("/catalog/systems/", {**said, "name": ""}).status_code == 422
    assert authority.post("/catalog/systems/", said).status_code == 302
    assert "已经登记过同名" in text(authority.post("/catalog/systems/", said))
    system = LegacySystem.objects.get()
    moved = {"do": "move", "system": system.pk, "status": "merged", "on": "2026-09-28", "note": "数据已迁移"}
    assert authority.post("/catalog/systems/", moved).status_code == 302
    page = text(client.get("/catalog/systems/"))
    assert "已并入 1 个" in page and "数据已迁移" in page


@pytest.mark.duty("CAT-39")
def test_audit_results_are_entered_by_those_who_audit(world: World, browser: Browser) -> None:
    said = {
        "body": world.cast.organisation("provider").code,
        "auditor": "重庆市审计局",
        "document": "审计报告〔2026〕9号",
        "issued_on": "2026-08-01",
        "result": "open",
        "finding": "两条目录没有发布。",
    }
    assert browser("provider").post("/catalog/audits/", said).status_code == 403
    assert browser("audit").post("/catalog/audits/", {**said, "finding": ""}).status_code == 422
    assert browser("audit").post("/catalog/audits/", said).status_code == 302
    assert browser("authority").post("/catalog/audits/", said).status_code == 302
    assert AuditFinding.objects.count() == 2
    assert "审计报告〔2026〕9号" in text(browser("finance").get("/catalog/audits/"))
    assert "审计报告〔2026〕9号" in text(browser("provider").get("/catalog/audits/"))
    assert "审计报告〔2026〕9号" not in text(browser("requester").get("/catalog/audits/"))
    assert browser("company").get("/catalog/audits/").status_code == 403
