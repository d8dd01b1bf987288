"""Issuing a paper: it gets its number, its verification code and the digest of exactly what it says."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Organisation
from audit.sm3 import sm3
from clock import SHANGHAI

from documents.models import Paper
from documents.numbers import paper_number

#: Letters and digits that are not mistaken for each other when read aloud or typed from paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def issue(
    kind: str,
    *,
    title: str,
    series: str,
    version: str,
    case: Any,
    act: Any,
    issuer: Organisation,
    addressee: Organisation,
    copies: Sequence[Organisation],
    content: Mapping[str, Any],
    at: datetime,
) -> Paper:
    """Make the paper in the caller's transaction: if the act is undone, the paper never was and its number is free.

    `content` is {"salutation", "body": [{"h": …} | {"p": …}], "attachments"?}; the digest covers it with number,
    title, issuer, addressee, copies and date (`fixed_text`).
    """
    paper = Paper(
        kind=kind,
        title=title,
        number=paper_number(series, at.date()),
        case=case,
        act=act,
        issuer=issuer,
        addressee=addressee,
        copies_to=[body.name for body in copies],
        issued_at=at,
        template=kind,
        template_version=version,
        content=dict(content),
        code=new_code(),
    )
    paper.sm3 = sm3(fixed_text(paper).encode()).hex()
    paper.save(force_insert=True)
    return paper


def fixed_text(paper: Paper) -> str:
    """What the digest covers: everything that the paper says, as canonical JSON."""
    said = {
        "number": paper.number,
        "title": paper.title,
        "issuer": paper.issuer.name,
        "addressee": paper.addressee.name if paper.addressee_id else "",
        "copies": paper.copies_to,
        "issued_at": paper.issued_at.astimezone(SHANGHAI).isoformat(),
        "template": f"{paper.template}/{paper.template_version}",
        "content": paper.content,
        "code": paper.code,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def new_code() -> str:
    """A verification code of twelve characters in groups of four: 60 bits, not to be guessed."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"
