"""Where the boxes and lines of a procedure's drawing lie, and the SVG of it.

A column is the least number of steps from the beginning; the trunk lies in the top row, everything else below. Lines
run in channels between the columns, so no line crosses a box and no label lies on another.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from procedures.declare import State

BOX_HEIGHT, ROW, TOP = 48, 66, 16
LABEL, SMALL = 15, 13  # font sizes of .pmap text and .pmap .s
LEAST_WIDTH = 880
LANE = 10  # between two lines in one channel


@dataclass
class Node:
    state: State
    standing: str  # done, now, can or later
    note: str = ""
    column: int = 0
    row: int = 0
    x: float = 0
    width: float = 0

    @property
    def y(self) -> float:
        return TOP + self.row * ROW

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2


@dataclass
class Edge:
    source: Node
    target: Node
    label: str
    standing: str  # done, can, back or empty


def place(nodes: dict[str, Node], edges: list[Edge], depth: dict[str, int], trunk: list[str]) -> None:
    """Give every box its column and row, then its place."""
    rank = {code: number for number, code in enumerate(trunk)}
    used = sorted({depth[code] for code in nodes})
    columns: list[list[Node]] = [[] for _ in used]
    for code, node in nodes.items():
        node.column = used.index(depth[code])
        columns[node.column].append(node)
    for column in columns:
        standing = {"now": 0, "done": 1, "can": 2, "later": 3}
        column.sort(key=lambda n: (n.state.code not in rank, standing[n.standing]))
        for row, node in enumerate(column):
            node.row = row
    x = 2.0
    for number, column in enumerate(columns):
        width = max(_width(node) for node in column)
        for node in column:
            node.x, node.width = x, width
        labels = [_small(e.label) for e in edges if _gap(e) == number and _shown(e)]
        x += width + max([54, *(length + 44 for length in labels)])


def _gap(edge: Edge) -> int:
    """The channel in which a line turns: right of its source, or left of it when it goes back."""
    if edge.target.column < edge.source.column:
        return edge.source.column - 1
    return edge.target.column - 1 if edge.target.column > edge.source.column else edge.source.column


def _shown(edge: Edge) -> bool:
    """A line is labelled unless one of its ends already says so (撤回, 已撤回)."""
    ends = (edge.source.state.label, edge.target.state.label)
    return not any(edge.label in end or end in edge.label for end in ends)


def _width(node: Node) -> float:
    return max(100, len(node.state.label) * LABEL + 26, _small(node.note) + 20)


def _small(text: str) -> float:
    return sum(SMALL if ord(letter) > 0x2E7F else SMALL * 0.58 for letter in text)


def svg(nodes: list[Node], edges: list[Edge], spoken: str) -> SafeString:
    """The drawing. `spoken` says it to those who do not see it."""
    right = max(node.x + node.width for node in nodes) + 2
    beside = any(edge.source.column == edge.target.column for edge in edges)
    width = max(LEAST_WIDTH, right + (24 if beside else 0))
    bottom = max(node.y for node in nodes) + BOX_HEIGHT + 8
    lanes, taken = _lanes(edges), {(node.column, node.row) for node in nodes}
    lines = []
    for edge in edges:
        if edge.source.column - edge.target.column > 1:
            bottom += LANE
        lines.append(_line(edge, lanes[id(edge)], bottom - 4, taken))
    head = (
        f'<svg class="pmap c-wide" viewBox="0 0 {width:.0f} {bottom:.0f}" role="img" '
        f'aria-label="{conditional_escape(spoken)}"><defs>'
        f"{_marker('pm-a', 'head')}{_marker('pm-b', 'head head--on')}</defs>"
    )
    return mark_safe("".join([head, *lines, *(_box(node) for node in nodes), "</svg>"]))


def _marker(name: str, css: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path class="{css}" d="M0 .5 7 4 0 7.5z"/></marker>'
    )


def _lanes(edges: list[Edge]) -> dict[int, float]:
    """The x of each line's upright part: all lines of one source in a channel share one, others stand beside it."""
    sources: dict[tuple[int, bool], list[int]] = {}
    for edge in edges:
        back = edge.target.column < edge.source.column
        known = sources.setdefault((_gap(edge), back), [])
        if id(edge.source) not in known:
            known.append(id(edge.source))
    placed = {}
    for edge in edges:
        back = edge.target.column < edge.source.column
        lane = sources[_gap(edge), back].index(id(edge.source))
        if back:
            placed[id(edge)] = edge.source.x - 14 - lane * LANE
        elif edge.target.column == edge.source.column:
            placed[id(edge)] = edge.source.x + edge.source.width + 12 + lane * LANE
        else:
            placed[id(edge)] = edge.target.x - max(0, _channel(edge, edges)) + 14 + lane * LANE
    return placed


