from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import clock
import pytest
from clock import SHANGHAI
from deadlines.models import Deadline
from deadlines.workdays import Calendar, Special, end_of
from django import forms
from django.template import Context, Template
from web import dates
from web.due import Due, State
from web.forms import Form

TODAY = date(2026, 9, 17)
NB = "\u00a0"
CALENDAR = Calendar(
    version=1,
    special={
        date(2026, 9, 20): Special(False, "国庆节", "7 号"),
        date(2026, 9, 25): Special(True, "中秋节", "7 号"),
    },
    covered=frozenset({2026}),
)


class _Frame:
    calendar = CALENDAR


def render(source: str, **context: object) -> str:
    return Template("{% load yushu %}" + source).render(Context({"frame": _Frame(), **context}))


@pytest.fixture(autouse=True)
def the_day():
    with clock.travel(datetime(2026, 9, 17, 10, 0, tzinfo=SHANGHAI)):
        yield


class TestDates:
    def test_a_day_has_its_year_only_when_it_is_not_this_year(self):
        assert dates.day(date(2026, 12, 30), TODAY) == f"12{NB}月{NB}30{NB}日"
        assert dates.day(date(2027, 1, 7), TODAY) == f"2027{NB}年{NB}1{NB}月{NB}7{NB}日"

    def test_the_weekday_stands_in_brackets_in_prose_and_bare_in_lists(self):
        assert dates.day_week(date(2026, 12, 30), TODAY).endswith("日（星期三）")
        assert dates.day_short(date(2026, 12, 30), TODAY).endswith(f"日{NB}周三")

    def test_a_moment_is_told_in_the_time_of_the_city(self):
        at = datetime(2026, 12, 24, 8, 42, tzinfo=UTC)
        assert dates.moment(at, TODAY) == "12-24 16:42"
        assert dates.day(datetime(2026, 12, 24, 17, 0, tzinfo=UTC), TODAY) == f"12{NB}月{NB}25{NB}日"

    def test_another_years_moment_names_the_year(self):
        assert dates.moment(datetime(2025, 1, 2, 3, 4, tzinfo=SHANGHAI), TODAY) == "2025-01-02 03:04"

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("剩 5 个工作日", f"剩 5{NB}个工作日"),
            ("12 月 30 日前", f"12{NB}月{NB}30{NB}日前"),
            ("共 64 件，98.7 %", f"共 64{NB}件，98.7{NB}%"),
            ("第 2 步 PM 2.5 空气", "第 2 步 PM 2.5 空气"),
        ],
    )
    def test_a_number_and_its_unit_do_not_part(self, text, kept):
        assert dates.nbsp(text) == kept

    def test_filters_pass_over_what_is_not_there(self):
        assert render("[{{ d|day }}{{ d|day_week }}{{ d|day_short }}{{ d|moment }}]", d=None) == "[]"

    def test_text_stays_escaped_through_the_filter(self):
        assert render("{{ t|nbsp }}", t="<b> 5 件") == f"&lt;b&gt; 5{NB}件"


def deadline(**changes: object) -> Deadline:
    started = datetime(2026, 9, 14, 16, 42, tzinfo=SHANGHAI)
    due_on = date(2026, 9, 20)
    facts = {"started_at": started, "due_on": due_on, "due_at": end_of(due_on), "outcome": "open"}
    return Deadline(**{**facts, **changes})


