"""Reading projects, the systems that were there before, and what auditors found."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Organisation, Role
from django.db.models import OuterRef, QuerySet, Subquery
from procedures import registry
from statutes.enforcement import enforces

from catalog.models import AuditFinding, LegacyStatus, LegacySystem, Project
from catalog.models.entries import EDITORS
from catalog.projects import items
from catalog.publishing import is_authority

#: States in which a project is on the published list: from its listing to its end, and not when it was taken off.
ON_THE_LIST = (
    "LISTED", "PLAN_REVIEW", "DESIGNING", "DESIGN_REVIEW", "BUDGETING", "BUILDING", "ACCEPTING", "ACCEPTED", "FUNDED",
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A project of the list, with how far its list of the catalogue is fulfilled."""

    project: Project
    state: str
    total: int
    done: int


@enforces("CAT-37", what="列入的政务信息化项目清单公开")
def listed(year: int | None = None, kind: str = "") -> QuerySet[Project]:
    """项目清单, the newest year first."""
    rows = Project.whole.filter(case__state__in=ON_THE_LIST, listed_on__isnull=False)
    if year is not None:
        rows = rows.filter(listed_year=year)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("-listed_year", "-listed_on", "pk")


def years() -> list[int]:
    """The years for which there is a list."""
    rows = Project.objects.filter(case__state__in=ON_THE_LIST, listed_year__isnull=False)
    return sorted(set(rows.values_list("listed_year", flat=True)), reverse=True)


def told(projects: list[Project]) -> list[Listed]:
    """The projects of a page as it shows them; three queries for any number."""
    states = registry.get("it-project").states
    rows = items.completions(projects)
    return [
        Listed(
            project,
            states[project.case.state].label,
            len(rows[project.pk]),
            sum(row.done for row in rows[project.pk]),
        )
        for project in projects
    ]


def with_status(systems: QuerySet[LegacySystem]) -> QuerySet[LegacySystem]:
    """Systems with their present status, its day and note."""
    latest = LegacyStatus.objects.filter(system=OuterRef("pk")).order_by("-on", "-pk")
    return systems.select_related("owner").annotate(
        status=Subquery(latest.values("status")[:1]),
        status_on=Subquery(latest.values("on")[:1]),
        status_note=Subquery(latest.values("note")[:1]),
    )


def systems_of(project: Project) -> list[LegacySystem]:
    """All systems of the applicant, those that the project merges among them."""
    return list(with_status(LegacySystem.objects.filter(owner=project.applicant_id)).order_by("name"))


@enforces("CAT-39", what="安排项目资金时列出审计结果")
def audits_of(project: Project) -> list[AuditFinding]:
    """What auditors found of the applicant, the newest first; it bears on the money of all its projects."""
    return list(AuditFinding.objects.filter(body=project.applicant_id).select_related("project")[:10])


def audits(actor: Actor) -> QuerySet[AuditFinding]:
    """A body's own; all of them for audit offices, finance, planning and data authorities, and auditors."""
    rows = AuditFinding.objects.select_related("body", "project", "entered_for")
    if reads_all_audits(actor):
        return rows
    return rows.filter(body__in={post.organisation_id for post in actor.posts if post.role in EDITORS})


_OFFICES = frozenset(
    {
        Organisation.Duty.CITY_AUTHORITY,
        Organisation.Duty.DISTRICT_AUTHORITY,
        Organisation.Duty.PLANNING,
        Organisation.Duty.FINANCE,
        Organisation.Duty.AUDIT,
    }
)


def reads_all_audits(actor: Actor) -> bool:
    return actor.holds(Role.AUDITOR) or any(
        post.role in EDITORS and post.organisation.duty in _OFFICES for post in actor.posts
    )


def enters_audits(actor: Actor) -> Organisation | None:
    """The body for which the person enters findings: an audit office its own, the city data authority a document."""
    for post in actor.posts:
        if post.role in EDITORS and post.organisation.duty == Organisation.Duty.AUDIT:
            return post.organisation
    if is_authority(actor):
        return next(
            post.organisation
            for post in actor.posts
            if post.organisation.duty == Organisation.Duty.CITY_AUTHORITY
        )
    return None
