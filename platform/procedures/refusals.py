"""Why a step was not taken. Each refusal is a type with a sentence that a person can act on; nothing was changed."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A step that was not taken. `code` is for machines, the message for people, `cites` the basis if there is one."""

    code = "refused"
    status = 409

    def __init__(self, message: str, *, cites: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.cites = cites


class UnknownStep(Refused):
    code = "unknown-step"
    status = 404


class WrongState(Refused):
    """The case is not where the step begins."""

    code = "wrong-state"


class NoRight(Refused):
    """The person may not take this step on this case."""

    code = "no-right"
    status = 403


class Stale(Refused):
    """The case has moved since the person looked at it."""

    code = "stale"
    status = 412


class Waiting(Refused):
    """A draft of another step waits for its signature; it has to be signed or sent back first."""

    code = "waiting-for-signature"


class Guarded(Refused):
    """A precondition of the law is not met."""

    code = "precondition"


class BadFacts(Refused):
    """The facts are incomplete or do not fit; `errors` names each field."""

    code = "bad-facts"
    status = 422

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("；".join(message for messages in errors.values() for message in messages))
        self.errors = dict(errors)


def storable(field: str, text: str) -> None:
    """Raise BadFacts for a text with a null character, which no column can hold."""
    if "\x00" in text:
        raise BadFacts({field: ["里面有不能保存的字符（空字符），请删去"]})
