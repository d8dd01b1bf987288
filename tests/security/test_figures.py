"""The figures: what is counted, where it belongs, who sees whose, at a cost that does not grow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from deadlines.queries import current_calendar
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procedures.models import Act, Case

from security import dashboard
from security.charts import Dots, Trend, floor, nice
from security.period import Period, choices
from security.queries.overdue import overdue
from security.queries.refusals import refusals, refusing
from security.queries.tally import Group, Tally, groups, total
from security.scope import Scope
from tests.cast import Cast
from tests.security.conftest import NOW, Keep

pytestmark = pytest.mark.django_db

ALL = Scope(None)
TODAY = NOW.date()
YEAR = Period(2026)


def counted(first: date, until: date, scope: Scope = ALL) -> list[Group]:
    return groups(first, until, scope, today=TODAY, calendar=current_calendar())


def board_of(period: Period = YEAR, **more: str) -> dashboard.Dashboard:
    return dashboard.build(period, ALL, today=TODAY, calendar=current_calendar(), **more)


def year(scope: Scope = ALL) -> Tally:
    return total(counted(YEAR.first, YEAR.until, scope))


@pytest.mark.duty("SHA-19")
def test_a_limit_is_on_time_late_or_still_open(keep: Keep):
    keep("provider", date(2026, 11, 13), done=date(2026, 11, 13))
    keep("provider", date(2026, 11, 13), done=date(2026, 11, 16))
    keep("provider", date(2026, 11, 13))
    found = year()
    assert (found.due, found.on_time, found.overdue, found.still_open) == (3, 1, 2, 1)
    assert str(found.rate) == "33.3"


def test_what_runs_what_ended_otherwise_and_what_is_no_law_is_not_counted(keep: Keep):
    keep("provider", date(2026, 11, 27))
    keep("provider", date(2026, 11, 27), done=date(2026, 11, 19), outcome="ended")
    keep("provider", date(2026, 11, 13), on_pass="remind", breached_at=None)
    assert year() == Tally()


def test_a_breach_that_then_ended_is_still_a_breach(keep: Keep):
    keep("provider", date(2026, 11, 13), done=date(2026, 11, 16), outcome="ended")
    found = year()
    assert (found.due, found.overdue, found.still_open, found.timed) == (1, 1, 0, 0)


def test_a_limit_belongs_to_the_month_of_its_last_day(keep: Keep):
    keep("provider", date(2025, 12, 31), done=date(2026, 1, 5))
    keep("provider", date(2026, 1, 1), done=date(2025, 12, 31))
    keep("provider", date(2026, 11, 30), done=date(2026, 11, 19))
    assert sorted(g.month for g in counted(date(2025, 1, 1), date(2027, 1, 1))) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 11, 1),
    ]
    assert [d.due_on for d in overdue(Period(2025), ALL)] == [date(2025, 12, 31)]
    assert not overdue(YEAR, ALL) and not overdue(Period(2026, 1), ALL)


def test_working_days_used_leave_out_weekends_and_holidays(keep: Keep):
    # Received on Friday 25 September, a day off; 1 to 7 October are off, 10 October is worked.
    keep("provider", date(2026, 10, 12), begun=date(2026, 9, 25), done=date(2026, 10, 10))
    keep("provider", date(2026, 11, 13), begun=date(2026, 11, 9), done=date(2026, 11, 9))
    found = year()
    assert (found.timed, found.used) == (2, 6) and found.average == Decimal("3.0")


def test_a_rate_is_cut_and_never_rounded_up():
    assert str(Tally(due=10_000, on_time=9_999).rate) == "99.9"
    assert Tally().rate is None and Tally().average is None


def test_a_scope_counts_its_bodies_alone(cast: Cast, keep: Keep):
    keep("provider", date(2026, 11, 13))
    keep("requester", date(2026, 11, 13), done=date(2026, 11, 12))
    own = Scope.of(cast.actor("provider_lead"))
    assert (year(own).due, year(own).overdue) == (1, 1)
    assert [d.owed_by for d in overdue(YEAR, own)] == [cast.organisation("provider")]
    assert year(Scope(frozenset())) == Tally()


def test_bodies_are_ranked_from_twenty_limits_on(cast: Cast, keep: Keep):
    for number in range(20):
        keep("provider", date(2026, 11, 13), done=date(2026, 11, 17 if number == 0 else 12))
        keep("authority", date(2026, 11, 13), done=date(2026, 11, 12))
    keep("requester", date(2026, 11, 13))
    board = board_of()
    assert [(row.body.short_name, str(row.tally.rate)) for row in board.ranked] == [
        ("市生态环境局", "95.0"),
        ("市大数据局", "100.0"),
    ]
    assert [row.below for row in board.ranked] == [True, False]
    (small,) = board.unranked
    assert small.body == cast.organisation("requester") and not small.dot and not small.below


def test_the_year_before_is_compared_when_both_have_enough(keep: Keep):
    for _ in range(20):
        keep("provider", date(2026, 11, 13), done=date(2026, 11, 12))
    assert board_of().change is None
    for number in range(20):
        keep("provider", date(2025, 11, 13), done=date(2025, 11, 17 if number < 4 else 12))
    board = board_of()
    assert board.change == Decimal("20.0") and board.ranked[0].change_words == "升 20.0"
    assert [row.change_words for row in board_of(Period(2026, 10)).ranked] == []


def test_kinds_have_their_lengths_and_one_can_be_looked_at(keep: Keep):
    keep("provider", date(2026, 11, 13))
    keep("provider", date(2026, 11, 13), label="整改", term=None, done=date(2026, 11, 12))
    board = board_of()
    assert {row.label: row.length for row in board.kinds} == {"共享答复": "5 个工作日", "整改": "按指定日期"}
    one = board_of(label="整改")
    assert one.total.due == 1 and len(one.kinds) == 2


def test_the_figures_cost_the_same_however_much_there_is(cast: Cast, keep: Keep):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            board_of()
        return len(queries)

    keep("provider", date(2026, 11, 13))
    board_of()  # the calendar is read once a process
    few = cost()
    for who in ("requester", "authority", "stranger"):
        for month in range(1, 11):
            keep(who, date(2026, month, 13), done=date(2026, month, 12))
    assert cost() == few == 4


def test_periods():
    assert Period.of("2026-02", TODAY) == Period(2026, 2)
    assert (Period(2026, 2).first, Period(2026, 2).until) == (date(2026, 2, 1), date(2026, 3, 1))
    assert Period(2026, 2).months[0] == date(2025, 3, 1) and Period(2026).months[-1] == date(2026, 12, 1)
    assert Period(2026, 2).before == Period(2025, 2)
    for strange in ("", "2027", "1999", "2026-13", "2026-00", "２０２６", "2026-2", "x' OR 1=1"):
        assert Period.of(strange, TODAY) == YEAR
    assert choices(TODAY)[:2] == [("2026", "2026 年"), ("2026-11", "2026 年 11 月")]
    assert choices(TODAY)[-1] == ("2022", "2022 年")


def refused(basis: str, **more: object) -> None:
    values = {"kind": "sharing-request", "state": "REFUSED", "title": "t", "received_at": NOW}
    case = Case.objects.create(number=f"GX-R-{Case.objects.count()}", **values)
    Act.objects.create(
        **{"case": case, "step": "refuse", "label": "不同意", "at": NOW, "to_state": "REFUSED",
           "facts": {"reason": "理由", "basis": basis}, **more}
    )  # fmt: skip


def test_refusals_are_counted_by_the_basis_that_was_given(cast: Cast, django_assert_num_queries):
    assert ("sharing-request", "refuse") in {(kind, step.code) for kind, step in refusing()}
    authority = cast.organisation("authority")
    for basis, times in (("《个人信息保护法》第三十四条", 3), ("《数据安全法》第三十八条", 1)):
        for _ in range(times):
            refused(basis, organisation=authority)
    refused("去年的", at=NOW.replace(year=2025))
    refused("同意不是不同意", step="grant")
    with django_assert_num_queries(1):
        found = refusals(YEAR, ALL)
    assert [(basis.count, basis.share) for basis in found.bases] == [
        (3, 100),
        (1, pytest.approx(33.33, 0.01)),
    ]
    assert (found.count, found.others, found.labels) == (4, 0, {"共享答复"})
    assert refusals(YEAR, Scope.of(cast.actor("provider_lead"))).count == 0


class TestDrawings:
    def test_the_axis_begins_as_high_as_all_rates_allow(self):
        assert [floor([Decimal(rate)]) for rate in ("100", "95", "94.9", "61", "3")] == [95, 95, 90, 60, 0]
        assert floor([]) == 95

    def test_a_dot_says_its_number_and_marks_what_is_below(self):
        dots = Dots(95)
        assert 'aria-label="按时率 96.1%"' in dots.dot(Decimal("96.1")) and "pt--bad" in dots.dot(
            Decimal("96.1")
        )
        assert "pt--bad" not in dots.dot(Decimal("98.0"))
        assert ">95%<" in dots.axis and ">98%<" in dots.axis

    def test_a_month_without_limits_breaks_the_line(self):
        months = [(date(2026, month, 1), Tally(due=10, on_time=10)) for month in range(1, 13)]
        months[5] = (date(2026, 6, 1), Tally())
        drawn = Trend(months, "<趋势>").wide
        assert drawn.count("<polyline") == 2 and drawn.count("<circle") == 11
        assert "&lt;趋势&gt;" in drawn

    def test_nothing_at_all_is_drawn_as_nothing(self):
        empty = [(date(2026, month, 1), Tally()) for month in range(1, 13)]
        assert "<polyline" not in Trend(empty, "空").narrow

    def test_the_top_of_the_bars_is_round(self):
        assert [nice(n) for n in (0, 7, 11, 99, 350, 659, 1_000_000)] == [
            10,
            10,
            20,
            100,
            400,
            800,
            1_000_000,
        ]
