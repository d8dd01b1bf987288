"""Files that people add: named kinds and sizes only, looked into rather than believed."""

from __future__ import annotations

import io
import zipfile

import pytest
from audit.models import Event
from django.core.files.uploadedfile import SimpleUploadedFile
from procedures.attachments import LARGEST, attach
from procedures.models import Attachment
from procedures.refusals import BadFacts, NoRight

from tests.cast import Cast
from tests.law import load_law
from tests.sharing.conftest import MONDAY, World, make_world


@pytest.fixture
def world(cast: Cast) -> World:
    load_law()
    return make_world(cast)


PDF = b"%PDF-1.7\n1 0 obj\n"


def package(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_party_adds_a_file_and_its_digest_is_in_the_trail(world: World):
    case = world.request()
    added = attach(
        upload("应用场景说明.pdf", PDF), to=case, by=world.cast.actor("requester", MONDAY), at=MONDAY
    )
    assert (added.name, added.media_type, len(added.sm3)) == ("应用场景说明.pdf", "application/pdf", 64)
    assert added.sm3 in Event.objects.get(action="attachment:add").body


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("script.html", b"<script>", "类型不能接收"),
        ("evil.pdf.exe", PDF, "类型不能接收"),
        ("renamed.pdf", b"MZ\x90\x00", "内容与扩展名不符"),
        ("empty.pdf", b"", "空文件"),
        ("macro.docx", package("word/document.xml", "word/vbaProject.bin"), "含有宏"),
        ("notword.docx", package("hello.txt"), "内容与扩展名不符"),
        ("broken.xlsx", b"PK\x03\x04broken", "内容与扩展名不符"),
    ],
)
def test_what_is_not_what_it_says_is_refused(world: World, name: str, content: bytes, sentence: str):
    case = world.request()
    with pytest.raises(BadFacts, match=sentence):
        attach(upload(name, content), to=case, by=world.cast.actor("requester", MONDAY), at=MONDAY)
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_says_how_large_it_is(world: World):
    large = upload("large.pdf", PDF)
    large.size = LARGEST + 1
    with pytest.raises(BadFacts, match="超过 20 MB"):
        attach(large, to=world.request(), by=world.cast.actor("requester", MONDAY), at=MONDAY)


def test_a_stranger_adds_nothing(world: World):
    case = world.request()
    for who in ("stranger", "auditor", "citizen"):
        with pytest.raises(NoRight):
            attach(upload("x.pdf", PDF), to=case, by=world.cast.actor(who, MONDAY), at=MONDAY)
