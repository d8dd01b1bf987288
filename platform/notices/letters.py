"""Messages by the hundred thousand: the same rows as `outbox` writes, without model objects, by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from audit.copying import copy_rows
from django.db import connection, transaction

from notices.models import Outgoing
from notices.outbox import nudge


class Letter(NamedTuple):
    """A message without a model object, for those who write very many: to a desk, or to one person."""

    topic: str
    case_id: int
    subject: str
    text: str
    at: datetime
    organisation_id: int | None = None
    role: str = ""
    user_id: int | None = None


def post_letters(letters: Sequence[Letter]) -> None:
    """Write any number of messages with one COPY for those to desks and one for those to persons."""
    for to in ("organisation_id", "user_id"):
        chosen = [letter for letter in letters if getattr(letter, to) is not None]
        if chosen:
            copy_rows(Outgoing._meta.db_table, (*_COPIED, to, "role"), _texts(chosen, to))
    if letters and not any(waiting[1] is nudge for waiting in connection.run_on_commit):
        transaction.on_commit(nudge)


#: Columns that are never NULL; of the two addresses one is, so each kind is written by itself.
_COPIED = ("topic", "case_id", "subject", "text", "created_at", "next_try", "attempts", "failure")


def _texts(letters: Iterable[Letter], to: str) -> Iterator[tuple[str, ...]]:
    for letter in letters:
        at = letter.at.isoformat()
        yield (
            letter.topic,
            str(letter.case_id),
            letter.subject[:200],
            letter.text,
            at,
            at,
            "0",
            "",
            str(getattr(letter, to)),
            letter.role,
        )
