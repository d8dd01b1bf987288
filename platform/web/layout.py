"""Where the boxes and lines of a procedure's drawing lie.

A column is the least number of steps from the beginning; the trunk lies in the top row, everything else below. Lines
run in channels between the columns: from the left the uprights of lines going on, then their words, then the uprights
of lines going back. So no line crosses a box, and no word lies on a line, a box or another word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from procedures.declare import State

BOX_HEIGHT, ROW, TOP = 48, 66, 16
LABEL, SMALL = 15, 13  # font sizes of .pmap text and .pmap .s
LANE = 10  # between two uprights in one channel
SIDE = 12  # between a box and the nearest upright
LEAST_GAP = 54

Point = tuple[float, float]


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

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass
class Edge:
    """A line with its words: `words` are empty when an end of the line says the same."""

    source: Node
    target: Node
    label: str
    standing: str  # done, can, back or empty
    words: str = ""
    points: list[Point] = field(default_factory=list)
    at: Point = (0, 0)
    anchor: str = "middle"

    @property
    def back(self) -> bool:
        return self.target.column < self.source.column

    @property
    def far(self) -> bool:
        """Whether it goes back over a whole column, and so runs below all boxes."""
        return self.source.column - self.target.column > 1


@dataclass
class Channel:
    """The room right of a column, and which uprights run in it."""

    start: float = 0
    end: float = 0
    onward: list[int] = field(default_factory=list)  # the sources of lines that go on, by id
    backward: list[int] = field(default_factory=list)  # the lines that go back, by id
    words: float = 0  # the longest words in it

    @property
    def width(self) -> float:
        inside = len(self.onward) * LANE + (self.words + 14 if self.words else 0)
        behind = len(self.backward) * LANE + 8 if self.backward else 0
        return max(LEAST_GAP, SIDE + inside + behind + SIDE)

    def onward_lane(self, source: Node) -> float:
        return self.start + SIDE + self.onward.index(id(source)) * LANE

    def backward_lane(self, edge: Edge) -> float:
        return self.end - SIDE - self.backward.index(id(edge)) * LANE

    @property
    def words_at(self) -> float:
        first = self.start + SIDE + max(0, len(self.onward) - 1) * LANE + 6
        last = self.end - (SIDE + len(self.backward) * LANE if self.backward else 10)
        return (first + last) / 2


def place(nodes: dict[str, Node], edges: list[Edge], depth: dict[str, int], trunk: list[str]) -> None:
    """Give every box its column, row and place, and every line its way."""
    columns = _columns(nodes, depth, trunk)
    _say(edges)
    channels = [Channel() for _ in columns]
    taken = {(node.column, node.row) for node in nodes.values()}
    for edge in edges:
        _enter(edge, channels, taken)
    x = 2.0
    for column, channel in zip(columns, channels, strict=True):
        width = max(_width(node) for node in column)
        for node in column:
            node.x, node.width = x, width
        channel.start, channel.end = x + width, x + width + channel.width
        x = channel.end
    bottom = max(node.y for node in nodes.values()) + BOX_HEIGHT
    for edge in edges:
        if edge.far:
            bottom += LANE
        _draw(edge, channels, taken, bottom)


def _columns(nodes: dict[str, Node], depth: dict[str, int], trunk: list[str]) -> list[list[Node]]:
    rank = {code: number for number, code in enumerate(trunk)}
    used = sorted({depth[code] for code in nodes})
    columns: list[list[Node]] = [[] for _ in used]
    for code, node in nodes.items():
        node.column = used.index(depth[code])
        columns[node.column].append(node)
    standing = {"now": 0, "done": 1, "can": 2, "later": 3}
    for column in columns:
        column.sort(key=lambda n: (n.state.code not in rank, standing[n.standing]))
        for row, node in enumerate(column):
            node.row = row
    return columns


def _say(edges: Iterable[Edge]) -> None:
    """Which words stand at a line: one line of those that go on to the same box says what all of them are."""
    arriving: dict[int, Edge] = {}
    for edge in edges:
        ends = (edge.source.state.label, edge.target.state.label)
        if edge.target.column == edge.source.column or any(edge.label in e or e in edge.label for e in ends):
            continue
        if edge.back:
            edge.words = edge.label
            continue
        first = arriving.setdefault(id(edge.target), edge)
        said = first.words.split("、") if first.words else []
        if edge.label not in said:
            first.words = "、".join([*said, edge.label])


def _enter(edge: Edge, channels: list[Channel], taken: set[tuple[int, int]]) -> None:
    """Reserve the uprights that the line needs."""
    if edge.far:
        channels[edge.source.column - 1].backward.append(id(edge))
        if edge.target.column:
            channels[edge.target.column - 1].backward.append(id(edge))
    elif edge.back:
        if not _rises(edge, taken):
            channels[edge.source.column - 1].backward.append(id(edge))
            edge.words = ""
    else:
        channel = channels[edge.source.column]
        if id(edge.source) not in channel.onward and edge.source.row != edge.target.row:
            channel.onward.append(id(edge.source))
        channel.words = max(channel.words, small(edge.words))
    if edge.far:
        edge.words = ""


def _rises(edge: Edge, taken: set[tuple[int, int]]) -> bool:
    """Whether a line back may rise into its target from below: its column is free down to the source's row."""
    below = {(edge.target.column, row) for row in range(edge.target.row + 1, edge.source.row + 1)}
    return edge.source.row > edge.target.row and not below & taken


def _draw(edge: Edge, channels: list[Channel], taken: set[tuple[int, int]], bottom: float) -> None:
    source, target = edge.source, edge.target
    if edge.back:
        _draw_back(edge, channels, taken, bottom)
        return
    channel = channels[source.column]
    if target.column == source.column:
        lane, leave, arrive = channel.onward_lane(source), source.middle + 9, target.middle - 9
        edge.points = [(source.right, leave), (lane, leave), (lane, arrive), (target.right + 1, arrive)]
        return
    edge.points = [(source.right, source.middle), (target.x - 1, target.middle)]
    if source.row != target.row:
        lane = channel.onward_lane(source)
        edge.points[1:1] = [(lane, source.middle), (lane, target.middle)]
    edge.at = (channel.words_at, target.middle - 7)


def _draw_back(edge: Edge, channels: list[Channel], taken: set[tuple[int, int]], bottom: float) -> None:
    source, target = edge.source, edge.target
    leave, arrive = source.middle + 12, target.middle + 15
    if edge.far:
        lane = channels[source.column - 1].backward_lane(edge)
        side = channels[target.column - 1].backward_lane(edge) if target.column else target.x
        way = [(source.x, leave), (lane, leave), (lane, bottom), (side, bottom)]
        edge.points = [*way, (side, arrive), (target.x - 1, arrive)]
    elif _rises(edge, taken):
        x = target.x + target.width * 0.45
        edge.points = [(source.x, leave), (x, leave), (x, target.y + BOX_HEIGHT + 1)]
        edge.at, edge.anchor = (x - 6, leave + 4), "end"
    else:
        lane = channels[source.column - 1].backward_lane(edge)
        edge.points = [(source.x, leave), (lane, leave), (lane, arrive), (target.right + 1, arrive)]


def _width(node: Node) -> float:
    return max(100, len(node.state.label) * LABEL + 26, small(node.note) + 20)


def small(text: str) -> float:
    """About how wide a small text is."""
    return sum(SMALL if ord(letter) > 0x2E7F else SMALL * 0.58 for letter in text)
