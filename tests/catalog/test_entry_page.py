"""The page of an entry: both types with their basis, items, the promise against what came, at a constant cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.freshness import freshness
from tests.shelf import AT, build_entry, build_holding, item, term

pytestmark = pytest.mark.django_db

LAW = "《中华人民共和国数据安全法》第三十八条"


def page(client, code="X", query=""):
    response = client.get(f"/catalog/{code}/{query}")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.duty("CAT-07", "CAT-17", "SHA-02")
def test_sharing_and_opening_stand_side_by_side_each_with_its_basis(client, cast):
    build_entry(
        cast.organisation("provider"), code="X", sharing_type="conditional", sharing_basis=LAW,
        sharing_basis_kind="law", sharing_basis_text="原文一", conditions=[term("限应急职能", LAW)],
        opening_type="not-open", opening_basis="《中华人民共和国个人信息保护法》第三十四条", opening_basis_kind="law",
        opening_basis_text="原文二", contact="大气处", phone="023-12345", keywords=["空气"], related=["Y"],
    )  # fmt: skip
    said = page(client)
    for words in (
        "有条件共享", "不予开放", LAW, "个人信息保护法", "原文一", "原文二", "为什么不予开放", "限应急职能", "大气处",
        "023-12345", "空气", "本条目 JSON", "/api/v1/entries/X/", "数据来源：重庆市生态环境局", "目录第 1 版",
        "公共数据资源目录第 1 版", "尚未汇聚",
    ):  # fmt: skip
        assert words in said, words


def test_every_element_that_was_said_is_on_the_page(client, cast):
    said = {
        "system": "监测平台", "division": "大气处室", "region": "渝中区", "theme_database": "一件事",
        "secrecy_review": "某处某号", "treatment": "已脱敏", "gathered": "全市站点甲",
    }  # fmt: skip
    build_entry(cast.organisation("provider"), code="X", **said)
    shown = page(client)
    for text in said.values():
        assert text in shown


def test_an_item_of_another_type_stands_out(client, cast):
    narrow = item(
        "id",
        "身份号码",
        sharing_type="conditional",
        sharing_basis=LAW,
        sharing_basis_kind="law",
        personal=True,
    )
    build_entry(
        cast.organisation("provider"), code="X", items=[item("a", "甲"), narrow], treatment="去标识化"
    )
    said = page(client)
    assert "有的与条目的共享类型不同" in said and "个人信息" in said


@pytest.mark.duty("CAT-24")
@pytest.mark.parametrize(
    ("cycle", "days", "state", "late"),
    [("daily", 0, "kept", 0), ("daily", 1, "kept", 0), ("daily", 4, "late", 3), ("weekly", 7, "kept", 0),
     ("never", 900, "free", 0), ("irregular", 5, "free", 0), ("", 5, "free", 0)],
)  # fmt: skip
def test_the_promise_is_held_against_the_last_load(cycle, days, state, late):
    found = freshness(cycle, AT, AT + timedelta(days=days))
    assert (found.state, found.late_by, found.days) == (state, late, days)
    assert freshness(cycle, None, AT).state == "none"


def test_a_late_entry_says_so(client, cast, monkeypatch):
    build_holding(cast.organisation("provider"), at=AT)
    import clock

    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=10))
    said = page(client, "AIR")
    assert "超过周期" in said and "已超过 9" in said


def test_the_cost_does_not_grow_with_the_items(client, cast, django_assert_num_queries):
    for code, count in (("FEW", 1), ("HUNDRED", 100), ("THOUSAND", 1000)):
        items = [item(f"i{n}", f"项{n}") for n in range(count)]
        build_entry(cast.organisation("provider"), code=code, name=code, items=items)
    client.get("/catalog/FEW/")
    for code in ("FEW", "HUNDRED", "THOUSAND"):
        with django_assert_num_queries(8):
            said = page(client, code)
        assert said.count("<tr>") < 70
    assert "项999" in page(client, "THOUSAND", "?items=20") and "项949" not in page(
        client, "THOUSAND", "?items=20"
    )
    assert page(client, "THOUSAND", "?items=all").count('class="i-lv"') == 2000
    for strange in ("?items=0", "?items=x", "?items=99999"):
        page(client, "THOUSAND", strange)


def test_the_body_s_own_people_are_offered_the_change(client, cast):
    build_entry(cast.organisation("provider"), code="X")
    for name, offered in (("provider", True), ("authority", True), ("requester", False), ("citizen", False)):
        client.force_login(cast.user(name))
        assert ("编制变更" in page(client)) is offered, name
    client.logout()
    assert "编制变更" not in page(client) and "登录后申请" in page(client)
