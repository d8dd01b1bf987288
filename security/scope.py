"""Whose keeping of the law a person may look at."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Organisation, Role
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

AUTHORITY_ROLES = frozenset({Role.OFFICER, Role.LEAD, Role.PRINCIPAL})
BODY_ROLES = frozenset({Role.LEAD, Role.PRINCIPAL})


@dataclass(frozen=True)
class Scope:
    """`bodies` limits what is seen; None is everything. `handles`: may take leads and end them (REG22-56)."""

    bodies: frozenset[int] | None
    handles: bool = False

    @classmethod
    def of(cls, actor: Actor) -> Scope:
        """From the posts of the day, without a query; nothing for everybody else."""
        if any(_at_the_authority(post.organisation, post.role) for post in actor.posts):
            return cls(None, handles=True)
        if actor.is_system or actor.holds(Role.AUDITOR):
            return cls(None)
        return cls(frozenset(post.organisation_id for post in actor.posts if post.role in BODY_ROLES))

    @classmethod
    def required(cls, actor: Actor) -> Scope:
        """The same; raises PermissionDenied for those who have no part in supervision."""
        scope = cls.of(actor)
        if scope.bodies is not None and not scope.bodies:
            raise PermissionDenied(_("监督页面供市数据主管部门、审计管理员和各单位负责人查阅。"))
        return scope

    @property
    def everything(self) -> bool:
        return self.bodies is None

    def holds(self, body_id: int | None) -> bool:
        return self.bodies is None or body_id in self.bodies


def _at_the_authority(organisation: Organisation, role: str) -> bool:
    return organisation.duty == Organisation.Duty.CITY_AUTHORITY and role in AUTHORITY_ROLES


def supervises(actor: Actor) -> bool:
    """Whether the pages of supervision are open to the person."""
    scope = Scope.of(actor)
    return scope.everything or bool(scope.bodies)


def answers_for(actor: Actor, body_id: int | None) -> bool:
    """Whether the person is a lead or the principal of that body."""
    return body_id is not None and actor.post_in([body_id], BODY_ROLES) is not None
