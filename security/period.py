"""The span of time that figures are about: a year, or a month, and the one a year before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from deadlines.workdays import add_months

#: The first year of which the platform can know anything (the regulation is in force since 1 July 2022).
FIRST_YEAR = 2022


@dataclass(frozen=True)
class Period:
    """Half-open: from `first` up to `until`. `month` is 0 for a whole year."""

    year: int
    month: int = 0

    @classmethod
    def of(cls, key: str, today: date) -> Period:
        """From `2026` or `2026-11`; this year for anything else, and for years the platform cannot know."""
        match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", key, re.ASCII)
        if match:
            year, month = int(match[1]), int(match[2] or 0)
            if FIRST_YEAR <= year <= today.year and month <= 12 and (not match[2] or month):
                return cls(year, month)
        return cls(today.year)

    @property
    def key(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def label(self) -> str:
        return f"{self.year} 年 {self.month} 月" if self.month else f"{self.year} 年"

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def until(self) -> date:
        return add_months(self.first, 1) if self.month else date(self.year + 1, 1, 1)

    @property
    def before(self) -> Period:
        """The same span a year earlier."""
        return Period(self.year - 1, self.month)

    @property
    def months(self) -> list[date]:
        """The months of the trend: those of the year, or the twelve that end with the month."""
        start = add_months(self.first, -11) if self.month else self.first
        return [add_months(start, n) for n in range(12)]

    def holds(self, day: date) -> bool:
        return self.first <= day < self.until

    def days(self, today: date) -> tuple[date, date]:
        """First and last day that the figures cover, no day after today."""
        return self.first, min(self.until - timedelta(days=1), today)


def choices(today: date) -> list[tuple[str, str]]:
    """What can be chosen: this year and its months so far, the newest first, then the years before."""
    found = [Period(today.year)]
    found += [Period(today.year, month) for month in range(today.month, 0, -1)]
    found += [Period(year) for year in range(today.year - 1, FIRST_YEAR - 1, -1)]
    return [(period.key, period.label) for period in found]
