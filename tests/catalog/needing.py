"""Needs for tests: short ways to raise one, to ask a source, to have it listed and matched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Organisation, Role
from procedures.filing import file
from procedures.models import Case

from catalog.models import Demand, Inquiry
from catalog.procedures.demand import DEMAND
from tests.catalog.city import MONDAY, City
from tests.law import load_law

SOIL = "土壤重金属监测结果、采样点位置"
WHY = "建设用地准入管理，核查地块污染情况。"
BASIS = "《重庆市数据条例》第二十五条"


def department(city: City, name: str = "渝中区城市管理局", code: str = "500103-cgj") -> str:
    """A department of the district and its people; its officer's name is its key in the cast."""
    authority = city.cast.organisation("district")
    body = Organisation.objects.create(
        code=code,
        name=f"重庆市{name}（测试）",
        short_name=name,
        kind=Organisation.Kind.DISTRICT_DEPARTMENT,
        district=authority.district,
    )
    city.cast.organisations[code] = body
    city.person(code, body, Role.OFFICER)
    city.person(f"{code}_lead", body, Role.LEAD, Role.PRINCIPAL)
    return code


@dataclass
class Needing(City):
    """The city and its needs; the requester needs what the provider has."""

    def need(self, who: str = "requester", at: datetime = MONDAY, **said: Any) -> Case:
        facts = {"items": SOIL, "function": WHY, **said}
        by = self.cast.actor(who, at)
        return file(DEMAND, by=by, at=at, facts=facts, subject=by.posts[0].organisation)

    def ask(self, case: Case, body: str = "provider", at: datetime = MONDAY, **said: Any) -> Case:
        facts = {"body": self.cast.organisation(body).code, "question": "贵单位是否掌握这项数据？", **said}
        return self.perform(case, "ask-source", "authority", at, **facts)

    def accept(self, case: Case, body: str = "provider", at: datetime = MONDAY, **said: Any) -> Case:
        facts = {"items": SOIL, "until": (at + timedelta(days=14)).date().isoformat(), **said}
        self.perform(case, "accept-source", body, at, **facts)
        return self.sign(case, f"{body}_lead", at)

    def deny(self, case: Case, body: str = "provider", at: datetime = MONDAY) -> Case:
        reason = "土壤监测由市规划自然资源局负责，本局没有这项数据。"
        self.perform(case, "deny-source", body, at, reason=reason, basis=BASIS)
        return self.sign(case, f"{body}_lead", at)

    def deny_as(self, case: Case, who: str) -> Case:
        """Denied by a body that has no lead in the cast: one is found for it."""
        lead = self.person(f"{who}_deny", self.cast.organisation(who), Role.LEAD)
        self.perform(case, "deny-source", who, reason="本局没有这项数据，也不负责。", basis=BASIS)
        return self.sign(case, lead)

    def match(self, case: Case, *codes: str, at: datetime = MONDAY, **said: Any) -> Case:
        self.perform(case, "match", "authority", at, entries="、".join(codes), **said)
        return self.sign(case, "authority_lead", at)

    def update_of(self, case: Case) -> Case:
        """The update that was opened for the need last."""
        found = Inquiry.objects.filter(demand=case.pk, update__isnull=False).latest("pk").update
        assert found is not None
        return found

    def list_it(self, case: Case, name: str = "土壤重金属监测", at: datetime = MONDAY, **said: Any) -> Case:
        """The source compiles the entry and its update is published."""
        update = self.update_of(case)
        self.draft("provider", name, at=at, **said)
        self.apply(update, "provider", at)
        return self.update(update, at)

    def record(self, case: Case) -> Demand:
        found: Demand = Demand.whole.get(case=case)
        return found


def make(cast: Any) -> Needing:
    load_law()
    return Needing(cast)
