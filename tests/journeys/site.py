"""The whole platform with its demonstration, started as `make run` does, and people who use it in a real browser."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import demo
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser import chromium
from tests.kernel.test_config_run import Copy

#: Where the pictures of a journey go; nowhere when the variable is not set.
SHOTS = os.environ.get("JOURNEY_SHOTS", "")
#: The page itself keeps what its content security policy refused: the console tells it late, and in no order.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.sourceFile || event.blockedURI}:${event.lineNumber}`));
"""
NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a platform of its own, with worker and beat; gone afterwards."""
    copy = Copy(folder)
    copy.start(YUSHU_TRAVEL="1", STATIC_HASHED="1", EMAIL_URL="dummymail://")
    try:
        for _ in range(1200):
            if copy.served():
                break
            if copy.process is not None and copy.process.poll() is not None:
                raise RuntimeError(copy.text())
            time.sleep(0.2)
        else:
            raise RuntimeError(copy.text())
        yield f"http://localhost:{copy.port}"
    finally:
        if copy.process is not None:
            copy.process.terminate()
            copy.process.wait(timeout=90)


@contextmanager
def browsing() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


class Person:
    """Somebody with a browser of their own, signed in.

    A page that is looked at has its console, its width and axe's findings noted in `wrong`, and its picture taken.
    """

    def __init__(self, browser: Browser, site: str, account: str) -> None:
        self.site, self.account = site, account
        context = browser.new_context(viewport=WIDE, locale="zh-CN", accept_downloads=True)
        context.add_init_script(WATCH)
        self.page: Page = context.new_page()
        self.heard: list[str] = []
        self.wrong: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.goto(f"{site}/login/")
        self.page.fill("[name=username]", account)
        self.page.fill("[name=password]", demo.PASSWORD)
        self.page.click("main [type=submit]")
        self.page.wait_for_load_state("networkidle")

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused form is answered with 422, which Chromium also writes to its console.
        refused = "Content Security Policy" in message.text  # the page's own list says the same, in time
        if message.type == "error" and "status of 4" not in message.text and not refused:
            self.heard.append(message.text)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.site}{path}")
        self.page.wait_for_load_state("networkidle")

    def look(self, name: str) -> None:
        """Note what is wrong with the page as it is: said on the console, wider than the window, found by axe."""
        from axe_playwright_python.sync_playwright import Axe

        self.wrong += [f"{name}: {heard}" for heard in (*self.heard, *self.page.evaluate("window.refused"))]
        found = Axe().run(self.page).response["violations"]
        for one in found:
            node = one["nodes"][0]
            self.wrong.append(f"{name}: {one['id']} {node['target']} {node['html'][:120]}")
        self._shoot(name, 1440)
        self.page.set_viewport_size(NARROW)
        over = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            self.wrong.append(f"{name}: {over} px wider than a window of 390")
        self._shoot(name, 390)
        self.page.set_viewport_size(WIDE)
        # axe and the camera tried styles of their own, which the policy refused too.
        self.page.wait_for_timeout(100)
        self.page.evaluate("window.refused = []")
        self.heard.clear()

    def _shoot(self, name: str, width: int) -> None:
        if SHOTS:
            folder = Path(SHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)

    def fill(self, form: str, **facts: str | list[str]) -> None:
        """Fill in by the names of the fields: texts, dates, one of several, several of a list."""
        for name, value in facts.items():
            field = self.page.locator(f"{form} [name={name}]")
            kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind in ("radio", "checkbox"):
                for one in [value] if isinstance(value, str) else value:
                    self.page.locator(f"{form} [name={name}][value='{one}']").check()
            elif kind == "select":
                field.select_option(str(value))
            else:
                field.fill(str(value))

    def submit(self, form: str, button: str) -> None:
        self.page.locator(f"{form} button[type=submit]", has_text=button).last.click()
        self.page.wait_for_load_state("networkidle")

    def step(self, number: str, code: str, button: str, **facts: str | list[str]) -> None:
        """Take a step on the page of a case: open its fold, fill its form, send it."""
        self.go(f"/cases/{number}/?step={code}")
        form = f"form[action$='/steps/{code}/']"
        self.fill(form, **facts)
        self.submit(form, button)

    def sign(self, number: str) -> None:
        self.go(f"/cases/{number}/")
        self.page.locator("form[action$='/sign/'] button").click()
        self.page.wait_for_load_state("networkidle")

    def number(self) -> str:
        """The number of the case whose page is open."""
        found = re.search(r"/cases/([^/]+)/", self.page.url)
        assert found, self.page.url + self.page.inner_text("main")[:400]
        return found[1]

    def text(self) -> str:
        return self.page.inner_text("main")
