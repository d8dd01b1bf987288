"""Every address as every role: who gets in, who is refused, who is told nothing, and no fault anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import clock
import pytest
from django.test import override_settings
from django.urls import reverse

from tests.cast import PEOPLE
from tests.sharing.conftest import World, law, world  # noqa: F401 (fixtures)
from tests.walk import scene as scenes
from tests.walk.addresses import Address, every_address
from tests.walk.table import PASSING, missing, rows
from tests.walk.walking import BROKEN, HIDDEN, LOGIN, NO_METHOD, OPEN, REFUSED, Walker, path_of, said

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

#: Answered the same for everybody: there is nothing.
NOTHING = {"api:api/v1/^(?P<rest>.*[^/])$"}
AREAS = {
    "pages": lambda name: not name.startswith(("api:", "admin:", "catalogue:")),
    "interface": lambda name: name.startswith("api:"),
    "administration": lambda name: name.startswith(("admin:", "catalogue:")),
}


@pytest.fixture
def scene(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[scenes.Scene]:  # noqa: F811
    monkeypatch.setattr(clock, "now", lambda: scenes.NOW)
    with override_settings(API_RATES={"anon": 10**6, "token": 10**6, "session": 10**6}):
        yield scenes.build(world)


@pytest.fixture
def walkers(scene: scenes.Scene, world: World) -> list[Walker]:  # noqa: F811
    return [Walker.of("anonymous", None), *(Walker.of(name, world.cast.user(name)) for name in PEOPLE)]


def test_every_address_has_an_expectation():
    assert missing(address.name for address in every_address() if address.name not in NOTHING) == []


@pytest.mark.parametrize("area", AREAS)
def test_everybody_everywhere(area: str, scene: scenes.Scene, walkers: list[Walker]):
    wrong = []
    for address in every_address():
        if AREAS[area](address.name) and address.name in rows() and address.name not in NOTHING | PASSING:
            wrong += _walk(address, scene, walkers)
    assert not wrong, "\n".join(wrong)


def _walk(address: Address, scene: scenes.Scene, walkers: list[Walker]) -> Iterator[str]:
    row, path = rows()[address.name], path_of(address, scene)
    told = _state_speaks(address.name, scene)
    for walker in walkers:
        answers = {}
        for method in ("get", "post"):
            body = scene.bodies.get(address.name) if method == "post" else None
            response = walker.go(method, path, body() if body else None)
            answers[method] = said(response)
            expected = row.expected(method, walker.who)
            if told and walker.who in row.may | row.sees:
                expected = OPEN
            if response.acted and expected != OPEN:
                yield f"{address.name} {method} {path} {walker.who}: refused, and yet the trail has grown"
            told_there = response.status_code == 302 and not response.acted and expected == REFUSED
            if not told_there and not _fits(answers[method], expected, address.name, walker.who):
                yield f"{address.name} {method} {path} {walker.who}: {answers[method]}, expected {expected}"
        if set(answers.values()) == {NO_METHOD}:
            yield f"{address.name} {path}: neither GET nor POST is answered"


def _state_speaks(name: str, scene: scenes.Scene) -> bool:
    """Whether the state of the case refuses a step before anybody's right is asked (then every reader is told)."""
    step = scene.steps.get(name)
    return step is not None and all(source.code != step.case.state for source in step.declared.sources)


def _fits(answer: str, expected: str, name: str, person: str) -> bool:
    if answer == BROKEN:
        return False
    if answer in (expected, NO_METHOD):
        return True
    # The administration pages send somebody without the post to their own sign-in, which refuses in words.
    return answer == LOGIN and expected in (REFUSED, HIDDEN) and name.startswith(("admin:", "catalogue:"))


def test_passing_addresses_only_lead_on(scene: scenes.Scene, walkers: list[Walker]):
    for name, walker, method in product(PASSING, walkers, ("get", "post")):
        response = walker.go(method, reverse(name))
        assert response.status_code in (200, 302, 405) and not response.acted, name


def _curious(address: Address, walkers: list[Walker], method: str) -> Walker:
    """Who gets furthest into the code behind an address: somebody to whom it opens, else the auditor."""
    row = rows().get(address.name)
    if row is None or (row.public and row.expected(method, "anonymous") == OPEN):
        return walkers[0]
    people = (walker for walker in walkers[1:] if row.expected(method, walker.who) == OPEN)
    return next(people, next(walker for walker in walkers if walker.who == "auditor"))


ASKED = (
    "q",
    "page",
    "cursor",
    "limit",
    "kind",
    "date",
    "start",
    "add",
    "code",
    "from",
    "to",
    "period",
    "step",
    "as",
    "after",
)
HOSTILE = (
    "x" * 4000,
    "%00",
    "%F0%9F%98%80%E6%B1%89",
    "-1",
    "0",
    "99999999999999999999999999",
    "..%2F..%2Fetc",
    "%27%20OR%201%3D1--",
    "<script>",
)


def test_no_fault_whatever_stands_in_an_address(scene: scenes.Scene, walkers: list[Walker]):
    wrong = []
    for address in every_address():
        path = path_of(address, scene)
        tried = {("get", walkers[0].who): walkers[0]}
        tried |= {
            (method, each.who): each
            for method in ("get", "post")
            for each in [_curious(address, walkers, method)]
        }
        for parameter, value in scene.fill(address.name, address.parameters).items():
            head, _, tail = path.rpartition(str(value))
            for bad, ((method, who), walker) in product(HOSTILE, tried.items()):
                if walker.go(method, f"{head}{bad}{tail}").status_code >= 500:
                    wrong.append(f"{address.name} {parameter}={bad[:30]} {method} {who}")
    assert not wrong, "\n".join(wrong)


def test_no_fault_whatever_is_asked_for(scene: scenes.Scene, walkers: list[Walker]):
    wrong = []
    for address, bad in product(every_address(), HOSTILE):
        query = "&".join(f"{name}={bad[:500]}" for name in ASKED)
        walker = _curious(address, walkers, "get")
        if walker.go("get", f"{path_of(address, scene)}?{query}").status_code >= 500:
            wrong.append(f"{address.name} ?…={bad[:30]} {walker.who}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "bad", ["\x00坏", "甲" * 100_000, "\U0001f600<b>\u202e"], ids=["null", "long", "strange"]
)
def test_no_fault_whatever_is_posted(bad: str, scene: scenes.Scene, walkers: list[Walker]):
    """By those who may, on all that the walk can post: every text in turn is hostile."""
    people = {walker.who: walker for walker in walkers}
    wrong = []
    for address in every_address():
        body = scene.bodies.get(address.name)
        allowed = (
            [who for who in PEOPLE if rows()[address.name].expected("post", who) == OPEN] if body else []
        )
        if not allowed:
            continue
        for key, value in body().items():
            if isinstance(value, str):
                said_so = people[allowed[0]].go("post", path_of(address, scene), {**body(), key: bad})
                if said_so.status_code >= 500:
                    wrong.append(f"{address.name} {key} {allowed[0]}")
    assert not wrong, "\n".join(wrong)
