from __future__ import annotations

from datetime import datetime, timedelta

import clock
import pytest
from clock import SHANGHAI
from deadlines.loading import load_terms
from deadlines.models import Deadline, Term
from deadlines.workdays import end_of
from django.test import Client
from procedures.models import Case
from web import map as districts
from web import portal, promise, tasks
from web.models import Figure
from web.portal import Answer, Catalogue, Recent, Subject

AT = datetime(2026, 9, 17, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def given(monkeypatch):
    """The page with what the test gives it and nothing else."""

    def give(catalogue: Catalogue | None = None, answers: list[Answer] | None = None) -> None:
        monkeypatch.setattr(portal, "_catalogue", [lambda at: catalogue] if catalogue else [])
        monkeypatch.setattr(portal, "_answers", [lambda at: answers or []])

    give()
    return give


@pytest.fixture
def terms(db):
    load_terms(AT)
    return {term.code: term for term in Term.objects.all()}


def run_deadline(term: Term, number: int, due: datetime, closed: datetime | None) -> None:
    case = Case.objects.create(number=f"T-{number}", kind="t", state="s", title="t", received_at=AT)
    Deadline.objects.create(
        case=case, clock="answer", label="答复", term=term, basis=term.basis, rules_on=AT.date(),
        started_at=due - timedelta(days=7), due_on=due.date(), due_at=end_of(due.date()),
        outcome="met" if closed else "open", closed_at=closed, on_pass="breach",
    )  # fmt: skip


class TestPromise:
    def test_late_and_overdue_count_against_the_rate(self, terms):
        run_deadline(terms["T07"], 1, AT, AT - timedelta(days=2))
        run_deadline(terms["T07"], 2, AT - timedelta(days=9), AT - timedelta(days=10))
        run_deadline(terms["T10"], 3, AT - timedelta(days=9), AT - timedelta(days=1))
        run_deadline(terms["T10"], 4, AT - timedelta(days=3), None)
        run_deadline(terms["T10"], 5, AT + timedelta(days=3), None)

        kept, by_code = promise.kept(AT)

        assert (kept.due, kept.on_time, kept.missed, kept.running) == (4, 2, 2, 1)
        assert str(kept.rate) == "50.0"
        assert by_code["T07"]["on_time"] == 2

    def test_last_years_answers_are_last_years(self, terms):
        run_deadline(terms["T07"], 1, AT - timedelta(days=400), AT - timedelta(days=401))
        assert promise.kept(AT)[0].rate is None

    def test_the_rate_is_cut_and_never_rounded_up(self):
        kept = promise.Kept(AT, given=10_000, on_time=9_999, late=1, overdue=0, running=0)
        assert str(kept.rate) == "99.9"

    def test_what_was_counted_lately_is_shown_with_its_time(self, terms):
        run_deadline(terms["T07"], 1, AT, AT - timedelta(days=2))
        tasks.promise.keep(AT)
        run_deadline(terms["T07"], 2, AT, AT - timedelta(days=2))
        soon = AT + timedelta(minutes=10)

        shown, by_code = promise.kept(soon)

        assert (shown.at, shown.given, by_code["T07"]["given"]) == (AT, 1, 1)
        with clock.travel(soon):
            html = Client().get("/").content.decode()
        assert "截至 09-17 10:00" in html

    @pytest.mark.parametrize("moved", [timedelta(minutes=16), timedelta(minutes=-1), timedelta(days=120)])
    def test_what_is_old_or_of_another_time_is_counted_anew(self, terms, moved):
        promise.keep(AT)
        run_deadline(terms["T07"], 1, AT, AT - timedelta(days=2))
        if moved.days >= 120:  # the last figure of the old year, looked at in the new one
            promise.keep(datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI))
            assert promise.kept(datetime(2027, 1, 1, 0, 1, tzinfo=SHANGHAI))[0].year == 2027
        else:
            assert promise.kept(AT + moved)[0].given == 1

    def test_the_worker_counts(self, terms):
        with clock.travel(AT):
            tasks.count()
            tasks.count()
        assert Figure.objects.get().at == AT
        assert tasks.SCHEDULE["web.count"]["schedule"] * 3 <= promise.FRESH.total_seconds()

    def test_the_table_of_limits_is_the_law_as_loaded(self, terms):
        rows = {limit.matter: limit for limit in promise.limits(AT, {})}
        sharing = rows["部门申请共享数据"]
        assert "申请有条件开放的数据" not in rows, "no procedure for it is installed"
        assert (sharing.length, sharing.basis) == ("5 个工作日，可延长 5 个工作日", "REG22-26.1")


