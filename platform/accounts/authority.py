"""Which body is the city data authority."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ImproperlyConfigured

from accounts.models import Organisation


def city_authority(on: date) -> Organisation:
    """市数据主管部门 on the day. Raises ImproperlyConfigured when the register names none: nobody could then decide."""
    body = Organisation.objects.on(on).filter(duty=Organisation.Duty.CITY_AUTHORITY).first()
    if body is None:
        raise ImproperlyConfigured(f"机构登记中没有 {on.isoformat()} 的市数据主管部门")
    return body
