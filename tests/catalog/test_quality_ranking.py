"""The bodies in order and over the months: who stands where, what is compared, what the overview draws."""

from __future__ import annotations

from datetime import date

import pytest
from accounts.models import Organisation
from django.test import Client

from catalog.models import QualityMonth
from catalog.quality import charts, ranking
from tests.cast import Cast
from tests.shelf import AT

pytestmark = [pytest.mark.django_db, pytest.mark.duty("CAT-30")]


def month(body: Organisation, entries: int, mark: float, on: str = "2026-09-01") -> QualityMonth:
    return QualityMonth(
        body=body,
        month=on,
        as_of=AT,
        entries=entries,
        flawless=0,
        marks=round(entries * mark * 100),
        rules={},
    )


@pytest.mark.duty("CAT-30", "CAT-13")
def test_a_few_entries_lift_no_body_above_a_large_one_by_luck(cast: Cast):
    """20 entries at 97% do not stand above 3,000 at 95%; 200 at 97% do; three at 100% are not ranked."""
    bodies = [cast.organisation(name) for name in ("provider", "requester", "stranger", "district")]
    large, few, many, tiny = bodies
    QualityMonth.objects.bulk_create(
        [month(large, 3000, 95), month(few, 20, 95.1), month(many, 200, 97), month(tiny, 3, 100)]
    )
    board = ranking.board(ranking.months()[0])
    assert [(place.rank, place.body) for place in board.ranked] == [(1, many), (2, few), (3, large)]
    assert [place.body for place in board.unranked] == [tiny]
    poor = month(few, 20, 99)
    QualityMonth.objects.filter(body=large).update(marks=3000 * 9800, as_of=AT)
    QualityMonth.objects.filter(body=few).update(marks=poor.marks, as_of=AT)
    order = [place.body for place in ranking.board(ranking.months()[0]).ranked]
    assert order.index(few) < order.index(large)


def test_equal_bodies_share_a_place_and_the_month_before_is_compared(cast: Cast):
    one, two = cast.organisation("provider"), cast.organisation("requester")
    QualityMonth.objects.bulk_create(
        [
            month(one, 50, 90),
            month(two, 50, 90),
            month(one, 50, 88, "2026-08-01"),
            month(two, 0, 0, "2026-08-01"),
        ]
    )
    board = ranking.board(ranking.months()[0])
    assert [place.rank for place in board.ranked] == [1, 1]
    assert {place.body: place.change for place in board.ranked} == {one: 2.0, two: None}
    rows = ranking.trend(ranking.months()[0], one)
    assert len(rows) == 12 and [figures.mark for _m, figures in rows[-2:]] == [88.0, 90.0]


def test_the_line_of_months_has_gaps_where_there_are_no_figures():
    months = [date(2026, n, 1) for n in range(1, 7)]
    drawn = charts.Trend(
        list(zip(months, (91.0, 93.5, None, 95.0, 96.0, 92.0), strict=True)), "全市逐月"
    ).wide
    assert drawn.count("<polyline") == 2 and drawn.count("<circle") == 5
    assert 'aria-label="全市逐月"' in drawn and ">92.0<" in drawn and ">90<" in drawn
    assert "<circle" not in charts.Trend([(months[0], None)], "没有").narrow
    assert charts.floor([59.0]) == 0 and charts.floor([]) == 90


def test_the_overview_of_a_month_is_chosen_and_compared(cast: Cast):
    body = cast.organisation("provider")
    QualityMonth.objects.bulk_create([month(body, 50, 90), month(body, 50, 88, "2026-08-01")])
    client = Client()
    client.force_login(cast.user("authority"))
    said = client.get("/catalog/quality/").content.decode()
    assert "升 2" in said and "<polyline" in said and "1　" in said
    assert "2026 年 8 月，由高到低" in client.get("/catalog/quality/?month=2026-08").content.decode()


def test_a_city_without_figures_is_an_empty_page(cast: Cast):
    client = Client()
    client.force_login(cast.user("authority"))
    assert "还没有质量数字" in client.get("/catalog/quality/").content.decode()
