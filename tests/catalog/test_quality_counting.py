"""Counting in the data: what is found in a load, the problems that follow from it, loads that cannot be read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from accounts.actors import SYSTEM
from datacentre.actions import load_version
from datacentre.models import HoldingVersion
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Entry, HoldingScan, QualityProblem
from catalog.quality import keeping, scan
from tests.cast import Cast
from tests.catalog.looking import LATER, ROWS, firms, outcome, stands
from tests.shelf import AT

pytestmark = [pytest.mark.django_db, pytest.mark.duty("CAT-30")]


@pytest.fixture
def companies(cast: Cast) -> Entry:
    return firms(cast)


def test_cells_are_counted_over_the_whole_version(companies: Entry):
    results = stands("FIRMS").results
    assert results["coded"][:2] == [
        "fails",
        "“统一社会信用代码”中的统一社会信用代码 1 个没有通过校验（第 2 行）",
    ]
    assert results["typed"][:2] == ["fails", "“日期” 2 个不合声明的类型（第 3、4 行）"]
    assert results["filled"][:2] == ["fails", "“备注”全部为空"]
    assert results["keys-once"][:2] == ["fails", "“统一社会信用代码”有 2 个重复的值"]
    assert results["rows-once"][:2] == ["fails", "有 1 行与前面的行完全相同"]
    kept = HoldingScan.objects.get()
    assert (kept.rows, kept.whole) == (4, True)
    assert "11500000009276683B" not in str(kept.found), "what is counted keeps no value"


def test_problems_name_source_and_responsible_body_until_a_version_is_right(companies: Entry):
    open_ = QualityProblem.objects.filter(entry=companies, fixed_at=None)
    assert {(p.rule, p.item) for p in open_} == {("coded", "uscc"), ("typed", "day"), ("keys-once", "uscc")}
    assert {(p.source, p.body, p.unit, p.holding) for p in open_} == {
        ("check", companies.provider, companies.provider.name, companies.holding)
    }
    keeping.note(AT, entries=[companies.pk])
    keeping.settle(AT)
    assert open_.count() == 3
    load_version(companies.holding, rows=ROWS[:1], note="改正", at=LATER, by=SYSTEM)
    keeping.note(LATER)
    keeping.settle(LATER)
    assert not open_.all().exists()
    assert {p.fixed_in.number for p in QualityProblem.objects.filter(entry=companies)} == {2}


def test_while_a_load_is_counted_what_was_said_before_holds(companies: Entry):
    load_version(companies.holding, rows=ROWS[:1], at=LATER, by=SYSTEM)
    keeping.note(LATER)
    report = keeping.look(LATER)
    assert outcome("coded", "FIRMS") == "fails" and stands("FIRMS").data_version == 2
    (key,) = report.to_scan
    keeping.count(key, LATER)
    keeping.look(LATER)
    assert outcome("coded", "FIRMS") == "met"
    assert keeping.count(key, LATER).at == LATER, "counted once"


def test_a_count_is_bounded_in_rows_and_time_and_says_so(companies: Entry):
    version = HoldingVersion.objects.get(holding=companies.holding)
    declared = keeping.gather([companies.pk], AT)[0].declared
    short = scan.scan(version, declared, most=2)
    assert (short.rows, short.whole, short.columns["uscc"].bad) == (2, False, 1)
    ticks = iter((0.0, 500.0))
    assert scan.scan(version, declared, tick=lambda: next(ticks)).whole is False
    HoldingScan.objects.all().delete()
    keeping.count(version.pk, AT, scan=lambda v, d: scan.scan(v, d, most=2))
    keeping.look(AT)
    assert stands("FIRMS").results["coded"][1].endswith("（检查了前 2 行，共 4 行）")


def test_a_load_that_cannot_be_read_is_said_to_be_and_tried_again(companies: Entry):
    version = HoldingVersion.objects.get(holding=companies.holding)

    def broken(version, declared):
        raise FileNotFoundError

    HoldingScan.objects.all().delete()
    keeping.count(version.pk, AT, scan=broken)
    keeping.look(AT)
    results = stands("FIRMS").results
    assert results["readable"][0] == "fails" and results["coded"][0] == "none"
    keeping.note(AT + timedelta(hours=7))
    keeping.settle(AT + timedelta(hours=7))
    assert outcome("readable", "FIRMS") == "met"


def test_many_problems_are_closed_in_one_statement(companies: Entry):
    load_version(companies.holding, rows=ROWS[:1], note="改正", at=LATER, by=SYSTEM)
    keeping.note(LATER)
    (key,) = keeping.look(LATER).to_scan
    keeping.count(key, LATER)
    with CaptureQueriesContext(connection) as closing:
        keeping.look(LATER)
    updates = [one["sql"] for one in closing if one["sql"].startswith('UPDATE "catalog_qualityproblem"')]
    assert QualityProblem.objects.filter(entry=companies, fixed_at=LATER).count() == 3
    assert len(updates) == 1
