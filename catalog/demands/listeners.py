"""Who hears of a matched need, and what a need hears of publications.

Catalog knows nothing of requests: sharing hands in a function that makes the draft of one for an asker. It is called in
the transaction of the match, or the match is undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from accounts.actors import Actor
from accounts.authority import city_authority
from accounts.models import Organisation, Role, User
from notices import outbox
from notices.models import Outgoing
from procedures.models import Case, Draft, Party
from statutes.enforcement import enforces

from catalog.demands import likely
from catalog.demands.relations import authority
from catalog.models import Demand, Entry, LikelyEntry, Publication
from catalog.versions import EntryChange


class Matched(Protocol):
    def __call__(
        self, demand: Demand, entry: Entry, asker: Organisation, officer: User, *, at: datetime
    ) -> Draft: ...


_matched: list[Matched] = []


def register(listener: Matched) -> Matched:
    """Make drafts for matched needs from now on; a listener that is known already is not called twice."""
    if listener not in _matched:
        _matched.append(listener)
    return listener


def drafts_for(
    demand: Demand, entry: Entry, asker: Organisation, officer: User, *, at: datetime
) -> list[Draft]:
    """What the listeners made for one asker of one entry."""
    return [listener(demand, entry, asker, officer, at=at) for listener in _matched]


@enforces("CAT-12", what="新发布的条目可能满足的需求，提请经办人核对")
def published(publication: Publication, changes: Sequence[EntryChange], *, by: Actor, at: datetime) -> None:
    """In the transaction that publishes: note which open needs the new entries may meet, and tell who handles them.

    What comes from the update that was opened for a need is noted for it whatever it is called. Of the others the
    newest are looked at that share a token with what is new (`likely.sharing`), so the work is bounded, however many
    needs wait. Six statements, and the messages; none where nothing stands.
    """
    standing = {change.entry.pk: change for change in changes if not change.withdrawn}
    found = _found(publication, standing) if standing else {}
    if not found:
        return
    made = [
        LikelyEntry(demand=demand, entry_id=key, publication=publication, expected=expected)
        for (demand, key), expected in found.items()
    ]
    known = set(
        LikelyEntry.objects.filter(demand__in={row.demand_id for row in made}).values_list("demand", "entry")
    )
    fresh = [row for row in made if (row.demand_id, row.entry_id) not in known]
    LikelyEntry.objects.bulk_create(fresh, ignore_conflicts=True)
    LikelyEntry.objects.filter(
        demand__in={row.demand_id for row in made if row.expected}, entry__in=standing
    ).update(expected=True, publication=publication)
    _tell([demand for demand, _key in found if any(row.demand_id == demand.pk for row in fresh)], at)


def _found(publication: Publication, standing: dict[int, EntryChange]) -> dict[tuple[Demand, int], bool]:
    """Which need may be met by which entry, and whether the entry was listed for this very need."""
    needs = Demand.objects.filter(case__closed_at=None).select_related("case")
    expected = (
        list(needs.filter(inquiries__update=publication.case_id)) if publication.case_id is not None else []
    )
    found = {(demand, entry): True for demand in expected for entry in standing}
    texts = {key: text for key, change in standing.items() if (text := _new_words(change))}
    others = likely.sharing(
        needs.exclude(pk__in=[demand.pk for demand in expected]), frozenset().union(*texts.values())
    )
    for demand, key in likely.among(others, texts):
        if standing[key].entry.provider_id != demand.asker_id:
            found[demand, key] = False
    return found


def _new_words(change: EntryChange) -> frozenset[str]:
    """What an entry can be found by since this publication: all of a new one, of a changed one its new items."""
    before = {item["name"] for item in change.before["items"]} if not change.added else set()
    items = [item["name"] for item in change.after["items"] if item["name"] not in before]
    if change.added:
        return likely.words_of(change.after["name"], [*change.after.get("keywords", ()), *items])
    return likely.words_of(change.after["name"], items) if items else frozenset()


def _tell(demands: list[Demand], at: datetime) -> None:
    """The handler at the city data authority, or its desk where nobody has the case by name."""
    unique = {demand.pk: demand for demand in demands}
    parts = Party.objects.filter(case__in=unique, relation=authority.code).select_related("handler")
    handlers = {part.case_id: part.handler for part in parts}
    desk = city_authority(at.date())
    outbox.post([_message(demand.case, handlers.get(demand.pk), desk, at) for demand in unique.values()])


def _message(case: Case, handler: User | None, desk: Organisation, at: datetime) -> Outgoing:
    subject = f"有新发布的条目可能满足需求：{case.title}"
    text = f"办件 {case.number}：目录新发布的条目列在本件页面，请核对能否匹配。"
    if handler is not None:
        return outbox.to_person(
            "demand-matching:likely", handler, case_id=case.pk, subject=subject, text=text, at=at
        )
    return outbox.to_desk(
        "demand-matching:likely", desk, Role.OFFICER, case_id=case.pk, subject=subject, text=text, at=at
    )
