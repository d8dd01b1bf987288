"""A procedure drawn from its declaration, as SVG and as a list: for a case, and whole for the documentation.

For a case: the states it passed, where it can go, and the shortest lawful way from there to an outcome.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from procedures.declare import START, Procedure, State, Step

from web.drawing import svg
from web.layout import Edge, Node, place

WORDS = {"done": "已完成", "now": "现在", "can": "可以到", "later": "以后"}


@dataclass(frozen=True)
class Passed:
    """An act that moved the case: the step's code, where to, and what is said of it (the day, the body)."""

    step: str
    source: str
    target: str
    note: str = ""


#: Units of the drawing beyond which its words come out smaller than the smallest size of the page.
READABLE = 1300


@dataclass
class Drawing:
    """The procedure as it is shown: boxes in reading order, and the lines between them."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    @property
    def steps(self) -> list[dict[str, str]]:
        """The twin list, for narrow screens and print."""
        order = {"done": 0, "now": 1, "can": 2, "later": 3}
        listed = sorted(self.nodes, key=lambda node: order[node.standing])
        return [{"label": n.state.label, "state": n.standing, "note": n.note} for n in listed]

    @property
    def spoken(self) -> str:
        """The drawing in one sentence."""
        parts = []
        for standing, word in WORDS.items():
            names = [node.state.label for node in self.nodes if node.standing == standing]
            if names:
                parts.append(f"{word}：{'、'.join(names)}")
        return "流程。" + "；".join(parts)

    @property
    def wide(self) -> bool:
        """Whether its words could not be read at the width of a page: then the list stands alone."""
        return max((node.right for node in self.nodes), default=0) > READABLE

    @property
    def svg(self) -> SafeString:
        return svg(self.nodes, self.edges, self.spoken)


def of_case(
    procedure: Procedure, state: str, passed: Sequence[Passed], *, now: str = "", filed: str = ""
) -> Drawing:
    """Where a case has been, where it is, and where it can go. `now` is said in the present state's box."""
    depth = depths(procedure)
    trunk = _without_loops([START.code, *(act.target for act in passed if act.target != act.source)])
    ahead = way_out(procedure, state)
    notes = {START.code: filed}
    for act in passed:
        notes.setdefault(act.target, act.note)
    been = dict.fromkeys([START.code, *(code for act in passed for code in (act.source, act.target))])
    nodes: dict[str, Node] = {}
    for code in been:
        standing = "now" if code == state else "done"
        nodes[code] = Node(_state(procedure, code), standing, now if code == state else notes.get(code, ""))
    leaving = [step for step in procedure.steps_from(state) if step.to and step.to.code != state]
    for step in leaving:
        if step.to.code not in nodes:
            nodes[step.to.code] = Node(step.to, "can", _by(step))
    for step in ahead:
        if step.to.code not in nodes:
            nodes[step.to.code] = Node(step.to, "later", _by(step))
    edges = _edges_passed(nodes, passed)
    drawn = {(edge.source.state.code, edge.target.state.code) for edge in edges}
    for step, source in [*((s, state) for s in leaving), *_chain(ahead, state)]:
        pair = (source, step.to.code)
        if pair not in drawn:
            drawn.add(pair)
            standing = "can" if source == state else ""
            edges.append(Edge(nodes[source], nodes[step.to.code], step.label, standing))
    for node in [n for n in nodes.values() if n.standing == "can"]:
        back = next((s for s in procedure.steps_from(node.state) if s.to and s.to.code == state), None)
        if back is not None:
            edges.append(Edge(node, nodes[state], back.label, "back"))
    order = [*trunk, *(step.to.code for step in ahead)]
    place(nodes, edges, depth, order)
    return Drawing(list(nodes.values()), edges)


def of_procedure(procedure: Procedure) -> Drawing:
    """The whole declaration: every state and every step that moves."""
    depth = depths(procedure)
    nodes = {START.code: Node(START, "later")}
    for code, state in procedure.states.items():
        arriving = next(step for step in procedure.steps if step.to and step.to.code == code)
        nodes[code] = Node(state, "can" if state.outcome else "later", _by(arriving))
    pairs: dict[tuple[str, str], list[str]] = {}
    for step in procedure.steps:
        for source in step.sources:
            if step.to and step.to.code != source.code:
                pairs.setdefault((source.code, step.to.code), []).append(step.label)
    edges = [
        Edge(nodes[a], nodes[b], labels[0], "back" if depth[b] < depth[a] else "")
        for (a, b), labels in pairs.items()
    ]
    first = next(step.to.code for step in procedure.filing_steps)
    order = [START.code, first, *(step.to.code for step in way_out(procedure, first))]
    place(nodes, edges, depth, order)
    return Drawing(list(nodes.values()), edges)


def depths(procedure: Procedure) -> dict[str, int]:
    """For each state the least number of steps from the beginning."""
    depth = {START.code: 0}
    queue = deque([START.code])
    while queue:
        code = queue.popleft()
        for step in procedure.steps_from(code):
            if step.to and step.to.code not in depth:
                depth[step.to.code] = depth[code] + 1
                queue.append(step.to.code)
    return depth


def way_out(procedure: Procedure, state: str) -> list[Step]:
    """The shortest way from a state to an outcome, by steps that refuse nothing where there are such."""
    for willing in (True, False):
        seen: dict[str, list[Step]] = {state: []}
        queue = deque([state])
        while queue:
            code = queue.popleft()
            if code in procedure.states and procedure.states[code].outcome:
                return seen[code]
            for step in procedure.steps_from(code):
                if step.to and step.to.code not in seen and not (willing and step.negative):
                    seen[step.to.code] = [*seen[code], step]
                    queue.append(step.to.code)
    return []


def position(procedure: Procedure, state: str, passed: Sequence[Passed]) -> tuple[int, int]:
    """第 n 步，共 m 步, by the trunk: what was passed without its loops, and the shortest way on."""
    trunk = _without_loops([START.code, *(act.target for act in passed if act.target != act.source)])
    ahead = [step.to.code for step in way_out(procedure, state)]
    if ahead and ahead[0] in trunk:  # a side trip that comes back, such as a consultation
        at = trunk.index(ahead[0]) + 1
        return at, at + len(ahead) - 1
    return len(trunk), len(trunk) + len(ahead)


def _state(procedure: Procedure, code: str) -> State:
    return (
        State(START.code, procedure.filing_steps[0].label) if code == START.code else procedure.states[code]
    )


def _by(step: Step) -> str:
    return "系统" if step.by_system else step.who[0].relation.label


def _without_loops(path: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for code in path:
        if code in kept:
            del kept[kept.index(code) + 1 :]
        else:
            kept.append(code)
    return kept


def _chain(steps: Sequence[Step], source: str) -> list[tuple[Step, str]]:
    sources = [source, *(step.to.code for step in steps)]
    return list(zip(steps, sources, strict=False))


def _edges_passed(nodes: dict[str, Node], passed: Sequence[Passed]) -> list[Edge]:
    edges: dict[tuple[str, str], Edge] = {}
    for act in passed:
        if act.source != act.target:
            label = act.step
            edges[act.source, act.target] = Edge(nodes[act.source], nodes[act.target], label, "done")
    return list(edges.values())
