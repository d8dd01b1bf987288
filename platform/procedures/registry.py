"""All declared procedures. Each app registers its own when it is ready; nothing else keeps a list of kinds."""

from __future__ import annotations

from statutes import enforcement

from procedures.declare import Procedure

_procedures: dict[str, Procedure] = {}


def register(procedure: Procedure) -> Procedure:
    """Make a procedure known and tell the duties what enforces them. A code and a prefix are given once."""
    for known in _procedures.values():
        if known.code == procedure.code or known.prefix == procedure.prefix:
            if known is procedure:
                return procedure
            raise ValueError(f"{procedure.code} ({procedure.prefix}) is taken by {known.code}")
    _procedures[procedure.code] = procedure
    place = f"{procedure.app}/procedures"
    for step in procedure.steps:
        for number in step.duties:
            enforcement.register(
                number, f"{procedure.code}:{step.code}", label=f"{procedure.label}：{step.label}", place=place
            )
    return procedure


def get(code: str) -> Procedure:
    """The procedure of that code; KeyError when there is none."""
    return _procedures[code]


def all_procedures() -> tuple[Procedure, ...]:
    return tuple(_procedures.values())
