"""Whose turn it is, and by when: derived from the state, the open clocks and an open draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.models import Organisation, Role
from audit.statements import insert
from deadlines.models import Deadline
from django.db import connection

from procedures import rights
from procedures.declare import Procedure, State, Who
from procedures.models import Case, Party, Proposal, Turn


def derive(
    procedure: Procedure,
    case: Case,
    parties: Iterable[Party],
    deadlines: Iterable[Deadline],
    proposal: Proposal | None,
    at: datetime,
) -> list[Turn]:
    """The turns of a case, unsaved. None for a case that has ended.

    A body has a turn when an open clock is owed by it and it can act in this state, or when the state names it; then a
    timer that it owes, whose end moves the case on, is its limit. A draft that waits for its signature turns the
    drafting body's turn over to the one who signs.
    """
    state = procedure.states[case.state]
    if state.outcome:
        return []
    parties = list(parties)
    running = [d for d in deadlines if d.outcome == Deadline.Outcome.OPEN]
    open_clocks = [d for d in running if d.on_pass != Deadline.OnPass.STEP]
    timers = [d for d in running if d.on_pass == Deadline.OnPass.STEP]
    wanted: dict[tuple[int, str], Turn] = {}
    there = {party.relation for party in parties}
    turn_of = state.instead if state.instead is not None and state.instead.code in there else state.turn
    second = _second(procedure, proposal) if proposal is not None else None
    for party in parties:
        who = _actor_of(procedure, state, party.relation)
        owed = [d for d in open_clocks if d.owed_by_id == party.organisation_id]
        named = turn_of is not None and turn_of.code == party.relation
        # Another body signs: the draft waits on its desk.
        signs = second is not None and second.relation.code == party.relation
        abroad = signs and proposal is not None and proposal.drafted_for_id != party.organisation_id
        if not named and not abroad and not (owed and who):
            continue
        role = who.roles[0] if who else turn_of.officer.roles[0] if turn_of is not None else Role.OFFICER
        if second is not None and signs:
            role = second.roles[0]
        own = [d for d in timers if d.owed_by_id == party.organisation_id] if named else []
        nearest = min(owed or own or open_clocks, key=lambda d: d.due_at, default=None)
        turn = Turn(
            case=case,
            kind=case.kind,
            state=case.state,
            organisation_id=party.organisation_id,
            role=role,
            handler_id=party.handler_id,
            clock=nearest.label if nearest else "",
            due_on=nearest.due_on if nearest else None,
            due_at=nearest.due_at if nearest else None,
            provisional=nearest.provisional if nearest else False,
            since=at,
            barred=rights.barred(procedure, case),
        )
        wanted.setdefault((party.organisation_id, turn.role), turn)
    return list(wanted.values())


def write(case: Case, turns: list[Turn]) -> None:
    """Replace the stored turns of the case, say which of its bodies wait, and set its nearest limit.

    The caller saves the case.
    """
    nearest = min((turn for turn in turns if turn.due_at), key=lambda turn: turn.due_at, default=None)
    case.due_at = nearest.due_at if nearest else None
    case.provisional = nearest.provisional if nearest else False
    acting = [turn.organisation_id for turn in turns]
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [case.pk])
        cursor.execute(_WAITS, [bool(turns), acting, case.due_at, case.pk])
    insert(*turns)


#: By hand, as nothing hangs on a turn.
_GONE = "DELETE FROM procedures_turn WHERE case_id = %s"

#: One statement by hand for all bodies of a case: every step ends with it.
_WAITS = """
UPDATE procedures_party SET waits = v.waits, due_at = v.due_at
FROM (SELECT id, %s AND organisation_id <> ALL(%s::bigint[]) AS waits, %s::timestamptz AS due_at
      FROM procedures_party WHERE case_id = %s) v
WHERE procedures_party.id = v.id
  AND (procedures_party.waits, procedures_party.due_at) IS DISTINCT FROM (v.waits, v.due_at)
"""

#: Who took or signed a step of the case, at its end.
_DONE = """
INSERT INTO procedures_done (case_id, user_id, closed_at)
SELECT DISTINCT %s::bigint, who, %s::timestamptz
FROM procedures_act, unnest(ARRAY[user_id, signed_by_id]) AS who
WHERE case_id = %s AND who IS NOT NULL
ON CONFLICT DO NOTHING
"""


def end(case: Case) -> None:
    """Note for everybody who took part that the case has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [case.pk, case.closed_at, case.pk])


def refresh(case_ids: list[int]) -> None:
    """Set the dates of turns and cases anew after their deadlines were recomputed (three statements for any number)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE procedures_turn t SET due_on = d.due_on, due_at = d.due_at, provisional = d.provisional
               FROM (SELECT DISTINCT ON (case_id, owed_by_id) case_id, owed_by_id, due_on, due_at, provisional
                     FROM deadlines_deadline
                     WHERE case_id = ANY(%s) AND outcome = 'open'
                     ORDER BY case_id, owed_by_id, on_pass = 'step', due_at) d
               WHERE t.case_id = d.case_id AND t.organisation_id = d.owed_by_id""",
            [case_ids],
        )
        cursor.execute(
            """UPDATE procedures_case c SET due_at = t.due_at, provisional = t.provisional
               FROM (SELECT DISTINCT ON (case_id) case_id, due_at, provisional FROM procedures_turn
                     WHERE case_id = ANY(%s) ORDER BY case_id, due_at) t
               WHERE c.id = t.case_id""",
            [case_ids],
        )
        cursor.execute(
            """UPDATE procedures_party p SET due_at = c.due_at FROM procedures_case c
               WHERE c.id = p.case_id AND p.waits AND p.case_id = ANY(%s)""",
            [case_ids],
        )


def _actor_of(procedure: Procedure, state: State, relation: str) -> Who | None:
    """How a relation acts in a state: the first step that is open to it, leaving steps first."""
    steps = procedure.steps_from(state)
    for step in sorted(steps, key=lambda s: s.to is None):
        for who in step.who:
            if who.relation.code == relation:
                return who
    return None


def _second(procedure: Procedure, proposal: Proposal) -> Who | None:
    step = procedure.by_code[proposal.step]
    return step.consent or step.confirm


def by_relation(parties: Iterable[Party]) -> Mapping[str, Organisation]:
    return {party.relation: party.organisation for party in parties}
