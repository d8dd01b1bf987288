"""What fixes a paper: its canonical text and the SM3 of it, computed again whenever somebody asks."""

from __future__ import annotations

import json

from audit.sm3 import sm3
from clock import SHANGHAI

from documents.models import Paper


def fixed_text(paper: Paper) -> str:
    """What the digest covers: everything that the paper says, as canonical JSON."""
    said = {
        "number": paper.number,
        "title": paper.title,
        "issuer": paper.issuer_name,
        "addressee": paper.addressee_name,
        "copies": paper.copies_to,
        # One zone, whatever the database answers in.
        "issued_at": paper.issued_at.astimezone(SHANGHAI).isoformat(),
        "template": f"{paper.template}/{paper.template_version}",
        "content": paper.content,
        "code": paper.code,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(paper: Paper) -> str:
    """The digest of what the row says now, as 64 hexadecimal digits."""
    return sm3(fixed_text(paper).encode()).hex()


def unchanged(paper: Paper) -> bool:
    """Whether the row still says what it said when it was issued."""
    return digest_of(paper) == paper.sm3
