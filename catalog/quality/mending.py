"""From what a rule found to where it is mended, in one act: a change of the entry, or a review of its data."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from accounts.models import Organisation
from procedures import drafts as papers
from procedures.models import Draft as Paper
from procedures.refusals import NoRight, Refused
from statutes.enforcement import enforces

from catalog import drafts
from catalog.compile import forms
from catalog.models import Correction, Entry
from catalog.procedures.correction import CORRECTION
from catalog.quality.declare import Place
from catalog.quality.standing import Said


class NothingToMend(Refused):
    """The rule has found nothing on this entry, or what it found is not mended so."""

    code = "nothing-to-mend"
    status = 409


@enforces("CAT-30", what="质量检查：从不符的规则直接开始编制变更")
def begin(entry: Entry, said: Said, *, at: datetime, by: Actor) -> str:
    """Begin a change of the entry, or go on with the one begun; the address of the field. Raises `Refused`."""
    if not said.in_entry:
        raise NothingToMend("这一项不在目录编制中改")
    draft = drafts.begin_change(entry, at=at, by=by)
    told = {
        "field": said.where[0] if said.where else said.rule.element,
        "row": None,
        "part": "",
        "message": "",
    }
    if said.rule.place == Place.ITEMS:
        number = next((n for n, item in enumerate(draft.content["items"]) if item["name"] in said.where), 0)
        told |= {"field": "items", "row": number, "part": said.rule.element}
    return forms.links([told], draft, "")[0].href


@enforces("CAT-30", "CAT-32", what="质量检查：从不符的规则直接起草校核申请")
def doubt(entry: Entry, said: Said, *, at: datetime, by: Actor) -> Paper:
    """Draft an application for review that says what the rule found; who drafts it completes it. Raises `Refused`."""
    if not said.doubtful:
        raise NothingToMend("这一项不是数据的错误，请联系提供单位")
    body = filer(by)
    if body is None or body.pk == entry.provider_id:
        raise NoRight("校核由其他单位的经办人提出；本单位的数据请直接改正并载入新版")
    code = next((item.code for item in entry.items.all() if item.name in said.where), "")
    facts = {
        "matter": Correction.Matter.DOUBT,
        "item": code,
        "record": said.reason[:500],
        "doubt": f"平台的质量检查“{said.rule.label}”：{said.reason}。",
        "proof": f"平台对数据第 {_version(entry)} 版的质量检查结果。",
        "contact": by.name,
    }
    return papers.save(CORRECTION, by=by, organisation=body, subject=entry.code, facts=facts, at=at)


def filer(actor: Actor) -> Organisation | None:
    """The body for which the person may ask for a review."""
    roles = {role for who in CORRECTION.filing_steps[0].who for role in who.roles}
    return next((post.organisation for post in actor.posts if post.role in roles), None)


def _version(entry: Entry) -> int:
    latest = entry.holding.latest() if entry.holding is not None else None
    return latest.number if latest else 0
