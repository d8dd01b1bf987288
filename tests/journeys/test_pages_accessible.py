"""The shared pages in a real browser: axe finds nothing, nothing is wider than the window, the console is silent."""

from __future__ import annotations

import os

import pytest

from tests.browser import HOW_TO_INSTALL, chromium

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PATHS = ("/", "/design/", "/help/", "/accessibility/")


@pytest.fixture
def browser(monkeypatch):
    """A Chromium; the journeys are skipped in words where there is none."""
    if chromium() is None:
        pytest.skip(HOW_TO_INSTALL)
    from playwright.sync_api import sync_playwright

    # Playwright runs a loop in this thread, and Django would take every query for one made inside it.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_shared_pages_pass_axe_and_fit_the_window(browser, live_server, width):
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    for path in PATHS:
        page.goto(f"{live_server.url}{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, path
        assert heard == [], path
        found = Axe().run(page).response["violations"]
        assert [(path, v["id"], v["nodes"][0]["target"]) for v in found] == []
        heard.clear()


def test_a_long_text_says_by_how_much_it_is_too_long(browser, live_server):
    page = browser.new_page()
    page.goto(f"{live_server.url}/design/")
    page.fill("#id_purpose", "甲" * 512)
    assert page.text_content("[data-count-of=id_purpose]") == "超出 12 字，最多 500 字"


def test_the_first_tab_reaches_the_way_to_the_text(browser, live_server):
    page = browser.new_page()
    page.goto(f"{live_server.url}/help/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
