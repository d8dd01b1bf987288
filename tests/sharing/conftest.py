"""A conditional and an unconditional entry of the provider, with the law's terms and the calendar loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from accounts.models import Function
from catalog.models import Condition, Entry, EntryItem, SharingType
from clock import SHANGHAI
from datacentre.actions.holdings import create_holding, load_version
from django.core.management import call_command
from procedures.models import Case
from procedures.perform import file, perform, sign
from sharing.procedures import REQUEST

from tests.cast import Cast

MONDAY = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def law(db: None) -> None:
    """Terms and State Council notices, as a deployment loads them."""
    call_command("load_law")


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
            "items": ["plate", "result"], "modes": ["file", "api"], "scope": "道路运输处 12 个账号",
            "first_day": "2026-10-09", "last_day": "2027-10-08", **changes,
        }

    def request(self, at: datetime = MONDAY, **changes: object) -> Case:
        return file(REQUEST, by=self.cast.actor("requester", at), at=at, facts=self.facts(**changes), subject=self.entry)

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
    from accounts.actors import SYSTEM
    from datacentre.actions.holdings import ItemSpec

    at = datetime(2026, 9, 1, 9, 0, tzinfo=SHANGHAI)
    provider = cast.organisation("provider")
    holding = create_holding(
        code="H-1", name="机动车排放检验结果", owner=provider, source="测试数据", licence="测试",
        items=[ItemSpec("plate", "号牌号码", "code"), ItemSpec("result", "检验结果", "text"), ItemSpec("phone", "车主电话", "code")],
        at=at, by=SYSTEM,
    )
    load_version(
        holding, rows=[{"plate": f"渝A{i:05d}", "result": "合格", "phone": f"1380000{i:04d}"} for i in range(30)], at=at, by=SYSTEM
    )
    entry = Entry.objects.create(
        code="CQ-TEST-1", name="机动车排放检验结果信息", summary="检验结果", provider=provider, holding=holding,
        sharing_type=SharingType.CONDITIONAL, sharing_basis="《中华人民共和国个人信息保护法》第三十四条",
        delivery=["file", "api"], status=Entry.Status.PUBLISHED, published_at=at, update_cycle="daily", security_level="2",
    )
    for n, (code, name) in enumerate([("plate", "号牌号码"), ("result", "检验结果"), ("phone", "车主电话")]):
        EntryItem.objects.create(entry=entry, code=code, name=name, type="text", sharing_type=SharingType.CONDITIONAL, position=n)
    Condition.objects.create(entry=entry, text="使用期限不超过 2 年", check_kind=Condition.Check.PERIOD, parameter={"months": 24})
    function = Function.objects.create(
        organisation=cast.organisation("requester"), code="JT-1", name="道路运输车辆技术管理", basis="职能配置规定"
    )
    return World(cast, entry, function)
