"""What the steps of a project do besides moving it."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from clock import SHANGHAI
from procedures.context import Context

from catalog.facts.project import exempted
from catalog.models import LegacySystem, Project
from catalog.projects import items

_DISTRICT = frozenset({Organisation.Kind.DISTRICT_GOVERNMENT, Organisation.Kind.DISTRICT_DEPARTMENT})


def open_project(context: Context) -> None:
    applicant = context.party("applicant")
    in_district = applicant.kind in _DISTRICT
    context.record = Project.objects.create(
        case=context.case,
        applicant=applicant,
        name=context.facts["name"],
        kind=context.facts["kind"],
        level=Project.Level.DISTRICT if in_district else Project.Level.CITY,
    )


def submit(context: Context) -> None:
    facts = context.facts
    _keep(
        context,
        "need", "amount", "cloud", "cloud_reason", "network", "network_basis", "platform", "replaced",
        "shared_data", "contractor",
    )  # fmt: skip
    own = LegacySystem.objects.filter(owner=context.record.applicant, pk__in=facts["systems"])
    context.record.systems.set(own)
    items.put(context.record, items.names_of(facts["items"]))


def enlist(context: Context) -> None:
    record, facts = context.record, context.facts
    record.evaluation = {name: facts[name] for name in ("evaluation", "commission")}
    record.listed_on, record.listed_year = context.at.astimezone(SHANGHAI).date(), facts["year"]
    record.save(update_fields=["evaluation", "listed_on", "listed_year"])


def apply_plan(context: Context) -> None:
    _keep(context, "plan")
    _hold(context)


def approve_plan(context: Context) -> None:
    record = context.record
    record.plan_number, record.plan_approved_on = context.facts["number"], context.facts["approved_on"]
    record.save(update_fields=["plan_number", "plan_approved_on"])
    items.release(context.case)


def submit_design(context: Context) -> None:
    _keep(context, "design")
    _hold(context)


def approve_design(context: Context) -> None:
    context.record.design_opinion = context.facts["opinion"]
    context.record.save(update_fields=["design_opinion"])
    items.release(context.case)


def release(context: Context) -> None:
    items.release(context.case)


def fund(context: Context) -> None:
    facts = context.facts
    context.record.budget = {name: facts[name] for name in ("year", "amount", "budget_line", "audit")}
    context.record.save(update_fields=["budget"])


def apply_acceptance(context: Context) -> None:
    """How far the list is fulfilled is computed now, and kept as it was."""
    record, facts = context.record, context.facts
    record.completion = {
        **items.summary(items.completion(record)),
        "finished_on": facts["finished_on"].isoformat(),
        "summary": facts["summary"],
    }
    record.save(update_fields=["completion"])


def accept(context: Context) -> None:
    record, facts = context.record, context.facts
    for name, reason in exempted(facts["exemptions"]).items():
        record.items.filter(name=name).update(exempted=reason)
    record.completion = {**record.completion, **items.summary(items.completion(record))}
    record.acceptance = {
        "accepted_by": facts["accepted_by"],
        "accepted_on": facts["accepted_on"].isoformat(),
        "opinion": facts["opinion"],
    }
    record.save(update_fields=["completion", "acceptance"])


def _hold(context: Context) -> None:
    items.put(context.record, items.names_of(context.facts["items"]))
    items.hold(context.record)


def _keep(context: Context, *names: str) -> None:
    values: dict[str, Any] = {name: context.facts[name] for name in names}
    for name, value in values.items():
        setattr(context.record, name, value)
    context.record.save(update_fields=list(names))
