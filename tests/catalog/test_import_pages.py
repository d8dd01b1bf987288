"""The import pages and the interface: a person and a program bring a file in, see what is wrong, and commit."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from catalog import tasks
from catalog.exchange import marking, runs
from catalog.exchange.committing import commit
from catalog.models import Draft, ImportRun
from tests.catalog.books import HEAD, ROW, book, entries, row, upload
from tests.shelf import AT, build_entry

pytestmark = pytest.mark.django_db

PAGE = "/catalog/compile/import/"
API = "/api/v1/catalog-imports/"


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.user("provider"))
    return client


def text(response, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:1500]
    return response.content.decode().replace("\u00a0", " ")


def send(client: Client, data: bytes, name: str = "目录.xlsx", body: str = "cq-sthjj", **more: str):
    return client.post(
        PAGE, {"provider": body, "source": "norm", "file": SimpleUploadedFile(name, data), **more}
    )


@pytest.mark.duty("CAT-09")
def test_a_person_uploads_reads_the_dry_run_and_commits(desk):
    response = send(desk, entries(ROW, row("空气")))
    run = ImportRun.objects.get()
    assert response.url == f"{PAGE}{run.pk}/"
    page = text(desk.get(response.url))
    assert "导入 2 条" in page and "核对合格，等待导入" in page and not Draft.objects.exists()
    response = desk.post(f"{PAGE}{run.pk}/act/", {"act": "commit"}, follow=True)
    assert "已导入 2 条" in text(response) and Draft.objects.count() == 2
    again = desk.post(f"{PAGE}{run.pk}/act/", {"act": "commit"}, follow=True)
    assert "没有再写入一次" in text(again) and Draft.objects.count() == 2
    assert "已导入" in text(desk.get(PAGE))


def test_the_navigation_marks_compiling(desk):
    page = text(desk.get(PAGE))
    assert set(re.findall(r'aria-current="true"[^>]*>([^<]+)', page)) == {"目录管理", "目录编制"}


def test_a_refused_file_says_what_to_do(desk):
    response = send(desk, b"%PDF-1.7", "目录.pdf")
    page = text(desk.get(response.url))
    assert "文件不能使用，没有写入任何内容" in page and "这是 PDF 文件" in page
    assert "请上传“文件”" in text(desk.post(PAGE, {"provider": "cq-sthjj", "source": "norm"}), 422)
    assert "空" in text(send(desk, b""), 422)


def test_three_hundred_errors_are_paged_and_filtered(desk, cast, django_assert_max_num_queries):
    lines = [
        row(f"第{n}条", 更新周期="时不时" if n < 200 else "每月", 主题="天文" if n >= 900 else "生态环境")
        for n in range(1000)
    ]
    run = upload(cast, entries(*lines))
    assert run.counts["blocking"] == 300
    address = f"{PAGE}{run.pk}/"
    with django_assert_max_num_queries(12):
        page = text(desk.get(address, {"weight": "must"}))
    assert "300 处须改正" in page and "第 1–50 处，共 300 处" in page and "更新周期（200）" in page
    assert page.count('<th scope="row" class="nw">') == 50
    page = text(desk.get(address, {"weight": "must", "column": "主题", "kind": "unreadable"}))
    assert "符合的 100 处" in page and "没有“天文”" in page and "时不时" not in page
    assert "第 101–150 处" in text(desk.get(address, {"weight": "must", "page": "3"}))
    for odd in (
        {"page": "９"},
        {"page": "0"},
        {"page": "99999999999"},
        {"kind": "x"},
        {"weight": "x"},
    ):
        assert desk.get(address, odd).status_code == 200
    assert "没有这样的问题" in text(desk.get(address, {"column": "没有的列"}))


def test_the_marked_workbook_is_the_same_workbook_with_the_cells_coloured(desk, cast):
    def touch(made, sheets):
        sheets["目录条目"].write_comment("A2", "原有批注")
        made.add_worksheet("我的备注").write_string(0, 0, "原样")

    run = upload(cast, book({"目录条目": [HEAD, row("一", 更新周期="时不时"), row("二")]}, touch))
    response = desk.get(f"{PAGE}{run.pk}/file/")
    made = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert made.sheetnames == ["检查结果", "目录条目", "我的备注"]
    sheet = made["目录条目"]
    cycle = sheet.cell(2, HEAD.index("更新周期") + 1)
    assert (
        cycle.value == "时不时"
        and cycle.fill.fgColor.rgb.endswith("F8D7D3")
        and "没有“时不时”" in cycle.comment.text
    )
    assert sheet["A2"].value == "一" and sheet["A3"].value == "二" and made["我的备注"]["A1"].value == "原样"
    assert "原有批注" in sheet["A2"].comment.text
    listed = list(made["检查结果"].iter_rows(values_only=True))
    assert listed[1][:4] == ("须改正", "目录条目 第 2 行", "更新周期", "不在代码表中或者写法不对")
    text_csv = ",".join(HEAD) + "\n" + ",".join(row("=1+1", 更新周期="时不时"))
    run = upload(cast, text_csv.encode("gb18030"), "目录.csv")
    made = load_workbook(io.BytesIO(marking.as_bytes(run)))
    assert made["CSV"]["A2"].value == "=1+1" and made["CSV"]["A2"].data_type == "s"
    run = upload(cast, '[{"name": "一", "update_cycle": "时不时"}]'.encode(), "目录.json")
    made = load_workbook(io.BytesIO(marking.as_bytes(run)))
    assert [cell.value for cell in made["目录条目"][2]] == ["一", "时不时"]
    assert made["目录条目"]["B2"].comment is not None


@pytest.mark.duty("CAT-09")
def test_the_template_has_drop_downs_and_says_what_is_meant(desk, cast):
    made = load_workbook(io.BytesIO(b"".join(desk.get(f"{PAGE}template/xlsx/").streaming_content)))
    assert made.sheetnames == ["目录条目", "信息项", "共享条件", "填写说明", "代码表"]
    assert all(sheet.sheet_state == "visible" for sheet in made)
    sheet = made["目录条目"]
    place = [cell.value for cell in sheet[1]].index("更新周期") + 1
    letter = sheet.cell(1, place).column_letter
    rules = [rule for rule in sheet.data_validations.dataValidation if f"{letter}2" in rule.sqref]
    assert rules and rules[0].formula1.startswith("代码表!")
    listed = made["代码表"]
    names = [cell.value for cell in listed[1]]
    cycles = [listed.cell(line, names.index("更新周期") + 1).value for line in range(2, 12)]
    assert cycles[:3] == ["实时", "每日", "每周"]
    explained = {
        (line[0].value, line[1].value): [cell.value for cell in line]
        for line in made["填写说明"].iter_rows(min_row=5)
    }
    assert (
        explained[("目录条目", "更新周期")][2] == "是"
        and "第二十二条" in explained[("目录条目", "更新周期")][4]
    )
    assert text_of(desk.get(f"{PAGE}template/csv/")).startswith("\ufeff资源代码,资源名称")
    assert '"update_cycle"' in text_of(desk.get(f"{PAGE}template/json/"))
    assert desk.get(f"{PAGE}template/ods/").status_code == 404
    build_entry(cast.organisation("provider"), code="AIR")
    exported = load_workbook(io.BytesIO(b"".join(desk.get(f"{PAGE}export/xlsx/").streaming_content)))
    assert exported["目录条目"]["A2"].value == "AIR" and exported["信息项"].max_row == 6


def text_of(response) -> str:
    return b"".join(response.streaming_content).decode()


def test_a_large_file_is_checked_by_the_worker_and_its_page_says_how_far(
    desk, cast, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(runs, "AT_ONCE", 10)
    monkeypatch.setattr(marking, "AT_ONCE", 10)
    nudged: list[int] = []
    monkeypatch.setattr(tasks.check_import, "delay", nudged.append)
    with django_capture_on_commit_callbacks(execute=True):
        send(desk, entries(row("一", 更新周期="时不时")))
    run = ImportRun.objects.get()
    assert nudged == [run.pk] and run.state == "waiting"
    assert 'hx-trigger="every 2s"' in text(desk.get(f"{PAGE}{run.pk}/"))
    assert "<html" not in text(desk.get(f"{PAGE}{run.pk}/", headers={"HX-Request": "true"}))
    nudged.clear()
    tasks.check_imports()
    assert nudged == [run.pk]
    tasks.check_import(run.pk)
    run.refresh_from_db()
    assert run.state == "checked" and run.marked and run.done == run.total == 1
    assert desk.get(f"{PAGE}{run.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert desk.get(f"{PAGE}{run.pk}/file/").status_code == 200
    tasks.check_import(run.pk)  # late: nothing more
    nudged.clear()
    tasks.check_imports()
    assert nudged == []


def test_a_check_that_breaks_down_is_said_and_can_be_repeated(desk, cast, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(runs, "read_file", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            upload(cast, entries(ROW))
    run = ImportRun.objects.get()
    assert "核对没有完成" in text(desk.get(f"{PAGE}{run.pk}/"))
    desk.post(f"{PAGE}{run.pk}/act/", {"act": "again"})
    run.refresh_from_db()
    assert run.state == "checked"


def test_others_do_not_see_it(cast, client):
    run = upload(cast, entries(row("一", 更新周期="时不时")))
    for name, status in (
        ("requester", 404),
        ("district", 404),
        ("company", 403),
        ("auditor", 403),
        ("citizen", 403),
    ):
        client.force_login(cast.user(name))
        for address in (f"{PAGE}{run.pk}/", f"{PAGE}{run.pk}/file/"):
            assert client.get(address).status_code == status, (name, address)
        assert client.post(f"{PAGE}{run.pk}/act/", {"act": "discard"}).status_code == status
        assert client.get(f"{API}{run.pk}/").status_code == 404
    refused = client.post(API, {"provider": "cq-sthjj", "file": SimpleUploadedFile("a.csv", b"x")})
    assert refused.status_code == 403 and refused.json()["code"] == "no-right"
    client.force_login(cast.user("requester"))
    assert send(client, entries(ROW)).status_code == 422 and ImportRun.objects.count() == 1
    client.force_login(cast.user("authority"))
    assert client.get(f"{PAGE}{run.pk}/").status_code == 200
    run.refresh_from_db()
    assert run.state == "checked"


@pytest.mark.duty("CAT-09")
def test_a_program_uploads_reads_and_commits_once(desk, cast):
    def call(path: str, key: str, **data):
        kind = {} if data else {"content_type": "application/json"}
        return desk.post(f"{API}{path}", data, headers={"Idempotency-Key": key}, **kind)

    data = entries(ROW)
    first = call("", "k1", provider="cq-sthjj", file=SimpleUploadedFile("目录.xlsx", data))
    assert (
        first.status_code == 201 and first.json()["state"] == "checked" and first.json()["counts"]["add"] == 1
    )
    second = call("", "k1", provider="cq-sthjj", file=SimpleUploadedFile("目录.xlsx", data))
    assert second.json() == first.json() and second["Idempotency-Replayed"] == "true"
    assert ImportRun.objects.count() == 1
    pk = first.json()["id"]
    assert desk.get(f"{API}{pk}/").json()["id"] == pk
    assert [one["id"] for one in desk.get(API).json()["results"]] == [pk]
    done = call(f"{pk}/commit/", "k2")
    assert done.status_code == 200 and done.json()["state"] == "committed" and Draft.objects.count() == 1
    assert call(f"{pk}/commit/", "k2").json() == done.json()
    late = call(f"{pk}/commit/", "k3")
    assert late.status_code == 409 and late.json()["code"] == "import-not-ready"
    assert desk.get(f"{API}{pk}/marked/").status_code == 404


def test_a_program_pages_through_the_problems_and_gives_up(desk, cast):
    run = upload(cast, entries(*[row(f"第{n}", 更新周期="时不时") for n in range(30)]))
    answer = desk.get(f"{API}{run.pk}/problems/", {"limit": 20, "kind": "unreadable"}).json()
    assert len(answer["results"]) == 20 and answer["results"][0]["place"] == "目录条目 第 2 行"
    rest = desk.get(
        f"{API}{run.pk}/problems/", {"limit": 20, "kind": "unreadable", "cursor": answer["next"]}
    ).json()
    assert len(rest["results"]) == 10 and rest["next"] is None
    assert desk.get(f"{API}{run.pk}/problems/", {"label": "没有"}).json()["results"] == []
    assert desk.get(f"{API}{run.pk}/marked/").status_code == 200
    assert desk.post(f"{API}{run.pk}/commit/", content_type="application/json").status_code == 409
    assert desk.post(f"{API}{run.pk}/discard/", content_type="application/json").status_code == 204
    assert desk.get(f"{API}{run.pk}/").json()["state"] == "ended"
    refused = desk.post(API, {"provider": "cq-tyj", "file": SimpleUploadedFile("a.xlsx", entries(ROW))})
    assert refused.status_code == 422 and "provider" in refused.json()["errors"]


def test_the_commit_asks_few_questions_of_the_database(cast, django_assert_max_num_queries):
    run = upload(cast, entries(*[row(f"第{n}") for n in range(300)]))
    with django_assert_max_num_queries(20):
        commit(run, at=AT, by=cast.actor("provider", AT))
    assert Draft.objects.count() == 300
