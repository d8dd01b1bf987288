"""What sharing hears.

A holding that arrives opens the access that waits for it; an entry that shares less than before puts the grants on it
under examination; a need that was matched gives whoever asked a draft request.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import clock
from accounts.actors import SYSTEM, Actor
from accounts.models import Organisation, User
from datacentre import listeners
from datacentre.models import Grant, HoldingVersion
from procedures import drafts
from procedures.filing import file
from procedures.models import Draft
from procedures.perform import perform
from procedures.registry import get
from statutes.enforcement import enforces

from catalog import listeners as catalogue
from catalog.demands import listeners as needs
from catalog.models import Demand, Entry, Publication
from catalog.versions import EntryChange
from sharing.effects import holding_is_ready_for
from sharing.models import GrantRevocation, SharingRequest


def connect() -> None:
    listeners.register(data_arrived)
    catalogue.register(entries_narrowed)
    needs.register(need_matched)


def data_arrived(version: HoldingVersion) -> None:
    """Open every granted request for which the holding now has all granted items."""
    waiting = SharingRequest.objects.filter(
        case__state="GRANTED", entry__holding=version.holding
    ).select_related("case", "entry__holding")
    for record in waiting.order_by("case_id"):
        if holding_is_ready_for(record):
            perform(record.case, "open-access", by=SYSTEM, at=clock.now())


@enforces("CAT-17", "SHA-09", what="目录收窄、撤销的条目：其上的授权立案核查")
def entries_narrowed(
    publication: Publication, changes: Sequence[EntryChange], *, by: Actor, at: datetime
) -> None:
    """In the transaction that publishes: each open grant that a narrower or withdrawn entry touches is examined.

    A grant that is being examined already is not examined twice; one whose items all stay as they were is left alone.
    """
    narrowed = {
        change.entry.holding_id: change
        for change in changes
        if change.narrowed and change.entry.holding_id is not None
    }
    if not narrowed:
        return
    grants = (
        Grant.objects.filter(holding__in=narrowed)
        .exclude(status=Grant.Status.ENDED)
        .exclude(pk__in=GrantRevocation.objects.filter(case__closed_at=None).values("grant"))
        .select_related("holding__owner", "grantee", "case")
        .order_by("pk")
    )
    for grant in grants:
        change = narrowed[grant.holding_id]
        lost = [code for code in grant.items if code in set(change.items_out)]
        if not (change.withdrawn or lost or change.conditions_added or change.type_narrowed):
            continue
        file(
            get("grant-revocation"),
            by=by,
            at=at,
            subject=grant,
            facts={"ground": GrantRevocation.Ground.CHANGED, "facts": _said(publication, change, lost)},
            parent=publication.case,
        )


def _said(publication: Publication, change: EntryChange, lost: Sequence[str]) -> str:
    """Why the grant is looked into, for the body that uses it."""
    name = change.after["name"]
    head = f"公共数据资源目录第 {publication.number} 版"
    if change.withdrawn:
        return f"{head}撤销了“{name}”，授权的依据需要重新核对。"
    names = {item["code"]: item["name"] for item in change.before["items"]}
    items = f"涉及已授权的信息项：{'、'.join(names.get(code, code) for code in lost)}。" if lost else ""
    return f"{head}收窄了“{name}”的共享类型、条件或者信息项。{items}授权的依据需要重新核对。"


@enforces("SHA-01", what="需求匹配后，为需求单位的经办人备好共享申请草稿")
def need_matched(demand: Demand, entry: Entry, asker: Organisation, officer: User, *, at: datetime) -> Draft:
    """A draft request for the entry, with what the need already said; its owner completes it, or throws it away."""
    said = f"{demand.function}。需要：{demand.items}（需求 {demand.case.number}）。"
    return drafts.save(
        get("sharing-request"),
        by=Actor.of(officer, at),
        organisation=asker,
        subject=entry.code,
        facts={"scenario": said, "purpose": SharingRequest.Purpose.DUTY},
        at=at,
    )
