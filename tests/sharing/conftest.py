"""A conditional and an unconditional entry of the provider, with the law's terms and the calendar loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import clock
import pytest
from accounts.actors import SYSTEM
from accounts.models import Function, Post, User
from clock import SHANGHAI
from datacentre.actions import ItemSpec, create_holding, load_version
from datacentre.models import HoldingItem
from django.test import Client
from procedures.filing import file
from procedures.models import Case
from procedures.perform import perform, sign

from catalog.models import BasisKind, Condition, Entry
from sharing import subjects
from sharing.procedures import REQUEST
from tests.cast import Cast
from tests.law import load_law
from tests.shelf import build_entry, item, term

Type = HoldingItem.Type

MONDAY = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def law(db: None) -> None:
    """Terms and State Council notices, as a deployment loads them."""
    load_law()


@dataclass
class World:
    """A city in which something can be shared, and the short ways to share it."""

    cast: Cast
    entry: Entry
    function: Function

    def facts(self, **changes: object) -> dict:
        return {
            "scenario": "对检验不合格的营运货车，推送区县运输管理机构督促维修，复检合格后解除提示。",
            "purpose": "duty",
            "function": self.function.code,
            "purpose_basis": "《道路运输车辆技术管理规定》第二十条",
            "items": ["plate", "result"],
            "scope": "道路运输处 12 个账号",
            "modes": ["file", "api"],
            "first_day": "2026-10-09",
            "last_day": "2027-10-08",
            "contact": "陈静",
            "contact_phone": "023-12345678",
            **changes,
        }

    def grant_facts(self, **changes: object) -> dict:
        return {
            "items": ["plate", "result"],
            "modes": ["file", "api"],
            "scope": "道路运输处 12 个账号",
            "first_day": "2026-10-09",
            "last_day": "2027-10-08",
            **changes,
        }

    def request(self, at: datetime = MONDAY, **changes: object) -> Case:
        return file(
            REQUEST,
            by=self.cast.actor("requester", at),
            at=at,
            facts=self.facts(**changes),
            subject=self.entry,
        )

    def second_officer(self, body: str, role: str = "officer") -> str:
        """Another person of the body, known to the cast from now on; returns the name."""
        name = f"{body}_{role}_2"
        user = User.objects.create(username=name, name=f"{body}另一{role}", email=f"{name}@example.cn")
        Post.objects.create(
            user=user, organisation=self.cast.organisation(body), role=role, valid_from=self.cast.day
        )
        self.cast.users[name] = user
        return name

    def perform(self, case: Case, step: str, who: str, at: datetime, **facts: object) -> Case:
        return perform(case, step, by=self.cast.actor(who, at), at=at, facts=facts)

    def sign(self, case: Case, who: str, at: datetime) -> Case:
        return sign(case, by=self.cast.actor(who, at), at=at)

    def granted(self, at: datetime = MONDAY) -> Case:
        case = self.request(at)
        self.perform(case, "grant", "authority", at, **self.grant_facts())
        return self.sign(case, "authority_lead", at)


@pytest.fixture
def world(cast: Cast, law: None) -> World:
    return make_world(cast)


def make_world(cast: Cast, *, loaded: bool = True) -> World:
    """An entry of the provider with data behind it: three conditional items, of which nobody needs the telephone.

    Not `loaded`, the data is still to come.
    """
    at = datetime(2026, 9, 1, 9, 0, tzinfo=SHANGHAI)
    provider = cast.organisation("provider")
    names = (
        ("plate", "号牌号码", Type.CODE),
        ("result", "检验结果", Type.TEXT),
        ("phone", "车主电话", Type.CODE),
    )
    holding = create_holding(
        code="CAR",
        name="机动车排放检验结果",
        owner=provider,
        items=[ItemSpec(*spec) for spec in names],
        at=at,
        by=SYSTEM,
    )
    basis = {
        "sharing_basis": "《中华人民共和国个人信息保护法》第三十四条",
        "sharing_basis_kind": BasisKind.LAW,
    }
    build_entry(
        provider,
        code="CAR",
        name="机动车排放检验结果信息",
        holding=holding,
        at=at,
        items=tuple(
            item(code, name, type_, sharing_type="conditional", **basis) for code, name, type_ in names
        ),
        sharing_type="conditional",
        **basis,
        conditions=(
            term("使用期限不超过 2 年", check_kind=Condition.Check.PERIOD, parameter={"months": 24}),
        ),
    )
    if loaded:
        rows = [{"plate": f"渝A{i:05d}", "result": "合格", "phone": f"1380000{i:04d}"} for i in range(30)]
        load_version(holding, rows=rows, at=at, by=SYSTEM)
    function = Function.objects.create(
        organisation=cast.organisation("requester"),
        code="JT-1",
        name="道路运输车辆技术管理",
        basis="职能配置规定",
    )
    return World(cast, subjects.entry("CAR"), function)


@pytest.fixture
def open_world(world: World) -> World:
    """The same, with everything unconditional."""
    world.entry.items.update(sharing_type="unconditional", sharing_basis="", sharing_basis_kind="")
    world.entry.sharing_type, world.entry.sharing_basis, world.entry.sharing_basis_kind = (
        "unconditional",
        "",
        "",
    )
    world.entry.save()
    world.entry = subjects.entry("CAR")
    return world


@pytest.fixture
def browser(world: World) -> Iterator[Callable[[str], Client]]:
    """`browser("authority")` is the signed-in browser of that person; it is Monday while the test runs."""

    def of(name: str) -> Client:
        client = Client()
        client.force_login(world.cast.user(name))
        return client

    with clock.travel(MONDAY):
        yield of
