"""What the public page says of each database. At most three queries, however many entries there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from datacentre.models import HoldingVersion
from django.db.models import Case, Count, DateTimeField, F, Max, OuterRef, Q, Subquery, Value, When
from statutes.enforcement import enforces

from catalog.models import Database, Entry
from catalog.norm.vocabularies import vocabulary


@dataclass
class Kept:
    """One database as the page shows it. `late` are entries whose last load is older than their cycle allows."""

    name: str
    kind: str
    code: str = ""
    database: Database | None = None
    former: list[Database] = field(default_factory=list)
    entries: int = 0
    basic: int = 0
    loaded: int = 0
    late: int = 0
    loaded_at: datetime | None = None

    @property
    def query(self) -> str:
        """How the entries of the database are told apart in a search."""
        return self.code if self.kind == Database.Kind.BASE else self.name


@enforces("CAT-27", "CAT-28", what="基础数据库、主题数据库逐个列明牵头部门、基础信息项和更新情况")
def listing(on: date, at: datetime) -> tuple[list[Kept], list[Kept]]:
    """The six base databases, each whether or not somebody leads it yet, and the theme databases that stand."""
    rows = list(Database.objects.select_related("lead").order_by("kind", "name", "-since"))
    labels = vocabulary("database")
    base = [Kept(f"{label}基础数据库", "base", code) for code, label in labels.choices(on)]
    by_code = {kept.code: kept for kept in base}
    themes: dict[str, Kept] = {}
    for row in rows:
        if row.kind == Database.Kind.BASE:
            kept = by_code.get(row.code)
        else:
            kept = themes.setdefault(row.name, Kept(row.name, "theme"))
        if kept is None:
            continue
        standing = row.since <= on and (row.until is None or on < row.until)
        if standing:
            kept.database = row
        elif row.until is None or row.until > row.since:
            kept.former.append(row)
    _count(base, "database", at)
    standing_themes = [kept for kept in themes.values() if kept.database]
    _count(standing_themes, "theme_database", at)
    return base, standing_themes


def _count(kept: Iterable[Kept], column: str, at: datetime) -> None:
    """Entries, basic ones, those with data, the late ones and the last load, by one statement."""
    by_name = {(one.code or one.name): one for one in kept}
    latest = (
        HoldingVersion.objects.filter(holding=OuterRef("holding")).order_by("-number").values("loaded_at")
    )
    days = [
        When(update_cycle=value.code, then=Value(at - timedelta(days=value.days + 1)))
        for value in vocabulary("update-cycle").values
        if value.days
    ]
    told = (
        Entry.objects.published()
        .filter(**{f"{column}__in": list(by_name)})
        .annotate(
            data_at=Subquery(latest[:1]),
            oldest=Case(*days, default=Value(None), output_field=DateTimeField()),
        )
        .order_by()
        .values(column)
        .annotate(
            entries=Count("pk"),
            basic=Count("pk", filter=Q(base_database=True)),
            loaded=Count("data_at"),
            late=Count("pk", filter=Q(data_at__lt=F("oldest"))),
            last=Max("data_at"),
        )
    )
    for row in told:
        one = by_name[row[column]]
        one.entries, one.basic, one.loaded = row["entries"], row["basic"], row["loaded"]
        one.late, one.loaded_at = row["late"], row["last"]
