"""The one door through which shared data leaves (SHA-09, SHA-12): page, file and interface all open it.

`open_read` refuses by type or writes the read and hands out a `Delivery`; its rows stop by themselves when the grant
ends on the way. What a form of delivery adds (CSV, XLSX, JSON) lies in `formats`, paging in `paging`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from time import monotonic

from accounts.actors import Actor
from accounts.models import Post
from audit import trail
from clock import SHANGHAI
from django.db import transaction
from procedures.refusals import Refused
from statutes.enforcement import enforces

from datacentre import proofs, store
from datacentre.models import Grant, HoldingGroupPermission, HoldingItem, HoldingVersion, Read
from datacentre.models.holdings import WORKING
from datacentre.refusals import (
    GrantOver,
    GrantSuspended,
    ItemNotGranted,
    ModeNotGranted,
    NothingLoaded,
    NotYetBegun,
    NotYours,
    QuotaUsedUp,
)

#: Whether the grant still stands is asked again after so many rows, or so many seconds, whichever is first.
CHECK_ROWS = 2_000
CHECK_SECONDS = 2.0

_MODE = {
    Read.Way.PAGE: Grant.Mode.API,
    Read.Way.API: Grant.Mode.API,
    Read.Way.CSV: Grant.Mode.FILE,
    Read.Way.XLSX: Grant.Mode.FILE,
    Read.Way.JSON: Grant.Mode.FILE,
}


@dataclass
class Delivery:
    """A read under way: which items of which version, and the rows as they leave.

    `tick` gives the present instant; the rows ask for it again and again, so that a grant that ends at midnight
    ends the download of that night too. `close` writes the outcome, once; leaving the rows early closes as cut off.
    """

    grant: Grant
    version: HoldingVersion
    items: list[HoldingItem]
    read: Read
    actor: Actor
    tick: Callable[[], datetime]
    delivered: int = 0
    _digest: hashlib._Hash = field(default_factory=lambda: hashlib.new("sm3"))

    def rows(self) -> Iterator[list[str]]:
        """Rows of the granted items, with issuer, time and proof behind them where the law gives them the force of
        paper (GOV19-28). Raises the refusal that ended the grant, after the read has been closed with it."""
        pick = [self.version.items.index(item.code) for item in self.items]
        proof = proofs.columns(self.grant.holding, self.version, self.items)
        since, asked = 0, monotonic()
        for number, row in store.rows(self.version):
            if since >= CHECK_ROWS or monotonic() - asked >= CHECK_SECONDS:
                self.require_open()
                since, asked = 0, monotonic()
            since += 1
            self.delivered += 1
            yield [row[i] for i in pick] + (proof(number, row) if proof else [])

    @property
    def proven(self) -> bool:
        return any(item.kind for item in self.items)

    def require_open(self) -> None:
        """Refuse when the grant, as it is at this moment, no longer allows the read."""
        now = Grant.objects.select_related("holding__owner", "grantee").get(pk=self.grant.pk)
        try:
            require_standing(now, self.tick())
            if gone := [item.name for item in self.items if item.code not in now.items]:
                raise ItemNotGranted(f"授权已缩减，不再包括：{'、'.join(gone)}")
        except Refused as refusal:
            self.close(stopped=refusal.message)
            raise

    def wrote(self, chunk: bytes) -> bytes:
        """Count a chunk of the file into its digest on its way out."""
        self._digest.update(chunk)
        return chunk

    def close(self, *, stopped: str = "") -> None:
        """Write the outcome of the read, unless that has been done."""
        if self.read.ended_at is not None:
            return
        at = self.tick()
        self.read.rows = self.delivered
        self.read.finished = not stopped
        self.read.stopped = stopped[:200]
        self.read.ended_at = at
        self.read.sm3 = self._digest.hexdigest()
        # A file streams after its request has left the middleware: its last event belongs to that request all the same.
        with trail.under(self.read.request_id), transaction.atomic():
            self.read.save(update_fields=["rows", "finished", "stopped", "ended_at", "sm3"])
            _record(
                self.read,
                self.grant,
                self.actor,
                "grant:read-end",
                at,
                {"rows": self.delivered, "stopped": stopped, "sm3": self.read.sm3},
            )


@enforces("SHA-09", "SHA-12", "SHA-13", what="数据读取：只凭有效授权，逐次留痕")
def open_read(
    grant: Grant,
    *,
    actor: Actor,
    at: datetime,
    way: str,
    items: Sequence[str] | None = None,
    tick: Callable[[], datetime],
    version: HoldingVersion | None = None,
) -> Delivery:
    """Open the door for one read, or refuse with the reason.

    `items` narrows the read to some granted items; None takes all of them. `version` reads on in an earlier version
    (a cursor that began there); None takes the latest. Asked in this order: whose grant, its time and status, the
    way, the items, the quota, the data. The row of the grant is locked meanwhile, so a quota holds under any number
    of simultaneous calls and an end that is being written is seen.
    """
    with transaction.atomic():
        grant = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("holding__owner", "grantee", "case")
            .get(pk=grant.pk)
        )
        post = require_holder(grant, actor)
        require_standing(grant, at)
        require_mode(grant, way)
        version = version or grant.holding.latest()
        chosen = _choose(grant, version, items)
        _require_quota(grant, at)
        read = Read.objects.create(
            grant=grant,
            user=post.user,
            organisation=grant.grantee,
            at=at,
            way=way,
            version=version,
            items=[item.code for item in chosen],
            request_id=trail.request_id.get(),
        )
        _record(read, grant, actor, "grant:read", at, {"version": version.number, "items": read.items})
    return Delivery(grant=grant, version=version, items=chosen, read=read, actor=actor, tick=tick)


def require_holder(grant: Grant, actor: Actor) -> Post:
    """The actor's working post at the grantee, whose group must hold the object permission as well."""
    post = actor.post_in([grant.grantee_id], WORKING)
    if post is None:
        raise NotYours(
            f"这项授权给{grant.grantee.name}，只有该单位的人员可以读取；共享取得的数据不得以任何形式提供给第三方",
            cites=("REG22-25.3",),
        )
    permitted = HoldingGroupPermission.objects.filter(
        content_object=grant.holding,
        group__name=f"org:{grant.grantee.code}",
        permission__codename="read_holding",
    )
    if grant.status == Grant.Status.OPEN and not permitted.exists():
        raise NotYours("授权与对象权限不一致，已停止读取。请联系市数据主管部门核对授权")
    return post


