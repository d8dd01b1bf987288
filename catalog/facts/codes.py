"""Resource codes as people write them into one field."""

from __future__ import annotations

import re

_SPLIT = re.compile(r"[、,，;；\s]+")


def codes_of(text: str) -> list[str]:
    """The codes in the order written, each once; between them stand commas, semicolons, 顿号 or space."""
    return list(dict.fromkeys(part for part in _SPLIT.split(text) if part))
