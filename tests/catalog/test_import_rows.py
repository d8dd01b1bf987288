"""Rows become drafts: all or nothing, by code or name, never a second of the same, untouched when unchanged."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from accounts.actors import SYSTEM
from audit.models import Event
from django.db import connection
from procedures.refusals import NoRight

from catalog import drafts
from catalog.exchange import runs, template
from catalog.exchange.committing import commit
from catalog.exchange.refusals import Moved, NotReady
from catalog.models import Draft, Entry, ImportProblem, ImportRun
from catalog.norm.content import Content
from catalog.norm.elements import ENTRY
from catalog.publishing import Change, content_of, publish
from tests.catalog.books import HEAD, ITEM_HEAD, ITEM_ROW, ROW, book, entries, found, row, upload
from tests.shelf import AT, SAID, build_entry, content, item, term

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)


def done(cast, data: bytes, name: str = "目录.xlsx", at=AT) -> ImportRun:
    run = upload(cast, data, name, at=at)
    assert run.state == "checked", run.refusal
    return commit(run, at=at, by=cast.actor("provider", at))


def filled(body) -> bytes:
    return b"".join(template.workbook(template.of_body(body), AT.date()))


@pytest.mark.duty("CAT-09")
def test_a_good_file_becomes_drafts_of_the_body_with_their_trail(cast):
    run = done(
        cast,
        entries(ROW, row("空气监测数据"), items=[ITEM_ROW, ("空气监测数据", "站点", "station", "文本", "")]),
    )
    assert run.state == "committed" and run.counts == {"add": 2, "blocking": 0, "rules": 0}
    air, water = Draft.objects.order_by("-name")
    assert {air.name, water.name} == {"水质监测数据", "空气监测数据"}
    water = Draft.objects.get(name="水质监测数据")
    assert (
        water.kind == "add" and water.stage == "editing" and water.origin == "import" and water.problems == []
    )
    assert water.source == "目录.xlsx，目录条目 第 2 行" and water.changed_by == cast.user("provider")
    assert water.content["subject"] == "ecology" and water.content["formats"] == ["csv"]
    assert water.content["items"][0] | {"length": 12} == water.content["items"][0]
    assert water.content["items"][0]["sharing_type"] == "unconditional"
    event = Event.objects.get(action="entry-draft:keep", object_id=str(water.pk))
    assert Content.of(json.loads(event.body)["after"]["content"]) == Content.of(water.content)
    assert Event.objects.filter(action="import:commit", object_id=str(run.pk)).count() == 1


@pytest.mark.duty("CAT-09")
def test_one_bad_cell_keeps_all_out(cast):
    run = upload(cast, entries(ROW, row("空气监测数据", 更新周期="时不时")))
    [(place, column, kind, message)] = found(run)
    assert (place, column, kind) == ("目录条目 第 3 行", "更新周期", "unreadable")
    assert "没有“时不时”" in message and "每月" in message
    assert run.counts["bad"] == 1 and run.counts["add"] == 1
    with pytest.raises(NotReady, match="还有 1 处须改正"):
        commit(run, at=AT, by=cast.actor("provider", AT))
    assert not Draft.objects.exists()


def test_every_kind_of_mistake_is_named_at_its_cell(cast):
    head = (*HEAD, "更新频道", "统一社会信用代码", "数据提供单位")
    data = book(
        {
            "目录条目": [
                head,
                (*row("一", 摘要="长" * 2001), "", "11500000009275780X", ""),
                (*row("二"), "x", "", "重庆市体育局"),
                (*row("二"), "", "", ""),
                (*row(""), "", "", ""),
            ],
            "信息项": [ITEM_HEAD, ("三", "名", "a", "文本", ""), ("一", "名", "2a", "图", "x")],
        }
    )
    said = {(place, column): (kind, message) for place, column, kind, message in found(upload(cast, data))}
    assert said[("目录条目 第 1 行", "更新频道")] == (
        "header", "规范中没有“更新频道”这一列。是不是“更新周期”？请改成这个名称，不需要的请删去这一列",
    )  # fmt: skip
    assert said[("目录条目 第 2 行", "摘要")][0] == "long"
    assert said[("目录条目 第 2 行", "统一社会信用代码")] == (
        "identifier", "统一社会信用代码校验位应为 L，现在是 X，请核对是否有一位写错",
    )  # fmt: skip
    assert said[("目录条目 第 3 行", "数据提供单位")][0] == "target"
    assert said[("目录条目 第 4 行", "")] == (
        "duplicate", "与第 3 行重复（资源名称“二”）。同一条目只写一行",
    )  # fmt: skip
    assert said[("目录条目 第 5 行", "")][0] == "missing"
    assert said[("信息项 第 2 行", "")][1].startswith("没有“三”这个条目")
    assert said[("信息项 第 3 行", "信息项代码")][0] == "unreadable"
    assert said[("信息项 第 3 行", "信息项类型")][0] == "unreadable"
    assert said[("信息项 第 3 行", "长度")][0] == "unreadable"


def test_missing_columns_double_columns_and_nameless_ones_are_told_once(cast):
    run = upload(
        cast,
        book(
            {"目录条目": [("资源名称", "摘要", "摘要", ""), ("一", "二", "三", "四"), ("五", "六", "七", "")]}
        ),
    )
    said = found(run)
    assert (
        "目录条目 第 1 行",
        "第 4 列",
        "header",
        "第 4 列有内容而没有列名，请写上列名，或者删去这一列",
    ) in said
    assert any("“摘要”与第 2 列重复" in message for *_, message in said)
    needed = {element.label for element in ENTRY if element.needed and element.default is None}
    missing = {column for _, column, _, message in said if message.startswith("缺少")}
    assert missing == needed - {"资源名称", "摘要"}


@pytest.mark.duty("CAT-17", "CAT-18")
def test_what_only_publication_asks_for_is_told_and_kept_with_the_draft(cast):
    run = upload(cast, entries(row("一", 共享类型="有条件共享")))
    later = found(run, blocking=False)
    assert run.counts == {"add": 1, "blocking": 0, "rules": len(later)}
    assert {kind for _, _, kind, _ in later} == {"rule"}
    assert any("有条件共享、不予共享应当写明依据" in message for *_, message in later)
    commit(run, at=AT, by=cast.actor("provider", AT))
    draft = Draft.objects.get()
    assert len(draft.problems) == len(later)
    assert {problem["field"] for problem in draft.problems} >= {"sharing_basis", "conditions", "items"}


@pytest.mark.duty("CAT-08", "CAT-20")
def test_importing_again_finds_the_same_and_touches_nothing(cast):
    data = entries(ROW, row("空气监测数据"), items=[ITEM_ROW])
    done(cast, data)
    before = list(Draft.objects.order_by("pk").values())
    events = Event.objects.count()
    again = upload(cast, data, at=LATER)
    assert again.counts == {"unchanged": 2, "blocking": 0, "rules": 0}
    with pytest.raises(NotReady, match="没有要导入的内容"):
        commit(again, at=LATER, by=cast.actor("provider", LATER))
    assert list(Draft.objects.order_by("pk").values()) == before
    assert Event.objects.count() == events + 1  # the upload


@pytest.mark.duty("CAT-20")
def test_a_changed_row_updates_its_draft_and_the_rest_is_left(cast):
    done(cast, entries(ROW, row("空气监测数据"), items=[ITEM_ROW]))
    water = Draft.objects.get(name="水质监测数据")
    run = done(cast, entries(row(更新周期="每日"), row("空气监测数据")), at=LATER)
    assert run.counts == {"update": 1, "unchanged": 1, "blocking": 0, "rules": 0} | run.counts
    assert Draft.objects.count() == 2
    after = Draft.objects.get(pk=water.pk)
    assert after.content == {**water.content, "update_cycle": "daily"} and after.changed_at == LATER
    event = json.loads(Event.objects.filter(action="entry-draft:keep", object_id=str(water.pk)).last().body)
    assert event["before"]["content"]["update_cycle"] == "monthly"
    assert event["after"]["content"]["update_cycle"] == "daily"


@pytest.mark.duty("CAT-08")
def test_a_published_entry_is_changed_by_its_code_even_when_renamed(cast):
    entry = build_entry(cast.organisation("provider"), code="307500000001/000001")
    head, line = ("资源代码", "资源名称", "更新周期"), ("307500000001/000001", "大气监测日报", "每月")
    run = done(cast, entries(line, head=head))
    assert run.counts["change"] == 1
    draft = Draft.objects.get()
    assert draft.kind == "change" and draft.entry == entry and draft.base_version == 1
    kept = content_of(entry).as_json()
    assert draft.content == {**kept, "name": "大气监测日报", "update_cycle": "monthly"}
    again = upload(cast, entries(("307500000001/000001", "大气监测日报", "每日"), head=head), at=LATER)
    commit(again, at=LATER, by=cast.actor("provider", LATER))
    assert Draft.objects.get().content["update_cycle"] == "daily"
    entry.refresh_from_db()
    assert entry.name == "大气监测数据" and entry.version == 1


@pytest.mark.duty("CAT-08")
def test_a_published_entry_is_found_by_name_and_an_unknown_code_is_refused(cast):
    build_entry(cast.organisation("provider"), code="AIR")
    build_entry(cast.organisation("requester"), code="BUS", name="公交线路")
    run = upload(cast, entries(("", "大气监测数据", "每月"), head=("资源代码", "资源名称", "更新周期")))
    assert run.counts["change"] == 1
    run = upload(cast, entries(("BUS", "公交线路", "每月"), head=("资源代码", "资源名称", "更新周期")))
    assert found(run) == [
        (
            "目录条目 第 2 行",
            "",
            "target",
            "本单位没有资源代码为 BUS 的已发布条目。新条目请把代码留空，更新请核对代码",
        )
    ]


def test_what_is_held_by_a_case_or_going_away_is_not_touched(cast):
    by = cast.actor("provider", AT)
    entry = build_entry(cast.organisation("provider"), code="AIR")
    drafts.propose_removal(entry, reason="不再采集", at=AT, by=by)
    submitted = drafts.keep(cast.organisation("provider"), {**SAID, "name": "水质"}, at=AT, by=by)
    Draft.objects.filter(pk=submitted.pk).update(stage="submitted")
    run = upload(cast, entries(row("大气监测数据"), row("水质")))
    assert [(place, kind) for place, _, kind, _ in found(run)] == [
        ("目录条目 第 2 行", "target"), ("目录条目 第 3 行", "target"),
    ]  # fmt: skip


def test_two_rows_that_mean_one_entry_are_a_duplicate(cast):
    build_entry(cast.organisation("provider"), code="AIR")
    head = ("资源代码", *HEAD)
    run = upload(cast, entries(("AIR", *row("改了名")), ("", *row("大气监测数据")), head=head))
    assert found(run)[0][2:] == ("target", "与目录条目 第 2 行说的是同一个条目，请只留一行")


def test_conditions_keep_how_they_are_checked(cast):
    by = cast.actor("provider", AT)
    said = {
        **SAID,
        "sharing_type": "conditional",
        "sharing_basis": "《中华人民共和国数据安全法》第三十八条",
        "sharing_basis_kind": "law",
        "conditions": [
            term("用于执法", check_kind="function", parameter={"words": ["执法"]}),
            term("不得转交"),
        ],
    }
    drafts.keep(cast.organisation("provider"), said, at=AT, by=by)
    data = book(
        {
            "目录条目": [("资源名称", "更新周期"), ("大气监测数据", "每月")],
            "共享条件": [("资源名称", "共享条件"), ("大气监测数据", "用于执法")],
        }
    )
    done(cast, data, at=LATER)
    assert Draft.objects.get().content["conditions"] == [
        term("用于执法", check_kind="function", parameter={"words": ["执法"]})
    ]


@pytest.mark.duty("CAT-09")
def test_what_is_exported_comes_back_unchanged_in_every_form(cast):
    provider = cast.organisation("provider")
    build_entry(provider, code="AIR")
    law = {"sharing_basis": "《中华人民共和国数据安全法》第三十八条", "sharing_basis_kind": "law"}
    said = {
        "name": "水质", "sharing_type": "conditional", **law, "keywords": ["水", "断面"], "summary": "=一行\n两行",
        "items": [item("a", "甲", personal=True), item("b", "乙", "code", "说明")],
        "conditions": [term("用于执法", "依据"), term("不得转交")],
    }  # fmt: skip
    drafts.keep(provider, {**SAID, **said}, at=AT, by=cast.actor("provider", AT))
    for name, write in (("a.xlsx", filled), ("a.csv", None), ("a.json", None)):
        if write is None:
            form = template.wide_csv if name == "a.csv" else template.as_json
            data = b"".join(form(template.of_body(provider)))
        else:
            data = write(provider)
        run = upload(cast, data, name)
        assert run.counts == {"unchanged": 2, "blocking": 0, "rules": 0}, (
            name,
            run.counts,
            run.refusal,
            found(run),
        )
        assert run.format == name.split(".")[1]


def test_the_empty_templates_are_read_without_complaint_about_their_columns(cast):
    for form in (template.workbook(iter(()), AT.date()), template.wide_csv(iter(()))):
        run = upload(cast, b"".join(form), "模板.xlsx" if form.__name__ == "workbook" else "模板.csv")
        assert run.state == "refused" and "没有内容" in run.refusal, (run.state, found(run))


def test_one_wide_table_is_read_as_entries_with_items(cast):
    head = (*HEAD, "信息项名称", "信息项代码")
    rows = [
        (*row("一"), "甲", "a"),
        (*row("一"), "乙", "b"),
        ("一", *[""] * 10, "丙", "c"),
        (*row("二"), "丁", "d"),
    ]
    done(cast, book({"表": [head, *rows]}))
    assert [len(draft.content["items"]) for draft in Draft.objects.order_by("name")] == [3, 1]
    differing = book({"表": [head, (*row("三"), "甲", "a"), (*row("三", 更新周期="每年"), "乙", "b")]})
    assert found(upload(cast, differing))[0][:3] == ("表 第 3 行", "更新周期", "duplicate")


def test_json_takes_names_labels_and_lists(cast):
    one = {
        "name": "水质",
        "formats": ["csv", "json"],
        "personal": False,
        "items": [{"name": "甲", "code": "a"}],
    }
    two = {"资源名称": "空气", "格式": "CSV、JSON", "code": ""}
    rest = {
        key: SAID[key]
        for key in ("summary", "subject", "gathered", "update_cycle", "opening_type", "delivery")
    }
    data = json.dumps({"entries": [one | rest | {"identifier_kind": "none", "use_requirements": "x"}, two]})
    run = upload(cast, data.encode(), "目录.json")
    assert run.counts["add"] == 2 and run.counts["blocking"] == 0, found(run)
    bad = json.dumps([{"name": {"a": 1}}, {"name": "x", "items": [{"name": "甲", "type": 3.5}]}])
    said = found(upload(cast, bad.encode(), "目录.json"))
    assert ("目录条目 第 1 条", "name", "date") in [one[:3] for one in said]
    assert ("信息项 第 1 条", "type", "unreadable") in [one[:3] for one in said]


def test_rights_are_asked_at_both_ends(cast):
    with pytest.raises(NoRight):
        runs.start(cast.organisation("provider"), _file(), at=AT, by=cast.actor("requester", AT))
    run = upload(cast, entries(ROW))
    for stranger in ("requester", "company", "auditor", "citizen"):
        with pytest.raises(NoRight):
            commit(run, at=AT, by=cast.actor(stranger, AT))
        with pytest.raises(NoRight):
            runs.discard(run, at=AT, by=cast.actor(stranger, AT))
    commit(run, at=AT, by=cast.actor("authority", AT))
    assert Draft.objects.get().provider == cast.organisation("provider")


def _file():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("目录.xlsx", entries(ROW))


def test_what_moved_since_the_dry_run_stops_the_commit(cast):
    by = cast.actor("provider", AT)
    provider = cast.organisation("provider")
    entry = build_entry(provider, code="AIR")
    draft = drafts.keep(provider, {**SAID, "name": "水质"}, at=AT, by=by)
    changing = upload(cast, entries(row("大气监测数据")))
    updating = upload(cast, entries(row("水质")))
    adding, taken = upload(cast, entries(row("噪声"))), upload(cast, entries(row("辐射")))
    publish([Change(provider, content(summary="改"), entry=entry)], reason="改", at=AT, by=SYSTEM)
    drafts.keep(provider, {**SAID, "name": "水质", "summary": "改"}, draft=draft, at=LATER, by=by)
    drafts.keep(provider, {**SAID, "name": "噪声"}, at=LATER, by=by)
    build_entry(provider, code="RAD", name="辐射")
    count = Draft.objects.count()
    for run in (changing, updating, adding, taken):
        with pytest.raises(Moved, match="请重新核对"):
            commit(run, at=LATER, by=by)
    assert Draft.objects.count() == count
    again = runs.check(runs.check_again(adding, at=LATER, by=by), at=LATER)
    assert again.counts["update"] == 1
    assert commit(again, at=LATER, by=by).state == "committed"


@pytest.mark.django_db(transaction=True)
def test_two_who_commit_the_same_run_write_it_once(cast):
    run = upload(cast, entries(ROW, row("空气")))
    told: list[str] = []
    gate = threading.Barrier(2)

    def press() -> None:
        try:
            gate.wait(10)
            commit(run, at=AT, by=cast.actor("provider", AT))
            told.append("written")
        except NotReady as refusal:
            told.append(refusal.message)
        finally:
            connection.close()

    people = [threading.Thread(target=press) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join(30)
    assert sorted(told) == ["written", "这次导入已经完成，没有再写入一次"]
    assert Draft.objects.count() == 2
    assert Event.objects.filter(action="import:commit").count() == 1


def test_a_run_that_ended_keeps_neither_file_nor_rows(cast, django_capture_on_commit_callbacks):
    run = upload(cast, entries(ROW))
    storage, name = run.file.storage, run.file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        runs.discard(run, at=AT, by=cast.actor("provider", AT))
    run.refresh_from_db()
    assert run.state == "ended" and not storage.exists(name) and not run.rows.exists() and run.sm3
    with pytest.raises(NotReady):
        runs.discard(run, at=AT, by=cast.actor("provider", AT))
    idle, written = upload(cast, entries(ROW)), upload(cast, entries(row("空气")))
    commit(written, at=AT, by=cast.actor("provider", AT))
    runs.clear(AT + timedelta(days=29))
    idle.refresh_from_db()
    written.refresh_from_db()
    assert idle.state == "checked" and idle.file and not written.file and not written.rows.exists()
    assert runs.clear(AT + timedelta(days=30)) == 1
    idle.refresh_from_db()
    assert idle.state == "ended" and not idle.file


def test_a_file_of_many_problems_names_them_all_in_order(cast):
    lines = [row(f"第{n}", 更新周期="时不时" if n % 3 == 0 else "每月") for n in range(300)]
    run = upload(cast, entries(*lines))
    assert run.counts["blocking"] == 100 and run.counts["bad"] == 100
    lines_told = (
        ImportProblem.objects.filter(run=run, blocking=True)
        .order_by("position")
        .values_list("line", flat=True)
    )
    assert list(lines_told) == [n + 2 for n in range(0, 300, 3)]
    assert not Entry.objects.exists()
