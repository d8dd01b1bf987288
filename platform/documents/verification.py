"""What the public is told about a paper: only what identifies it, never to whom it went or what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clock import SHANGHAI

from documents.fixing import unchanged
from documents.letter import grouped, kept_limits, qr_of, verify_url
from documents.models import Paper


@dataclass(frozen=True)
class Verdict:
    """The answer to one question. `state` is "ok", "changed" or "none"; `what` is "code", "file" or "text"."""

    state: str
    at: datetime
    what: str = "code"
    asked: str = ""
    number: str = ""
    title: str = ""
    issuer: str = ""
    issued_at: datetime | None = None
    code: str = ""
    digest: str = ""
    limits: tuple[str, ...] = ()
    qr: str = ""


def of_paper(paper: Paper | None, *, asked: str, at: datetime, what: str = "code") -> Verdict:
    """What to say of the paper found (or not) for what was asked (one query more, for the limits)."""
    if paper is None:
        return Verdict("none", at, what, asked)
    if what != "code" and asked == paper.sm3:
        what = "text"
    return Verdict(
        state="ok" if unchanged(paper) else "changed",
        at=at,
        what=what,
        asked=asked,
        number=paper.number,
        title=paper.title,
        issuer=paper.issuer_name,
        issued_at=paper.issued_at.astimezone(SHANGHAI),
        code=paper.code,
        digest=grouped(paper.sm3),
        limits=tuple(kept_limits(paper)),
        qr=qr_of(f"{verify_url()}?code={paper.code}"),
    )
