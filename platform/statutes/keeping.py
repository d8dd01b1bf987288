"""How the law is kept: each duty with what enforces it and which tests prove it; for `manage.py duties` and docs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from django.urls import get_resolver
from django.utils.module_loading import autodiscover_modules

from statutes import enforcement, law
from statutes.enforcement import Enforcer
from statutes.proof import UnreadableMark, proofs
from statutes.texts import Duty, Form

WORKLESS = frozenset({Form.POLICY, Form.OFF})
"""Forms in which nothing is left to enforce on the platform."""


class NoSuchDuty(ValueError):
    """A mark or a registration names no duty; the message lists the places."""


@dataclass(frozen=True)
class Keeping:
    """One duty: `proved_by` are pytest nodes (`tests/sharing/test_x.py::test_y`)."""

    duty: Duty
    enforced_by: tuple[Enforcer, ...]
    proved_by: tuple[str, ...]

    @property
    def workless(self) -> bool:
        """Whether nothing is left to enforce on the platform."""
        return all(form in WORKLESS for form in self.duty.form)

    @property
    def stands(self) -> bool:
        """Enforced, and a test proves it."""
        return bool(self.enforced_by and self.proved_by)


def keepings(root: Path) -> tuple[Keeping, ...]:
    """All duties in their order, with the tests found below `root`.

    Raises NoSuchDuty for marks and registrations that name no duty, UnreadableMark for a mark without plain ids.
    """
    declare_all()
    found = proofs(root)
    known = {duty.id for duty in law.duties()}
    places = {(one.duty, one.place): None for one in found if one.duty not in known}
    places |= {(one.duty, one.place): None for one in enforcement.strays()}
    if places:
        lines = [f"  {place}：{duty_id}" for duty_id, place in places]
        raise NoSuchDuty("\n".join(["以下位置写了不存在的职责编号，请改正：", *lines]))
    proved: dict[str, list[str]] = defaultdict(list)
    for one in found:
        proved[one.duty].append(one.test)
    return tuple(
        Keeping(duty, enforcement.enforcing(duty.id), tuple(proved[duty.id])) for duty in law.duties()
    )


def declare_all() -> None:
    """Import what declares: the procedures and rules of every app, and through the addresses all else."""
    autodiscover_modules("procedures", "actions", "queries")
    _ = get_resolver().url_patterns


__all__ = ["NoSuchDuty", "Keeping", "UnreadableMark", "declare_all", "keepings"]
