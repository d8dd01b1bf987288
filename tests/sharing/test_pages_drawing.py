"""The drawing of a procedure: made from any declaration, with nothing lying on anything else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from procedures import registry
from procedures.declare import Procedure
from web import diagram
from web.diagram import Drawing, Passed
from web.layout import BOX_HEIGHT, SMALL, Edge, Node, small

Box = tuple[float, float, float, float]  # left, top, right, bottom


def every_drawing() -> Iterator[tuple[str, Drawing]]:
    """Each procedure whole, and at each of its states with the way that leads there."""
    for procedure in registry.all_procedures():
        yield procedure.code, diagram.of_procedure(procedure)
        for state in procedure.states:
            passed = way_to(procedure, state)
            yield (
                f"{procedure.code} {state}",
                diagram.of_case(procedure, state, passed, now="轮到您，剩 2 个工作日"),
            )


def way_to(procedure: Procedure, state: str) -> list[Passed]:
    """The shortest way from the beginning to the state."""
    depth = diagram.depths(procedure)
    way: list[Passed] = []
    while depth[state]:
        step, source = next(
            (step, source.code)
            for step in procedure.steps
            for source in step.sources
            if step.to and step.to.code == state and depth[source.code] == depth[state] - 1
        )
        way.insert(0, Passed(step.label, source, state, "9-21"))
        state = source
    return way


def box_of(node: Node) -> Box:
    return node.x, node.y, node.right, node.y + BOX_HEIGHT


def words_of(edge: Edge) -> Box:
    x, y = edge.at
    wide = small(edge.words)
    left = x - wide if edge.anchor == "end" else x - wide / 2
    return left, y - SMALL, left + wide, y + 2


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def segments(edge: Edge) -> Iterator[Box]:
    for (x, y), (u, v) in zip(edge.points, edge.points[1:], strict=False):
        yield min(x, u), min(y, v), max(x, u), max(y, v)


@pytest.mark.parametrize(("name", "drawing"), list(every_drawing()), ids=lambda value: str(value)[:40])
def test_nothing_lies_on_anything(name: str, drawing: Drawing) -> None:
    boxes = {node.state.code: box_of(node) for node in drawing.nodes}
    worded = [edge for edge in drawing.edges if edge.words]
    faults = [f"boxes {a} {b}" for a, b in combinations(boxes, 2) if overlap(boxes[a], boxes[b])]
    for edge in drawing.edges:
        for left, top, right, bottom in segments(edge):
            inner = (
                (left + 2, top + 0.1, right - 2, bottom - 0.1)
                if right - left > 4
                else (left, top, right, bottom)
            )
            grown = (inner[0] - 0.1, inner[1] - 0.1, inner[2] + 0.1, inner[3] + 0.1)
            faults += [
                f"line {edge.label} on {code}" for code, box in boxes.items() if overlap(grown, shrink(box))
            ]
            faults += [f"line {edge.label} on words {o.words}" for o in worded if overlap(grown, words_of(o))]
    for edge in worded:
        faults += [
            f"words {edge.words} on {code}" for code, box in boxes.items() if overlap(words_of(edge), box)
        ]
    faults += [
        f"words {a.words} on {b.words}"
        for a, b in combinations(worded, 2)
        if overlap(words_of(a), words_of(b))
    ]
    assert not faults


def shrink(box: Box) -> Box:
    """Without its border, at which lines begin and end."""
    return box[0] + 3, box[1] + 3, box[2] - 3, box[3] - 3


def test_a_case_shows_where_it_was_is_and_may_go() -> None:
    request = registry.get("sharing-request")
    drawing = diagram.of_case(request, "ANSWERING", way_to(request, "ANSWERING"))
    standing = {node.state.code: node.standing for node in drawing.nodes}
    assert standing["START"] == "done"
    assert standing["ANSWERING"] == "now"
    assert {standing[code] for code in ("GRANTED", "REFUSED", "CONSULTING", "RETURNED", "WITHDRAWN")} == {
        "can"
    }
    assert {standing[code] for code in ("IN_USE", "EXPIRED")} == {"later"}
    assert "SUSPENDED" not in standing
    assert "现在：审核中" in drawing.spoken


def test_a_side_trip_does_not_lengthen_the_way() -> None:
    request = registry.get("sharing-request")
    assert diagram.position(request, "ANSWERING", way_to(request, "ANSWERING")) == (2, 5)
    consulting = way_to(request, "CONSULTING")
    assert diagram.position(request, "CONSULTING", consulting) == (2, 5)
    back = [*consulting, Passed("答复意见", "CONSULTING", "ANSWERING")]
    assert diagram.position(request, "ANSWERING", back) == (2, 5)


def test_the_list_says_the_same_as_the_drawing() -> None:
    drawing = diagram.of_procedure(registry.get("grant-revocation"))
    assert {step["label"] for step in drawing.steps} == {node.state.label for node in drawing.nodes}
