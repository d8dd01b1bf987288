"""The parts in a project: who applies, and the three offices that manage projects together (GOV19-48.1)."""

from __future__ import annotations

from accounts.authority import office_for
from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import Relation

applicant = Relation("applicant", "申报单位")
authority = Relation("authority", "数据主管部门")
planning = Relation("planning", "发展改革部门")
finance = Relation("finance", "财政部门")

RELATIONS = (applicant, authority, planning, finance)


def planning_of(context: Context) -> Organisation | None:
    """发展改革部门 of the applicant's level."""
    return office_for(Organisation.Duty.PLANNING, context.party("applicant"), context.at.date())


def finance_of(context: Context) -> Organisation | None:
    """财政部门 of the applicant's level."""
    return office_for(Organisation.Duty.FINANCE, context.party("applicant"), context.at.date())
