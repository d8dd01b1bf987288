"""`manage.py draw_districts`: the boundary file as SVG paths with names, into `web/data/districts.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from web import geometry
from web.geometry import Point, Projection, Ring

DATA = Path(__file__).parents[2] / "data"
WIDTH = 760.0
TOLERANCE = 0.8
INSET_AT = (66.0, 26.0)
INSET_WIDTH = 180.0
#: 中心城区: drawn once more, larger. Names of the small ones stand outside, left or right, at these heights.
CENTRE = ("500157", "500109", "500113", "500106", "500103", "500107", "500104", "500108")
LEFT = ("500106", "500103", "500107", "500104")
RIGHT = ("500108",)
TAILS = ("土家族苗族自治县", "苗族土家族自治县", "土家族自治县", "区", "县")


class Command(BaseCommand):
    help = "由边界数据生成区县地图（web/data/districts.json）"

    def handle(self, *args: Any, **options: Any) -> None:
        shapes = _shapes(json.loads((DATA / "chongqing_districts.geojson").read_text(encoding="utf-8")))
        everything = [point for _, rings in shapes.values() for ring in rings for point in ring]
        sheet = Projection(everything, WIDTH)
        central = [point for code in CENTRE for ring in shapes[code][1] for point in ring]
        inset = Projection(central, INSET_WIDTH)
        x0, y0 = sheet((inset.west, inset.north))
        x1 = max(sheet(point)[0] for point in central)
        y1 = max(sheet(point)[1] for point in central)
        margin = 2
        frame = (x0 - margin, y0 - margin, x1 - x0 + 2 * margin, y1 - y0 + 2 * margin)
        foot = INSET_AT[1] + inset.height + 6
        result = {
            "width": WIDTH,
            "height": round(sheet.height, 1),
            "areas": [_area(code, *shapes[code], sheet, named=code not in CENTRE) for code in shapes],
            "inset": [_inset(code, *shapes[code], inset) for code in CENTRE],
            "inset_at": INSET_AT,
            "frame": [round(number, 1) for number in frame],
            "leads": f"M{frame[0]:.1f} {frame[1]:.1f}L{INSET_AT[0]:g} {foot:.1f}"
            f"M{frame[0] + frame[2]:.1f} {frame[1]:.1f}L{INSET_AT[0] + INSET_WIDTH:g} {foot:.1f}",
        }
        target = DATA / "districts.json"
        target.write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
        self.stdout.write(f"{target.name}: {len(result['areas'])} 个区县，{target.stat().st_size} 字节")


def _shapes(collection: dict[str, Any]) -> dict[str, tuple[str, list[Ring]]]:
    """Code: (name, outer and inner rings without the closing point)."""
    shapes = {}
    for feature in collection["features"]:
        geometry_ = feature["geometry"]
        polygons = (
            geometry_["coordinates"] if geometry_["type"] == "MultiPolygon" else [geometry_["coordinates"]]
        )
        rings = [[tuple(point) for point in ring[:-1]] for polygon in polygons for ring in polygon]
        shapes[feature["properties"]["adcode"]] = (feature["properties"]["name"], rings)
    return shapes


def _rings(rings: list[Ring], to: Projection) -> list[Ring]:
    drawn = [geometry.thin_ring([to(point) for point in ring], TOLERANCE) for ring in rings]
    return [ring for ring in drawn if len(ring) > 2]


def _name_at(ring: Ring) -> Point:
    x, y = geometry.roomiest(ring)
    return round(x, 1), round(y + 4, 1)


def _area(code: str, name: str, rings: list[Ring], to: Projection, *, named: bool) -> dict[str, Any]:
    drawn = _rings(rings, to)
    x, y = _name_at(max(drawn, key=len))
    label = {"text": _short(name), "x": x, "y": y} if named else None
    return {"code": code, "name": name, "path": geometry.path(drawn), "label": label}


def _inset(code: str, name: str, rings: list[Ring], to: Projection) -> dict[str, Any]:
    drawn = _rings(rings, to)
    x, y = _name_at(max(drawn, key=len))
    label: dict[str, Any] = {"text": _short(name), "x": x, "y": y}
    if code in LEFT:
        height = 106 + 32 * LEFT.index(code)
        lead = f"M-6 {height}H4L{x:g} {y - 4:g}"
        label = {
            "text": _short(name),
            "x": -9,
            "y": height + 4,
            "anchor": "end",
            "lead": lead,
            "dot": (x, y - 4),
        }
    elif code in RIGHT:
        edge, height = INSET_WIDTH - 4, 168
        lead = f"M{x:g} {y - 4:g}L{edge:g} {height}H{edge + 8:g}"
        dot = (x, y - 4)
        label = {
            "text": _short(name),
            "x": edge + 12,
            "y": height + 4,
            "anchor": "start",
            "lead": lead,
            "dot": dot,
        }
    return {"code": code, "name": name, "path": geometry.path(drawn), "label": label}


def _short(name: str) -> str:
    """万州, 石柱; 忠县 and 两江新区 stay as they are."""
    if name.endswith("新区") or len(name) == 2:
        return name
    for tail in TAILS:
        if name.endswith(tail):
            return name.removesuffix(tail)
    return name
