"""The platform and the people of the journeys. Journeys of one `xdist_group` share a platform."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.site import Person, browsing, running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Started once for all journeys that this process runs."""
    if named := os.environ.get("JOURNEY_SITE"):  # one that runs already, while pages are being worked on
        yield named
        return
    folder = tmp_path_factory.mktemp("journeys")
    for above in (folder, *list(folder.parents)[:2]):
        above.chmod(0o755)
    with running(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as started:
        yield started


@pytest.fixture(scope="module")
def people() -> dict[str, Person]:
    return {}


@pytest.fixture
def person(site: str, browser: Browser, people: dict[str, Person]) -> Iterator[Callable[[str], Person]]:
    """Each account signs in once; its browser stays open for the whole journey. Every page looked at was right."""

    def of(account: str) -> Person:
        if account not in people:
            people[account] = Person(browser, site, account)
        return people[account]

    yield of
    wrong = [f"{account}, {one}" for account, known in people.items() for one in known.wrong]
    for known in people.values():
        known.wrong.clear()
    assert not wrong, "\n".join(wrong)
