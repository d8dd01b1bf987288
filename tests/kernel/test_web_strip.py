from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from clock import SHANGHAI
from deadlines.count import Span
from deadlines.explain import Part, work_out
from django.template import Context, Template
from web import strip
from web.specimen import AUTUMN
from web.strip import Cell, Gap

FIVE = Part(Span(5, "wd"), "REG22-26.1")
MORE = Part(Span(5, "wd"), "REG22-26.2", "目录不能确定")
RECEIVED = datetime(2026, 9, 14, 16, 42, tzinfo=SHANGHAI)
TODAY = date(2026, 9, 17)


def working(*parts: Part, started: datetime = RECEIVED) -> dict:
    return work_out(AUTUMN, started, parts or (FIVE,), rules_on=started.date())


def drawn(work: dict, today: date = TODAY, **more: object) -> dict[date, Cell]:
    return {c.day: c for c in strip.cells(work, today, calendar=AUTUMN, **more) if isinstance(c, Cell)}


class TestCells:
    def test_each_day_says_what_it_is(self):
        cells = drawn(working())
        assert cells[date(2026, 9, 14)].word == "收到"
        assert cells[date(2026, 9, 15)].modifiers == "day--count"
        assert cells[TODAY].modifiers == "day--count is-today"
        assert cells[date(2026, 9, 18)].modifiers == "day--left"
        assert (cells[date(2026, 9, 19)].modifiers, cells[date(2026, 9, 19)].badge) == ("day--rest", "休")
        assert (cells[date(2026, 9, 20)].modifiers, cells[date(2026, 9, 20)].badge) == ("day--end", "班")
        assert cells[date(2026, 9, 20)].spoken == "第 5 天，最后一天，国庆节调休上班"

    def test_a_possible_extension_is_drawn_dashed(self):
        cells = drawn(working(), possible=working(FIVE, MORE))
        assert cells[date(2026, 9, 21)].modifiers == "day--ext"
        assert cells[date(2026, 9, 25)].word == "中秋节"
        assert (cells[date(2026, 9, 28)].modifiers, cells[date(2026, 9, 28)].word) == ("day--ext2", "可延至")

    def test_an_extended_limit_shows_where_it_would_have_ended(self):
        assert drawn(working(FIVE, MORE))[date(2026, 9, 20)].word == "原截止"

    def test_days_past_the_last_one_are_counted(self):
        cells = drawn(working(), date(2026, 9, 22))
        assert cells[date(2026, 9, 21)].word == "逾期 1"
        assert cells[date(2026, 9, 22)].modifiers == "day--over is-today"

    def test_a_long_delay_shows_its_end_and_tells_the_rest(self):
        cells = list(strip.cells(working(), date(2026, 11, 2), calendar=AUTUMN))
        assert [c.words for c in cells if isinstance(c, Gap)] == ["逾期后的 29 天"]
        assert cells[-1].day == date(2026, 11, 2)

    def test_the_day_of_the_answer_and_nothing_counted_after_it(self):
        cells = drawn(working(), date(2026, 10, 20), closed_on=TODAY)
        assert (cells[TODAY].modifiers, cells[TODAY].word) == ("day--met", "办结")
        assert cells[date(2026, 9, 18)].spoken == "已办结，不再计"
        assert max(cells) == date(2026, 9, 20)

    def test_an_answer_after_the_last_day_stands_among_the_days_past(self):
        cells = drawn(working(), date(2026, 10, 20), closed_on=date(2026, 9, 22))
        assert (cells[date(2026, 9, 22)].modifiers, cells[date(2026, 9, 22)].word) == ("day--over", "办结")

    def test_days_of_an_unpublished_year_are_provisional(self):
        winter = working(started=datetime(2026, 12, 28, 10, tzinfo=SHANGHAI))
        cells = drawn(winter, date(2026, 12, 28))
        assert "day--prov" in cells[date(2027, 1, 4)].modifiers
        assert cells[date(2027, 1, 4)].spoken.endswith("暂定")


class TestDrawing:
    def test_the_first_cell_stands_under_its_weekday_and_months_are_named_once(self):
        html = str(strip.draw(list(strip.cells(working(), TODAY)), "期限"))
        assert re.search(r'<li class="day day--event at-1">', html)
        assert "<b>9/14</b>" in html and "<b>15</b>" in html
        assert "strip--weeks" not in html

    def test_every_cell_has_a_sentence_for_those_who_do_not_see_it(self):
        html = str(strip.draw(list(strip.cells(working(), TODAY)), "期限"))
        assert html.count('<span class="vh">') == html.count('<li class="day')
        assert "9 月 20 日（星期日），第 5 天，最后一天，国庆节调休上班" in html

    def test_a_long_limit_folds_into_weeks_with_its_middle_told(self):
        html = str(strip.draw(list(strip.cells(working(Part(Span(60, "wd"), "REG22-26.1")), TODAY)), "期限"))
        assert "strip--weeks" in html and "day--gap" in html

    def test_names_from_the_calendar_are_escaped(self):
        work = working()
        work["days"][5]["name"] = "<b>节"
        assert "&lt;b&gt;节" in str(strip.draw(list(strip.cells(work, TODAY)), "期限"))

    @pytest.mark.django_db
    def test_the_include_shows_the_reasons_with_their_articles(self):
        source = '{% include "components/strip.html" %}'
        html = Template(source).render(Context({"working": working()}))
        assert "为什么是" in html and "第二十六条" in html and 'class="sums"' in html