class TestDue:
    @pytest.mark.parametrize(
        ("due_on", "words", "css"),
        [
            (date(2026, 9, 21), f"剩 3{NB}个工作日", "due"),
            (date(2026, 9, 20), f"剩 2{NB}个工作日", "due--soon"),  # a make-up Sunday
            (date(2026, 9, 18), f"剩 1{NB}个工作日", "due--soon"),
            (date(2026, 9, 17), "今天 24:00 前", "due--soon"),
            (date(2026, 9, 16), f"逾期 1{NB}个工作日", "due--over"),
            (date(2026, 9, 11), f"逾期 4{NB}个工作日", "due--over"),
        ],
    )
    def test_open_limits_count_working_days_without_today(self, due_on, words, css):
        due = Due.of(deadline(due_on=due_on, due_at=end_of(due_on)), TODAY, CALENDAR)
        assert due.words == words
        assert css in str(due.__html__())

    def test_a_limit_that_ends_on_a_day_off_is_not_due_today(self):
        assert Due.on(date(2026, 9, 19), date(2026, 9, 18), CALENDAR).words == f"剩 1{NB}日"

    def test_a_far_limit_is_told_in_days(self):
        assert Due.on(TODAY + timedelta(days=1000), TODAY, CALENDAR).words == f"剩 1000{NB}日"

    def test_met_in_time_says_how_long_it_took(self):
        closed = datetime(2026, 9, 17, 9, 0, tzinfo=SHANGHAI)
        assert (
            Due.of(deadline(outcome="met", closed_at=closed), TODAY, CALENDAR).words
            == f"按时办结，用时 3{NB}个工作日"
        )

    def test_met_on_the_day_it_came(self):
        closed = datetime(2026, 9, 14, 17, 0, tzinfo=SHANGHAI)
        assert "当天办结" in str(
            Due.of(deadline(outcome="met", closed_at=closed), TODAY, CALENDAR).__html__()
        )

    def test_met_too_late_is_not_called_in_time(self):
        closed = datetime(2026, 9, 22, 9, 0, tzinfo=SHANGHAI)
        due = Due.of(
            deadline(outcome="met", closed_at=closed, breached_at=end_of(date(2026, 9, 20))), TODAY, CALENDAR
        )
        assert due.state == State.LATE and due.days == 2 and "due--over" in str(due.__html__())

    def test_a_stopped_clock_says_what_was_left(self):
        due = Due.of(deadline(pauses=[{"from": "2026-09-16", "to": None}]), TODAY, CALENDAR)
        assert due.words == f"中止计算，剩 3{NB}个工作日"

    def test_an_ended_clock(self):
        assert Due.of(deadline(outcome="ended"), TODAY, CALENDAR).words == "已终止计算"

    def test_a_provisional_day_is_marked(self):
        assert "暂定" in render("{% due d provisional=True %}", d=date(2026, 9, 21))

    def test_a_moment_is_the_end_of_the_last_day(self):
        assert "今天" in render("{% due at %}", at=end_of(TODAY))
        assert render("{% due at %}", at=None) == ""

    def test_a_row_costs_no_query(self, django_assert_num_queries, db):
        with django_assert_num_queries(0):
            render("{% for d in rows %}{% due d %}{% endfor %}", rows=[deadline()] * 50)


class Filing(Form):
    purpose = forms.CharField(label="应用场景", help_text="写明用途。", max_length=10, widget=forms.Textarea)
    code = forms.CharField(label="代码<b>", required=False)
    mode = forms.ChoiceField(label="方式", choices=[("a", "接口"), ("f", "文件")], widget=forms.RadioSelect)
    until = forms.DateField(label="使用至", required=False)
    paper = forms.FileField(label="说明", required=False)
    agreed = forms.BooleanField(label="承诺")


class TestFields:
    def test_label_hint_and_control_are_tied_together(self):
        html = render("{% field f.purpose %}", f=Filing())
        assert '<label for="id_purpose">应用场景</label>' in html
        assert 'id="id_purpose_helptext"' in html and 'aria-describedby="id_purpose_helptext"' in html
        assert 'data-limit="10"' in html and 'data-count-of="id_purpose"' in html
        assert "maxlength" not in html  # a pasted text is not cut
        assert "aria-invalid" not in html

    def test_an_error_is_named_marked_and_described(self):
        html = render("{% field f.purpose %}", f=Filing({}))
        assert "field--bad" in html and 'aria-invalid="true"' in html
        assert 'aria-describedby="id_purpose_helptext id_purpose_error"' in html
        assert "请填写“应用场景”" in html

    def test_optional_fields_say_so_and_labels_are_escaped(self):
        assert '代码&lt;b&gt; <span class="opt">选填</span>' in render("{% field f.code %}", f=Filing())

    def test_choices_are_a_fieldset_with_a_legend(self):
        html = render("{% field f.mode %}", f=Filing())
        assert html.startswith("<fieldset") and "<legend>方式</legend>" in html
        assert html.count('class="choice"') == 2 and 'id="id_mode_0"' in html

    def test_dates_and_files_use_the_browsers_own_controls(self):
        assert 'type="date"' in render("{% field f.until %}", f=Filing())
        assert 'class="upload"' in render("{% field f.paper %}", f=Filing())

    def test_a_date_keeps_its_value_in_the_form_the_browser_reads(self):
        assert 'value="2026-09-30"' in render("{% field f.until %}", f=Filing({"until": "2026-09-30"}))
        assert 'value="2026-09-30"' in render(
            "{% field f.until %}", f=Filing(initial={"until": date(2026, 9, 30)})
        )

    def test_django_draws_fields_with_the_same_component(self):
        assert str(Filing()["purpose"].as_field_group()) == render("{% field f.purpose %}", f=Filing())
        assert str(Filing()).count('class="field') == 6

    def test_the_summary_links_to_each_field_in_the_same_words(self):
        form = Filing({})
        form.add_error(None, "页面已过期，请核对后重新提交")
        html = render("{% error_summary f %}", f=form)
        assert "有 4 处需要更正" in html
        assert '<a href="#id_purpose">请填写“应用场景”</a>' in html
        assert (
            '<a href="#id_mode_0">请选择“方式”</a>' in html or '<a href="#id_mode">请选择“方式”</a>' in html
        )
        assert "<li>页面已过期，请核对后重新提交</li>" in html

    def test_no_summary_without_errors(self):
        assert render("{% error_summary f %}", f=Filing()) == ""
