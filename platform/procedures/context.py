"""What a guard, an effect, a paper or a predicate may look at while a step is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.actors import Actor
from accounts.models import Organisation, Post, User

if TYPE_CHECKING:
    from procedures.declare import Procedure, Step
    from procedures.models import Act, Case, Draft


@dataclass
class Context:
    """One taking of one step. `facts` are the cleaned facts; `parties` the bodies by relation."""

    procedure: Procedure
    step: Step
    actor: Actor
    at: datetime
    post: Post | None = None
    case: Case | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    parties: dict[str, Organisation] = field(default_factory=dict)
    subject: Any = None
    signed_by: User | None = None
    source: Case | None = None
    draft: Draft | None = None
    act: Act | None = None
    _record: Any = None

    @property
    def record(self) -> Any:
        """The case's own facts (one query, then kept)."""
        if self._record is None and self.case is not None:
            self._record = self.procedure.records.one(self.case.pk)
        return self._record

    @record.setter
    def record(self, value: Any) -> None:
        self._record = value

    @property
    def person(self) -> User | None:
        """Who filed for oneself, where no body filed."""
        if self.case is not None:
            return self.case.filed_by if self.case.filer_id is None else None
        return self.actor.user if self.post is None else None

    def party(self, relation: str) -> Organisation:
        return self.parties[relation]
