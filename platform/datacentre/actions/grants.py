"""Opening, narrowing, suspending, resuming and ending grants: the effects of steps on cases, never of a page.

Each act keeps two things in agreement (architecture, rule 4): the grant, which carries items and time, and the
object permission `read_holding` of the grantee's group, which stands while any of its grants on the holding is open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from accounts.actors import Actor
from accounts.models import Organisation
from audit import trail
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm
from procedures.models import Case
from statutes.enforcement import enforces

from datacentre import listeners
from datacentre.models import Grant, Holding, UseRecord
from datacentre.models.holdings import WORKING
from datacentre.refusals import ItemNotGranted, NotYours, WrongStatus

Status = Grant.Status
CITES = ("REG22-25", "REG22-26")


def group_of(organisation: Organisation) -> Group:
    """The group that stands for a body in object permissions; who is in it follows from posts, never from rows."""
    return Group.objects.get_or_create(name=f"org:{organisation.code}")[0]


@enforces("SHA-09", "SHA-12", what="授权：信息项、用途、范围和期限")
def open_grant(
    holding: Holding,
    *,
    case: Case,
    grantee: Organisation,
    items: Sequence[str],
    purpose: str,
    scope: str = "",
    conditions: str = "",
    modes: Collection[str] = (Grant.Mode.FILE, Grant.Mode.API),
    quota: int | None = None,
    first_day: date,
    last_day: date,
    at: datetime,
    by: Actor,
) -> Grant:
    """Let the grantee read the items from the first day through the last, for the purpose decided in the case."""
    listeners.require_admission(holding)
    _require_items(holding, items)
    if grantee.pk == holding.owner_id:
        raise ValidationError("数据提供单位不需要向自己授权")
    if strange := set(modes) - set(Grant.Mode.values):
        raise ValidationError(f"没有这种提供方式：{'、'.join(sorted(strange))}")
    grant = Grant(
        holding=holding,
        case=case,
        grantee=grantee,
        items=_in_order(holding, items),
        purpose=purpose,
        scope=scope,
        conditions=conditions,
        modes=[mode for mode in Grant.Mode.values if mode in modes],
        quota_per_day=quota,
        first_day=first_day,
        last_day=last_day,
        opened_at=at,
    )
    grant.full_clean()
    with transaction.atomic():
        grant.save()
        _agree(grant)
        _record(grant, "grant:open", at=at, by=by, after=facts(grant))
    return grant


def narrow_grant(
    grant: Grant, *, items: Sequence[str], why: str, at: datetime, by: Actor, scope: str | None = None
) -> Grant:
    """Leave only the named items, all of which must be in the grant already; `scope` replaces the scope of use."""
    with transaction.atomic():
        grant = _take(grant, Status.OPEN, Status.SUSPENDED)
        if wider := [code for code in items if code not in grant.items]:
            raise ItemNotGranted(f"缩减授权不能增加信息项：{'、'.join(wider)}。需要更多的，另行申请")
        if not items:
            raise ItemNotGranted("缩减后没有信息项，应当终止授权")
        before, grant.items = facts(grant), [code for code in grant.items if code in set(items)]
        grant.scope = grant.scope if scope is None else scope
        grant.scope = grant.scope if scope is None else scope
        return _save(grant, "grant:narrow", before, why=why, at=at, by=by)


def suspend_grant(grant: Grant, *, why: str, at: datetime, by: Actor) -> Grant:
    """Close the access until `resume_grant`; the last day does not move."""
    return _turn(grant, (Status.OPEN,), Status.SUSPENDED, "grant:suspend", why=why, at=at, by=by)


def resume_grant(grant: Grant, *, why: str, at: datetime, by: Actor) -> Grant:
    """Open a suspended access again."""
    return _turn(grant, (Status.SUSPENDED,), Status.OPEN, "grant:resume", why=why, at=at, by=by)


def end_grant(grant: Grant, *, why: str, at: datetime, by: Actor) -> Grant:
    """Close the access for good: expiry, relinquishment or revocation. Downloads that run stop within seconds."""
    return _turn(grant, (Status.OPEN, Status.SUSPENDED), Status.ENDED, "grant:end", why=why, at=at, by=by)


@enforces("SHA-09", "SHA-13", what="使用情况记录")
def record_use(grant: Grant, *, used_for: str, result: str = "", at: datetime, by: Actor) -> UseRecord:
    """What the grantee used the data for; it may also be recorded after the grant has ended."""
    post = by.post_in([grant.grantee_id], WORKING)
    if by.user is None or post is None:
        raise NotYours(f"这项授权给{grant.grantee.name}，由该单位的人员记录使用情况")
    use = UseRecord(grant=grant, user=by.user, at=at, used_for=used_for, result=result)
    use.full_clean()
    with transaction.atomic():
        use.save()
        _record(grant, "grant:use", at=at, by=by, after={"used_for": used_for, "result": result})
    return use


def facts(grant: Grant) -> dict[str, object]:
    """The grant as the trail keeps it."""
    return {
        "grantee": grant.grantee.name,
        "items": list(grant.items),
        "purpose": grant.purpose,
        "scope": grant.scope,
        "conditions": grant.conditions,
        "modes": list(grant.modes),
        "quota_per_day": grant.quota_per_day,
        "first_day": grant.first_day.isoformat(),
        "last_day": grant.last_day.isoformat(),
        "status": grant.status,
        "why": grant.ended_why,
    }


def _turn(
    grant: Grant, allowed: Collection[str], to: str, action: str, *, why: str, at: datetime, by: Actor
) -> Grant:
    with transaction.atomic():
        grant = _take(grant, *allowed)
        before, grant.status = facts(grant), to
        if to == Status.ENDED:
            grant.ended_at = at
        return _save(grant, action, before, why=why, at=at, by=by)


def _take(grant: Grant, *allowed: str) -> Grant:
    """The row as it is now, locked; refuses when its status does not allow the act."""
    fresh = (
        Grant.objects.select_for_update(of=("self",))
        .select_related("holding__owner", "grantee", "case")
        .get(pk=grant.pk)
    )
    if fresh.status not in allowed:
        raise WrongStatus(f"授权（{fresh.case.number}）现在是“{fresh.get_status_display()}”，不能办理这一步")
    return fresh


def _save(
    grant: Grant, action: str, before: dict[str, object], *, why: str, at: datetime, by: Actor
) -> Grant:
    grant.ended_why = "" if grant.status == Status.OPEN else why[:200]  # the trail keeps the whole
    grant.full_clean()
    grant.save()
    _agree(grant)
    _record(grant, action, at=at, by=by, before=before, after={**facts(grant), "why": why})
    return grant


def _agree(grant: Grant) -> None:
    """Give or take the object permission of the grantee's group, as its open grants on the holding require."""
    group = group_of(grant.grantee)
    standing = Grant.objects.filter(holding=grant.holding, grantee=grant.grantee, status=Status.OPEN)
    change = assign_perm if standing.exists() else remove_perm
    change("read_holding", group, grant.holding)


def _require_items(holding: Holding, items: Sequence[str]) -> None:
    known = set(holding.items.values_list("code", flat=True))
    if not items:
        raise ValidationError("授权至少要有一个信息项")
    if strange := [code for code in items if code not in known]:
        raise ValidationError(f"“{holding.name}”没有信息项：{'、'.join(strange)}")


def _in_order(holding: Holding, items: Sequence[str]) -> list[str]:
    wanted = set(items)
    return [code for code in holding.items.values_list("code", flat=True) if code in wanted]


def _record(
    grant: Grant,
    action: str,
    *,
    at: datetime,
    by: Actor,
    before: dict[str, object] | None = None,
    after: dict[str, object],
) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=by,
            object_kind="grant",
            object_id=grant.case.number,
            at=at,
            organisation=grant.grantee.name,
            before=before or {},
            after={"holding": grant.holding.code, **after},
            cites=CITES,
        )
    )
