"""One driver: a process that files cases and takes steps on them through the one door, and notes what it was told.

The journal has one JSON line for every answer: "done" (the door returned), "refused" (with its code), "found" (the
connection broke, and the act was there afterwards), "absent" (broke, and it was not). It ends at SIGTERM.
A fault that is neither a refusal nor a lost database is written as "fault": the drill counts it as a defect.
"""

from __future__ import annotations

import json
import time
import traceback
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import clock
from accounts.actors import Actor
from accounts.models import User
from deadlines.workdays import start_of
from django.db import Error as DatabaseFault
from django.db import connection
from procedures import drafts, queries, registry
from procedures.filing import file
from procedures.models import Act, Case, Draft, Party, Proposal
from procedures.perform import perform, send_back, sign
from procedures.refusals import Refused

from sharing import subjects
from tests.drill import facts, stage

PEOPLE = (
    *("authority", "authority-lead", stage.SECOND, f"{stage.SECOND}-lead"),
    *("provider", "provider-lead", "requester", "requester-lead"),
)
#: How often a driver files, until its share is filed.
FILING = 0.45
#: How readily each step is taken; what is not named has 4.
WEIGHT = {"withdraw": 1, "return": 1, "refuse": 2, "relinquish": 1, "meet": 1, "explain": 2, "suspend": 2}


