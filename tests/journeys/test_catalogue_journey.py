"""A department compiles an entry in the browser: with a mistake, mended, looked at for twins, previewed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.site import Person

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.xdist_group("catalogue-journey")]

NAME = "疫情分区县每日情况信息"
LOCAL, LAW = "《重庆市数据条例》第二十四条", "《中华人民共和国传染病防治法》第三十八条"
BLOCK = "\n".join(
    "\t".join(line.split())
    for line in (
        "名称 代码 类型", "日期 day 日期", "区县 district 文本", "行政区划代码 district_code 代码",
        "累计确诊 confirmed 整数",
    )
)  # fmt: skip


def test_an_entry_from_the_empty_form_to_what_can_be_reported(person: Callable[[str], Person]):
    provider = person("provider")
    provider.go("/catalog/compile/")
    provider.look("compile-list-before")
    provider.page.click("text=新编一条")
    provider.page.wait_for_load_state("networkidle")
    assert not provider.page.locator("#sharing_basis").is_visible()
    provider.look("compile-new")
    with_a_mistake(provider)
    items_by_keyboard_and_by_paste(provider)
    mended(provider)
    no_repetition(provider)
    provider.page.click("nav >> text=预览")
    provider.page.wait_for_load_state("networkidle")
    assert NAME in provider.text() and LAW in provider.text() and "区县" in provider.text()
    provider.look("compile-preview")
    provider.go("/catalog/compile/?stage=ready")
    provider.page.locator("tbody tr", has_text=NAME).locator("[name=draft]").check()
    assert "已选 1 条" in provider.page.inner_text("#bulk")
    provider.look("compile-list")


def with_a_mistake(provider: Person) -> None:
    """A narrower type that rests on nothing but a local regulation, and no summary."""
    provider.fill(
        "form",
        name=NAME,
        subject="health",
        gathered="2020 年全市及各区县",
        formats=["csv", "json"],
        delivery=["file", "api"],
        update_cycle="never",
        sharing_type="conditional",
        opening_type="unconditional",
        identifier_kind="none",
        use_requirements="注明来源。",
    )
    assert provider.page.locator("#sharing_basis").is_visible()
    provider.fill(
        "form", sharing_basis=LOCAL, sharing_basis_kind="local-regulation",
        **{"c0-text": "限疾病预防控制、应急管理职能", "c0-check_kind": "function"},
    )  # fmt: skip
    assert provider.page.locator("#c0-words").is_visible()
    assert not provider.page.locator("#c0-months").is_visible()
    provider.fill("form", **{"c0-words": "疾病预防、应急"})
    provider.submit("form", "保存，接着填信息项")


def save(provider: Person) -> None:
    provider.page.click("button[value=save]:visible >> nth=-1")
    provider.page.wait_for_load_state("networkidle")


def items_by_keyboard_and_by_paste(provider: Person) -> None:
    page = provider.page
    page.locator("[data-add-row]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("累计治愈")
    last = page.locator("tbody tr").last
    assert last.locator("input.input").first.input_value() == "累计治愈"
    last.locator("input.input").nth(1).fill("cured")
    last.locator("[data-row-up]").focus()
    page.keyboard.press("Enter")
    assert page.locator("tbody tr").nth(2).locator("input.input").first.input_value() == "累计治愈"
    page.fill("#paste", BLOCK)
    provider.look("compile-items-new")
    save(provider)
    names = page.locator("tbody tr .i-names input.input:first-child").evaluate_all(
        "all => all.map(e => e.value).filter(Boolean)"
    )
    assert [name for name in names if name in ("累计治愈", "日期", "累计确诊")] == [
        "累计治愈",
        "日期",
        "累计确诊",
    ]
    provider.look("compile-items")


def mended(provider: Person) -> None:
    page = provider.page
    page.click("nav >> text=条目")
    page.wait_for_load_state("networkidle")
    assert "请填写“摘要”" in provider.text() and "只有地方性法规" in provider.text()
    provider.look("compile-mend")
    page.click(".errsum a >> nth=0")
    assert page.url.endswith("#summary")
    provider.fill(
        "form", summary="一日一区县一行，含累计确诊、累计治愈。", sharing_basis=LAW, sharing_basis_kind="law"
    )
    save(provider)
    assert "没有待改正的地方" in provider.text()


def no_repetition(provider: Person) -> None:
    page = provider.page
    page.click("nav >> text=重复核对")
    page.wait_for_load_state("networkidle")
    assert "个信息项同名" in provider.text()
    provider.look("compile-twins")
    provider.submit("form", "保存核对情况")
    for radio in page.locator("input[value=different]").all():
        radio.check()
    provider.submit("form", "保存核对情况")
    assert "请写明为什么不是重复采集" in provider.text()
    for box in page.locator("textarea").all():
        box.fill("统计口径不同，只含本年度新增")
    provider.submit("form", "保存核对情况")
    assert "全部核对完毕" in provider.text()


def test_what_everybody_reads_fits_every_window(person: Callable[[str], Person]):
    authority = person("authority")
    authority.go("/catalog/databases/")
    authority.look("databases")
    authority.page.click("text=登记牵头部门")
    authority.page.wait_for_load_state("networkidle")
    authority.look("database-lead")
    authority.go("/catalog/")
    authority.page.locator("main a[href*='/000001/']").first.click()
    authority.page.wait_for_load_state("networkidle")
    authority.page.locator("#e6").scroll_into_view_if_needed()
    authority.page.wait_for_selector(".beside, #e6 ~ div .soft, section[aria-labelledby=e6] .soft")
    authority.look("entry-public")