@enforces("SHA-09", what="数据读取：授权终止、暂停、期满即停")
def require_standing(grant: Grant, at: datetime) -> None:
    """Refuse when the grant does not allow a read at the instant."""
    day = at.astimezone(SHANGHAI).date()
    if grant.status == Grant.Status.ENDED:
        when = grant.ended_at.astimezone(SHANGHAI) if grant.ended_at else at
        raise GrantOver(f"授权已于 {when:%Y-%m-%d %H:%M} 终止：{grant.ended_why}")
    if grant.status == Grant.Status.SUSPENDED:
        raise GrantSuspended(f"授权已暂停：{grant.ended_why}。恢复以后可以继续读取")
    if day < grant.first_day:
        raise NotYetBegun(f"授权自 {grant.first_day.isoformat()} 起可以读取")
    if day > grant.last_day:
        raise GrantOver(f"授权的最后一日是 {grant.last_day.isoformat()}，已经期满。需要继续使用的，重新申请")


def require_mode(grant: Grant, way: str) -> None:
    mode = _MODE[Read.Way(way)]
    if mode not in grant.modes:
        given = "、".join(str(Grant.Mode(value).label) for value in grant.modes)
        raise ModeNotGranted(f"授权的提供方式是{given}，不包括{mode.label}")


def _choose(grant: Grant, version: HoldingVersion | None, items: Sequence[str] | None) -> list[HoldingItem]:
    """The items to be read, in the order of the holding."""
    if version is None:
        raise NothingLoaded(f"{grant.holding.owner.name}还没有载入“{grant.holding.name}”的数据")
    if items is not None and not items:
        raise ItemNotGranted("没有选择信息项")
    if refused := [code for code in items or () if code not in grant.items]:
        raise ItemNotGranted(f"授权不包括信息项：{'、'.join(refused)}")
    wanted = set(grant.items if items is None else items)
    chosen = [item for item in grant.holding.items.all() if item.code in wanted]
    if missing := [item.name for item in chosen if item.code not in version.items]:
        raise NothingLoaded(f"数据第 {version.number} 版还没有信息项：{'、'.join(missing)}")
    return chosen


def _require_quota(grant: Grant, at: datetime) -> None:
    if grant.quota_per_day is None:
        return
    day = at.astimezone(SHANGHAI).date()
    start = datetime.combine(day, time(), SHANGHAI)
    used = grant.reads.filter(at__gte=start, at__lt=start + timedelta(days=1)).count()
    if used >= grant.quota_per_day:
        raise QuotaUsedUp(
            f"今天已读取 {used} 次，达到每日上限 {grant.quota_per_day} 次，明天 0:00 后可以继续"
        )


def _record(
    read: Read, grant: Grant, actor: Actor, action: str, at: datetime, after: dict[str, object]
) -> None:
    trail.record(
        trail.Entry(
            action=action,
            actor=actor,
            object_kind="grant",
            object_id=grant.case.number,
            at=at,
            organisation=grant.grantee.name,
            after={
                "read": read.pk,
                "way": read.way,
                "holding": grant.holding.code,
                "purpose": grant.purpose,
                **after,
            },
            cites=("REG22-25.3",),
        )
    )
