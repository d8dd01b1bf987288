"""The parts that bodies have in matters of the catalogue, and who gathers whose list."""

from __future__ import annotations

from datetime import date

from accounts.models import Organisation
from procedures.declare import Relation
from statutes.enforcement import enforces

body = Relation("body", "编制单位")
merger = Relation("merger", "汇总单位")
provider = Relation("provider", "数据提供单位")
authority = Relation("authority", "市数据主管部门")

Kind = Organisation.Kind


@enforces(
    "CAT-06",
    "CAT-09",
    "CAT-10",
    what="目录编制：区县部门报区县数据主管部门汇总，公共服务组织报行业主管部门汇总",
)
def merger_of(organisation: Organisation, on: date) -> Organisation | None:
    """Who gathers the body's list before the city: its district's data authority, or its sector department.

    None for those who report to the city at once: city departments, bodies bound like district governments (GOV19-5),
    a district data authority with its own list, and whoever has nobody above on the register (default).
    """
    if organisation.kind in (Kind.DISTRICT_DEPARTMENT, Kind.DISTRICT_GOVERNMENT):
        found = (
            Organisation.objects.on(on)
            .filter(duty=Organisation.Duty.DISTRICT_AUTHORITY, district=organisation.district_id)
            .exclude(district=None)
            .first()
        )
        return None if found == organisation else found
    if organisation.kind == Kind.PUBLIC_SERVICE and organisation.parent is not None:
        parent = organisation.parent
        return parent if parent.is_government_department and parent.in_being(on) else None
    return None
