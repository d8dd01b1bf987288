"""Why nothing was done with a lead; each is a sentence that a person can act on."""

from __future__ import annotations

from procedures.refusals import Guarded, NoRight, Refused, WrongState

__all__ = ["Guarded", "NoRight", "OwnMatter", "Refused", "WrongState"]


class OwnMatter(Refused):
    """Nobody decides their own case."""

    code = "own-matter"
    status = 403
