"""Bodies that both claim the same data, a government that decides, short ways through disputes and suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Organisation, Post, Role, User
from clock import SHANGHAI
from procedures import drafts as papers
from procedures import registry
from procedures.filing import file
from procedures.models import Case
from procedures.perform import perform, sign

from catalog.disputes.subjects import Item
from catalog.models import Entry
from tests.cast import Cast
from tests.cells import Posts
from tests.shelf import AIR_ITEMS, build_entry

#: A Monday morning; ten working days later is 10-12, over the holiday and its make-up days.
MONDAY = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)
WORDS = "本单位依据职能采集该数据，其他单位从本单位共享取得。"
BASIS = "《重庆市生态环境局职能配置规定》第三条"
TERMS = "由市生态环境局作为唯一来源，市交通运输委通过共享取得，不再另行采集。"
LAW = "《中华人民共和国数据安全法》第三十八条"
DECISION = {"document": "渝府〔2026〕12 号", "decided_on": "2026-09-21", "reasons": WORDS}
#: The kinds of case that this is for.
KINDS = ("body-dispute", "attribute-suggestion")
#: By name: the body and the roles of the post there.
PEOPLE: Posts = {
    "government": ("government", (Role.OFFICER,)),
    "district_lead": ("district", (Role.LEAD,)),
}


@dataclass
class Disputing:
    """`entry` is the provider's, source of the data element `pm25-day`, and not open yet."""

    cast: Cast
    entry: Entry

    def body(self, name: str) -> Organisation:
        return self.cast.organisation(name)

    def raise_(
        self, who: str = "requester", at: datetime = MONDAY, *, item: Item | None = None, **facts: Any
    ) -> Case:
        said = {"kind": "source", "other": "cq-sthjj", "claim": WORDS, "basis": BASIS, **facts}
        subject = item or Item(self.entry, bodies=(self.entry.provider,))
        return file(
            registry.get("body-dispute"), by=self.cast.actor(who, at), at=at, facts=said, subject=subject
        )

    def act(self, case: Case, step: str, who: str, at: datetime = MONDAY, **facts: Any) -> Case:
        return perform(case, step, by=self.cast.actor(who, at), at=at, facts=facts)

    def sign(self, case: Case, who: str, at: datetime = MONDAY) -> Case:
        return sign(case, by=self.cast.actor(who, at), at=at)

    def agree(self, case: Case, who: str, body: str = "cq-sthjj", text: str = TERMS) -> Case:
        return self.act(case, "agree", who, body=body, text=text)

    def convened(self, **facts: Any) -> Case:
        case = self.raise_(**facts)
        return self.act(case, "escalate", "requester", open_points=WORDS)

    def referred(self, **facts: Any) -> Case:
        case = self.convened(**facts)
        self.act(case, "refer", "authority", minutes=WORDS, positions=WORDS, proposal=WORDS)
        return self.sign(case, "authority_lead")

    def suggestion(self, **facts: Any) -> dict[str, Any]:
        return {
            "opening_type": "conditional",
            "opening_conditions": "实名登记，用于科学研究",
            "opening_delivery": ["file"],
            "basis": LAW,
            "basis_kind": "law",
            "reasons": "该数据经汇总不涉及敏感信息，公众有需求。",
            **facts,
        }

    def suggest(self, at: datetime = MONDAY, *, signed: bool = True, **facts: Any) -> Any:
        """Drafted at the city authority and signed there; the draft alone with `signed=False`."""
        paper = papers.save(
            registry.get("attribute-suggestion"),
            by=self.cast.actor("authority", at),
            organisation=self.body("authority"),
            subject=self.entry.code,
            facts=self.suggestion(**facts),
            at=at,
        )
        papers.send(paper, by=self.cast.actor("authority", at), at=at)
        return papers.sign(paper, by=self.cast.actor("authority_lead", at), at=at) if signed else paper

    def disagreed(self) -> Case:
        case = self.suggest()
        self.act(case, "object", "provider", reasons=WORDS, basis=LAW)
        return self.sign(case, "provider_lead")


def government(cast: Cast) -> None:
    """The city's government with its officer, and a lead of the district's data authority."""
    body, _ = Organisation.objects.get_or_create(
        code="cq-gov",
        defaults={
            "name": "重庆市人民政府",
            "short_name": "市政府",
            "kind": Organisation.Kind.CITY_GOVERNMENT,
        },
    )
    cast.organisations["government"] = body
    for key, (name, roles) in PEOPLE.items():
        user = User.objects.create(username=key, name=key, email=f"{key}@example.cn")
        cast.users[key] = user
        for role in roles:
            Post.objects.create(
                user=user, organisation=cast.organisations[name], role=role, valid_from=cast.day
            )


def items(element: str = "pm25-day", **said: Any) -> list[dict[str, Any]]:
    """The air data's items, the concentration stated as the source of an element."""
    rows = [{"code": spec.code, "name": spec.name, "type": spec.type, **said} for spec in AIR_ITEMS]
    rows[3]["element"] = element
    return rows


def make(cast: Cast) -> Disputing:
    government(cast)
    entry = build_entry(
        cast.organisation("provider"),
        at=MONDAY,
        items=items(),
        opening_type="not-open",
        opening_basis=LAW,
        opening_basis_kind="law",
    )
    return Disputing(cast, entry)
