"""Photographs of pages: `python tests/journeys/shoot.py http://localhost:8000 /tmp/shots / /design/`.

Each page at 1440 and 390 pixels, whole. Says which pages are wider than their window and what the console reported.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from tests.browser import chromium

WIDTHS = (1440, 390)


def _listen(page: Page) -> list[str]:
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def shoot(site: str, folder: Path, paths: list[str], account: str, widths: tuple[int, ...]) -> int:
    """Photograph every path at every width; returns how many pages had something wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for width in widths:
            context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
            page = context.new_page()
            heard = _listen(page)
            if account:
                name, _, password = account.partition(":")
                page.goto(f"{site}/login/")
                page.fill("[name=username]", name)
                page.fill("[name=password]", password)
                page.click("main [type=submit]")
            for path in paths:
                page.goto(f"{site}{path}")
                page.wait_for_load_state("networkidle")
                name = path.strip("/").replace("/", "-").replace("?", "-") or "home"
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
                over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if over > 0:
                    heard.append(f"wider than the window by {over} px")
                print(f"{path} {width}: {'; '.join(heard) or 'ok'}")
                wrong += bool(heard)
                heard.clear()
            context.close()
        browser.close()
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--as", dest="account", default="")
    parser.add_argument("--widths", type=lambda text: tuple(map(int, text.split(","))), default=WIDTHS)
    chosen = parser.parse_args()
    sys.exit(min(1, shoot(chosen.site, chosen.folder, chosen.paths, chosen.account, chosen.widths)))
