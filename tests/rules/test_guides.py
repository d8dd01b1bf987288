"""The guides name only what is there: files, addresses, accounts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from accounts.demonstration import PEOPLE
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
GUIDES = sorted((DOCS / "guides").glob("*.md"))

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
ADDRESS = re.compile(r"(?:`|https://data\.example\.gov\.cn)(/[a-z][A-Za-z0-9/_.-]*+)(?![一-鿿])")
WORD = re.compile(r"`([a-z]+(?:-[a-z]+)*)`")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as the code host makes them."""
    heads = re.findall(r"^#+ +(.+)$", path.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def addresses(path: Path) -> list[str]:
    """What is quoted as a path, or follows the name that stands for the site; without those with a word for a place."""
    return ADDRESS.findall(path.read_text(encoding="utf-8"))


def accounts(path: Path) -> list[str]:
    """Every word in code marks on a line that speaks of accounts is the name of one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if "演示账号" in line or "这个账号" in line]
    return [word for line in told for word in WORD.findall(line)]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_a_heading_that_exist(path: Path) -> None:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("path", GUIDES, ids=name_of)
def test_every_address_named_is_one_of_the_site(path: Path) -> None:
    for address in addresses(path):
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{name_of(path)} 写了 {address}，网站没有这个地址")


@pytest.mark.parametrize("path", GUIDES, ids=name_of)
def test_every_account_named_is_in_the_demonstration(path: Path) -> None:
    assert set(accounts(path)) <= {person.account for person in PEOPLE}


def test_every_guide_is_in_the_index_and_every_account_in_a_guide() -> None:
    index = LINK.findall((DOCS / "README.md").read_text(encoding="utf-8"))
    assert {f"guides/{guide.name}" for guide in GUIDES} <= set(index)
    assert {account for guide in GUIDES for account in accounts(guide)} == {
        person.account for person in PEOPLE
    }


def test_the_guides_are_read() -> None:
    """The expressions above find something: else all of it would hold of nothing."""
    assert len([address for guide in GUIDES for address in addresses(guide)]) > 10
    assert len(GUIDES) == 11
