"""What the catalogue lacks: from an empty search to a draft request, by way of the source that lists it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.site import Person

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.xdist_group("catalogue-journey")]

NEED = "救护车"
NAME = "救护车和急救站点名录"
WHY = "突发事件中的伤员转运，核对各区县的急救力量。"
ITEMS = "名称\t代码\t类型\n站点名称\tstation\t文本\n区县\tdistrict\t文本\n救护车数量\tcars\t整数"


def test_a_need_becomes_an_entry_and_a_draft_request(person: Callable[[str], Person]):
    number = raised(person("requester"))
    refused_to_others(person("company"), number)
    asked(person("authority"), number)
    update = accepted(person("provider"), person("provider-lead"), number)
    listed(person, update)
    matched(person("authority"), person("authority-lead"), number)
    drafted(person("requester"), number)


def raised(requester: Person) -> str:
    page = requester.page
    requester.go(f"/catalog/?q={NEED}")
    requester.look("need-empty-search")
    page.click("text=提出数据需求")
    page.wait_for_load_state("networkidle")
    assert "没有名称或者信息项相近的已发布条目" in requester.text()
    requester.look("need-nothing-near")
    requester.go("/catalog/needs/new/?q=学校名称、行政区划代码")
    assert "申请共享" in requester.text()
    requester.look("need-near")
    requester.go(f"/catalog/needs/new/?q={NEED}")
    page.locator("main a", has_text="提出需求").last.click()
    page.wait_for_load_state("networkidle")
    form = "form[data-guard]"
    assert page.locator(f"{form} [name=items]").input_value() == NEED
    requester.look("need-form")
    requester.submit(form, "提出需求")
    assert "请填写“用于哪项职能”" in requester.text()
    requester.fill(form, items=f"{NEED}数量、急救站点", function=WHY)
    requester.submit(form, "提出需求")
    assert "匹配中" in requester.text()
    requester.look("need-raised")
    number = requester.number()
    requester.go("/catalog/needs/")
    assert number in requester.text()
    requester.look("needs")
    return number


def refused_to_others(company: Person, number: str) -> None:
    company.go("/catalog/needs/")
    assert number not in company.text() and "企业和个人可以申请公共数据开放" in company.text()


def asked(authority: Person, number: str) -> None:
    authority.go(f"/cases/{number}/")
    authority.look("need-authority")
    authority.step(number, "ask-source", "发出征询函", body="cq-wsjkw", question="短")
    assert "至少写 5 个字" in authority.text()
    authority.step(
        number, "ask-source", "发出征询函", body="cq-wsjkw", question="贵单位是否掌握急救站点和救护车数量？"
    )
    assert "征询来源方" in authority.text()


def accepted(provider: Person, lead: Person, number: str) -> str:
    said = {"items": "站点名称、区县、救护车数量"}
    provider.step(number, "accept-source", "送处负责人签发", **said, until="2020-01-01")
    assert "编目日期不能早于今天" in provider.text()
    provider.look("need-accept")
    provider.go(f"/cases/{number}/?step=accept-source")
    provider.submit("form[action$='/steps/accept-source/']", "送处负责人签发")
    lead.sign(number)
    assert "待编目" in lead.text()
    lead.look("need-cataloguing")
    cell = lead.page.locator("section:has(h2:has-text('征询来源方')) td .mono").last
    return str(cell.inner_text()).strip()


def listed(person: Callable[[str], Person], update: str) -> None:
    """The source compiles the entry, applies for its update, and the city publishes it."""
    provider = person("provider")
    provider.go("/catalog/compile/new/")
    provider.fill(
        "form", name=NAME, summary="各急救站点和救护车数量，一站一行。", subject="health", gathered="全市各急救站点",
        formats=["xlsx"], delivery=["file"], update_cycle="yearly", sharing_type="unconditional",
        opening_type="unconditional", opening_delivery=["file"], identifier_kind="place",
        use_requirements="注明来源。",
    )  # fmt: skip
    provider.submit("form", "保存，接着填信息项")
    provider.page.fill("#paste", ITEMS)
    provider.page.click("button[value=save]:visible >> nth=-1")
    provider.page.wait_for_load_state("networkidle")
    provider.step(update, "apply", "送处负责人签发", reason="按需求对接编目", only=NAME)
    person("provider-lead").sign(update)
    authority = person("authority")
    authority.step(update, "update", "送处负责人签发")
    person("authority-lead").sign(update)
    assert "已更新" in person("authority-lead").text()


def matched(authority: Person, lead: Person, number: str) -> None:
    authority.go(f"/cases/{number}/")
    assert "为本件编目" in authority.text()
    authority.look("need-published")
    authority.step(number, "match", "送处负责人签发", entries="307500000000/000000")
    assert "没有这些资源代码的已发布条目" in authority.text()
    authority.go(f"/cases/{number}/?step=match")
    authority.submit("form[action$='/steps/match/']", "送处负责人签发")
    lead.sign(number)
    assert "已匹配" in lead.text()


def drafted(requester: Person, number: str) -> None:
    requester.go(f"/cases/{number}/")
    requester.look("need-matched")
    requester.page.click("text=打开草稿")
    requester.page.wait_for_load_state("networkidle")
    assert number in requester.page.locator("[name=scenario]").input_value()
    requester.look("need-draft")
