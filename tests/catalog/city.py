"""Short ways through rounds, lists and updates, for the tests of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Organisation, Post, Role, User
from clock import SHANGHAI
from procedures import drafts as papers
from procedures import hearings, registry
from procedures.filing import file
from procedures.models import Case
from procedures.perform import perform, sign

from catalog import drafts
from catalog.models import CatalogueList, Draft, Entry
from tests.cast import Cast
from tests.shelf import SAID

#: A Monday morning; the Mid-Autumn holiday is at the end of its week.
MONDAY = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)
NORM = "《重庆市公共数据目录编制规范》（2026 年版）"
LAW = "《中华人民共和国个人信息保护法》第三十四条"


@dataclass
class City:
    """The cast with the catalogue's matters."""

    cast: Cast

    def perform(self, case: Case, step: str, who: str, at: datetime = MONDAY, **facts: Any) -> Case:
        return perform(case, step, by=self.cast.actor(who, at), at=at, facts=facts)

    def sign(self, case: Case, who: str, at: datetime = MONDAY) -> Case:
        return sign(case, by=self.cast.actor(who, at), at=at)

    def hear(self, at: datetime = MONDAY) -> None:
        hearings.deliver(at)

    def person(self, name: str, body: Organisation, *roles: Role) -> str:
        """Another person of a body, known to the cast from now on."""
        user = User.objects.create(username=name, name=name, email=f"{name}@example.cn")
        for role in roles:
            Post.objects.create(user=user, organisation=body, role=role, valid_from=self.cast.day)
        self.cast.users[name] = user
        return name

    def draft(
        self, body: str, name: str, *, at: datetime = MONDAY, entry: Entry | None = None, **said: Any
    ) -> Draft:
        return drafts.keep(
            self.cast.organisation(body),
            {**SAID, "name": name, **said},
            entry=entry,
            at=at,
            by=self.cast.actor(body, at),
        )

    def open_round(
        self, bodies: Iterable[str] = ("provider",), *, at: datetime = MONDAY, **facts: Any
    ) -> Case:
        """A round that calls the bodies, drafted and signed at the city authority."""
        named = "、".join(self.cast.organisation(body).code for body in bodies)
        said = {
            "norm": NORM,
            "whom": "named",
            "named": named,
            "compile_by": (at + timedelta(days=30)).date().isoformat(),
            **facts,
        }
        paper = papers.save(
            registry.get("catalogue-round"),
            by=self.cast.actor("authority", at),
            organisation=self.cast.organisation("authority"),
            subject="government",
            facts=said,
            at=at,
        )
        papers.send(paper, by=self.cast.actor("authority", at), at=at)
        return papers.sign(paper, by=self.cast.actor("authority_lead", at), at=at)

    def list_of(self, round_: Case, body: str) -> Case:
        listed = CatalogueList.objects.select_related("case")
        return listed.get(round__case=round_, body=self.cast.organisation(body)).case

    def submit(
        self,
        case: Case,
        who: str,
        principal: str,
        at: datetime = MONDAY,
        *,
        step: str = "submit",
        **facts: Any,
    ) -> Case:
        self.perform(case, step, who, at, complete=True, **facts)
        return self.sign(case, principal, at)

    def adopt(self, case: Case, at: datetime = MONDAY, **facts: Any) -> Case:
        self.perform(case, "adopt", "authority", at, **facts)
        return self.sign(case, "authority_lead", at)

    def publish(self, round_: Case, at: datetime = MONDAY) -> Case:
        self.perform(round_, "publish", "authority", at, reason="2026 年编制轮次")
        return self.sign(round_, "authority_lead", at)

    def note(self, body: str, *, at: datetime = MONDAY, who: str = "", **facts: Any) -> Case:
        said = {
            "cause": "law",
            "source": "《中华人民共和国大气污染防治法》第二十三条",
            "changed_on": at.date().isoformat(),
            "reason": "监测项目增加，目录需要补充。",
            **facts,
        }
        return file(
            registry.get("catalogue-update"),
            by=self.cast.actor(who or body, at),
            at=at,
            facts=said,
            subject=self.cast.organisation(body),
        )

    def apply(self, case: Case, body: str = "provider", at: datetime = MONDAY, **facts: Any) -> Case:
        self.perform(case, "apply", body, at, reason="补充监测项目", **facts)
        return self.sign(case, f"{body}_lead", at)

    def update(self, case: Case, at: datetime = MONDAY, **facts: Any) -> Case:
        self.perform(case, "update", "authority", at, **facts)
        return self.sign(case, "authority_lead", at)
