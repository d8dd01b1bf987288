"""The public page: anyone may count, and a wrong question gets an answer that helps."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.kernel.clockwork import load_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(db: None) -> None:
    load_calendar()


def test_anyone_counts_five_workdays(client: Client):
    page = client.get("/workdays/", {"start": "2026-09-25", "n": "5"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "2026-10-09" in text and "国庆节放假（国办发明电〔2025〕7号），不计入" in text
    assert "逾期" not in text


@pytest.mark.parametrize(("n", "day"), [("-5", "2026-09-20"), ("0", "2026-09-25")])
def test_backwards_and_not_at_all(client: Client, n: str, day: str):
    text = client.get("/workdays/", {"start": "2026-09-25", "n": n}).content.decode()
    assert f'<span class="mono">{day}</span>' in text


def test_a_long_count_folds_and_an_unknown_year_is_provisional(client: Client):
    text = client.get("/workdays/", {"start": "2026-11-20", "n": "60"}).content.decode()
    assert "暂定" in text and "尚未载入" in text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"start": "2026-13-01", "n": "5"}, "日期应写作 2026-09-25 这样"),
        ({"start": "", "n": "5"}, "填写日期"),
        ({"start": "2026-09-25", "n": "五"}, "工作日数应是整数"),
        ({"start": "2026-09-25", "n": "9999"}, "500"),
        ({"start": "9999-12-31", "n": "5"}, "2000 年到 2100 年"),
        ({"start": "2026-09-25"}, "填写工作日数"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_mend(client: Client, asked: dict[str, str], told: str):
    page = client.get("/workdays/", asked)
    assert page.status_code == 200 and told in page.content.decode()


def test_the_empty_page_shows_the_notices(client: Client):
    text = client.get("/workdays/").content.decode()
    assert "2019 年至 2026 年" in text and "国办发明电〔2020〕1号" in text
