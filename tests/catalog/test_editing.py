"""The administration pages of the catalogue: they collect, `save_entry` decides."""

from __future__ import annotations

import pytest
from django.test import Client

from catalog.models import Entry
from tests.shelf import build_entry

pytestmark = pytest.mark.django_db

ADD = "/catalog/edit/catalog/entry/add/"
LIST = "/catalog/edit/catalog/entry/"


def filled(provider, **changes: str) -> dict[str, str]:
    return {
        "code": "NEW-1", "name": "新条目", "summary": "摘要", "provider": str(provider.pk), "subject": "生态环境",
        "gathered": "全市", "sharing_type": "unconditional", "sharing_basis": "", "sharing_basis_kind": "",
        "sharing_basis_text": "", "update_cycle": "每日", "security_level": "general-1", "use_requirements": "注明来源",
        "delivery": "file", "holding": "", "reason": "",
        "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-MIN_NUM_FORMS": "0", "items-MAX_NUM_FORMS": "1000",
        "items-0-code": "day", "items-0-name": "日期", "items-0-type": "date", "items-0-sharing_type": "unconditional",
        "items-0-position": "0",
        "conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0", "conditions-MIN_NUM_FORMS": "0",
        "conditions-MAX_NUM_FORMS": "1000",
        **changes,
    }  # fmt: skip


def sign_in(client: Client, cast, name: str) -> Client:
    client.force_login(cast.user(name))
    return client


@pytest.mark.parametrize("name", ["provider", "authority"])
def test_an_entry_is_compiled_on_the_page(client, cast, name):
    response = sign_in(client, cast, name).post(ADD, filled(cast.organisation("provider")))
    assert response.status_code == 302, response.content.decode()
    entry = Entry.objects.get(code="NEW-1")
    assert [item.code for item in entry.items.all()] == ["day"] and "日期" in entry.search_text
    assert client.get(f"{LIST}{entry.pk}/change/").status_code == 200


@pytest.mark.duty("CAT-18")
def test_a_broken_rule_stands_beside_its_field(client, cast):
    sign_in(client, cast, "provider")
    facts = filled(
        cast.organisation("provider"),
        sharing_type="conditional",
        sharing_basis="《重庆市数据条例》第二十四条",
        sharing_basis_kind="law",
    )
    response = client.post(ADD, facts)
    assert response.status_code == 200 and "法律、行政法规或者国家有关规定" in response.content.decode()
    narrow = filled(cast.organisation("provider"), **{"items-0-sharing_type": "conditional"})
    assert "有条件共享、不予共享应当写明依据" in client.post(ADD, narrow).content.decode()
    assert not Entry.objects.exists()


@pytest.mark.duty("CAT-02")
def test_the_secrecy_mark_keeps_nothing(client, cast):
    response = sign_in(client, cast, "provider").post(ADD, filled(cast.organisation("provider"), secret="on"))
    assert "没有保存任何内容" in response.content.decode() and not Entry.objects.exists()


def test_a_provider_cannot_compile_for_another_body(client, cast):
    response = sign_in(client, cast, "provider").post(ADD, filled(cast.organisation("requester")))
    assert response.status_code == 200 and not Entry.objects.exists()


@pytest.mark.parametrize("name", ["sysadmin", "secadmin", "auditor", "citizen", "registrar"])
def test_nobody_else_enters(client, cast, name):
    response = sign_in(client, cast, name).get(LIST)
    assert response.status_code == 302


def test_a_provider_sees_its_own_and_changes_drafts_only(client, cast):
    mine = build_entry(cast.organisation("provider"), publish=False)
    other = build_entry(cast.organisation("stranger"), code="OTHER")
    sign_in(client, cast, "provider")
    page = client.get(LIST).content.decode()
    assert "AIR" in page and "OTHER" not in page
    assert client.get(f"{LIST}{other.pk}/change/").status_code == 302
    facts = filled(cast.organisation("provider"), code="AIR", name="改名")
    assert client.post(f"{LIST}{mine.pk}/change/", facts).status_code == 302
    mine.refresh_from_db()
    assert mine.name == "改名" and mine.items.count() == 1
    Entry.objects.filter(pk=mine.pk).update(status="published")
    assert (
        client.post(
            f"{LIST}{mine.pk}/change/", filled(cast.organisation("provider"), code="AIR", name="再改")
        ).status_code
        == 403
    )


def test_the_authority_publishes_and_withdraws_with_a_reason(client, cast):
    entry = build_entry(cast.organisation("provider"), publish=False)
    sign_in(client, cast, "authority")
    chosen = {"_selected_action": [str(entry.pk)]}
    client.post(LIST, {"action": "publish", **chosen})
    entry.refresh_from_db()
    assert (entry.status, entry.version) == ("published", 1)
    page = client.post(LIST, {"action": "withdraw", **chosen}, follow=True).content.decode()
    assert "应当写明原因" in page
    client.post(LIST, {"action": "withdraw", "reason": "停止采集", **chosen})
    entry.refresh_from_db()
    assert entry.status == "withdrawn"


def test_a_provider_cannot_publish(client, cast):
    entry = build_entry(cast.organisation("provider"), publish=False)
    sign_in(client, cast, "provider").post(LIST, {"action": "publish", "_selected_action": [str(entry.pk)]})
    entry.refresh_from_db()
    assert entry.status == "draft"


def test_a_published_entry_is_changed_with_a_reason_as_its_next_version(client, cast):
    entry = build_entry(cast.organisation("provider"))
    sign_in(client, cast, "authority")
    facts = filled(cast.organisation("provider"), code="AIR")
    assert "应当写明原因" in client.post(f"{LIST}{entry.pk}/change/", facts).content.decode()
    assert client.post(f"{LIST}{entry.pk}/change/", {**facts, "reason": "职能变更"}).status_code == 302
    entry.refresh_from_db()
    assert entry.version == 2
