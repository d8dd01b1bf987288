"""A clock's life: started, met, ended, extended, stopped and resumed; and what is said of its last day."""

from __future__ import annotations

import json
from datetime import date

import pytest
from deadlines import actions
from deadlines.actions import CannotExtend, CannotPause
from deadlines.clocks import Clock
from deadlines.models import Deadline
from deadlines.queries import NoTerm, current_calendar, days_left, open_deadlines

from tests.kernel.clockwork import BREACH, REMIND, STEP, at, case, clock, load_calendar, running, term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db: None) -> None:
    load_calendar()
    term("T07", 5)
    term("T08", 5, basis="REG22-26.2")


def said(deadline: Deadline) -> str:
    return "".join(sentence["text"] for sentence in deadline.working["sentences"]).replace("\u00a0", " ")


@pytest.mark.duty("SHA-05")
def test_five_workdays_over_two_holidays():
    deadline = running("2026-09-25 16:42")
    assert deadline.due_on == date(2026, 10, 9)
    assert deadline.due_at == at("2026-10-10 00:00")
    assert not deadline.provisional
    assert [row["kind"] for row in deadline.working["days"]].count("rest") == 9
    assert deadline.working["days"][0]["kind"] == "event"
    assert "10 月 1 日至 10 月 7 日国庆节放假（国办发明电〔2025〕7号），不计入。" in said(deadline)
    assert "第 5 个工作日是 2026 年 10 月 9 日（星期五），到当日 24:00 止。" in said(deadline)
    assert deadline.working["sentences"][0]["cites"] == ["CIV-201"]
    assert json.loads(json.dumps(deadline.working)) == Deadline.objects.get().working


def test_a_makeup_sunday_counts_and_is_named():
    deadline = running("2026-09-18 09:00")
    sunday = deadline.working["days"][2]
    assert (sunday["date"], sunday["kind"], sunday["n"], sunday["makeup"]) == ("2026-09-20", "count", 1, True)
    assert "9 月 20 日（星期日）因国庆节调休上班（国办发明电〔2025〕7号），计入。" in said(deadline)


@pytest.mark.parametrize(
    ("received", "due"), [("2026-09-28 23:59", date(2026, 10, 10)), ("2026-09-29 00:00", date(2026, 10, 12))]
)
def test_the_minute_before_midnight_decides_the_day(received: str, due: date):
    assert running(received).due_on == due


def test_starting_costs_one_look_up_and_one_insert(django_assert_num_queries):
    of = case()
    current_calendar()
    with django_assert_num_queries(2):
        running("2026-09-25 16:42", of=of)


def test_meeting_and_ending_cost_one_update(django_assert_num_queries):
    met, ended = running("2026-09-25 09:00"), running("2026-09-25 09:00")
    with django_assert_num_queries(1):
        actions.meet(met, at=at("2026-10-09 23:59"))
    with django_assert_num_queries(1):
        actions.end(ended, at=at("2026-09-28 09:00"))
    met.refresh_from_db()
    ended.refresh_from_db()
    assert (met.outcome, met.breached_at, met.next_look) == ("met", None, None)
    assert (ended.outcome, ended.breached_at, ended.next_look) == ("ended", None, None)


def test_met_one_minute_late_is_a_breach_from_the_moment_it_fell_due():
    deadline = running("2026-09-25 09:00")
    actions.meet(deadline, at=at("2026-10-10 00:00"))
    deadline.refresh_from_db()
    assert (deadline.outcome, deadline.breached_at) == ("met", at("2026-10-10 00:00"))
    assert deadline.noticed_at is None and deadline.next_look == at("2026-10-10 00:00")


@pytest.mark.duty("SHA-06")
def test_extended_once_before_it_falls_due():
    deadline = running("2026-09-25 09:00")
    actions.extend(deadline, term="T08", reason="目录不能确定", at=at("2026-10-09 23:59"))
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 10, 15)
    base, more = deadline.working["parts"]
    assert (base["kind"], base["end"], more["kind"], more["start"]) == (
        "base",
        "2026-10-09",
        "extension",
        "2026-10-09",
    )
    assert more["cites"] == "REG22-26.2" and more["reason"] == "目录不能确定"
    old_end = next(row for row in deadline.working["days"] if row["kind"] == "ext")
    assert (old_end["date"], old_end["n"]) == ("2026-10-09", 5)
    assert deadline.working["days"][-1]["n"] == 10
    assert "第 10 个工作日是 2026 年 10 月 15 日" in said(deadline)
    with pytest.raises(CannotExtend, match="已延长过一次，截止日为 2026\u00a0年 10\u00a0月 15\u00a0日"):
        actions.extend(deadline, term="T08", reason="再延", at=at("2026-10-10 09:00"))


@pytest.mark.duty("SHA-06")
def test_not_extended_once_it_fell_due_or_ended():
    deadline = running("2026-09-25 09:00")
    with pytest.raises(CannotExtend, match="24:00 届满"):
        actions.extend(deadline, term="T08", reason="晚了", at=at("2026-10-10 00:00"))
    actions.meet(deadline, at=at("2026-09-28 09:00"))
    with pytest.raises(CannotExtend, match="已经结束"):
        actions.extend(deadline, term="T08", reason="晚了", at=at("2026-09-28 09:01"))
    deadline.refresh_from_db()
    assert deadline.extensions == [] and deadline.due_on == date(2026, 10, 9)


