"""What an administrator may change under running clocks: a calendar notice, or a term. Values, not yet saved."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from deadlines import statutory
from deadlines.models import CalendarDay, CalendarNotice, Term
from deadlines.queries import current_calendar
from deadlines.workdays import Calendar, Special


@dataclass(frozen=True)
class Day:
    date: date
    off: bool
    name: str


@dataclass(frozen=True)
class CalendarChange:
    """A notice to be loaded. `covers_year` is the year it arranges completely; None for a change of some days."""

    number: str
    title: str
    issued_on: date | None
    covers_year: int | None
    url: str
    days: tuple[Day, ...]

    @classmethod
    def parse(cls, data: dict[str, Any]) -> CalendarChange:
        """From the JSON of one notice (shape: data/notices.json). Raises `ValidationError` naming the place."""
        try:
            issued = data.get("issued_on")
            change = cls(
                number=str(data["number"]).strip(),
                title=str(data["title"]).strip(),
                issued_on=date.fromisoformat(issued) if issued else None,
                covers_year=int(data["covers_year"]) if data.get("covers_year") else None,
                url=str(data.get("url") or ""),
                days=tuple(
                    Day(date.fromisoformat(row["date"]), _flag(row["off"]), str(row["name"]).strip())
                    for row in data["days"]
                ),
            )
        except KeyError as error:
            raise ValidationError(_("通知缺少“%(key)s”") % {"key": error.args[0]}) from error
        except (TypeError, ValueError) as error:
            raise ValidationError(
                _("通知里有一处读不懂：%(what)s。日期应写作 2027-01-01，off 应为 true 或 false")
                % {"what": error}
            ) from error
        change.check()
        return change

    def check(self) -> None:
        """Refuse a notice that cannot be meant. Raises `ValidationError` with every fault."""
        faults = []
        seen: set[date] = set()
        for day in self.days:
            if day.date in seen:
                faults.append(_("%(day)s 写了两次") % {"day": day.date})
            seen.add(day.date)
            if not day.off and not day.name:
                faults.append(_("%(day)s 是调休上班，须写明因哪个节日") % {"day": day.date})
            if self.covers_year and abs(day.date.year - self.covers_year) > 1:
                faults.append(_("%(day)s 不在 %(year)s 年前后") % {"day": day.date, "year": self.covers_year})
        if not self.number:
            faults.append(_("缺少文号"))
        if not self.days:
            faults.append(_("没有一个日期"))
        if self.covers_year and not faults and len([d for d in self.days if d.off]) < 10:
            faults.append(
                _("通知覆盖 %(year)s 全年，但放假的日期只有 %(count)s 天，全年法定节日是 13 天；是不是漏了")
                % {"year": self.covers_year, "count": len([d for d in self.days if d.off])}
            )
        if faults:
            raise ValidationError(faults)

    def onto(self, calendar: Calendar, version: int) -> Calendar:
        """The calendar as it will be."""
        covered = calendar.covered | ({self.covers_year} if self.covers_year else set())
        special = {
            day: known for day, known in calendar.special.items() if known.notice or day.year not in covered
        }
        special |= {day.date: Special(day.off, day.name, self.number) for day in self.days}
        return Calendar(version, special, frozenset(covered))

    def reach(self) -> tuple[date, date]:
        """The first and last day on which the calendar may change."""
        days = [day.date for day in self.days]
        if self.covers_year:
            days += [date(self.covers_year, 1, 1), date(self.covers_year, 12, 31)]
            days += [day for day in statutory.days() if day.year == self.covers_year]
        return min(days), max(days)

    def is_known(self) -> bool:
        """Whether this notice is loaded already, day for day."""
        loaded = CalendarNotice.objects.filter(number=self.number).order_by("-id").first()
        if loaded is None:
            return False
        rows = set(loaded.days.values_list("date", "off", "name"))
        return rows == {(day.date, day.off, day.name) for day in self.days}

    def save(self, *, reason: str, at: datetime) -> CalendarNotice:
        notice = CalendarNotice.objects.create(
            number=self.number,
            title=self.title,
            issued_on=self.issued_on,
            covers_year=self.covers_year,
            url=self.url,
            loaded_at=at,
            reason=reason[:200],
        )
        CalendarDay.objects.bulk_create(
            [CalendarDay(notice=notice, date=day.date, off=day.off, name=day.name) for day in self.days]
        )
        return notice

    def describe(self) -> str:
        return f"载入{self.title}（{self.number}）"


@dataclass(frozen=True)
class TermChange:
    """A version of a term: corrects the version that begins the same day, else follows the one in force that day."""

    code: str
    name: str
    amount: int
    unit: str
    rolls: bool
    basis: str
    standing: str
    valid_from: date
    valid_to: date | None = None
    note: str = ""

    FIELDS = ("name", "amount", "unit", "rolls", "basis", "standing", "valid_to")

    @classmethod
    def of(cls, term: Term) -> TermChange:
        return cls(
            code=term.code,
            name=term.name,
            amount=term.amount,
            unit=term.unit,
            rolls=term.rolls,
            basis=term.basis,
            standing=term.standing,
            valid_from=term.valid_from,
            valid_to=term.valid_to,
            note=term.reason,
        )

    def check(self) -> None:
        faults = []
        if self.unit not in Term.Unit.values:
            faults.append(
                _("单位“%(unit)s”不在 %(known)s 之中") % {"unit": self.unit, "known": Term.Unit.values}
            )
        if self.standing not in Term.Standing.values:
            faults.append(
                _("效力“%(it)s”不在 %(known)s 之中") % {"it": self.standing, "known": Term.Standing.values}
            )
        if self.unit != Term.Unit.UNTIL and self.amount < 1:
            faults.append(_("时长应为 1 或更大，现在是 %(amount)s") % {"amount": self.amount})
        if self.valid_to and self.valid_to <= self.valid_from:
            faults.append(_("废止日应晚于施行日 %(day)s") % {"day": self.valid_from})
        if not self.basis:
            faults.append(_("缺少依据"))
        if faults:
            raise ValidationError(faults)

    def before(self) -> Term | None:
        """The version it corrects or follows."""
        return (
            Term.objects.filter(code=self.code, valid_from__lte=self.valid_from)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=self.valid_from))
            .order_by("-valid_from")
            .first()
        )

    def row(self) -> Term:
        """The version as it will be, unsaved when it is new; its key when it corrects one."""
        known = Term.objects.filter(code=self.code, valid_from=self.valid_from).first()
        term = known or Term(code=self.code, valid_from=self.valid_from)
        for name in self.FIELDS:
            setattr(term, name, getattr(self, name))
        if known is None and self.valid_to is None:
            before = self.before()
            following = (
                Term.objects.filter(code=self.code, valid_from__gt=self.valid_from)
                .order_by("valid_from")
                .values_list("valid_from", flat=True)
                .first()
            )
            term.valid_to = before.valid_to if before else following
        term.reason = self.note[:300]
        return term

    def covers(self, term: Term, day: date) -> bool:
        return term.valid_from <= day and (term.valid_to is None or day < term.valid_to)

    def save(self, *, reason: str, at: datetime) -> Term:
        term = self.row()
        if term.pk is None:
            before = self.before()
            if before is not None:
                before.valid_to = self.valid_from
                before.save(update_fields=["valid_to"])
        term.reason = (self.note or reason)[:300]
        term.save()
        return term

    def is_known(self) -> bool:
        known = Term.objects.filter(code=self.code, valid_from=self.valid_from).first()
        return known is not None and all(
            getattr(known, name) == getattr(self, name)
            for name in self.FIELDS
            if name != "valid_to" or self.valid_to is not None
        )

    def describe(self) -> str:
        return f"期限条款 {self.code}（{self.name}）自 {self.valid_from} 起的版本变更"


Change = CalendarChange | TermChange


def read_notices(path: Path) -> list[CalendarChange]:
    """The notices of a JSON file: one notice, a list, or {"notices": [...]}. Raises `ValidationError`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValidationError(
            _("文件 %(path)s 读不出 JSON：%(why)s") % {"path": path, "why": error}
        ) from error
    rows = data.get("notices", [data]) if isinstance(data, dict) else data
    return [CalendarChange.parse(row) for row in rows]


def calendar_after(change: Change) -> Calendar:
    """The present calendar with the change in it (a term changes none)."""
    calendar = current_calendar()
    return change.onto(calendar, calendar.version + 1) if isinstance(change, CalendarChange) else calendar


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"off = {value!r}")
    return value
