"""Whose data authority and which government a dispute goes to (OPEN20-15.1: 同级, 本级)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from accounts.authority import city_authority, level_authority, level_government
from accounts.models import Organisation
from statutes.enforcement import enforces

from catalog.models import Dispute


@enforces("OPN-08", what="各方不同级、不同区县的，由市数据主管部门和市政府处理（平台默认）")
def authority_of(bodies: Sequence[Organisation], on: date) -> Organisation:
    """The data authority of the parties' level; of bodies of different levels or districts the city's (default)."""
    found = {level_authority(body, on) for body in bodies}
    return found.pop() if len(found) == 1 else city_authority(on)


def government_of(authority: Organisation, on: date) -> Organisation | None:
    """The government of the authority's level, None where the register has none."""
    return level_government(authority, on)


def level_of(authority: Organisation) -> str:
    city = authority.duty == Organisation.Duty.CITY_AUTHORITY
    return Dispute.Level.CITY if city else Dispute.Level.DISTRICT


def is_authority(body: Organisation) -> bool:
    """Whether the body is a data authority, of the city or of a district."""
    return body.duty in (Organisation.Duty.CITY_AUTHORITY, Organisation.Duty.DISTRICT_AUTHORITY)
