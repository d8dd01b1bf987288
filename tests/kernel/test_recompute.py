"""A new notice or a changed term: what the preview shows is what happens, recorded and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from accounts.actors import SYSTEM, Actor
from accounts.models import Role
from audit.models import Event
from deadlines import actions
from deadlines.changes import CalendarChange, TermChange
from deadlines.listeners import changed
from deadlines.loading import load_notices, load_terms
from deadlines.models import CalendarNotice, Deadline, Term
from deadlines.queries import coverage, current_calendar
from deadlines.recompute import apply, preview
from deadlines.sweep import sweep
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from notices.models import Outgoing
from procedures.models import Turn

from tests.cast import Cast
from tests.kernel.clockwork import at, case, load_calendar, running, term

pytestmark = pytest.mark.django_db

NOW = at("2026-12-28 09:00")

#: An invented arrangement of 2027: 4 January off too, 31 December 2026 worked as ever.
YEAR_2027 = {
    "number": "测试〔2026〕1号",
    "title": "关于2027年部分节假日安排的通知（测试）",
    "issued_on": "2026-12-01",
    "covers_year": 2027,
    "days": [
        {"date": f"2027-{day}", "off": True, "name": "节"}
        for day in ("01-01", "01-02", "01-03", "01-04", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01")
    ]
    + [{"date": "2027-01-09", "off": False, "name": "元旦"}],
}
STORM = {
    "number": "渝府办测试〔2026〕2号",
    "title": "关于临时调整工作日的通知（测试）",
    "days": [{"date": "2026-12-29", "off": True, "name": "临时停工"}],
}


@pytest.fixture(autouse=True)
def law(db: None) -> None:
    load_calendar()
    term("T07", 5)
    term("T08", 5, basis="REG22-26.2")
    term("T16", 3, "year")


@pytest.fixture
def admin(cast: Cast) -> Actor:
    return cast.actor("sysadmin")


def saved(change: CalendarChange | TermChange, by: Actor = SYSTEM) -> tuple[object, list[int]]:
    heard: list[int] = []
    shown = apply(change, by=by, reason="测试理由", at=NOW, after=heard.extend)
    return shown, heard


def version(code: str, **more: object) -> TermChange:
    return replace(TermChange.of(Term.objects.get(code=code)), **more)


def test_what_the_preview_shows_is_what_happens(cast: Cast, admin: Actor):
    requester, authority = cast.organisation("requester"), cast.organisation("authority")
    over = running("2026-12-25 09:00", of=case(filer=requester), owed_by=authority)
    far = running("2026-12-25 09:00", term="T16")
    early = running("2026-11-02 09:00")
    assert (over.due_on, over.provisional) == (date(2027, 1, 4), True)
    change = CalendarChange.parse(YEAR_2027)
    shown = preview(change, at=NOW)
    assert [(m.deadline, m.before, m.after, m.overdue) for m in shown.moves] == [
        (over.pk, date(2027, 1, 4), date(2027, 1, 5), False)
    ]
    assert str(shown) == "1 件在办期限变动，没有因此逾期的，1 件不再是暂定"
    assert CalendarNotice.objects.filter(covers_year=2027).count() == 0
    shown_again, heard = saved(change, admin)
    assert shown_again == shown and heard == [over.case_id]
    version = current_calendar().version
    for row in (over, far, early):
        row.refresh_from_db()
    assert (over.due_on, over.provisional, over.calendar_version) == (date(2027, 1, 5), False, version)
    assert over.working["calendar"] == version
    assert far.calendar_version == early.calendar_version == version - 1
    event = Event.objects.get(action="deadline:recompute")
    assert event.object_id == over.case.number and "2027-01-04" in event.body and "2027-01-05" in event.body
    assert (
        Event.objects.get(action="calendar:load", object_id=change.number).actor == cast.user("sysadmin").name
    )
    assert set(Outgoing.objects.values_list("organisation", "role")) == {
        (authority.pk, Role.OFFICER),
        (requester.pk, Role.OFFICER),
    }
    assert "最后一日由 2027\u00a0年 1\u00a0月 4\u00a0日（星期一）改为" in Outgoing.objects.first().text
    assert preview(change, at=NOW).moves == ()


def test_loaded_twice_it_changes_nothing(cast: Cast):
    running("2026-12-25 09:00")
    change = CalendarChange.parse(YEAR_2027)
    assert not change.is_known()
    saved(change)
    assert change.is_known()
    assert load_notices(NOW) == []


def test_a_local_day_off_moves_only_what_spans_it(cast: Cast):
    moved = running("2026-12-25 09:00")
    before_it = running("2026-12-18 09:00")
    after_it = running("2026-12-29 09:00")
    shown, heard = saved(CalendarChange.parse(STORM))
    assert [m.deadline for m in shown.moves] == [moved.pk] and heard == [moved.case_id]
    for row in (before_it, after_it):
        assert Deadline.objects.get(pk=row.pk).due_on == row.due_on


def test_a_breach_that_was_none_is_taken_back(cast: Cast):
    deadline = running("2026-12-21 09:00", owed_by=cast.organisation("authority"), reminders=())
    met_late = running("2026-12-21 09:00", owed_by=cast.organisation("authority"), reminders=())
    assert deadline.due_on == date(2026, 12, 28)
    sweep(at("2026-12-29 09:00"), take_step=actions.end)
    actions.meet(Deadline.objects.get(pk=met_late.pk), at=at("2026-12-29 10:00"))
    late_notice = {**STORM, "days": [{"date": "2026-12-24", "off": True, "name": "临时停工"}]}
    apply(
        CalendarChange.parse(late_notice), by=SYSTEM, reason="补录", at=at("2026-12-29 12:00"), after=changed
    )
    for row in (deadline, met_late):
        row.refresh_from_db()
        assert (row.due_on, row.breached_at, row.noticed_at) == (date(2026, 12, 29), None, None)
    assert met_late.outcome == "met" and met_late.next_look is None
    assert sweep(at("2026-12-30 00:01"), take_step=actions.end).breached == 1


def test_a_shorter_term_makes_overdue_and_the_preview_says_so(cast: Cast):
    deadline = running("2026-12-18 09:00", owed_by=cast.organisation("authority"), reminders=(2, 0))
    older = running("2026-11-30 09:00", term="T07")
    actions.meet(older, at=at("2026-12-01 09:00"))
    shorter = version("T07", amount=4, valid_from=date(2026, 12, 1))
    at_that = at("2026-12-25 09:00")
    assert deadline.due_on == date(2026, 12, 25)
    shown = preview(shorter, at=at_that)
    assert (len(shown.moves), shown.overdue, shown.earlier) == (1, 1, 1)
    assert str(shown) == "1 件在办期限变动，其中 1 件提前，1 件将逾期"
    apply(shorter, by=SYSTEM, reason="条例修改", at=at_that, after=changed)
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.term.amount) == (date(2026, 12, 24), 4)
    old, new = Term.objects.filter(code="T07")
    assert (old.valid_to, new.valid_from, new.valid_to) == (date(2026, 12, 1), date(2026, 12, 1), None)
    assert Event.objects.filter(action="term:change", object_id="T07").count() == 1
    assert sweep(at_that, take_step=actions.end).breached == 1
    deadline.refresh_from_db()
    assert deadline.breached_at == at("2026-12-25 00:00")


def test_a_case_that_began_before_keeps_its_term(cast: Cast):
    deadline = running("2026-12-18 09:00")
    longer = version("T07", amount=9, valid_from=date(2026, 12, 19))
    assert preview(longer, at=NOW).moves == ()
    saved(longer)
    deadline.refresh_from_db()
    assert deadline.term.amount == 5
    assert running("2026-12-19 09:00").term.amount == 9


def test_a_corrected_extension_moves_what_was_extended_by_it(cast: Cast):
    deadline = running("2026-12-01 09:00")
    actions.extend(deadline, term="T08", reason="目录不能确定", at=at("2026-12-07 09:00"))
    assert deadline.due_on == date(2026, 12, 15)
    corrected = version("T08", amount=3)
    assert [m.after for m in preview(corrected, at=NOW).moves] == [date(2026, 12, 11)]
    saved(corrected)
    deadline.refresh_from_db()
    assert deadline.due_on == date(2026, 12, 11) and deadline.extensions[0]["amount"] == 3


def test_a_change_needs_a_reason_and_must_make_sense():
    change = CalendarChange.parse(STORM)
    with pytest.raises(ValueError, match="理由"):
        apply(change, by=SYSTEM, reason=" ", at=NOW, after=changed)
    wrong = version("T07", amount=0, unit="周")
    with pytest.raises(ValidationError) as refused:
        preview(wrong, at=NOW)
    assert len(refused.value.messages) == 2


def test_what_fails_after_saving_undoes_it(cast: Cast):
    running("2026-12-25 09:00")

    def fail(cases: list[int]) -> None:
        raise RuntimeError("not today")

    with pytest.raises(RuntimeError):
        apply(CalendarChange.parse(STORM), by=SYSTEM, reason="测试", at=NOW, after=fail)
    assert CalendarNotice.objects.filter(number=STORM["number"]).count() == 0
    assert Event.objects.filter(action="deadline:recompute").count() == 0


def test_a_clock_started_under_the_old_calendar_is_set_right_before_anything_is_done(cast: Cast):
    deadline = running("2026-12-25 09:00", owed_by=cast.organisation("authority"), reminders=())
    stale = Deadline.objects.filter(pk=deadline.pk)
    kept = stale.values("due_on", "due_at", "calendar_version", "next_look", "provisional").get()
    saved(CalendarChange.parse(YEAR_2027))
    stale.update(**kept)
    report = sweep(at("2027-01-05 00:01"), take_step=actions.end)
    assert (report.recomputed, report.breached) == (1, 0)
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.breached_at) == (date(2027, 1, 5), None)
    assert sweep(at("2027-01-06 00:00"), take_step=actions.end).breached == 1


def test_preview_of_many_asks_few_questions(cast: Cast, django_assert_max_num_queries):
    for _ in range(30):
        running("2026-12-25 09:00")
    with django_assert_max_num_queries(8):
        assert len(preview(CalendarChange.parse(YEAR_2027), at=NOW).moves) == 30


def test_coverage_turns_amber_after_the_first_of_december():
    assert coverage(date(2026, 11, 30))["status"] == "green"
    december = coverage(date(2026, 12, 1))
    assert (december["status"], december["missing"]) == ("amber", [2027])
    saved(CalendarChange.parse(YEAR_2027))
    assert coverage(date(2026, 12, 1))["status"] == "green"


def test_the_laws_terms_load_once():
    Term.objects.all().delete()
    loaded = load_terms(NOW)
    assert {term.code for term in loaded} >= {"T01", "T07", "T08", "T09"}
    assert Term.objects.get(code="T07").basis == "REG22-26.1"
    assert load_terms(NOW + timedelta(days=1)) == []


def test_the_command_shows_first_and_saves_when_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    import json

    running("2026-12-25 09:00")
    file = tmp_path / "2027.json"
    file.write_text(json.dumps(YEAR_2027, ensure_ascii=False), encoding="utf-8")
    call_command("load_calendar", str(file))
    said = capsys.readouterr().out
    assert "1 件在办期限变动" in said and "2027-01-04 → 2027-01-05" in said and "没有保存" in said
    assert not CalendarNotice.objects.filter(covers_year=2027).exists()
    call_command("load_calendar", str(file), "--yes")
    assert "已保存" in capsys.readouterr().out
    call_command("load_calendar", str(file), "--yes")
    assert "已载入，未作改动" in capsys.readouterr().out
    file.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="读不出 JSON"):
        call_command("load_calendar", str(file))


def test_the_workdays_command_prints_the_day_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]):
    call_command("workdays", "2026-09-25", "--add", "5")
    lines = capsys.readouterr().out.splitlines()
    assert lines.count("2026-10-09") == 1
    assert any("2026-10-01" in line and "国庆节" in line for line in lines)
    call_command("workdays", "2026-10-09", "--add", "-5")
    assert "2026-09-24" in capsys.readouterr().out.splitlines()
    with pytest.raises(CommandError, match="500"):
        call_command("workdays", "2026-10-09", "--add", "501")


def test_what_procedures_derived_moves_with_it(cast: Cast):
    authority = cast.organisation("authority")
    deadline = running("2026-12-25 09:00", owed_by=authority)
    of = deadline.case
    Turn.objects.create(
        case=of,
        organisation=authority,
        role=Role.OFFICER,
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        provisional=True,
        since=of.received_at,
    )
    apply(CalendarChange.parse(YEAR_2027), by=SYSTEM, reason="公布", at=NOW, after=changed)
    of.refresh_from_db()
    assert (of.due_at, of.provisional) == (at("2027-01-06 00:00"), False)
    assert Turn.objects.get().due_on == date(2027, 1, 5)
