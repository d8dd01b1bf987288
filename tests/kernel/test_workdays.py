"""Counting days, against a count made by hand and against two packages that know nothing of ours."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import chinesedays
import pytest
from deadlines.changes import CalendarChange
from deadlines.count import Span, chain, last_day
from deadlines.loading import bundled_notices
from deadlines.workdays import (
    Calendar,
    Pause,
    add_months,
    add_workdays,
    add_years,
    end_of,
    last_day_extended_to_workday,
    window_before,
    workdays_between,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.clockwork import at

DAY = timedelta(days=1)


def delivered() -> Calendar:
    calendar = Calendar(0, {}, frozenset())
    for version, notice in enumerate(bundled_notices(), 1):
        calendar = notice.onto(calendar, version)
    return calendar


CALENDAR = delivered()
days = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def test_every_day_agrees_with_two_packages():
    day, differing = date(2019, 1, 1), []
    while day <= date(2026, 12, 31):
        ours = CALENDAR.is_workday(day)
        others = (chinese_calendar.is_workday(day), chinesedays.is_workday(day.isoformat()))
        if others != (ours, ours):
            differing.append((day, ours, others))
        day += DAY
    assert differing == []


def test_every_notice_has_its_number_and_the_years_are_covered():
    notices = bundled_notices()
    assert len(notices) == 10
    assert all(notice.number.startswith("国办发明电〔") for notice in notices)
    assert CALENDAR.covered == frozenset(range(2019, 2027))


def test_a_later_notice_prevails_on_the_days_it_names():
    # The first notice for 2020 made 1 February a workday; the one of 27 January gave it back.
    assert not CALENDAR.is_workday(date(2020, 2, 1))
    assert CALENDAR.special[date(2020, 2, 1)].notice == "国办发明电〔2020〕1号"
    assert CALENDAR.special[date(2020, 1, 30)].notice == "国办发明电〔2019〕16号"


@given(days, st.integers(1, 120))
def test_adding_workdays_is_counting_them_one_by_one(day: date, n: int):
    counted, at_day = 0, day
    while counted < n:
        at_day += DAY
        if CALENDAR.is_workday(at_day):
            counted += 1
    assert add_workdays(CALENDAR, day, n) == at_day
    assert workdays_between(CALENDAR, day, at_day) == n


@given(days, st.integers(1, 120))
def test_counting_back_undoes_counting_forward_from_a_workday(day: date, n: int):
    day = add_workdays(CALENDAR, day, 1)
    there = add_workdays(CALENDAR, day, n)
    assert add_workdays(CALENDAR, there, -n) == day
    assert workdays_between(CALENDAR, there, day) == -n


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_adding_in_two_goes_is_adding_at_once(day: date, a: int, b: int):
    assert add_workdays(CALENDAR, add_workdays(CALENDAR, day, a), b) == add_workdays(CALENDAR, day, a + b)


@given(days, st.integers(1, 60), st.integers(0, 80), st.integers(0, 40))
def test_a_pause_gives_back_exactly_the_days_it_took(day: date, n: int, after: int, length: int):
    due = add_workdays(CALENDAR, day, n)
    stopped = day + after * DAY
    resumed = stopped + length * DAY
    got = chain(CALENDAR, day, [Span(n, "wd")], [Pause(stopped, resumed)])[-1]
    if stopped > due:
        assert got == due
    else:
        left = workdays_between(CALENDAR, stopped, due)
        expected = add_workdays(CALENDAR, resumed, left)
        assert got == (expected if left else last_day_extended_to_workday(CALENDAR, max(resumed, due)))


@given(days, st.integers(1, 400), st.integers(0, 400), st.integers(0, 60))
def test_a_pause_in_calendar_days(day: date, n: int, after: int, length: int):
    due, stopped = day + n * DAY, day + after * DAY
    got = chain(CALENDAR, day, [Span(n, "cd")], [Pause(stopped, stopped + length * DAY)])[-1]
    assert got == (due + length * DAY if stopped <= due else due)


@given(days, st.integers(1, 20), st.integers(1, 20))
def test_an_extension_starts_from_the_last_day_before_it(day: date, n: int, more: int):
    ends = chain(CALENDAR, day, [Span(n, "wd"), Span(more, "wd")])
    assert ends == [add_workdays(CALENDAR, day, n), add_workdays(CALENDAR, day, n + more)]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 15), 12, date(2027, 5, 15)),
    ],
)
def test_months_end_with_the_same_day_or_the_months_last(day: date, months: int, expected: date):
    assert add_months(day, months) == expected


@pytest.mark.duty("RGT-15")
@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2025, 4, 8), 3, date(2028, 4, 8)),
    ],
)
def test_years_end_with_the_same_calendar_day(day: date, years: int, expected: date):
    assert add_years(day, years) == expected
    assert last_day(CALENDAR, day, Span(years, "year")) == expected


def test_the_25th_of_september_2026_and_five():
    # 25 to 27 September 中秋节, 1 to 7 October 国庆节: 28, 29, 30 September, 8 and 9 October.
    assert add_workdays(CALENDAR, date(2026, 9, 25), 5) == date(2026, 10, 9)


@pytest.mark.duty("RGT-18")
def test_thirty_workdays_from_the_day_the_rules_began():
    assert add_workdays(CALENDAR, date(2025, 4, 8), 30) == date(2025, 5, 22)


@pytest.mark.duty("RGT-16")
def test_the_renewal_window_opens_on_the_earlier_of_two_counts():
    assert window_before(date(2028, 4, 8), 60) == (date(2028, 2, 8), date(2028, 4, 8))


def test_a_last_day_off_stays_unless_the_term_rolls():
    first_of_october = Span(30, "cd"), date(2026, 9, 1)
    assert last_day(CALENDAR, first_of_october[1], first_of_october[0]) == date(2026, 10, 1)
    assert last_day(CALENDAR, first_of_october[1], Span(30, "cd", rolls=True)) == date(2026, 10, 8)


def test_the_last_day_runs_to_its_24th_hour():
    assert end_of(date(2026, 12, 30)) == at("2026-12-31 00:00")


def test_a_notice_with_faults_names_them_all():
    from django.core.exceptions import ValidationError

    row = {"number": "", "title": "某通知", "covers_year": 2027}
    days = [{"date": "2027-01-01", "off": True, "name": "元旦"}] * 2 + [
        {"date": "2027-02-07", "off": False, "name": ""}
    ]
    with pytest.raises(ValidationError) as refused:
        CalendarChange.parse({**row, "days": days})
    assert len(refused.value.messages) == 3
    with pytest.raises(ValidationError, match="off"):
        CalendarChange.parse(
            {**row, "number": "某号", "days": [{"date": "2027-01-01", "off": 1, "name": "元旦"}]}
        )
    with pytest.raises(ValidationError, match="13 天"):
        CalendarChange.parse({**row, "number": "某号", "days": days[:1]})
