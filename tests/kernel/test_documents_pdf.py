"""The letter as a file: the same bytes for the same facts anywhere, and what people wrote is never markup."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import datetime
from urllib.parse import quote

import pylopdf_fonts_zh_cn as fonts
import pytest
import typst
from audit.sm3 import sm3
from clock import SHANGHAI
from documents import grid, pdf
from documents.letter import Letter, letter
from documents.models import Rendition

from tests.papers import CONTENT, issued

HOSTILE = '#strong[甲] $x^2$ *乙* _丙_ @丁 \\ \' " `戊` <己> // 庚 = 辛 #import "/etc/passwd" <script>alert(1)</script>'


@pytest.fixture
def said() -> Letter:
    """A letter that needs no database."""
    return Letter(
        number="渝数共答〔2026〕1号",
        case_number="GX-2026-0001",
        title="公共数据共享申请答复书",
        issuer="重庆市大数据应用发展管理局",
        salutation="某单位：",
        body=(("h", "一、决定"), ("p", "不同意共享。")),
        attachments=(),
        day="2026年9月23日",
        issued_at=datetime(2026, 9, 23, 15, 30, tzinfo=SHANGHAI),
        copies="",
        code="7K4P-2D9X-QM3T",
        verify_at="data.example.cn/verify/",
        qr='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>',
        limits=(),
        digest="0" * 64,
    )


def test_the_pdf_is_handed_out_and_its_digest_kept_once(client, cast):
    paper = issued(cast)
    client.force_login(cast.user("requester"))
    first = client.get(f"/papers/{quote(paper.number)}/pdf/")
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert first.content.startswith(b"%PDF-1.7")
    assert client.get(f"/papers/{quote(paper.number)}/pdf/").content == first.content
    row = Rendition.objects.get()
    assert (row.paper, row.size) == (paper, len(first.content))


ANOTHER_PROCESS = """
import json, sys
from datetime import datetime
import django
django.setup()
from audit.sm3 import sm3
from documents import pdf
from documents.letter import Letter
data = json.load(sys.stdin)
data["issued_at"] = datetime.fromisoformat(data["issued_at"])
print(sm3(pdf.build(Letter(**data))).hex())
"""


def test_the_same_letter_has_the_same_bytes_in_another_process(cast):
    """As the database answers it: with its QR code, its limits and the moment in its own zone."""
    said = letter(issued(cast))
    data = json.dumps({**asdict(said), "issued_at": said.issued_at.isoformat()}, ensure_ascii=False)
    here = sm3(pdf.build(said)).hex()
    for _ in range(2):
        there = subprocess.run(
            [sys.executable, "-c", ANOTHER_PROCESS], input=data, capture_output=True, text=True, check=True
        )
        assert there.stdout.strip().splitlines()[-1] == here


def test_other_facts_have_other_bytes(said):
    assert pdf.build(said) != pdf.build(replace(said, salutation="另一单位："))


def test_the_file_says_what_it_is(said):
    made = pdf.build(said)
    for sign in (b"/Lang", b"/Title", b"/MarkInfo", b"<pdfaid:part>2</pdfaid:part>", b"pdfuaid:part"):
        assert sign in made
    assert b"2026-09-23T" in made or b"D:20260923" in made


@pytest.mark.parametrize("field", ["title", "salutation", "issuer", "number", "case_number", "copies"])
def test_hostile_text_is_set(said, field):
    assert pdf.build(replace(said, **{field: HOSTILE})).startswith(b"%PDF")


def test_hostile_text_is_one_piece_of_text_and_nothing_else(said):
    """Typst's own view of the document: the heading holds the words as they were written, and no markup."""
    hostile = replace(said, title=HOSTILE, body=(("h", HOSTILE), ("p", HOSTILE)), attachments=(HOSTILE,))
    data = {**asdict(hostile), "issued_at": [2026, 9, 23, 7, 30, 0]}
    seen = typst.Compiler(
        str(pdf.SHEET),
        root=str(pdf.SHEET.parent),
        font_paths=[str(fonts.serif_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
    ).query("heading", field="body")
    assert json.loads(seen) == [{"func": "text", "text": HOSTILE}] * 2


def test_hostile_text_in_the_body_is_text_on_page_and_in_pdf(client, cast):
    content = {
        "salutation": HOSTILE,
        "body": [{"h": HOSTILE}, {"p": HOSTILE}, {"p": "一行\n\n  另一行"}],
        "attachments": [HOSTILE, HOSTILE],
    }
    paper = issued(cast, content=content)
    client.force_login(cast.user("requester"))
    page = client.get(f"/papers/{quote(paper.number)}/").content.decode()
    assert "<script>alert" not in page
    assert "#strong[甲] $x^2$ *乙*" in page
    assert "<p>一行</p>" in page.replace(' class=""', "")
    assert client.get(f"/papers/{quote(paper.number)}/pdf/").content.startswith(b"%PDF")


# the sheets of the page


def test_the_sheets_hold_the_whole_text_in_order(cast):
    long = {**CONTENT, "body": CONTENT["body"] * 9, "attachments": ["甲", "乙"]}
    said = letter(issued(cast, content=long))
    made = grid.sheets(said)
    assert len(made) > 3
    assert [sheet.last for sheet in made] == [False] * (len(made) - 1) + [True]
    pieces = [piece for sheet in made for piece in sheet.pieces]
    assert "".join(piece.text for piece in pieces) == said.salutation + "".join(text for _, text in said.body)
    assert all(sheet.pieces for sheet in made)
    assert all(sheet.pieces[-1].kind != "h" for sheet in made)


@pytest.mark.parametrize("lines", range(1, 60))
def test_every_length_ends_on_a_signed_sheet_with_text(said, lines):
    long = replace(said, body=tuple(("p", "字" * 20) for _ in range(lines)))
    made = grid.sheets(long)
    assert made[-1].last and made[-1].pieces
    assert sum(len(sheet.pieces) for sheet in made) >= lines
