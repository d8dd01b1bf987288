"""The parts in a review: who asks for it, who answers for the data, who sees to it that it is done."""

from __future__ import annotations

from procedures.declare import Relation

from catalog.relations import provider

applicant = Relation("applicant", "申请人")
authority = Relation("authority", "数据主管部门")

RELATIONS = (applicant, provider, authority)
