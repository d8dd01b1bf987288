"""Which body is the data authority: of the city, and of the level of a body."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ImproperlyConfigured
from statutes.enforcement import enforces

from accounts.models import Organisation


def city_authority(on: date) -> Organisation:
    """市数据主管部门 on the day. Raises ImproperlyConfigured when the register names none: nobody could then decide."""
    body = Organisation.objects.on(on).filter(duty=Organisation.Duty.CITY_AUTHORITY).first()
    if body is None:
        raise ImproperlyConfigured(f"机构登记中没有 {on.isoformat()} 的市数据主管部门")
    return body


#: Bodies whose data authority is that of their district, where there is one.
_OF_DISTRICTS = frozenset(
    {
        Organisation.Kind.DISTRICT_GOVERNMENT,
        Organisation.Kind.DISTRICT_DEPARTMENT,
        Organisation.Kind.AGENCY,
    }
)


@enforces("CAT-04", what="机构登记：市、区县数据主管部门各管本级")
def level_authority(body: Organisation, on: date) -> Organisation:
    """本级数据主管部门: the district's for bodies of a district that has one on the day, else the city's."""
    if body.kind in _OF_DISTRICTS and body.district_id is not None:
        of_district = Organisation.objects.on(on).filter(
            duty=Organisation.Duty.DISTRICT_AUTHORITY, district=body.district_id
        )
        if (found := of_district.order_by("pk").first()) is not None:
            return found
    return city_authority(on)


def office_for(duty: Organisation.Duty, body: Organisation, on: date) -> Organisation | None:
    """The body with a statutory office at the level of another: its district's, where there is one, else the city's.

    None where the register names none.
    """
    holders = list(Organisation.objects.on(on).filter(duty=duty).order_by("pk"))
    if body.kind in _OF_DISTRICTS and body.district_id is not None:
        of_district = (one for one in holders if one.district_id == body.district_id)
        if (found := next(of_district, None)) is not None:
            return found
    return next((one for one in holders if one.district_id is None), None)


def level_government(body: Organisation, on: date) -> Organisation | None:
    """本级政府 of a body: the district's government for bodies of a district, else the city's (OPEN20-15).

    None where the register names none.
    """
    governments = Organisation.objects.on(on).order_by("pk")
    if body.kind in _OF_DISTRICTS and body.district_id is not None:
        of_district = governments.filter(
            kind=Organisation.Kind.DISTRICT_GOVERNMENT, district=body.district_id
        )
        if (found := of_district.first()) is not None:
            return found
    return governments.filter(kind=Organisation.Kind.CITY_GOVERNMENT).first()