class Driver:
    """Files its share of the cases and walks all of them at random, always with the version it read."""

    def __init__(self, number: int, seed: int, share: int, journal: Path) -> None:
        self.number, self.dice = number, Random(seed * 1000 + number)
        self.left = share
        self.filed = 0
        self.journal = journal.open("a", buffering=1)
        self.running = True
        self.doubt: dict[str, Any] | None = None

    def stop(self, *_: object) -> None:
        self.running = False

    def run(self) -> None:
        while self.running or self.doubt:
            try:
                if self.doubt:
                    self._resolve()
                if self.running:
                    with stage.moment():
                        self._turn()
            except Refused as refusal:
                self._note("refused", code=refusal.code, message=refusal.message)
                self.doubt = None
            except DatabaseFault:
                connection.close()
                time.sleep(0.2)
            except Exception:  # noqa: BLE001 (whatever it is, it is a finding, and the driving goes on)
                self._note("fault", traceback=traceback.format_exc())
                self.doubt = None
                connection.close()
            time.sleep(self.dice.uniform(0.0, 0.04))

    def _note(self, answer: str, **more: Any) -> None:
        self.journal.write(
            json.dumps({"answer": answer, **(self.doubt or {}), **more}, ensure_ascii=False) + "\n"
        )

    def _attempt(self, what: str, who: str, at: datetime, **more: Any) -> None:
        """From here on an act may have happened, whatever the connection says."""
        self.doubt = {"what": what, "who": who, "at": at.isoformat(), **more}

    def _done(self, case: Case) -> None:
        self._note("done", number=case.number, version=case.version)
        self.doubt = None

    def _resolve(self) -> None:
        """After a lost connection: was the act written? The database alone knows."""
        doubt = self.doubt or {}
        acts = Act.objects.filter(at=doubt["at"], user__username=doubt["who"], step=doubt["what"])
        if "number" in doubt:
            acts = acts.filter(case__number=doubt["number"])
        act = acts.select_related("case").first()
        if act is None:
            self._note("absent")
        else:
            self._note("found", number=act.case.number)
        self.doubt = None

    def _turn(self) -> None:
        at = clock.now()
        if self.left > self.filed and self.dice.random() < FILING:
            self._file(at)
            return
        roll = self.dice.random()
        if roll < 0.08:
            self._object(at)
        elif roll < 0.16:
            self._examine(at)
        else:
            self._step(at)

    def _file(self, at: datetime) -> None:
        marker = f"drill-{self.number}-{self.filed}"
        entry = self.dice.choice(
            (stage.CONDITIONAL, stage.CONDITIONAL, stage.UNCONDITIONAL, stage.NOT_SUPPLIED)
        )
        said = facts.application(marker, at, self.dice)
        by, subject = _actor("requester", at), subjects.entry(entry)
        self._attempt("submit", "requester", at, marker=marker)
        self.filed += 1
        self._done(file(registry.get("sharing-request"), by=by, at=at, facts=said, subject=subject))

    def _object(self, at: datetime) -> None:
        """Raise an objection to a refusal: drafted by one person, signed by another."""
        refused = self._any(Case.objects.filter(kind="sharing-request", state="REFUSED"))
        if refused is None:
            return
        procedure, by = registry.get("sharing-objection"), _actor("requester", at)
        if Draft.objects.filter(subject=refused.number).exists():
            return
        draft = drafts.save(
            procedure,
            by=by,
            organisation=by.posts[0].organisation,
            subject=refused.number,
            facts=facts.objection(),
            at=at,
        )
        drafts.send(draft, by=by, at=at)
        self._attempt("raise", "requester", at)
        self._done(drafts.sign(draft, by=_actor("requester-lead", at), at=at))

    def _examine(self, at: datetime) -> None:
        used = self._any(Case.objects.filter(state="IN_USE", pk__iregex="[37]$"))
        if used is None:
            return
        procedure = registry.get("grant-revocation")
        if Case.objects.filter(kind=procedure.code, closed_at=None, grant_revocation__request=used).exists():
            return
        by = _actor("provider", at)
        subject = subjects.grant(used.number, by)
        self._attempt("open", "provider", at)
        self._done(file(procedure, by=by, at=at, facts=facts.opening(), subject=subject))

    def _step(self, at: datetime) -> None:
        """A possible step of an open case. One case in four is left to its limits; all drivers like the same few."""
        case = self._any(Case.objects.filter(closed_at=None).exclude(pk__iregex="[158]$"))
        if case is None:
            return
        version, proposal = case.version, Proposal.objects.filter(case=case, closed_at=None).first()
        parties = {
            p.relation: p.organisation for p in Party.objects.filter(case=case).select_related("organisation")
        }
        choices = [
            (possible, who)
            for who in PEOPLE
            for possible in queries.possible_steps(case, _actor(who, at), parties, proposal)
            if not (case.state == "IN_USE" and self.dice.random() < 0.8)
        ]
        if not choices:
            return
        weights = [WEIGHT.get(possible.step.code, 4) for possible, _ in choices]
        possible, who = self.dice.choices(choices, weights)[0]
        step, by = possible.step, _actor(who, at)
        if not possible.signing:
            said = facts.for_step(case, step.code, at)
            self._attempt(f"propose:{step.code}" if step.consent else step.code, who, at, number=case.number)
            self._done(perform(case, step.code, by=by, at=at, facts=said, version=version))
        elif proposal.urgent or self.dice.random() < 0.85:
            what, drafter = step.code, proposal.drafted_by.username
            if proposal.urgent:
                what, drafter = f"confirm:{step.code}", who
            self._attempt(what, drafter, at, number=case.number)
            self._done(sign(case, by=by, at=at, version=version))
        else:
            self._attempt(f"sent-back:{step.code}", who, at, number=case.number)
            self._done(send_back(case, by=by, at=at, note="请补充依据", version=version))

    def _any(self, cases: Any) -> Case | None:
        found = list(cases.order_by("pk" if self.dice.random() < 0.5 else "-pk")[:8])
        return self.dice.choice(found) if found else None


def _actor(username: str, at: datetime) -> Actor:
    return _actor_on(username, at.astimezone(clock.SHANGHAI).date())


@cache
def _actor_on(username: str, day: date) -> Actor:
    """Nobody is appointed or dismissed during the drill, so a person is read once a day."""
    return Actor.of(User.objects.get(username=username), start_of(day), via="drill")