def _channel(edge: Edge, edges: list[Edge]) -> float:
    """How wide the channel left of the target is: from the right side of the column before it."""
    before = [e.source.x + e.source.width for e in edges if e.source.column == edge.target.column - 1] or [
        edge.source.x + edge.source.width
    ]
    return edge.target.x - max(before)


def _line(edge: Edge, lane: float, bottom: float, taken: set[tuple[int, int]]) -> str:
    source, target = edge.source, edge.target
    css = {"done": "e e--done", "can": "e e--can", "back": "e e--back"}.get(edge.standing, "e")
    head = "pm-b" if edge.standing in ("done", "can") else "pm-a"
    right = source.x + source.width
    if target.column < source.column:
        return _back(edge, css, head, lane, bottom, taken)
    if target.column == source.column:
        d = f"M{right:.0f} {source.middle + 8:.0f}H{lane:.0f}V{target.middle + 8:.0f}H{right + 1:.0f}"
        return f'<path class="{css}" d="{d}" marker-end="url(#{head})"/>'
    if source.row == target.row:
        d = f"M{right:.0f} {source.middle:.0f}H{target.x - 1:.0f}"
    else:
        d = f"M{right:.0f} {source.middle:.0f}H{lane:.0f}V{target.middle:.0f}H{target.x - 1:.0f}"
    text = ""
    if _shown(edge):
        start = lane if source.row != target.row else max(right, lane - 14)
        middle = (start + target.x - 6) / 2
        text = f'<text class="s" x="{middle:.0f}" y="{target.middle - 7:.0f}">{conditional_escape(edge.label)}</text>'
    return f'<path class="{css}" d="{d}" marker-end="url(#{head})"/>{text}'


def _back(edge: Edge, css: str, head: str, lane: float, bottom: float, taken: set[tuple[int, int]]) -> str:
    """Left out of the source, and up into the target from below where its column is free, else round the boxes."""
    source, target = edge.source, edge.target
    y, x = source.middle + 10, target.x + target.width * 0.4
    text = ""
    below = {(target.column, row) for row in range(target.row + 1, source.row + 1)}
    if source.column - target.column > 1:
        side = target.x - 10
        d = f"M{source.x:.0f} {y:.0f}H{lane:.0f}V{bottom:.0f}H{side:.0f}V{target.middle + 10:.0f}H{target.x - 1:.0f}"
    elif source.row > target.row and not below & taken:
        d = f"M{source.x:.0f} {y:.0f}H{x:.0f}V{target.y + BOX_HEIGHT + 1:.0f}"
        text = (
            f'<text class="s at-end" x="{x - 6:.0f}" y="{y + 4:.0f}">{conditional_escape(edge.label)}</text>'
        )
    else:
        end = target.x + target.width + 1
        d = f"M{source.x:.0f} {y:.0f}H{lane:.0f}V{target.middle + 10:.0f}H{end:.0f}"
    return f'<path class="{css}" d="{d}" marker-end="url(#{head})"/>{text}'


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
    tick = ""
    if node.standing == "done":
        x, y = node.x + node.width - 6, node.y + 3
        tick = (
            f'<circle class="disc" cx="{x:.0f}" cy="{y:.0f}" r="9"/>'
            f'<path class="tick" d="M{x - 4.2:.1f} {y + 0.2:.1f}l3 3 5.4-6"/>'
        )
    return f'<g class="{node.standing}">{shape}{words}{tick}</g>'
