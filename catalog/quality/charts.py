"""The drawings of quality, as SVG made by the server; each says in words what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Point = tuple[date, float | None]
#: Where an axis of shares may begin, and the step of its grid.
_FLOORS = {90: 2, 80: 5, 60: 10, 0: 25}


def floor(values: Sequence[float]) -> int:
    """Where the axis begins: as high as all values allow."""
    lowest = min(values, default=100.0)
    return next(start for start in _FLOORS if lowest >= start)


@dataclass(frozen=True)
class Trend:
    """A share by month as one line, for wide and for narrow screens; a month without figures leaves a gap."""

    points: Sequence[Point]
    label: str

    @property
    def values(self) -> list[float]:
        return [value for _month, value in self.points if value is not None]

    @property
    def start(self) -> int:
        return floor(self.values)

    @property
    def wide(self) -> SafeString:
        return self._draw(480, 220, 46, 466, (24, 184), "{} 月")

    @property
    def narrow(self) -> SafeString:
        return self._draw(326, 190, 46, 312, (24, 156), "{}")

    def _draw(
        self, width: int, height: int, left: int, right: int, across: tuple[int, int], name: str
    ) -> SafeString:
        top, bottom = across
        step = (right - left) / max(1, len(self.points))
        centres = [left + step * (n + 0.5) for n in range(len(self.points))]
        start = self.start
        parts = [
            f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{conditional_escape(self.label)}">'
        ]
        for value in (*range(start, 100, _FLOORS[start]), 100):
            y = bottom - (bottom - top) * (value - start) / (100 - start)
            parts.append(f'<line class="grid" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
            parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
        dots: list[tuple[float, float, float]] = []
        runs: list[list[str]] = [[]]
        for x, (_month, share) in zip(centres, self.points, strict=True):
            if share is None:
                runs.append([])
                continue
            y = bottom - (bottom - top) * (share - start) / (100 - start)
            dots.append((x, y, share))
            runs[-1].append(f"{x:.1f},{y:.1f}")
        parts += [f'<polyline class="line1" points="{" ".join(run)}"/>' for run in runs if len(run) > 1]
        parts += [f'<circle class="dot1" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y, _share in dots]
        for x, y, share in {dots[0], dots[-1]} if dots else ():
            at = y - 10 if y - top > 18 else y + 18
            parts.append(
                f'<text class="lab" x="{x:.1f}" y="{at:.1f}" text-anchor="middle">{share:.1f}</text>'
            )
        parts += [
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{name.format(month.month)}</text>'
            for x, (month, _share) in zip(centres, self.points, strict=True)
        ]
        return mark_safe("".join([*parts, "</svg>"]))


def dot(value: float, start: int) -> SafeString:
    """A value on an axis from `start` to 100, for a cell of a table."""
    x = 4 + 172 * (value - start) / (100 - start)
    return mark_safe(
        f'<svg class="plot" viewBox="0 0 184 20" role="img" aria-label="{value:.1f}%">'
        '<line class="trk" x1="4" x2="176" y1="10" y2="10"/>'
        f'<line class="stem" x1="4" x2="{x:.1f}" y1="10" y2="10"/><circle class="pt" cx="{x:.1f}" cy="10" r="5"/></svg>'
    )
