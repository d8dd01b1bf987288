"""What is asked of calendars, terms and deadlines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from deadlines import counting, statutory
from deadlines.models import CalendarDay, CalendarNotice, Deadline, Term
from deadlines.workdays import Calendar, Special, workdays_between

#: Calendars by (newest notice, number of notices). A notice never changes once loaded, so an entry never grows stale;
#: the number guards against two notices committed in the other order than numbered.
_calendars: dict[tuple[int, int], Calendar] = {}

_NEWEST = "(SELECT coalesce(max(id), 0) FROM deadlines_calendarnotice)"
_COUNT = "(SELECT count(*) FROM deadlines_calendarnotice)"


class NoTerm(LookupError):
    """No term of that code is in force on that day: the law's data is incomplete, not the person's input."""

    def __init__(self, code: str, on: date) -> None:
        super().__init__(
            _("期限条款 %(code)s 在 %(day)s 没有有效版本。先在“期限条款”中补上，再办理")
            % {"code": code, "day": on.isoformat()}
        )
        self.code, self.on = code, on


def current_calendar() -> Calendar:
    """The calendar of the newest version (one cheap query; the days themselves are kept per version)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_NEWEST}, {_COUNT}")
        newest, count = cursor.fetchone()
    return calendar_of(newest, count)


def calendar_of(newest: int, count: int) -> Calendar:
    """The calendar of the notices up to `newest`, of which there are `count`."""
    known = _calendars.get((newest, count))
    if known is None:
        while len(_calendars) >= 8:
            _calendars.pop(next(iter(_calendars)))
        known = _calendars[newest, count] = calendar_from(
            CalendarDay.objects.filter(notice_id__lte=newest).select_related("notice").order_by("notice_id"),
            CalendarNotice.objects.filter(id__lte=newest, covers_year__isnull=False).values_list(
                "covers_year", flat=True
            ),
            newest,
        )
    return known


def calendar_from(days: Any, covered: Any, version: int) -> Calendar:
    """A calendar from day rows in the order of their notices: a later notice prevails on the days it names."""
    years = frozenset(covered)
    special: dict[date, Special] = {
        day: Special(True, name, "") for day, name in statutory.days().items() if day.year not in years
    }
    for row in days:
        special[row.date] = Special(row.off, row.name, row.notice.number)
    return Calendar(version, special, years)


def terms_on(day: date) -> QuerySet[Term]:
    """The terms in force on the day (half-open)."""
    return Term.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def term_in_force(code: str, on: date) -> Term:
    """The term of the code in force on the day. Raises `NoTerm`."""
    term = terms_on(on).filter(code=code).order_by("-valid_from").first()
    if term is None:
        raise NoTerm(code, on)
    return term


#: `terms_on` with the calendar's version, by hand: every act that sets a clock asks this.
_IN_FORCE = f"""
    SELECT *, {_NEWEST} AS newest, {_COUNT} AS count FROM deadlines_term
     WHERE code = ANY(%s) AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)
     ORDER BY valid_from
"""


class Rules:
    """The terms in force on a day, with the calendar: read in one query for all the clocks that one act touches."""

    def __init__(self, codes: Iterable[str], on: date) -> None:
        wanted = list(codes)
        terms: list[Any] = list(Term.objects.raw(_IN_FORCE, [wanted, on, on])) if wanted else []
        self.on = on
        self._terms: dict[str, Term] = {term.code: term for term in terms}
        self.calendar = calendar_of(terms[0].newest, terms[0].count) if terms else current_calendar()

    def term(self, code: str) -> Term:
        """The term of the code. Raises `NoTerm`."""
        if code not in self._terms:
            raise NoTerm(code, self.on)
        return self._terms[code]


def term_and_calendar(code: str, on: date) -> tuple[Term, Calendar]:
    """One term with the calendar, in one query. Raises `NoTerm`."""
    rules = Rules([code], on)
    return rules.term(code), rules.calendar


def open_deadlines(case_id: int) -> QuerySet[Deadline]:
    """The clocks still running on a case, the one that ends first at the top."""
    return Deadline.objects.filter(case_id=case_id, outcome=Deadline.Outcome.OPEN).order_by("due_at", "id")


def days_left(deadline: Deadline | date, on: date, calendar: Calendar | None = None) -> int:
    """Working days left on the day (today not counted); negative when so many have gone by since the last day.

    For a paused clock: those that were left when it was stopped. Give the calendar when asking for many rows.
    """
    calendar = calendar or current_calendar()
    if isinstance(deadline, Deadline):
        if deadline.paused:
            on = date.fromisoformat(deadline.pauses[-1]["from"])
        return workdays_between(calendar, on, deadline.due_on)
    return workdays_between(calendar, on, deadline)


def count_api(start: date, n: int) -> dict[str, Any]:
    """So many working days from a day, with the working: for the API, the public page and the command alike.

    Raises `counting.CountRefused` when the count cannot be made.
    """
    return counting.count(current_calendar(), start, n)


def notices_in_force() -> QuerySet[CalendarNotice]:
    """The notices the calendar is made of, the newest first."""
    return CalendarNotice.objects.order_by("-id")


def coverage(on: date) -> dict[str, Any]:
    """Whether the calendar reaches far enough: amber when this year's, or after 1 December next year's, is missing."""
    calendar = current_calendar()
    wanted = [on.year] + ([on.year + 1] if on >= date(on.year, 12, 1) else [])
    missing = [year for year in wanted if year not in calendar.covered]
    return {
        "status": "amber" if missing else "green",
        "version": calendar.version,
        "covered": sorted(calendar.covered),
        "missing": missing,
    }


def sweep_lag(at: datetime) -> timedelta:
    """How long the row longest due for a look has waited: for /healthz. Zero when nothing waits."""
    oldest = (
        Deadline.objects.filter(next_look__isnull=False, next_look__lte=at, failure="")
        .order_by("next_look")
        .values_list("next_look", flat=True)
        .first()
    )
    return at - oldest if oldest else timedelta(0)
