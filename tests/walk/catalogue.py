"""The catalogue's objects of the walk: a round with the requester's list under review, and an update of its entries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from accounts.actors import SYSTEM
from django.core.files.uploadedfile import SimpleUploadedFile
from procedures import drafts as papers
from procedures.filing import file
from procedures.models import Case

from catalog.contributions import giving
from catalog.disputes.subjects import Item
from catalog.models import Draft, Entry
from catalog.procedures.demand import DEMAND
from catalog.procedures.dispute import DISPUTE
from catalog.procedures.suggestion import SUGGESTION
from catalog.quality import keeping
from catalog.standards.keeping import register
from tests.catalog.city import NORM, City
from tests.drill.facts import LAW, WORDS
from tests.sharing.conftest import World
from tests.shelf import AT

CLAIMED = {"kind": "source", "other": "cq-sthjj", "claim": WORDS, "basis": LAW}
SUGGESTED = {
    "opening_type": "conditional", "opening_conditions": WORDS, "opening_delivery": ["file"],
    "basis": "《中华人民共和国数据安全法》第三十八条", "basis_kind": "law", "treatment": WORDS, "reasons": WORDS,
}  # fmt: skip


def cases(world: World, at: datetime) -> dict[str, Case]:
    """One of each kind, each where a reviewer has it."""
    city = City(world.cast)
    round_ = city.open_round(["requester"], at=at)
    city.draft("requester", "公交线路", at=at)
    listed = city.submit(city.list_of(round_, "requester"), "requester", "requester_lead", at)
    city.draft("requester", "公交站点", at=at)
    update = city.apply(city.note("requester", at=at), "requester", at)
    need = file(
        DEMAND,
        by=world.cast.actor("requester", at),
        at=at,
        facts={"items": "企业用电量", "function": WORDS},
        subject=world.cast.organisation("requester"),
    )
    return {**_contested(world, at), "round": round_, "listed": listed, "update": update, "need": need}


def _contested(world: World, at: datetime) -> dict[str, Case]:
    """The provider's entry, which the requester claims, and which the authority wants opened otherwise."""
    entry = Entry.objects.select_related("provider").get(code="CAR")
    disputed = file(DISPUTE, by=world.cast.actor("requester", at), at=at, facts=CLAIMED, subject=Item(entry))
    by = world.cast.actor("authority", at)
    paper = papers.save(
        SUGGESTION, by=by, organisation=by.posts[0].organisation, subject="CAR", facts=SUGGESTED, at=at
    )
    papers.send(paper, by=by, at=at)
    return {
        "disputed": disputed,
        "suggested": papers.sign(paper, by=world.cast.actor("authority_lead", at), at=at),
    }


def _of_society(world: World, at: datetime) -> dict[str, Any]:
    """What a citizen gave: one that was taken, one that waits."""
    citizen, authority = world.cast.actor("citizen", at), world.cast.actor("authority", at)
    taken, waits = (
        giving.offer({**dict.fromkeys(giving.FACTS, WORDS), "title": title}, at=at, by=citizen)
        for title in ("步道记录", "观鸟记录")
    )
    giving.answer(taken, take=True, reason="", at=at, by=authority)
    return {
        "catalog:contribution pk": taken.pk,
        "catalog:contribution-answer pk": waits.pk,
        "catalog:contribution-withdraw pk": waits.pk,
    }


def values(found: dict[str, Case], world: World) -> dict[str, Any]:
    """By address and parameter."""
    listed = found["listed"].number
    keeping.settle(found["listed"].received_at)
    standard = register(
        {
            "kind": "general",
            "level": "local",
            "number": "YS-1",
            "title": "数据元",
            "version": "2026 版",
            "scope": WORDS,
            "region": "city",
            "source": "市数据主管部门",
            "since": date(2026, 1, 1),
        },
        upload=SimpleUploadedFile("数据元.pdf", b"%PDF-1.4\n%%EOF\n"),
        at=AT,
        by=SYSTEM,
    )
    return {
        **{f"catalog:{name} pk": standard.pk for name in ("standard", "standard-text", "standard-end")},
        **_of_society(world, AT),
        "catalog:publication number": 1,
        "catalog:publication-csv number": 1,
        "catalog:entry-version number": 1,
        "catalog:entry-version-linked number": 1,
        "catalog-id:dataset-version number": 1,
        "catalog-id:catalogue-version number": 1,
        "crawl:entries number": 1,
        "form": "ttl",
        "name": "subject",
        "api:publication version": 1,
        "api:publication-entries version": 1,
        "api:entry-version version": 1,
        "catalog:reviewed number": listed,
        "catalog:reviewed-one number": listed,
        "catalog:reviewed-one pk": Draft.objects.get(case=found["listed"]).pk,
        "catalog:responsibility body": world.cast.organisation("requester").code,
        "api:responsibility-list code": world.cast.organisation("requester").code,
        **{
            f"{name} {part}": world.cast.organisation("requester").code
            for name, part in (
                ("catalog:quality-body", "body"),
                ("catalog:quality-export", "body"),
                ("api:quality-body", "code"),
                ("api:quality-body-entries", "code"),
            )
        },
        "catalog:quality-rule code": "held",
    }


def filings(world: World, at: datetime) -> dict[str, dict[str, Any]]:
    """What is sent to begin a case."""
    day = (at + timedelta(days=20)).date().isoformat()
    return {
        "api:catalogue-round": {
            "subject": "public-service", "norm": NORM, "whom": "all", "compile_by": day,
        },
        "api:catalogue-update": {
            "subject": world.cast.organisation("requester").code,
            "cause": "own",
            "changed_on": at.date().isoformat(),
            "reason": WORDS,
        },
        "api:demand-matching": {
            "subject": world.cast.organisation("requester").code,
            "items": "企业用水量",
            "function": WORDS,
        },
        "api:body-dispute": {**CLAIMED, "subject": "CAR", "kind": "opening"},
        "api:attribute-suggestion": {**SUGGESTED, "subject": "CAR"},
        "catalog:entry-mend": {"rule": "summary"},
        "catalog:reviewed-one": {
            "do": "mark", "finding": "return", "about": "摘要", "item": "", "text": "写明范围",
        },
    }  # fmt: skip


def facts(kind: str, step: str, at: datetime) -> dict[str, Any]:
    """What a step is sent."""
    later = (at + timedelta(days=20)).date().isoformat()
    said: dict[str, dict[str, Any]] = {
        "call-body": {"change": "add", "body": "市体育局", "reason": WORDS},
        "publish": {"reason": WORDS},
        "cancel": {"reason": WORDS},
        "send-back": {"defects": WORDS, "until": later},
        "merger-send-back": {"defects": WORDS, "until": later},
        "submit": {"complete": True, "nothing_new": WORDS},
        "submit-to-merger": {"complete": True, "nothing_new": WORDS},
        "merge": {"joined": WORDS},
        "recall": {"reason": WORDS},
        "no-need": {"no_need": WORDS},
        "apply": {"reason": WORDS},
        "return": {"defects": WORDS, "until": later},
        "refuse": {"reason": WORDS, "basis": LAW},
        "withdraw": {"reason": WORDS},
    }
    return said.get(step, {})
