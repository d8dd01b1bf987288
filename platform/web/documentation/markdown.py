"""The few forms of Markdown that the documents are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def written_by(what: str) -> str:
    """The line under a heading that says where the document comes from."""
    return f"由 `manage.py docs` 从{what}写出；改声明，不改本页。\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; an empty cell is a dash. Nothing at all without rows."""
    lines = ["| " + " | ".join(_cell(one) for one in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *lines, ""])


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("|", "\\|")).strip() or "—"


def bullets(pairs: Iterable[tuple[str, str]]) -> str:
    """`- name：value`, leaving out what has no value."""
    return "\n".join([*(f"- {name}：{value}" for name, value in pairs if value), ""])


def anchor(heading: str) -> str:
    """The anchor of a heading, as the code host makes it."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def document(*parts: str) -> str:
    """Parts with an empty line between them, and one line end at the end."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