def test_stopped_and_resumed_with_exactly_the_days_that_were_left():
    deadline = running("2026-03-02 09:00")
    assert deadline.due_on == date(2026, 3, 9)
    actions.pause(deadline, at=at("2026-03-04 10:00"), why="登记异议", cites="RGS25-17")
    deadline.refresh_from_db()
    assert deadline.paused and deadline.next_look is None
    assert days_left(deadline, date(2026, 3, 20)) == 3
    with pytest.raises(CannotPause):
        actions.pause(deadline, at=at("2026-03-05 10:00"), why="再停", cites="RGS25-17")
    actions.resume(deadline, at=at("2026-03-16 08:00"))
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 3, 19)
    assert days_left(deadline, date(2026, 3, 16)) == 3
    assert deadline.pauses[0]["from_at"] == at("2026-03-04 10:00").isoformat()
    assert deadline.pauses[0]["to_at"] == at("2026-03-16 08:00").isoformat()
    assert deadline.working["parts"][-1]["kind"] == "pause"
    assert "因登记异议中止计算，2026 年 3 月 16 日恢复" in said(deadline)
    assert {row["kind"] for row in deadline.working["days"]} == {"event", "count", "pause", "end"}
    with pytest.raises(CannotPause):
        actions.resume(deadline, at=at("2026-03-17 08:00"))


def test_a_limit_stopped_on_its_last_day_keeps_the_day_of_resumption():
    deadline = running("2026-03-02 09:00")
    actions.pause(deadline, at=at("2026-03-09 17:00"), why="登记异议", cites="RGS25-17")
    actions.resume(deadline, at=at("2026-03-14 09:00"))
    assert deadline.due_on == date(2026, 3, 16)


def test_a_limit_that_fell_due_cannot_be_stopped():
    deadline = running("2026-03-02 09:00")
    with pytest.raises(CannotPause, match="届满"):
        actions.pause(deadline, at=at("2026-03-10 00:00"), why="登记异议", cites="RGS25-17")


def test_days_in_an_unpublished_year_are_provisional_and_say_so():
    deadline = running("2026-12-24 16:42")
    assert (deadline.due_on, deadline.provisional) == (date(2026, 12, 31), False)
    actions.extend(deadline, term="T08", reason="目录不能确定", at=at("2026-12-30 09:00"))
    assert (deadline.due_on, deadline.provisional) == (date(2027, 1, 8), True)
    assert "2027 年放假安排的通知尚未载入" in said(deadline)
    assert [row["date"] for row in deadline.working["days"] if row["provisional"]][0] == "2027-01-01"


def test_a_term_belongs_to_the_day_the_case_began():
    old = term("TX", 5, valid_to=date(2026, 9, 1))
    new = term("TX", 7, valid_from=date(2026, 9, 1))
    assert running("2026-08-31 09:00", term="TX").term == old
    assert running("2026-09-01 09:00", term="TX").term == new
    with pytest.raises(NoTerm, match="TX 在 2018-12-31 没有有效版本"):
        running("2018-12-31 09:00", term="TX")


def test_a_number_that_is_not_law_reminds_and_never_breaches():
    term("sharing.supply", 5, standing="default")
    term("T-unchecked", 5, standing="unchecked")
    assert running("2026-09-01 09:00", term="sharing.supply").on_pass == REMIND
    assert running("2026-09-01 09:00", term="T-unchecked", step="no-opinion").on_pass == STEP
    assert running("2026-09-01 09:00", term="T07").on_pass == BREACH


def test_a_day_given_by_a_fact_stays_on_a_holiday():
    deadline = running("2026-09-01 09:00", term=None, last_day=date(2026, 10, 1), reminders=(30, 7))
    assert deadline.due_on == date(2026, 10, 1) and not deadline.provisional
    assert [entry[0] for entry in deadline.reminders][:2] == ["2026-09-01", "2026-09-24"]
    assert "这一天是休息日，期限不因此顺延" in said(deadline)
    with pytest.raises(ValueError, match="last day"):
        running("2026-09-01 09:00", term=None)


def test_long_runs_fold_and_keep_their_ends():
    term("T16", 3, "year")
    deadline = running("2026-04-08 09:00", term="T16", on_pass=STEP, step="lapse")
    assert deadline.due_on == date(2029, 4, 8) and not deadline.provisional
    days = deadline.working["days"]
    assert len(days) == 25
    fold = days[12]
    assert (fold["kind"], fold["date"], fold["days"]) == ("fold", "2026-04-20", 1073)
    assert days[-1]["kind"] == "end"


def test_reminders_already_past_are_not_given():
    deadline = running("2026-09-28 09:00", reminders=(9, 2, 0))
    assert deadline.next_look == at("2026-10-08 08:00")


def test_open_deadlines_come_with_the_nearest_first(django_assert_num_queries):
    of = case()
    later = running("2026-09-28 09:00", of=of)
    sooner = running("2026-09-01 09:00", of=of)
    actions.meet(running("2026-09-01 09:00", of=of), at=at("2026-09-02 09:00"))
    assert list(open_deadlines(of.pk)) == [sooner, later]


def test_days_left_is_signed_and_does_not_count_today():
    deadline = running("2026-09-01 09:00")
    assert deadline.due_on == date(2026, 9, 8)
    assert [days_left(deadline, date(2026, 9, day)) for day in (1, 7, 8, 9, 12)] == [5, 1, 0, -1, -3]
    assert days_left(deadline.due_on, date(2026, 9, 4)) == 2


@pytest.mark.parametrize(
    "wrong", [{"cites": ""}, {"on_pass": STEP}, {"on_pass": REMIND, "step": "x"}, {"reminders": (-1,)}]
)
def test_a_clock_that_contradicts_itself_is_refused(wrong: dict):
    values = {
        "code": "A",
        "label": "甲",
        "owed_by": "authority",
        "term": "T07",
        "on_pass": BREACH,
        "cites": "REG22-26.1",
    }
    with pytest.raises(ValueError, match="clock A"):
        Clock(**{**values, **wrong})
    assert clock(code="A").code == "A"
