"""Numbers without gaps, by series: case numbers (GX-2026-0001) and paper numbers (渝数共答〔2026〕1号).

The counter's row is locked until the transaction ends, so two filings never share a number, and an act that is
undone gives its number back.
"""

from __future__ import annotations

from datetime import date

from django.db import connection


def take(series: str) -> int:
    """The next number of the series, from 1."""
    return take_many(series, 1)[0]


def take_many(series: str, count: int) -> range:
    """The next `count` numbers of the series, with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_counter AS c (series, last) VALUES (%s, %s) "
            "ON CONFLICT (series) DO UPDATE SET last = c.last + excluded.last RETURNING last",
            [series, count],
        )
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def case_number(prefix: str, day: date) -> str:
    """The next case number of the kind in the year of the day."""
    return f"{prefix}-{day.year}-{take(f'{prefix}-{day.year}'):04d}"


def paper_number(series: str, day: date) -> str:
    """The next number of a letter, in the manner of GB/T 9704: the issuer's mark, the year in 〔〕, the number."""
    return f"{series}〔{day.year}〕{take(f'{series}-{day.year}')}号"
