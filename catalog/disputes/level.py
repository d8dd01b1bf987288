"""Whose data authority and which government a dispute goes to (OPEN20-15.1: 同级, 本级)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from accounts.authority import city_authority, level_authority, level_government
from accounts.models import Organisation
from procedures.context import Context
from statutes.enforcement import enforces

from catalog.disputes.relations import sides
from catalog.models import Dispute


@enforces("OPN-08", what="各方不同级、不同区县的，由市数据主管部门和市政府处理（平台默认）")
def authority_of(bodies: Sequence[Organisation], on: date) -> Organisation:
    """The data authority of the parties' level; of bodies of different levels or districts the city's (default)."""
    found = {level_authority(body, on) for body in bodies}
    return found.pop() if len(found) == 1 else city_authority(on)


@enforces("OPN-08", "OPN-09", what="本级政府是当事一方的，由上一级政府决定，自己不决定自己的事")
def government_of(authority: Organisation, sides: Collection[Organisation], on: date) -> Organisation | None:
    """The government that decides between the sides: of the authority's level; where that is one of them, the city's.

    None where the register has none, or none above.
    """
    levels = (level_government(authority, on), level_government(city_authority(on), on))
    return next((body for body in levels if body is not None and body not in sides), None)


def nobody_decides(authority: Organisation, sides: Collection[Organisation], on: date) -> str | None:
    """The sentence that says why no government can decide between the sides; None where one can."""
    if government_of(authority, sides, on) is not None:
        return None
    own = level_government(authority, on)
    if own is None:
        return "机构登记中没有本级政府，请先由系统管理员登记，再办理。"
    return (
        f"{own.short_name}是当事一方，不能决定自己的事，机构登记中也没有可以决定的上级政府；请各方协商解决。"
    )


def government_joining(context: Context) -> dict[str, Organisation]:
    """The government that decides a matter in hand; nobody where there is none."""
    found = government_of(context.party("authority"), sides(context.parties), context.at.date())
    return {"government": found} if found is not None else {}


def level_of(authority: Organisation) -> str:
    city = authority.duty == Organisation.Duty.CITY_AUTHORITY
    return Dispute.Level.CITY if city else Dispute.Level.DISTRICT
