"""Loading the register of districts and bodies from the tables beside it; loading twice changes nothing.

Rows that an administrator added stay; of a row that the tables know, the columns they fill are made as they say.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.db import transaction

from accounts.codes import check_uscc
from accounts.models import District, Organisation

FOLDER = Path(__file__).parent / "data"

Row = TypeVar("Row", District, Organisation)
Kind = Organisation.Kind

_KINDS = {
    "市政府": Kind.CITY_GOVERNMENT,
    "市级部门": Kind.CITY_DEPARTMENT,
    "派出机构/开发区管委会": Kind.AGENCY,
    "区县政府": Kind.DISTRICT_GOVERNMENT,
}
#: The statutory offices that bodies of the city hold (GOV19-5, 48, 49).
_DUTIES = {
    "重庆市大数据应用发展管理局": Organisation.Duty.CITY_AUTHORITY,
    "重庆市发展和改革委员会": Organisation.Duty.PLANNING,
    "重庆市财政局": Organisation.Duty.FINANCE,
    "重庆市审计局": Organisation.Duty.AUDIT,
}
_GGZY = "重庆市公共资源交易监督管理局"  # has no site of its own

#: What became of the districts that ended: (successor of the district's tasks, districts that got a part).
_SUCCESSION = {"500105": ("500157", ()), "500112": ("500157", ("500109",))}


@dataclass
class Outcome:
    """How many rows were written and how many were as they should be."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def load() -> Outcome:
    """Bring districts and bodies in line with the tables. Raises ValueError for a table that contradicts itself."""
    outcome = Outcome()
    short_names = {row["机构名称"]: row["简称"] for row in _rows("short_names.csv")}
    districts = _load_districts(outcome)
    governments: dict[str, Organisation] = {}
    for row in _rows("chongqing_departments.csv"):
        body = _load_body(row, short_names, districts, outcome)
        if body.kind == Kind.DISTRICT_GOVERNMENT and body.district is not None:
            governments[body.district.code] = body
    for code, (heir, _) in _SUCCESSION.items():
        _load_ended_government(districts[code], governments[heir], outcome)
    city = Organisation.objects.get(code="cq-gov")
    Organisation.objects.filter(kind__in=_KINDS.values(), parent__isnull=True).exclude(pk=city.pk).update(
        parent=city
    )
    return outcome


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _load_districts(outcome: Outcome) -> dict[str, District]:
    loaded: dict[str, District] = {}
    for row in _rows("chongqing_districts.csv"):
        code = row["行政区划代码"]
        if not code:
            outcome.notes.append(f"{row['名称']}没有行政区划代码，不作为区县载入")
            continue
        facts = {
            "name": row["名称"],
            "valid_from": _day(row["有效期起"]),
            "valid_to": _day(row["有效期止"]),
            "note": row["备注"],
        }
        loaded[code] = _put(District, code, facts, outcome)
    for code, (heir, parts) in _SUCCESSION.items():
        loaded[code].successors.set([loaded[heir], *(loaded[part] for part in parts)])
    return loaded


def _load_body(
    row: dict[str, str], short_names: dict[str, str], districts: dict[str, District], outcome: Outcome
) -> Organisation:
    kind, name = _KINDS[row["类别"]], row["机构名称"]
    facts: dict[str, Any] = {
        "name": name.removesuffix("（办公厅）"),
        "kind": kind,
        "website": row["门户网站"],
        "fiscally_funded": True,
    }
    if row["统一社会信用代码"]:
        facts["uscc"] = check_uscc(row["统一社会信用代码"])
    if kind == Kind.DISTRICT_GOVERNMENT:
        district = districts[row["备注"].removeprefix("行政区划代码 ")]
        facts |= {
            "short_name": _government(district),
            "district": district,
            "valid_from": district.valid_from,
        }
        return _put(Organisation, f"{district.code}-gov", facts, outcome)
    facts |= {"short_name": short_names[name], "note": row["备注"]}
    if name in _DUTIES:
        facts["duty"] = _DUTIES[name]
    return _put(Organisation, _city_code(row), facts, outcome)


def _load_ended_government(district: District, heir: Organisation, outcome: Outcome) -> None:
    facts = {
        "name": f"重庆市{district.name}人民政府",
        "short_name": _government(district),
        "kind": Kind.DISTRICT_GOVERNMENT,
        "district": district,
        "fiscally_funded": True,
        "valid_to": district.valid_to,
        "successor": heir,
        "note": district.note,
    }
    _put(Organisation, f"{district.code}-gov", facts, outcome)


def _put(model: type[Row], code: str, facts: dict[str, Any], outcome: Outcome) -> Row:
    row, added = model.objects.get_or_create(code=code, defaults=facts)
    different = {} if added else {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different:
        row.save(update_fields=list(different))
    outcome.added += added
    outcome.changed += bool(different)
    outcome.unchanged += not added and not different
    return row


def _city_code(row: dict[str, str]) -> str:
    """The body's code here: the name of its site under cq.gov.cn, which is its own and does not change."""
    if row["机构名称"] == _GGZY:
        return "cq-ggzyjyjgj"
    name = (urlsplit(row["门户网站"]).hostname or "").removesuffix(".cq.gov.cn")
    if not name:
        raise ValueError(f"{row['机构名称']}没有网站，无法确定机构代码")
    return "cq-gov" if name == "www" else f"cq-{name}"


def _government(district: District) -> str:
    """巫山县政府, 石柱县政府: the short name of a district's government."""
    short = district.name
    for people in ("土家族苗族自治县", "苗族土家族自治县", "土家族自治县"):
        if short.endswith(people):
            short = f"{short.removesuffix(people)}县"
    return f"{short}政府"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
