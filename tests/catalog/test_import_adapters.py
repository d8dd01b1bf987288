"""Other catalogues: what became of every value is told, and nobody's data is taken for this city's."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from procedures.refusals import Refused

from catalog.exchange import adapters, marking
from catalog.exchange.adapters.cleansing import Report
from catalog.exchange.committing import commit
from catalog.models import Draft, Entry, ImportRun
from tests.catalog.books import upload
from tests.shelf import AT

pytestmark = pytest.mark.django_db

NATIONAL = Path(__file__).parents[3] / "shared" / "data" / "catalogue" / "cn_open_catalogue.jsonl.gz"
#: The least share of what is stated that has to be understood, by element.
FLOORS = {"formats": 0.98, "update_cycle": 0.999, "opening_type": 0.99, "subject": 0.92, "updated": 0.9999}


def national(**said: Any) -> dict[str, Any]:
    return {
        "source": "sichuan_aba", "province": "四川省", "title": "<b>牧草</b>&nbsp;面积", "department": "阿坝州农业局",
        "category": "农业、水利", "is_open": "登录开放", "update_frequency": "每年(更新说明:暂无新业务数据产生)",
        "data_formats": "['xls', 'csv', '接口']", "tags": "牧草\r\n\t面积\r\n\t无\r\n\t的", "data_volume": "1,234",
        "publish_time": "2021/1/05 08:00:00", "update_time": "1687017600000", "description": "<p>按乡统计</p>",
        **said,
    }  # fmt: skip


def lines(*records: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in records).encode()


def take(cast, data: bytes, source: str, name: str = "清单.json") -> ImportRun:
    run = upload(cast, data, name, source=source)
    assert run.state == "checked", run.refusal
    return run


def told(run: ImportRun, name: str) -> dict[str, Any]:
    return next(one for one in run.report["elements"] if one["name"] == name)


def exported(run: ImportRun) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(marking.as_bytes(run).decode("utf-8-sig"))))


def test_every_value_is_taken_mapped_or_named(cast):
    strange = national(
        title="其他", is_open="看情况", update_frequency=None, data_formats="data", data_volume="很多"
    )
    run = take(cast, lines(national(), strange, {"title": ""}, {"x": 1}), "national")
    [line, *_] = exported(run)
    assert line["资源名称"] == "牧草 面积" and line["摘要"] == "按乡统计" and line["主题"] == "农业农村"
    assert (
        line["格式"] == "电子表格 CSV、电子表格 XLSX、服务接口" and line["提供方式"] == "文件下载、接口调用"
    )
    assert line["更新周期"] == "每年" and line["开放类型"] == "无条件开放" and line["关键词"] == "牧草、面积"
    assert (
        line["原发布日期"] == "2021-01-05"
        and line["原更新日期"] == "2023-06-18"
        and line["原数据量"] == "1234"
    )
    assert (
        line["来源地区"] == "四川省"
        and line["来源单位"] == "阿坝州农业局"
        and line["来源目录"] == "sichuan_aba"
    )
    opened = told(run, "opening_type")
    assert opened["mappings"] == [["登录开放", "无条件开放", 1]] and opened["unknowns"] == [
        ["看情况", 1, [2]]
    ]
    assert told(run, "update_cycle")["empty"] == 3
    assert told(run, "formats")["unknowns"] == [["data", 1, [2]]]
    assert told(run, "amount")["unknowns"] == [["很多", 1, [2]]]
    cleaned = {what for what, _, _ in run.report["cleaned"]}
    assert {"去掉 HTML 标记", "还原 HTML 实体（如 &nbsp;）", "关键词由制表符和换行隔开，已分开"} <= cleaned
    assert run.report["broken"] == {"count": 2, "examples": [[3, "没有名称"], [4, "没有名称"]]}
    assert run.report["uncarried"] == [["x", 1]]


def test_of_duplicates_the_newest_is_kept_and_that_is_said(cast):
    old, new = national(update_time="2020-01-01"), national(update_time="2023-6-7", is_open="暂不开放")
    run = take(cast, lines(old, new, old), "national")
    duplicates = run.report["duplicates"]
    assert (duplicates["groups"], duplicates["dropped"]) == (1, 2)
    assert duplicates["examples"][0]["kept"] == 2 and duplicates["examples"][0]["dropped"] == [1, 3]
    assert [line["开放类型"] for line in exported(run)] == ["不予开放"]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([national()]) + json.dumps([national(title="二")]),
        json.dumps({"data": {"list": [national(), national(title="二")]}}),
        lines(national(), national(title="二")).decode() + "\n{坏的",
    ],
)
def test_arrays_in_a_row_wrapped_answers_and_broken_lines(cast, data):
    run = take(cast, data.encode(), "national")
    assert run.report["kept"] == 2
    assert run.report["broken"]["count"] == data.count("坏的")
    packed = take(cast, gzip.compress(data.encode()), "national", "清单.jsonl.gz")
    assert packed.report == run.report


def test_a_packed_bomb_is_refused(cast, monkeypatch):
    monkeypatch.setattr("catalog.exchange.adapters.records.MOST_UNPACKED", 1000)
    run = upload(cast, gzip.compress(b"[" + b" " * 5000 + b"]"), "a.gz", source="national")
    assert run.state == "refused" and "解压后超过" in run.refusal


@pytest.mark.duty("CAT-36")
def test_other_places_never_become_this_citys(cast):
    body = cast.organisation("provider")
    run = take(cast, lines(national(department=body.name), national(title="二")), "national")
    assert run.report["own"] == 0 and run.report["foreign"] == 2
    assert "不写入目录" in run.notes[0]
    with pytest.raises(Refused, match="没有要导入的内容"):
        commit(run, at=AT, by=cast.actor("provider", AT))
    assert not Draft.objects.exists() and not Entry.objects.exists()


def portal(**said: Any) -> dict[str, Any]:
    return {
        "id": 7, "resourceName": "水质监测", "resourceDesc": "每月断面水质", "organizationName": "重庆市生态环境局",
        "openAttr": "UNCONDITIONAL", "renewCycle": "EVERY_MONTH", "shareType": "FILE", "fileTypes": ["xlsx", "csv"],
        "tags": {"TOPIC": ["生态环境"], "INDUSTRY": ["水利、环境"]}, "updateDate": "2023-07-01", "downloadCnt": 12,
        "accessType": "PUBLIC", **said,
    }  # fmt: skip


@pytest.mark.duty("CAT-36")
def test_the_citys_portal_gives_drafts_of_the_body_it_names_and_of_no_other(cast):
    listed = [{"key": "TOPIC", "value": "交通运输"}, {"tagType": "INDUSTRY", "tagName": "公交"}]
    other = portal(
        id=8, resourceName="公交线路", organizationName="重庆市交通运输委员会", tags=listed, shareType="API"
    )
    data = json.dumps({"data": {"resourcesCatalogueList": {"content": [portal(), other]}}}).encode()
    run = take(cast, data, "portal")
    assert (run.report["own"], run.report["foreign"]) == (1, 1) and run.counts["add"] == 1
    assert {line["主题"] for line in exported(run)} == {"生态环境", "交通运输"}
    assert run.report["uncarried"] == [["accessType", 2], ["downloadCnt", 2]] or dict(run.report["uncarried"]) == {
        "downloadCnt": 2, "accessType": 2,
    }  # fmt: skip
    commit(run, at=AT, by=cast.actor("provider", AT))
    draft = Draft.objects.get()
    assert draft.provider == cast.organisation("provider") and draft.origin == "other-catalogue"
    said = draft.content
    assert (said["name"], said["opening_type"], said["update_cycle"]) == (
        "水质监测",
        "unconditional",
        "monthly",
    )
    assert (
        said["formats"] == ["csv", "xlsx"] and said["delivery"] == ["file"] and said["subject"] == "ecology"
    )
    again = take(cast, data, "portal")
    assert again.counts["unchanged"] == 1 and "add" not in again.counts


def test_a_record_marked_secret_stops_the_whole(cast):
    run = upload(cast, json.dumps([portal(resourceName="涉密项目")]).encode(), "a.json", source="portal")
    assert run.state == "refused" and not run.file and not run.report


def test_a_workbook_is_no_such_list(cast):
    from tests.catalog.books import ROW, entries

    run = upload(cast, entries(ROW), source="portal")
    assert run.state == "refused" and "JSON" in run.refusal


@pytest.mark.slow
@pytest.mark.skipif(
    not NATIONAL.exists(), reason="the gathered national catalogue (../shared/data) is not here"
)
def test_the_real_national_catalogue_is_understood():
    report = Report()
    with NATIONAL.open("rb") as file:
        found = list(adapters.convert_all(adapters.NATIONAL, file, report))
    kept = adapters.without_duplicates(found, adapters.NATIONAL, report)
    assert report.records == 97_561 and report.broken_count == 0
    assert len(kept) + report.dropped == len(found) == report.records
    for name, floor in FLOORS.items():
        assert report.elements[name].understood >= floor, (
            name,
            report.elements[name].unknown.most_common(20),
        )
    for element in report.elements.values():
        assert element.stated + element.empty == report.records or element.name == "formats", element.name
    assert not any(one.local for one in kept)
