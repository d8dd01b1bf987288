"""Pages of a list without counting it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

SIZE = 50
FARTHEST = 400


def page(found: QuerySet, request: HttpRequest) -> tuple[list[Any], dict[str, str]]:
    """The rows of the page that is asked for, and the addresses beside it (one query)."""
    asked = request.GET.get("page", "")
    number = (
        min(max(int(asked), 1), FARTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    )
    rows = list(found[(number - 1) * SIZE : number * SIZE + 1])
    return rows[:SIZE], {
        "previous": _address(request, number - 1) if number > 1 else "",
        "next": _address(request, number + 1) if len(rows) > SIZE and number < FARTHEST else "",
    }


def _address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
