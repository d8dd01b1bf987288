"""Pages around the catalogue in a real browser: the data block passes the policy as it stands, axe finds nothing."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.contributions import giving
from catalog.standards import keeping
from tests.cast import PASSWORD
from tests.journeys.site import WATCH
from tests.journeys.test_pages_accessible import browser as browser
from tests.law import load_law
from tests.shelf import AT, SYSTEM, build_entry, term

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LAW = "《中华人民共和国个人信息保护法》第三十四条"
HOSTILE = '</script><script>document.title="x"</script>雨量'
PATHS = (
    "/catalog/X/", "/catalog/X/versions/1/", "/catalog/versions/", "/catalog/vocabularies/",
    "/catalog/vocabularies/subject/", "/catalog/standards/", "/catalog/standards/1/", "/catalog/contributions/",
    "/catalog/?q=雨量",
)  # fmt: skip
OFFICE = (
    "/catalog/standards/register/",
    "/catalog/amendments/?title=中华人民共和国个人信息保护法&amended_on=2026-09-18",
)


@pytest.fixture
def shelf(cast):
    load_law()
    build_entry(
        cast.organisation("provider"), code="X", name=HOSTILE, summary=HOSTILE, sharing_type="conditional",
        sharing_basis=LAW, sharing_basis_kind="law", sharing_basis_text="原文", conditions=[term("限应急", LAW)],
    )  # fmt: skip
    said = {
        "kind": "aggregation-norm", "level": "norm", "number": "1", "title": "汇聚规范", "version": "第 1 版",
        "scope": "全市", "region": "city", "source": "市大数据局", "link": "https://example.gov.cn/1",
        "since": date(2026, 1, 1),
    }  # fmt: skip
    row = keeping.register(said, at=AT, by=SYSTEM)
    said = {**dict.fromkeys(giving.FACTS, "依法取得，注明来源"), "title": "步道记录"}
    gift = giving.offer(said, at=AT, by=cast.actor("citizen", AT))
    giving.answer(gift, take=True, reason="", at=AT, by=cast.actor("authority", AT))
    return row, gift


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_keep_the_policy_fit_the_window_and_pass_axe(browser, live_server, shelf, cast, width):
    from axe_playwright_python.sync_playwright import Axe

    row, gift = shelf
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    context.add_init_script(WATCH)
    page = context.new_page()
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))

    def look(path: str) -> None:
        page.goto(f"{live_server.url}{path}")
        page.wait_for_load_state("networkidle")
        assert (page.evaluate("window.refused"), heard) == ([], []), path
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
        found = Axe().run(page).response["violations"]
        assert [(path, v["id"], v["nodes"][0]["target"]) for v in found] == []

    for path in PATHS:
        look(path.replace("/standards/1/", f"/standards/{row.pk}/"))
    look(f"/catalog/contributions/{gift.pk}/")
    page.goto(f"{live_server.url}/catalog/X/")
    assert page.title().startswith("</script>")
    block = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)")
    assert block["name"] == HOSTILE and block["@type"] == "Dataset"
    page.goto(f"{live_server.url}/login/")
    page.fill("[name=username]", cast.user("authority").username)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_load_state("networkidle")
    for path in OFFICE:
        look(path)
