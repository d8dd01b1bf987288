"""A paper as it is read: every line of the letter in the manner of GB/T 9704, for the page and for the PDF alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

import segno
from clock import SHANGHAI
from django.conf import settings
from django.urls import reverse

from documents import limits, queries
from documents.models import Paper


@dataclass(frozen=True)
class Letter:
    """All that the sheet shows, as plain text. `body` is a list of ("h" or "p", one paragraph)."""

    number: str
    case_number: str
    title: str
    issuer: str
    salutation: str
    body: tuple[tuple[str, str], ...]
    attachments: tuple[str, ...]
    day: str  # 2026年12月22日
    issued_at: datetime
    copies: str  # 市卫生健康委员会、市公安局。
    code: str
    verify_at: str  # the address without its scheme, to be typed from paper
    qr: str
    limits: tuple[str, ...]
    digest: str  # in groups of eight


def letter(paper: Paper) -> Letter:
    """The letter of a paper (one query, for the limits)."""
    content = paper.content
    at = paper.issued_at.astimezone(SHANGHAI)
    address = verify_url()
    return Letter(
        number=paper.number,
        case_number=paper.case.number,
        title=paper.title,
        issuer=paper.issuer_name,
        salutation=content.get("salutation", ""),
        body=tuple(_body(content.get("body", []))),
        attachments=tuple(content.get("attachments", ())),
        day=f"{at.year}年{at.month}月{at.day}日",
        issued_at=at,
        copies="、".join(paper.copies_to) + "。" if paper.copies_to else "",
        code=paper.code,
        verify_at=urlsplit(address).netloc + urlsplit(address).path,
        qr=qr_of(f"{address}?{urlencode({'code': paper.code})}"),
        limits=tuple(kept_limits(paper)),
        digest=grouped(paper.sm3),
    )


def kept_limits(paper: Paper) -> list[str]:
    """How each limit that this paper met was kept (one query)."""
    year = paper.issued_at.astimezone(SHANGHAI).year
    return [
        limits.kept(deadline, received_at=paper.case.received_at, year=year)
        for deadline in queries.limits_met_by(paper)
    ]


def _body(blocks: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Headings and paragraphs; what a person wrote on several lines becomes several paragraphs."""
    told = []
    for block in blocks:
        for kind, text in block.items():
            told += [(kind, line.strip()) for line in text.splitlines() if line.strip()]
    return told


def verify_url() -> str:
    """The public address where anyone can check a paper."""
    return f"{settings.SITE_URL}{reverse('documents:verify')}"


def qr_of(text: str) -> str:
    """The text as a QR code: an SVG drawing on white with its quiet zone, the same for the same text."""
    return segno.make(text, error="m", micro=False).svg_inline(border=2, light="#fff", omitsize=True)


def grouped(digest: str) -> str:
    """A digest in groups of eight digits, as people compare it."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
