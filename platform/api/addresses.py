"""Parts of addresses: only what could be the key of something gets as far as a query."""

from __future__ import annotations

from typing import Any

from django.urls import register_converter


class Key:
    """A case's number or a code of our own: letters, digits, hyphens."""

    regex = r"[A-Za-z0-9][A-Za-z0-9-]{0,59}"
    schema: dict[str, Any] = {"type": "string", "pattern": f"^{regex}$"}

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Code(Key):
    """A code of one or two parts, as 307500000012/000001."""

    regex = r"[A-Za-z0-9][A-Za-z0-9-]{0,49}(?:/[0-9]{6,9})?"
    schema = {"type": "string", "pattern": f"^{regex}$"}


class Id(Key):
    """The number of a row."""

    regex = r"[1-9][0-9]{0,17}"
    schema = {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}

    def to_python(self, value: str) -> int:  # type: ignore[override]
        return int(value)

    def to_url(self, value: int) -> str:  # type: ignore[override]
        return str(value)


CONVERTERS = {"apikey": Key, "apicode": Code, "apiid": Id}
for name, converter in CONVERTERS.items():
    register_converter(converter, name)
