"""Why an act on accounts was not done: no right (403), or facts that do not fit (shown beside the form)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import Actor
from accounts.models import Role


class NoRight(PermissionDenied):
    """The person may not do this; the sentence says who may."""


class Unfit(ValidationError):
    """The act does not fit the facts; the sentence says which and how to mend it."""


def require(by: Actor, *roles: Role, to: str) -> None:
    """Raise NoRight unless the actor is the system or holds one of the roles. `to` names the act in Chinese."""
    if by.is_system or by.holds(*roles):
        return
    *others, last = (str(role.label) for role in roles)
    names = f"{'、'.join(others)}或者{last}" if others else last
    raise NoRight(f"{to}由{names}办理，您今天不担任这一岗位。")
