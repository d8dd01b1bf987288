"""Numbers without gaps: `GX-2026-0001`, by kind and year.

The counter's row is locked until the transaction ends, so two filings never share a number, and a filing that is
undone gives its number back.
"""

from __future__ import annotations

from datetime import date

from django.db import connection


def take(series: str) -> int:
    """The next number of the series, from 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_counter (series, last) VALUES (%s, 1) "
            "ON CONFLICT (series) DO UPDATE SET last = procedures_counter.last + 1 RETURNING last",
            [series],
        )
        return cursor.fetchone()[0]


def case_number(prefix: str, day: date) -> str:
    """The next case number of the kind in the year of the day."""
    return f"{prefix}-{day.year}-{take(f'{prefix}-{day.year}'):04d}"
