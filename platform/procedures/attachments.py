"""Files that people add to a case or a draft: named kinds and sizes only, looked into rather than believed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from accounts.actors import Actor
from audit.sm3 import sm3
from audit.trail import Entry, record
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from procedures.actions import own_body
from procedures.models import Attachment, Case, Draft
from procedures.refusals import BadFacts, NoRight
from procedures.rights import filed_in_person

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
MOST_FILES = 20


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its endings, its media type, and how its bytes are recognised."""

    media_type: str
    endings: tuple[str, ...]
    recognise: Callable[[BinaryIO], bool]


def _begins(*marks: bytes) -> Callable[[BinaryIO], bool]:
    def check(file: BinaryIO) -> bool:
        file.seek(0)
        head = file.read(16)
        return any(head.startswith(mark) for mark in marks)

    return check


def _package(member: str) -> Callable[[BinaryIO], bool]:
    """A zip package (OOXML, OFD) with the member that its format requires and no macros."""

    def check(file: BinaryIO) -> bool:
        file.seek(0)
        if not zipfile.is_zipfile(file):
            return False
        with zipfile.ZipFile(file) as package:
            names = package.namelist()
        return member in names and not any(name.lower().endswith("vbaproject.bin") for name in names)

    return check


KINDS = (
    Kind("application/pdf", (".pdf",), _begins(b"%PDF-")),
    Kind("application/ofd", (".ofd",), _package("OFD.xml")),
    Kind(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
        _package("word/document.xml"),
    ),
    Kind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (".xlsx",),
        _package("xl/workbook.xml"),
    ),
    Kind("image/png", (".png",), _begins(b"\x89PNG\r\n\x1a\n")),
    Kind("image/jpeg", (".jpg", ".jpeg"), _begins(b"\xff\xd8\xff")),
)
ENDINGS = "、".join(ending.lstrip(".").upper() for kind in KINDS for ending in kind.endings)


def kind_of(upload: UploadedFile) -> Kind:
    """The kind of an upload, by its ending and its bytes. Raises BadFacts with how it is and how it should be."""
    name = (upload.name or "").lower()
    kind = next((kind for kind in KINDS if name.endswith(kind.endings)), None)
    if kind is None:
        raise BadFacts({"file": [f"“{upload.name}”的类型不能接收，可以上传：{ENDINGS}"]})
    if upload.size > LARGEST:
        raise BadFacts(
            {"file": [f"“{upload.name}”{upload.size / MEGABYTE:.1f} MB，超过 20 MB，请压缩或者分成几份"]}
        )
    if upload.size == 0:
        raise BadFacts({"file": [f"“{upload.name}”是空文件，请重新选择"]})
    if not kind.recognise(upload.file):
        raise BadFacts({"file": [f"“{upload.name}”的内容与扩展名不符，或者含有宏，请另存为标准格式后上传"]})
    return kind


def attach(upload: UploadedFile, *, to: Case | Draft, by: Actor, at: datetime) -> Attachment:
    """Add a file to a case (as one of its parties) or to one's own draft; its SM3 is taken on arrival."""
    kind = kind_of(upload)
    with transaction.atomic():
        body = _of_case(to, by) if isinstance(to, Case) else _of_draft(to, by)
        if to.attachments.count() >= MOST_FILES:
            raise BadFacts({"file": [f"最多 {MOST_FILES} 个附件，已经满了"]})
        upload.seek(0)
        digest = sm3(upload.read()).hex()
        upload.seek(0)
        attachment = Attachment(
            case=to if isinstance(to, Case) else None,
            draft=to if isinstance(to, Draft) else None,
            name=(upload.name or "")[-200:],
            media_type=kind.media_type,
            size=upload.size,
            sm3=digest,
            added_by=by.user,
            added_at=at,
        )
        attachment.file.save(f"{digest}{kind.endings[0]}", upload, save=False)
        attachment.save()
        object_kind, object_id = ("case", to.number) if isinstance(to, Case) else ("draft", str(to.pk))
        record(
            Entry(
                action="attachment:add",
                actor=by,
                organisation=body,
                object_kind=object_kind,
                object_id=object_id,
                at=at,
                after={"name": attachment.name, "size": attachment.size, "sm3": digest},
            )
        )
    return attachment


def _of_case(case: Case, by: Actor) -> str:
    """The name of the body for which the person adds it; empty for one who filed for oneself."""
    return "" if filed_in_person(case, by) else own_body(case, by).name


def _of_draft(draft: Draft, by: Actor) -> str:
    if by.user is None or draft.owner_id != by.user.pk:
        raise NoRight("这是别人的草稿，不能添加附件。")
    return draft.organisation.name if draft.organisation_id else ""
