"""The public desk: what a code, a file or a digest is answered, and what is refused."""

from __future__ import annotations

import pytest
from audit.sm3 import sm3
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from documents import actions, pace
from documents.codes import ALPHABET, BadCode, new_code, read_code
from documents.models import Rendition

from tests.papers import AT, issued, tamper

UNKNOWN = "2222-3333-4444"


@pytest.fixture(autouse=True)
def nobody_asked_before(db):
    """The count of questions lies in Redis, which outlives a test."""
    cache.clear()


def text(response) -> str:
    return response.content.decode()


def ask(client, code: str):
    return client.get("/verify/", {"code": code})


def test_the_desk_is_open_to_everybody(client):
    page = client.get("/verify/")
    assert page.status_code == 200
    assert "验证码" in text(page)
    assert "有效的文书" not in text(page)


@pytest.mark.duty("SHA-05")
def test_a_code_is_answered_with_what_identifies_the_paper_and_nothing_else(client, cast):
    paper = issued(cast)
    page = ask(client, paper.code)
    assert page.status_code == 200
    told = text(page)
    for said in ("有效的文书", paper.title, paper.number, paper.issuer_name, paper.code, "2026\u00a0年"):
        assert said in told
    for kept_back in (paper.addressee_name, "含不满十四周岁", "抄送", paper.case.number, paper.case.title):
        assert kept_back not in told


@pytest.mark.parametrize("typed", ["{low}", "{bare}", " {spaced} ", "{wide}"])
def test_a_code_is_read_as_people_type_it(client, cast, typed):
    code = issued(cast).code
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != "-" else "—" for sign in code)
    said = typed.format(
        low=code.lower(), bare=code.replace("-", ""), spaced=code.replace("-", " "), wide=wide
    )
    assert "有效的文书" in text(ask(client, said))


def test_a_code_nobody_was_given_is_answered_as_such(client):
    page = ask(client, UNKNOWN)
    assert page.status_code == 200
    assert "没有这个验证码" in text(page)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "请填写验证码"),
        ("7K4P-2D9X-QM3", "应为 12 位，现在是 11 位"),
        ("7K4P-2D9X-QM3TT", "现在是 13 位"),
        ("7K4P-2D9X-QM3O", "这里有 O"),
        ("<script>alert(1)", "应为"),
    ],
)
def test_what_cannot_be_a_code_gets_help(client, typed, why):
    page = ask(client, typed)
    assert page.status_code == 400
    assert "7K4P-2D9X-QM3T" in text(page)
    assert why in text(page).replace("\u00a0", " ")
    assert "<script>alert" not in text(page)


def test_codes_use_no_sign_that_is_mistaken_for_another():
    for _ in range(50):
        code = new_code()
        assert read_code(code) == code
        assert set(code) <= {*ALPHABET, "-"}
    assert not set("01IO") & set(ALPHABET)
    with pytest.raises(BadCode):
        read_code("0" * 12)


def test_a_row_changed_behind_the_systems_back_is_told_to_whoever_asks(client, cast):
    paper = issued(cast)
    tamper(paper, content={**paper.content, "salutation": "另一单位："})
    told = text(ask(client, paper.code))
    assert "与签发时不一致" in told
    assert "有效的文书" not in told


def test_the_file_handed_out_is_known_again(client, cast):
    paper = issued(cast)
    file = actions.hand_out(paper, at=AT)
    page = client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", file)})
    assert "这个文件就是平台生成的原件" in text(page)
    assert paper.number in text(page)
    assert Rendition.objects.get().sm3 == sm3(file).hex()


def test_a_file_changed_by_one_byte_is_not(client, cast):
    paper = issued(cast)
    file = actions.hand_out(paper, at=AT)
    page = client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", file + b" ")})
    assert "不是平台生成的原件" in text(page)
    assert paper.number not in text(page)


def test_the_digest_may_be_pasted(client, cast):
    paper = issued(cast)
    file = actions.hand_out(paper, at=AT)
    of_file = client.post("/verify/file/", {"sm3": "SM3 " + sm3(file).hex().upper()})
    assert "这个文件就是平台生成的原件" in text(of_file)
    printed = " ".join(paper.sm3[n : n + 8] for n in range(0, 64, 8))
    of_text = client.post("/verify/file/", {"sm3": printed})
    assert "这个摘要是下列文书的正文摘要" in text(of_text)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "两者取一"),
        ({"sm3": "abc"}, "应为"),
        ({"sm3": "z" * 64}, "应为"),
        ({"sm3": "a" * 64, "file": b"%PDF"}, "两者取一"),
        ({"file": b"x" * (1024 * 1024 + 1)}, "不超过"),
    ],
)
def test_a_file_check_says_what_to_mend(client, sent, why):
    if "file" in sent:
        sent = {**sent, "file": SimpleUploadedFile("a.pdf", sent["file"])}
    page = client.post("/verify/file/", sent)
    assert page.status_code == 400
    assert why in text(page)


def test_nothing_of_an_upload_is_kept(client, cast, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    before = Rendition.objects.count()
    client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", b"x" * 1024 * 1024)})
    client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", b"x" * 2 * 1024 * 1024)})
    assert list(tmp_path.iterdir()) == []
    assert Rendition.objects.count() == before


def test_codes_cannot_be_tried_in_a_row(client, cast, monkeypatch):
    monkeypatch.setattr(pace, "MOST", 3)
    paper = issued(cast)
    for _ in range(3):
        assert ask(client, UNKNOWN).status_code == 200
    refused = ask(client, paper.code)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 61
    assert paper.number not in text(refused)
    assert client.post("/verify/file/", {"sm3": paper.sm3}).status_code == 429
    assert client.get("/verify/").status_code == 200  # looking at the desk asks nothing
    assert client.get("/verify/", {"code": paper.code}, REMOTE_ADDR="10.1.1.1").status_code == 200


def test_an_answer_costs_the_same_however_many_papers_there_are(client, cast, django_assert_num_queries):
    papers = [issued(cast) for _ in range(3)]
    for paper in papers:
        with django_assert_num_queries(2):
            ask(client, paper.code)
    with django_assert_num_queries(1):
        ask(client, UNKNOWN)


def test_the_answer_is_not_kept_by_any_cache(client, cast):
    assert "no-store" in ask(client, issued(cast).code)["Cache-Control"]
