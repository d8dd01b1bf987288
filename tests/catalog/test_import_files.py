"""What is no catalogue, or hides something, is told as what it is; nothing of it is written."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import rules
from catalog.exchange import runs, safety
from catalog.exchange.refusals import BadFile
from catalog.models import Draft, ImportRow, ImportRun
from tests.catalog.books import (
    HEAD,
    ITEM_HEAD,
    ITEM_ROW,
    ROW,
    added,
    altered,
    book,
    entries,
    found,
    row,
    upload,
)
from tests.shelf import AT

pytestmark = pytest.mark.django_db

SHEET = "xl/worksheets/sheet1.xml"


def refused(run: ImportRun) -> str:
    """Why; nothing was kept, the file neither."""
    run.refresh_from_db()
    assert run.state == "refused", (run.state, run.counts, found(run))
    assert not run.file and not run.rows.exists() and not run.problems.exists() and not Draft.objects.exists()
    return run.refusal


def odf() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<x/>")
    return buffer.getvalue()


def packed(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Excel（.xls）、WPS（.et）"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (odf(), "OpenDocument"),
        (packed(xl__workbook_bin="x").replace(b"workbook_bin", b"workbook.bin"), ".xlsb"),
        (packed(word__document_xml="<x/>"), "Word"),
        (packed(readme="x"), "压缩包"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x1f\x8b\x08\x00", "压缩文件"),
        (b"\xff\xfe\x00\xd8\x00", "编码"),
        ("随便,写写\n1,2\n".encode(), "与扩展名不符"),
    ],
)
def test_other_kinds_are_told_by_content_not_by_name(cast, data, told):
    assert told in refused(upload(cast, data))


def test_an_empty_file_and_one_too_large_are_not_taken(cast, monkeypatch):
    with pytest.raises(BadFile, match="空的"):
        upload(cast, b"")
    monkeypatch.setattr(runs, "MOST_BYTES", 100)
    with pytest.raises(BadFile, match="最多"):
        upload(cast, bytes(101))
    assert not ImportRun.objects.exists()


def test_macros_are_refused(cast):
    data = added(entries(ROW), "xl/vbaProject.bin", b"x")
    assert "宏" in refused(upload(cast, data, "目录.xlsm"))
    kinds = altered(
        entries(ROW),
        "[Content_Types].xml",
        lambda xml: xml.replace("sheet.main+xml", "sheet.macroEnabled.main+xml", 1),
    )
    assert "宏" in refused(upload(cast, kinds))


def test_formulas_are_named_cell_by_cell(cast):
    data = book(
        {"目录条目": [HEAD, row("一"), row("二")]},
        lambda _book, sheets: sheets["目录条目"].write_formula("B3", '="摘"&"要"', None, "摘要"),
    )
    assert found(upload(cast, data)) == [
        ("目录条目 第 3 行", "摘要", "formula", "单元格是公式。请复制这一格，用“选择性粘贴—数值”粘贴回去")
    ]
    prefixed = altered(data, SHEET, lambda xml: _prefixed(xml))
    assert [one[2] for one in found(upload(cast, prefixed))] == ["formula"]


def _prefixed(xml: str) -> str:
    """The same sheet as some programs write it: every tag with a prefix, attributes in single quotes."""
    xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")
    return re.sub(r'="([^"]*)"', r"='\1'", xml)


def test_error_values_dates_and_long_numbers_are_named(cast):
    data = book(
        {"目录条目": [HEAD, row("一"), (*row("二")[:10], 1234567890123456)]},
        lambda _book, sheets: sheets["目录条目"].write_datetime("D2", datetime(2024, 1, 2)),
    )
    error = r'<c r="B2" t="e"><v>#N/A</v>'
    data = altered(data, SHEET, lambda xml: re.sub(r'<c r="B2" t="s"><v>\d+</v>', error, xml))
    said = {(place, column): (kind, message) for place, column, kind, message in found(upload(cast, data))}
    assert said[("目录条目 第 2 行", "摘要")][0] == "error"
    kind, message = said[("目录条目 第 2 行", "汇聚范围")]
    assert kind == "date" and "变成了日期（2024-01-02）" in message
    assert "丢掉末几位" in said[("目录条目 第 3 行", "使用要求")][1]


def test_merged_headers_are_refused_and_merged_rows_named(cast):
    def merge(cells: str) -> bytes:
        return book(
            {"目录条目": [HEAD, row("一"), row("二")]},
            lambda _book, sheets: sheets["目录条目"].merge_range(cells, "摘要"),
        )

    assert "表头（第 1 行）有合并的单元格" in refused(upload(cast, merge("B1:C1")))
    assert [one[:3] for one in found(upload(cast, merge("B2:B3")))] == [
        ("目录条目 第 2 行", "摘要", "merged")
    ]


def test_what_is_hidden_is_not_read_over(cast):
    def hide(what: str) -> bytes:
        def touch(made, sheets):
            if what == "sheet":
                sheets["别的"].hide()
            elif what == "very":
                sheets["别的"].very_hidden()
            elif what == "column":
                sheets["目录条目"].set_column("C:C", None, None, {"hidden": True})
            else:
                sheets["目录条目"].set_row(2, None, None, {"hidden": True})

        return book({"目录条目": [HEAD, row("一"), row("二")], "别的": [["x"]]}, touch)

    assert "隐藏的工作表：“别的”" in refused(upload(cast, hide("sheet")))
    assert "隐藏的工作表：“别的”" in refused(upload(cast, hide("very")))
    assert "隐藏的列" in refused(upload(cast, hide("column")))
    assert [one[:3] for one in found(upload(cast, hide("row")))] == [("目录条目 第 3 行", "", "hidden")]


def test_a_million_rows_are_refused_before_they_are_read(cast):
    far = altered(
        entries(ROW),
        SHEET,
        lambda xml: xml.replace("</sheetData>", '<row r="1048576"><c r="A1048576"/></row></sheetData>'),
    )
    assert "第 1,048,576 行" in refused(upload(cast, far))
    wide = altered(entries(ROW), SHEET, lambda xml: xml.replace("</row>", '<c r="XFD1"/></row>', 1))
    assert "第 16384 列" in refused(upload(cast, wide))
    unplaced = altered(entries(ROW), SHEET, lambda xml: xml.replace("</row>", "<c><v>1</v></c></row>", 1))
    assert "没有位置" in refused(upload(cast, unplaced))


def test_bombs_are_refused(cast, monkeypatch):
    bomb = added(entries(ROW), "xl/media/a.xml", bytes(30 * safety.MEGABYTE))
    assert "压缩比" in refused(upload(cast, bomb))
    monkeypatch.setattr(safety, "MOST_UNPACKED", 1000)
    assert "展开后" in refused(upload(cast, entries(ROW)))
    monkeypatch.undo()
    monkeypatch.setattr(safety, "MOST_PARTS", 5)
    assert "个部分" in refused(upload(cast, entries(ROW)))


def test_entities_and_deep_structures_are_refused(cast):
    lol = '<!DOCTYPE lolz [<!ENTITY lol "lol">]>'
    for part in (SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        data = altered(entries(ROW), part, lambda xml: xml.replace("?>", f"?>{lol}", 1))
        assert "文档类型声明" in refused(upload(cast, data)), part
    deep = altered(
        entries(ROW),
        "xl/workbook.xml",
        lambda xml: xml.replace("<sheets>", "<a>" * 100 + "</a>" * 100 + "<sheets>"),
    )
    assert "嵌套过深" in refused(upload(cast, deep))
    foreign = altered(entries(ROW), SHEET, lambda xml: xml.replace("UTF-8", "UTF-16", 1))
    assert "不是 UTF-8" in refused(upload(cast, foreign))


def test_a_deep_sheet_harms_nothing(cast):
    deep = altered(
        entries(ROW),
        SHEET,
        lambda xml: xml.replace("</worksheet>", "<a>" * 50_000 + "</a>" * 50_000 + "</worksheet>"),
    )
    assert upload(cast, deep).state in ("checked", "refused")


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8 编码读取"),
        ("utf-8-sig", "带字节顺序标记"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
    ],
)
def test_a_csv_is_read_in_the_encodings_of_the_offices(cast, encoding, told):
    lines = [",".join(HEAD), ",".join(row("水质监测")), ",".join(row("空气监测"))]
    run = upload(cast, "\r\n".join(lines).encode(encoding), "目录.csv")
    assert run.state == "checked" and run.counts["add"] == 2, (run.refusal, found(run))
    assert told in run.notes[0]


def test_a_csv_that_breaks_off_is_told_where(cast):
    text = ",".join(HEAD) + '\n"没有收尾,' + "x" * 50
    assert "CSV 第 2 行" in refused(upload(cast, text.encode(), "目录.csv"))
    assert "编码" in refused(upload(cast, b"\x00\x00" + text.encode(), "a.csv"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 200_000, "嵌套"),
        ('[{"name": 1', "第 1 行第"),
        ('[{"name": NaN}]', "NaN"),
        ('{"entries": 3}', "应为条目的列表"),
        ('[{"name": "a", "items": 3}]', "应为对象的列表"),
        ("[1]", "应为条目的列表"),
    ],
)
def test_json_that_is_none_is_told_what_it_should_be(cast, text, told):
    assert told in refused(upload(cast, text.encode(), "目录.json"))


def test_what_is_marked_secret_leaves_nothing_behind(cast):
    for data in (entries(row("涉密项目清单")), book({"目录条目": [(*HEAD, "安全级别"), (*ROW, "机密")]})):
        run = upload(cast, data)
        told = refused(run)
        assert told == rules.SecretMatter().message and "涉密项目清单" not in str(run.counts)
    assert not ImportRow.objects.exists()


def test_a_workbook_without_header_or_content_is_refused(cast):
    assert "没有找到表头" in refused(upload(cast, book({"表": [["一", "二"], ["3", "4"]]})))
    assert "没有内容" in refused(upload(cast, entries()))


def test_sheets_without_a_header_and_titles_are_told_not_dropped(cast):
    data = book(
        {"目录条目": [["2026 年目录"], HEAD, ROW], "联系人": [["张三"]], "信息项": [ITEM_HEAD, ITEM_ROW]}
    )
    run = upload(cast, data)
    assert run.state == "checked" and run.counts["add"] == 1 and run.counts["blocking"] == 0, found(run)
    assert "工作表“目录条目”以第 2 行为表头，上面的内容没有读取" in run.notes
    assert "工作表“联系人”里没有规范规定的表头，没有读取" in run.notes


def test_the_name_of_the_upload_is_kept_harmless(cast):
    run = runs.start(
        cast.organisation("provider"),
        SimpleUploadedFile("../../a.xlsx", entries(ROW)),
        at=AT,
        by=cast.actor("provider", AT),
    )
    assert run.file.name.startswith("imports/") and ".." not in run.file.name
