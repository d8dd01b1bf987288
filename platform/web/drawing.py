"""The drawing of a procedure as SVG: boxes and lines where `web.layout` has put them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from web.layout import BOX_HEIGHT, Edge, Node

LEAST_WIDTH = 880
_LINE = {"done": "e e--done", "can": "e e--can", "back": "e e--back"}


def svg(nodes: Sequence[Node], edges: Sequence[Edge], spoken: str) -> SafeString:
    """The drawing. `spoken` says it to those who do not see it."""
    xs = [node.right for node in nodes] + [x for edge in edges for x, _y in edge.points]
    ys = [node.y + BOX_HEIGHT for node in nodes] + [y for edge in edges for _x, y in edge.points]
    width, height = max(LEAST_WIDTH, max(xs) + 4), max(ys) + 8
    head = (
        f'<svg class="pmap c-wide" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{conditional_escape(spoken)}"><defs>'
        f"{_marker('pm-a', 'head')}{_marker('pm-b', 'head head--on')}</defs>"
    )
    return mark_safe("".join([head, *map(_line, edges), *map(_words, edges), *map(_box, nodes), "</svg>"]))


def _marker(name: str, css: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path class="{css}" d="M0 .5 7 4 0 7.5z"/></marker>'
    )


def _line(edge: Edge) -> str:
    css = _LINE.get(edge.standing, "e")
    head = "pm-b" if edge.standing in ("done", "can") else "pm-a"
    way = "L".join(f"{x:.0f} {y:.0f}" for x, y in edge.points)
    return f'<path class="{css}" d="M{way}" marker-end="url(#{head})"/>'


def _words(edge: Edge) -> str:
    if not edge.words:
        return ""
    css = "s at-end" if edge.anchor == "end" else "s"
    x, y = edge.at
    return f'<text class="{css}" x="{x:.0f}" y="{y:.0f}">{conditional_escape(edge.words)}</text>'


def _box(node: Node) -> str:
    centre = node.x + node.width / 2
    label = conditional_escape(node.state.label)
    shape = (
        f'<rect class="box" x="{node.x:.0f}" y="{node.y:.0f}" width="{node.width:.0f}" '
        f'height="{BOX_HEIGHT}" rx="4"/>'
    )
    if node.note:
        words = (
            f'<text x="{centre:.0f}" y="{node.y + 21:.0f}">{label}</text>'
            f'<text class="s" x="{centre:.0f}" y="{node.y + 39:.0f}">{conditional_escape(node.note)}</text>'
        )
    else:
        words = f'<text x="{centre:.0f}" y="{node.y + 30:.0f}">{label}</text>'
    return f'<g class="{node.standing}">{shape}{words}{_tick(node)}</g>'


def _tick(node: Node) -> str:
    if node.standing != "done":
        return ""
    x, y = node.right - 6, node.y + 3
    return (
        f'<circle class="disc" cx="{x:.0f}" cy="{y:.0f}" r="9"/>'
        f'<path class="tick" d="M{x - 4.2:.1f} {y + 0.2:.1f}l3 3 5.4-6"/>'
    )
