"""Issuing a paper: it gets its number, its verification code and the digest of exactly what it says. Handing it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Organisation, User
from audit.sm3 import sm3
from audit.statements import insert
from clock import SHANGHAI

from documents import pdf
from documents.codes import new_code
from documents.fixing import digest_of
from documents.letter import letter
from documents.models import Paper, Rendition
from documents.numbers import paper_number


def issue(
    kind: str,
    *,
    title: str,
    series: str,
    version: str,
    case: Any,
    act: Any,
    issuer: Organisation,
    addressee: Organisation | User,
    copies: Sequence[Organisation],
    content: Mapping[str, Any],
    at: datetime,
) -> Paper:
    """Make the paper in the caller's transaction: if the act is undone, the paper never was and its number is free.

    `content` is {"salutation", "body": [{"h": …} | {"p": …}], "attachments"?}; the digest covers it with number,
    title, issuer, addressee, copies and date (`fixing.fixed_text`). A person who filed for oneself is an addressee too.
    """
    paper = Paper(
        kind=kind,
        title=title,
        number=paper_number(series, at.astimezone(SHANGHAI).date()),
        case=case,
        act=act,
        issuer=issuer,
        issuer_name=issuer.name,
        addressee=addressee if isinstance(addressee, Organisation) else None,
        addressee_name=addressee.name,
        copies_to=[body.name for body in copies],
        issued_at=at,
        template=kind,
        template_version=version,
        content=dict(content),
        code=new_code(),
    )
    paper.sm3 = digest_of(paper)
    insert(paper)
    return paper


def hand_out(paper: Paper, *, at: datetime) -> bytes:
    """The paper's PDF; its digest is kept, so that the file can be known again when somebody checks it."""
    made = pdf.build(letter(paper))
    row = Rendition(paper=paper, sm3=sm3(made).hex(), size=len(made), engine=pdf.ENGINE, made_at=at)
    Rendition.objects.bulk_create([row], ignore_conflicts=True)
    return made