@pytest.mark.django_db
class TestHome:
    def test_an_empty_catalogue_is_said_to_be_empty(self, client: Client, given):
        given(Catalogue(href="/catalog/"))
        html = client.get("/").content.decode()
        assert "目录里还没有已发布的条目" in html and "按主题找" not in html and 'class="geo"' not in html
        assert "今年还没有到期的申请" in html

    def test_what_is_there_is_shown(self, client: Client, given, terms):
        subject = Subject("生态环境", "/catalog/?subject=x", 4, 3, 1, "<b>空气")
        entry = Recent("空气质量", "/catalog/AIR/", "市生态环境局", "每日", AT, "conditional")
        given(
            Catalogue(
                href="/catalog/", entries=18462, providers=79, items=241930, unconditional=3, conditional=1,
                subjects=[subject], recent=[entry], districts={"500101": 3, "500103": 1, "500105": 2},
            ),
            [Answer("低保对象名单", "共享申请", "同意", "ok", "用时 4 个工作日（限 5）", AT)],
        )  # fmt: skip
        with clock.travel(AT):
            html = client.get("/").content.decode()
        for text in (
            "18,462",
            "79 个单位",
            "生态环境",
            "&lt;b&gt;空气",
            "有条件共享",
            "低保对象名单",
            "第二十六条",
        ):
            assert text in html
        assert 'action="/catalog/"' in html and 'name="q"' in html
        assert "万州区：3 条" in html and "2 个区县编制了目录条目" in html
        assert "另有 2 条由已撤销的区县编制" in html

    def test_the_page_costs_a_constant_number_of_queries(
        self, client: Client, terms, django_assert_num_queries, given
    ):
        given(Catalogue(href="/catalog/"))
        for number in range(20):
            run_deadline(terms["T07"], number, AT, None)
        with django_assert_num_queries(3):  # the figure that was kept, the answers, the limits
            client.get("/")

    def test_nothing_is_promised_that_is_not_installed(self, client: Client, monkeypatch):
        assert "重庆市公共数据的目录与共享，在同一处" in client.get("/").content.decode()
        monkeypatch.setattr(portal, "_fields", {"目录": 1, "登记": 3, "共享": 2})
        assert "重庆市公共数据的目录、共享与登记，在同一处" in client.get("/").content.decode()
        monkeypatch.setattr(portal, "_fields", {})
        assert "在同一处" not in client.get("/").content.decode()

    def test_only_reading(self, client: Client):
        assert client.post("/").status_code == 405


class TestMap:
    def test_every_district_is_drawn_once_and_the_centre_once_more(self):
        drawn = districts.draw({})
        assert len(drawn.areas) == 37 and len(drawn.inset) == 8
        assert all(area.path.startswith("M") and area.step == 0 for area in drawn.areas)
        assert {area.label.text for area in drawn.areas if area.label} >= {"万州", "忠县", "石柱", "彭水"}

    def test_more_is_darker_and_the_legend_says_from_where(self):
        numbers = {area.code: n for n, area in enumerate(districts.draw({}).areas)}
        drawn = districts.draw(numbers)
        steps = [area.step for area in sorted(drawn.areas, key=lambda area: area.number)]
        assert steps == sorted(steps) and steps[0] == 0 and steps[-1] == 5
        assert [step for step, _words in drawn.bands] == [5, 4, 3, 2, 1, 0]
        assert drawn.bands[-1][1] == "没有" and drawn.bands[0][1].endswith("以上")

    def test_few_districts_still_use_the_dark_end(self):
        drawn = districts.draw({"500101": 4})
        assert {area.step for area in drawn.areas} == {0, 5}
        assert [step for step, _words in drawn.bands] == [5, 0]

    def test_links_carry_the_code(self):
        drawn = districts.draw({"500101": 4}, "/catalog/?district={code}")
        assert [area.href for area in drawn.areas if area.href] == ["/catalog/?district=500101"]
