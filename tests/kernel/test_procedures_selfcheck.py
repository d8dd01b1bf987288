"""A declaration says what it cannot mean, all at once, before it exists."""

from __future__ import annotations

import pytest
from deadlines.clocks import Clock
from deadlines.models import Deadline
from procedures.declare import START, SYSTEM, Outcome, Procedure, Relation, State, Step, guard, variant
from procedures.models import Case
from procedures.selfcheck import BadDeclaration
from statutes.law import UnknownArticle

asker, office = Relation("asker", "申请方"), Relation("office", "办理方")
OPEN, DONE = State("OPEN", "办理中"), Outcome("DONE", "办结")
ANSWER = Clock("ANSWER", "答复", "office", "T07", Deadline.OnPass.BREACH, cites="REG22-26.1")
CITES = "REG22-26.1"


def steps(**changes: object) -> dict[str, Step]:
    return {
        "file": Step("file", "提交", START, OPEN, by=asker.officer, cites=CITES, starts=(ANSWER,)),
        "answer": Step("answer", "答复", OPEN, DONE, by=office.officer, cites=CITES, meets=(ANSWER,)),
        **changes,
    }


def declared(rows: dict[str, Step]) -> Procedure:
    return Procedure(
        "toy",
        "示例",
        prefix="TT",
        app="tests",
        record=Case,
        steps=tuple(rows.values()),
        relations=(asker, office),
        parties=lambda context: {},
        title=lambda context: "示例",
        cites=(CITES,),
    )


def test_a_sound_declaration_stands():
    assert set(declared(steps()).states) == {"OPEN", "DONE"}


LOST, STUCK = State("LOST", "不可达"), State("STUCK", "无出路")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"x": Step("x", "x", LOST, DONE, by=office.officer, cites=CITES)},
            "nothing leads to the state LOST",
        ),
        ({"x": Step("x", "x", OPEN, STUCK, by=office.officer, cites=CITES)}, "STUCK is a dead end"),
        (
            {
                "x": Step("x", "x", OPEN, STUCK, by=office.officer, cites=CITES, meets=(ANSWER,)),
                "y": Step("y", "y", STUCK, DONE, by=SYSTEM, cites=CITES),
            },
            "in the state STUCK nobody has to act",
        ),
        ({"x": Step("x", "x", OPEN, DONE, by=office.officer, cites=())}, "step x rests on no article"),
        ({"x": Step("x", "x", OPEN, DONE, by=office.officer, cites="REG22-999")}, "REG22-999"),
        (
            {
                "x": Step(
                    "x", "x", OPEN, DONE, by=office.officer, cites=CITES, duties=("SHA-99",), meets=(ANSWER,)
                )
            },
            "SHA-99",
        ),
        (
            {"x": Step("x", "x", OPEN, DONE, by=office.officer, cites=CITES)},
            "ends the case and leaves ANSWER running",
        ),
        ({"x": Step("x", "x", DONE, OPEN, by=office.officer, cites=CITES)}, "the outcome DONE is left by x"),
        (
            {"x": Step("x", "x", OPEN, None, by=office.officer, cites=CITES, extends=ANSWER)},
            "has no extension",
        ),
        (
            {"x": Step("x", "x", OPEN, DONE, by=SYSTEM, cites=CITES, meets=(ANSWER,), consent=office.lead)},
            "cannot need a second person",
        ),
        (
            {"x": Step("answer", "x", OPEN, DONE, by=office.officer, cites=CITES, meets=(ANSWER,))},
            "two steps are named answer",
        ),
        (
            {
                "x": Step(
                    "x", "x", OPEN, DONE, by=Relation("other", "他").officer, cites=CITES, meets=(ANSWER,)
                )
            },
            "relation other",
        ),
        ({"file": Step("file", "提交", OPEN, DONE, by=asker.officer, cites=CITES)}, "no step begins a case"),
    ],
)
def test_what_cannot_be_lawful_cannot_be_declared(change: dict[str, Step], fault: str):
    with pytest.raises(BadDeclaration, match=fault):
        declared(steps(**change))


def test_a_timer_must_be_possible_wherever_it_may_pass():
    timer = Clock("TERM", "期限", "asker", None, Deadline.OnPass.STEP, step="expire", cites=CITES)
    with pytest.raises(BadDeclaration, match="TERM may pass in OPEN, where expire cannot be taken"):
        declared(
            steps(
                file=Step("file", "提交", START, OPEN, by=asker.officer, cites=CITES, starts=(ANSWER, timer)),
                answer=Step(
                    "answer", "答复", OPEN, DONE, by=office.officer, cites=CITES, meets=(ANSWER, timer)
                ),
            )
        )


def test_all_faults_are_reported_together():
    with pytest.raises(BadDeclaration) as fault:
        declared(steps(x=Step("x", "x", LOST, STUCK, by=office.officer, cites="REG22-999")))
    assert "LOST" in str(fault.value) and "STUCK" in str(fault.value) and "REG22-999" in str(fault.value)


def test_a_guard_that_cites_nothing_fails_where_it_stands():
    with pytest.raises(UnknownArticle):
        guard("REG22-999")


def test_a_variant_replaces_rows_by_name_and_no_other():
    rows = tuple(steps().values())
    changed = variant(rows, answer={"label": "回复"})
    assert [step.label for step in changed] == ["提交", "回复"]
    with pytest.raises(KeyError, match="nothing"):
        variant(rows, nothing={"label": "x"})


def test_registering_takes_a_code_and_a_prefix_once(monkeypatch: pytest.MonkeyPatch):
    from procedures import registry

    monkeypatch.setattr(registry, "_procedures", {})
    registry.register(declared(steps()))
    with pytest.raises(ValueError, match="taken"):
        registry.register(declared(steps()))
