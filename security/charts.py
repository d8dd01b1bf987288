"""The drawings of the dashboard, as SVG made by the server; each says in words what it shows.

Bars start at zero. Dots and the line of rates may stand on a cut axis, which is then named beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from security.queries.tally import Tally

#: Below this rate a unit is marked. A line of the platform, without force of law: the law knows only on time.
TARGET = Decimal(98)
#: Where an axis may begin, and the step of its grid.
_FLOORS = {95: 1, 90: 2, 80: 5, 60: 10, 0: 25}
_LEFT, _RIGHT = 4, 176


def floor(rates: Sequence[Decimal]) -> int:
    """Where the axis begins: as high as all rates allow."""
    lowest = min(rates, default=Decimal(100))
    return next(start for start in _FLOORS if lowest >= start)


@dataclass(frozen=True)
class Dots:
    """One axis for the dots of a table."""

    start: int

    def _x(self, rate: Decimal) -> float:
        return _LEFT + (_RIGHT - _LEFT) * float((rate - self.start) / (100 - self.start))

    @property
    def axis(self) -> SafeString:
        """The axis above the column: its ends, and the target when it does not touch them."""
        middle = ""
        if self.start < TARGET and 30 < self._x(TARGET) < 140:
            middle = f'<text x="{self._x(TARGET):.0f}" y="14" text-anchor="middle">{TARGET}%</text>'
        return mark_safe(
            '<svg class="plot" viewBox="0 0 184 20" aria-hidden="true">'
            f'<text x="0" y="14">{self.start}%</text>{middle}<text x="184" y="14" text-anchor="end">100%</text></svg>'
        )

    def dot(self, rate: Decimal) -> SafeString:
        bad = rate < TARGET
        x, stem, point = self._x(rate), " stem--bad" if bad else "", " pt--bad" if bad else ""
        target = self._x(max(TARGET, Decimal(self.start)))
        return mark_safe(
            f'<svg class="plot" viewBox="0 0 184 20" role="img" aria-label="按时率 {rate}%">'
            f'<line class="trk" x1="{_LEFT}" x2="{_RIGHT}" y1="10" y2="10"/>'
            f'<line class="trk" x1="{target:.1f}" x2="{target:.1f}" y1="3" y2="17"/>'
            f'<line class="stem{stem}" x1="{x:.1f}" x2="{_RIGHT}" y1="10" y2="10"/>'
            f'<circle class="pt{point}" cx="{x:.1f}" cy="10" r="5"/></svg>'
        )


Month = tuple[date, Tally]


@dataclass(frozen=True)
class Trend:
    """Rate and number by month: the line above, the bars below, one for wide and one for narrow screens."""

    months: Sequence[Month]
    label: str

    @property
    def wide(self) -> SafeString:
        return self._draw(480, 356, 46, 466, (26, 176), (228, 328), "{} 月")

    @property
    def narrow(self) -> SafeString:
        return self._draw(326, 320, 46, 312, (26, 156), (206, 292), "{}")

    @property
    def start(self) -> int:
        return floor([tally.rate for _, tally in self.months if tally.rate is not None])

    def _draw(
        self,
        width: int,
        height: int,
        left: int,
        right: int,
        upper: tuple[int, int],
        lower: tuple[int, int],
        name: str,
    ) -> SafeString:
        step = (right - left) / 12
        centres = [left + step * (n + 0.5) for n in range(len(self.months))]
        parts = [
            f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{conditional_escape(self.label)}">',
            '<text x="0" y="12" class="lab">按时率（%）</text>',
            *self._line(centres, left, right, *upper),
            f'<text x="0" y="{lower[0] - 14}" class="lab">到期期限（个），红色为逾期</text>',
            *self._bars(centres, left, right, *lower, width=step * 0.52),
        ]
        parts += [
            f'<text x="{x:.1f}" y="{lower[1] + 18}" text-anchor="middle">{name.format(month.month)}</text>'
            for x, (month, _) in zip(centres, self.months, strict=True)
        ]
        return mark_safe("".join([*parts, "</svg>"]))

    def _line(self, centres: list[float], left: int, right: int, top: int, bottom: int) -> list[str]:
        start = self.start
        parts = []
        for value in range(start, 100, _FLOORS[start]):
            y = bottom - (bottom - top) * (value - start) / (100 - start)
            parts.append(f'<line class="grid" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
        parts.append(f'<line class="goal" x1="{left}" x2="{right}" y1="{top}" y2="{top}"/>')
        parts.append(f'<text x="{left - 8}" y="{top + 4}" text-anchor="end">100</text>')
        points: list[tuple[float, float, Decimal]] = []
        runs: list[list[str]] = [[]]
        for x, (_, tally) in zip(centres, self.months, strict=True):
            if tally.rate is None:
                runs.append([])
                continue
            y = bottom - (bottom - top) * float((tally.rate - start) / (100 - start))
            points.append((x, y, tally.rate))
            runs[-1].append(f"{x:.1f},{y:.1f}")
        parts += [f'<polyline class="line1" points="{" ".join(run)}"/>' for run in runs if len(run) > 1]
        parts += [f'<circle class="dot1" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y, _ in points]
        # The first, the lowest and the last say their number: enough to read the line by.
        lowest = min(points, key=lambda point: point[2]) if points else None
        for x, y, rate in {points[0], lowest, points[-1]} if lowest else ():
            below = (
                (x, y, rate) == lowest if rate < 100 else x < left + 60
            )  # the caption stands above the first ones
            at = min(y + 18, bottom - 4) if below else y - 10
            parts.append(f'<text class="lab" x="{x:.1f}" y="{at:.1f}" text-anchor="middle">{rate}</text>')
        return parts

    def _bars(
        self, centres: list[float], left: int, right: int, top: int, bottom: int, *, width: float
    ) -> list[str]:
        most = nice(max((tally.due for _, tally in self.months), default=0))
        parts = [f'<line class="axis" x1="{left}" x2="{right}" y1="{bottom}" y2="{bottom}"/>']
        for value in (0, most / 2, most):
            y = bottom - (bottom - top) * value / most
            if value:
                parts.append(f'<line class="grid" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
        for x, (_, tally) in zip(centres, self.months, strict=True):
            for css, number in (("bar1", tally.due), ("bar2", tally.overdue)):
                height = (bottom - top) * number / most
                if number:
                    height = max(height, 1.5)
                    parts.append(
                        f'<rect class="{css}" x="{x - width / 2:.1f}" y="{bottom - height:.1f}" '
                        f'width="{width:.1f}" height="{height:.1f}"/>'
                    )
        return parts


def nice(number: int) -> int:
    """The next round even number above, for the top of an axis."""
    size = 10
    while size * 10 <= number:
        size *= 10
    return next(size * times // 10 for times in (10, 20, 40, 60, 80, 100) if size * times // 10 >= number)


def _short(value: float) -> str:
    """12,000 as 1.2 万."""
    return f"{value / 10_000:g}万" if value >= 10_000 else f"{value:g}"
