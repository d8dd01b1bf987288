"""Plane geometry for drawing the districts: projection, thinning of lines, the roomiest point of a shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, hypot, radians

Point = tuple[float, float]
Ring = list[Point]


class Projection:
    """Longitude and latitude onto a sheet: equal scale both ways at the middle latitude, north up."""

    def __init__(self, points: Iterable[Point], width: float) -> None:
        longitudes, latitudes = zip(*points, strict=True)
        self.west, self.north = min(longitudes), max(latitudes)
        self.squeeze = cos(radians((min(latitudes) + self.north) / 2))
        self.scale = width / ((max(longitudes) - self.west) * self.squeeze)
        self.height = (self.north - min(latitudes)) * self.scale

    def __call__(self, point: Point) -> Point:
        longitude, latitude = point
        return (longitude - self.west) * self.squeeze * self.scale, (self.north - latitude) * self.scale


def thin(line: Sequence[Point], tolerance: float) -> Ring:
    """Douglas and Peucker: the line without the points that lie closer to it than the tolerance."""
    if len(line) < 3:
        return list(line)
    first, last = line[0], line[-1]
    distances = [_to_segment(point, first, last) for point in line[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[farthest] <= tolerance:
        return [first, last]
    at = farthest + 1
    return thin(line[: at + 1], tolerance)[:-1] + thin(line[at:], tolerance)


def thin_ring(ring: Ring, tolerance: float) -> Ring:
    """The same for a closed ring, cut at its most distant pair so that both halves have ends of their own."""
    start = min(range(len(ring)), key=lambda i: ring[i])
    turned = ring[start:] + ring[:start]
    far = max(
        range(len(turned)), key=lambda i: hypot(turned[i][0] - turned[0][0], turned[i][1] - turned[0][1])
    )
    return thin(turned[: far + 1], tolerance)[:-1] + thin([*turned[far:], turned[0]], tolerance)[:-1]


def _to_segment(point: Point, a: Point, b: Point) -> float:
    (x, y), (ax, ay), (bx, by) = point, a, b
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    share = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / length)) if length else 0.0
    return hypot(x - ax - share * dx, y - ay - share * dy)


def holds(ring: Sequence[Point], point: Point) -> bool:
    """Whether the point lies inside the ring (even-odd)."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def roomiest(ring: Ring, steps: int = 24) -> Point:
    """A point far from every edge and so good for a name; width counts for more, because names are wide."""
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    edges = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    best, room = (sum(xs) / len(xs), sum(ys) / len(ys)), -1.0
    for i in range(1, steps):
        for j in range(1, steps):
            point = (
                min(xs) + (max(xs) - min(xs)) * i / steps,
                min(ys) + (max(ys) - min(ys)) * j / steps,
            )
            if holds(ring, point):
                free = min(_to_segment(point, a, b) for a, b in edges)
                if free > room:
                    best, room = point, free
    return best


def path(rings: Iterable[Ring]) -> str:
    """The rings as SVG path data: relative, one decimal, summed so that rounding does not drift."""
    parts = []
    for ring in rings:
        (x, y) = (round(ring[0][0], 1), round(ring[0][1], 1))
        parts.append(f"M{x:g} {y:g}")
        for px, py in ring[1:]:
            dx, dy = round(px - x, 1), round(py - y, 1)
            if dx or dy:
                parts.append(f"l{dx:g} {dy:g}")
                x, y = round(x + dx, 1), round(y + dy, 1)
        parts.append("z")
    return "".join(parts).replace(" -", "-")
