"""Everything that the trail may hold has a name for people: no event is shown to an auditor as a code alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts.models.posts import Appointment
from audit import names
from django.apps import apps
from django.contrib import admin
from procedures.registry import all_procedures

from security.models import Lead

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*")
#: Functions that write to the trail, and those of the apps that hand an action on to them.
WRITERS = {"Entry", "recorded", "_record", "_record_post", "_evidence", "_save", "_turn"}


def sources() -> Iterator[Path]:
    for part in ("platform", "catalog", "sharing", "security"):
        yield from (path for path in (ROOT / part).rglob("*.py") if "migrations" not in path.parts)


def recorded() -> Iterator[tuple[str, str]]:
    """(place, action) for every action written out: in a call that writes, or given to the name `action`."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in WRITERS
            ):
                inside: list[ast.AST] = [*node.args, *(word.value for word in node.keywords)]
            elif isinstance(node, ast.Assign) and "action" in ast.unparse(node.targets[0]).lower():
                inside = [node.value]
            else:
                continue
            for part in (deep for top in inside for deep in ast.walk(top)):
                if isinstance(part, ast.Constant) and CODE.fullmatch(str(part.value)):
                    yield f"{path.relative_to(ROOT)}:{part.lineno}", part.value


def composed() -> Iterator[str]:
    """The actions that are put together while the code runs."""
    yield from (f"appointment:{decision.value}" for decision in Appointment.Decision)
    yield from (f"lead:{status.value}" for status in (Lead.Status.CLOSED, Lead.Status.HANDED_ON))
    calls = (ROOT / "platform/procedures/drafts.py").read_text()
    yield from (f"draft:{what}" for what in re.findall(r'_evidence\("([a-z-]+)"', calls))
    for model in admin.site._registry:
        yield from (f"{model._meta.model_name}:{verb}" for verb in ("add", "change"))
    for procedure in all_procedures():
        for step in procedure.steps:
            yield f"{procedure.code}:{step.code}"
            for way in ("propose", "sent-back", "recalled", "confirm"):
                yield f"{procedure.code}:{way}:{step.code}"
        yield from (f"{procedure.code}:{act}" for act in ("note", "reassign", "urge"))


def test_every_recorded_action_has_a_name():
    found = dict(reversed(pair) for pair in recorded())
    assert {"account:sign-in", "grant:open", "entry:publish", "deadline:breach", "audit:search"} <= set(found)
    without = {place: action for action, place in found.items() if not names.name_of(action)}
    assert not without, f"name them in the events.py of their app: {without}"
    assert not [action for action in composed() if not names.name_of(action)]


def test_every_name_belongs_to_an_action_that_is_recorded():
    known = {action for _place, action in recorded()} | set(composed())
    assert set(names._declared("ACTIONS")) <= known


@pytest.mark.parametrize(
    "action", ["", "x", "sharing-request", "sharing-request:fly", "sharing-request:flown:grant"]
)
def test_what_nobody_declares_has_no_name(action: str):
    assert names.name_of(action) == ""


def test_kinds_of_object_have_names_too():
    for path in sources():
        for kind in re.findall(r'object_kind="([a-z.-]+)"', path.read_text()):
            assert names.kind_of(kind), f"{path}: {kind}"
    assert (
        names.kind_of("accounts.organisation") == apps.get_model("accounts.organisation")._meta.verbose_name
    )
    assert names.kind_of("accounts.nothing") == names.kind_of("x") == ""
