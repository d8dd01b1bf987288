"""目录版本: the catalogue and an entry at any version, what changed, the permanent addresses, the export."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import clock
import pytest
from accounts.actors import SYSTEM
from django.test import Client

from catalog import versions
from catalog.models import Entry, Publication
from catalog.publishing import Change, publish, withdraw
from tests.cast import Cast
from tests.shelf import AT, build_entry, content


@pytest.fixture
def entry(cast: Cast) -> Entry:
    """Three versions of the catalogue: two entries, then one changed, then the other withdrawn."""
    provider = cast.organisation("provider")
    first = build_entry(provider, code="AIR")
    second = build_entry(provider, code="NOISE", name="=噪声监测")
    later = AT + timedelta(days=1)
    said = {"summary": "逐小时浓度", "items": [
        {"code": "station", "name": "站点编号", "type": "code"},
        {"code": "pm25", "name": "细颗粒物", "type": "text"},
        {"code": "so2", "name": "二氧化硫", "type": "number"},
    ]}  # fmt: skip
    publish([Change(provider, content(**said), entry=first)], reason="监测项目调整", at=later, by=SYSTEM)
    withdraw(Entry.objects.get(pk=second.pk), reason="停止监测", at=later, by=SYSTEM)
    first.refresh_from_db()
    return first


@pytest.mark.duty("CAT-11", "CAT-13")
def test_the_catalogue_stands_as_it_was_at_each_version(entry: Entry):
    stood = {n: [v.content["code"] for v in versions.standing(n)] for n in (1, 2, 3, 4)}
    assert stood == {1: ["AIR"], 2: ["AIR", "NOISE"], 3: ["AIR", "NOISE"], 4: ["AIR"]}
    assert [v.number for v in versions.standing(2)] == [1, 1]
    assert dict(versions.sharing_types(4))["无条件共享"] == 1


def test_a_publication_says_what_it_did_element_by_element(entry: Entry):
    (change,) = versions.changes_of(Publication.objects.get(number=3))
    assert change.kind == "changed"
    found = change.comparison
    assert [(d.label, d.before, d.after) for d in found.elements] == [
        ("摘要", "各站点每日细颗粒物浓度", "逐小时浓度")
    ]
    assert found.items.added == ["二氧化硫（so2）"]
    assert found.items.removed == ["站点名称（name）", "日期（day）", "有效小时（hours）"]
    assert [(name, d[0].label) for name, d in found.items.changed] == [("细颗粒物（pm25）", "信息项类型")]
    assert change.items_out == ["name", "day", "hours"] and change.narrowed


def test_two_versions_of_the_catalogue_are_compared(entry: Entry, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = versions.between(1, 4)
    assert [v.content["code"] for v, _ in found.changed] == ["AIR"]
    assert not found.added and not found.withdrawn  # what came and went between the two is in neither
    found = versions.between(2, 4)
    assert [v.content["code"] for v in found.withdrawn] == ["NOISE"]


@pytest.mark.django_db
def test_the_pages_are_public_and_permanent(entry: Entry, client: Client):
    with clock.travel(AT + timedelta(days=2)):
        page = client.get("/catalog/versions/").content.decode()
        assert "第 4 版" in page and "监测项目调整" in page
        page = client.get("/catalog/versions/3/").content.decode()
        assert "二氧化硫（so2）" in page and "<del" in page
        page = client.get("/catalog/versions/4/?against=2").content.decode()
        assert "与第 2 版比较" in page and "噪声监测" in page
        assert client.get("/catalog/versions/9/").status_code == 404
        page = client.get("/catalog/AIR/versions/1/").content.decode()
        assert "各站点每日细颗粒物浓度" in page and "已被第 2 版代替" in page
        page = client.get("/catalog/AIR/versions/2/").content.decode()
        assert "第 1 版到第 2 版的变化" in page
        page = client.get("/catalog/AIR/versions/1/?against=2").content.decode()
        assert "第 1 版到第 2 版的变化" in page
        assert client.get("/catalog/AIR/versions/3/").status_code == 404
        assert client.get("/catalog/AIR/versions/").status_code == 200
        assert client.get("/catalog/NOISE/versions/1/").status_code == 404  # withdrawn: for its provider only


def test_the_pages_ask_no_more_for_many_entries(cast: Cast, client: Client, django_assert_max_num_queries):
    provider = cast.organisation("provider")
    many = [Change(provider, content(name=f"数据 {n}"), code=f"N-{n}") for n in range(120)]
    publish(many, reason="首次发布", at=AT, by=SYSTEM)
    with clock.travel(AT), django_assert_max_num_queries(9):
        page = client.get("/catalog/versions/1/").content.decode()
    assert "120" in page and page.count("N-") == 100


def test_the_export_is_the_catalogue_as_it_stood(entry: Entry, client: Client):
    response = client.get("/catalog/versions/2/catalogue.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["资源代码"] for row in rows] == ["AIR", "NOISE"]
    assert rows[0]["共享类型"] == "无条件共享" and rows[0]["更新周期"] == "每日"
    assert rows[1]["资源名称"] == "'=噪声监测"
    assert "细颗粒物（pm25）" in rows[0]["信息项"]
