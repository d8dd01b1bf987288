"""What happens to a clock: start, meet, end, extend, pause, resume.

`perform` calls these inside its transaction and records them in the trail; each saves only what it changes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import Organisation
from audit.statements import insert, update
from django.utils.translation import gettext as _

from deadlines import schedule
from deadlines.clocks import Clock
from deadlines.count import Span
from deadlines.explain import Working, work_out
from deadlines.models import Deadline, Term
from deadlines.queries import Rules, current_calendar
from deadlines.sentences import Part, Stop, full
from deadlines.withdrawing import withdraw
from deadlines.workdays import Calendar, Pause, day_of, end_of


class CannotExtend(ValueError):
    """The limit cannot be extended; the text says why, for the person who tried."""


class CannotPause(ValueError):
    """The limit cannot be stopped or set going again; the text says why."""


def start(
    clock: Clock,
    *,
    case: Any,
    owed_by: Organisation | None,
    at: datetime,
    rules_on: date,
    last_day: date | None = None,
    rules: Rules | None = None,
    now: datetime | None = None,
    binding: bool = True,
) -> Deadline:
    """Set a clock going on a case: one look-up, one insert. `rules` spares the look-up when one act sets several.

    `at` is the event's moment (its day does not count), which may lie before `now`, when it became known; a limit that
    has passed by then is a breach at its own moment all the same. The term is the one in force on `rules_on`, the day
    the case began. `last_day` is the day a fact or an order gives. Only a term of law makes a breach: a default, one
    not yet confirmed, or one that does not bind the body (not `binding`) reminds. Raises `NoTerm`, or `ValueError` when
    there is neither a term nor a day.
    """
    rules = rules or Rules([clock.term] if clock.term else [], rules_on)
    term, calendar = rules.term(clock.term) if clock.term else None, rules.calendar
    if last_day is None and (term is None or term.unit == Term.Unit.UNTIL):
        raise ValueError(f"clock {clock.code} needs the last day from a fact")
    row = Deadline(
        case=case,
        clock=clock.code,
        label=clock.label,
        term=term,
        owed_by=owed_by,
        basis=clock.cites,
        event=clock.event,
        started_at=at,
        rules_on=rules_on,
        fixed_on=last_day,
        on_pass=passing(clock, term, owed_by, binding=binding),
        on_pass_step=clock.step,
        breach_ground=clock.ground,
        reminders=[["", n] for n in clock.reminders],
    )
    compute(row, calendar, at=now or at)
    insert(row)
    return row


def hand_over(deadline: Deadline, clock: Clock, *, to: Organisation) -> None:
    """Another body owes it from now on; the limit runs on, and what its passing does follows from who it binds."""
    deadline.owed_by, deadline.on_pass = to, passing(clock, deadline.term, to)
    deadline.save(update_fields=["owed_by", "on_pass"])


def passing(
    clock: Clock, term: Term | None, owed_by: Organisation | None = None, *, binding: bool = True
) -> Deadline.OnPass:
    """What passing does, by the force of the term and whom it binds: what is no law for a body never makes a breach."""
    law = binding and (term is None or term.standing == Term.Standing.LAW)
    bound = owed_by is None or clock.binds(owed_by)
    if clock.on_pass is Deadline.OnPass.BREACH and not (law and bound):
        return Deadline.OnPass.STEP if clock.step else Deadline.OnPass.REMIND
    return clock.on_pass


def meet(deadline: Deadline, *, at: datetime) -> None:
    """The duty was done. Done too late, it was still breached at the moment it fell due.

    Done in time, it was not, whatever a sweep recorded while the act waited for its case.
    """
    _close(deadline, Deadline.Outcome.MET, at)


def end(deadline: Deadline, *, at: datetime) -> None:
    """The clock stops without its duty done: the matter is moot, or its breach already stands."""
    _close(deadline, Deadline.Outcome.ENDED, at)


def _close(deadline: Deadline, outcome: Deadline.Outcome, at: datetime) -> None:
    withdraw(deadline, at=at)
    changed = ["outcome", "closed_at", "next_look"]
    deadline.outcome, deadline.closed_at, deadline.next_look = outcome, at, None
    late = at >= deadline.due_at and not deadline.paused
    if late and deadline.on_pass == Deadline.OnPass.BREACH and deadline.breached_at is None:
        # No sweep has seen it yet: the breach is fixed here, and the next sweep records and announces it.
        deadline.breached_at, deadline.next_look = deadline.due_at, at
        changed.append("breached_at")
    update(deadline, changed)


def extend(
    deadline: Deadline,
    *,
    term: str,
    reason: str,
    at: datetime,
    rules: Rules | None = None,
    amount: int | None = None,
) -> Deadline:
    """Extend once, before the limit falls due, by a term of the rules the case began under. Raises `CannotExtend`.

    `amount` may be less than the term allows, never more.
    """
    if deadline.outcome != Deadline.Outcome.OPEN:
        raise CannotExtend(_("“%(label)s”已经结束，不能延长") % {"label": deadline.label})
    if deadline.extensions:
        raise CannotExtend(
            _("“%(label)s”已延长过一次，截止日为 %(day)s，不能再延长")
            % {"label": deadline.label, "day": full(deadline.due_on)}
        )
    if at >= deadline.due_at and not deadline.paused:
        raise CannotExtend(
            _("“%(label)s”已于 %(day)s 24:00 届满。延长须在届满前作出，现在不能延长")
            % {"label": deadline.label, "day": full(deadline.due_on)}
        )
    withdraw(deadline, at=at)
    rules = rules or Rules([term], deadline.rules_on)
    by, calendar = rules.term(term), rules.calendar
    amount = by.amount if amount is None else amount
    if not 1 <= amount <= by.amount:
        raise CannotExtend(
            _("“%(label)s”最多延长 %(most)s 个工作日，现在是 %(asked)s 个")
            % {"label": deadline.label, "most": by.amount, "asked": amount}
        )
    deadline.extensions = [
        {
            "term": by.code,
            "term_id": by.pk,
            "amount": amount,
            "unit": by.unit,
            "rolls": by.rolls,
            "basis": by.basis,
            "reason": reason,
            "at": at.isoformat(),
        }
    ]
    compute(deadline, calendar, at=at)
    update(deadline, ("extensions", *COMPUTED))
    return deadline


def pause(deadline: Deadline, *, at: datetime, why: str, cites: str) -> Deadline:
    """Stop the clock where law stops it. The day of the stop still counts; later ones do not. Raises `CannotPause`."""
    if deadline.outcome != Deadline.Outcome.OPEN or at >= deadline.due_at and not deadline.paused:
        raise CannotPause(_("“%(label)s”已经结束或届满，不能中止计算") % {"label": deadline.label})
    if deadline.paused:
        raise CannotPause(_("“%(label)s”已在中止计算") % {"label": deadline.label})
    withdraw(deadline, at=at)
    deadline.pauses = [
        *deadline.pauses,
        {
            "from": day_of(at).isoformat(),
            "to": None,
            "from_at": at.isoformat(),
            "to_at": None,
            "why": why,
            "cites": cites,
        },
    ]
    compute(deadline, current_calendar(), at=at)
    update(deadline, ("pauses", *COMPUTED))
    return deadline


def resume(deadline: Deadline, *, at: datetime) -> Deadline:
    """Set it going again with exactly the days that were left; the day of resumption does not count."""
    if not deadline.paused:
        raise CannotPause(_("“%(label)s”没有中止，不需要恢复") % {"label": deadline.label})
    last = {**deadline.pauses[-1], "to": day_of(at).isoformat(), "to_at": at.isoformat()}
    deadline.pauses = [*deadline.pauses[:-1], last]
    compute(deadline, current_calendar(), at=at)
    update(deadline, ("pauses", *COMPUTED))
    return deadline


#: The fields `compute` sets.
COMPUTED = ["due_on", "due_at", "provisional", "working", "calendar_version", "reminders", "next_look"]


def compute(deadline: Deadline, calendar: Calendar, *, at: datetime) -> None:
    """Set the fields that follow from the others. `at` is the present: reminders before it are not given again."""
    working = work(deadline, calendar)
    due_on = date.fromisoformat(working["due_on"])
    deadline.due_on, deadline.due_at = due_on, end_of(due_on)
    deadline.provisional, deadline.working = working["provisional"], working
    deadline.calendar_version = calendar.version
    deadline.reminders = schedule.schedule(
        calendar,
        due_on,
        schedule.reminded_before(deadline),
        workdays=schedule.in_workdays(_unit(deadline)),
        escalates=schedule.escalates(deadline.on_pass, deadline.on_pass_step),
    )
    deadline.next_look = (
        None
        if deadline.paused
        else schedule.next_look(deadline.reminders, deadline.due_at, at) or deadline.due_at
    )


def spans_of(deadline: Deadline) -> tuple[list[Span], list[Pause]]:
    """What is counted: the term or the fixed day, each extension; and the pauses that have ended."""
    if deadline.fixed_on is not None:
        base = Span(0, Term.Unit.UNTIL, fixed_on=deadline.fixed_on)
    elif deadline.term is not None:
        base = Span.of(deadline.term)
    else:
        raise ValueError(f"deadline {deadline.pk} has neither a term nor a last day")
    spans = [base, *(Span(row["amount"], row["unit"], row["rolls"]) for row in deadline.extensions)]
    stops = _stops(deadline)
    return spans, [Pause(stop.start, stop.end) for stop in stops if stop.end is not None]


def work(deadline: Deadline, calendar: Calendar) -> Working:
    """The working of a row by a calendar, without changing the row."""
    spans, _ = spans_of(deadline)
    said = [(deadline.basis, ""), *((row["basis"], row["reason"]) for row in deadline.extensions)]
    return work_out(
        calendar,
        deadline.started_at,
        [Part(span, basis, reason) for span, (basis, reason) in zip(spans, said, strict=True)],
        _stops(deadline),
        rules_on=deadline.rules_on,
        term="" if deadline.term is None else deadline.term.name,
        event=deadline.event,
    )


def _stops(deadline: Deadline) -> list[Stop]:
    return [
        Stop(
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["to"]) if row["to"] else None,
            row["why"],
            row["cites"],
        )
        for row in deadline.pauses
    ]


def _unit(deadline: Deadline) -> str | None:
    return deadline.term.unit if deadline.term is not None and deadline.fixed_on is None else None
