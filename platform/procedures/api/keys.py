"""What a call names by a key: a subject, a body, the case filed before; and where to find what was made."""

from __future__ import annotations

from typing import Any

from accounts.actors import current
from accounts.models import Organisation
from django.core.exceptions import ObjectDoesNotExist
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from procedures.declare import Procedure
from procedures.models import Case
from procedures.queries import own_filing, visible_to
from procedures.refusals import BadFacts

LOCATION = OpenApiParameter(
    "Location",
    {"type": "string"},
    OpenApiParameter.HEADER,
    response=["201", "202"],
    description="新内容的地址。",
)


def subject_of(procedure: Procedure, key: str, request: Request) -> Any:
    """What the filing is about. Raises BadFacts for a key that names nothing that the person may see."""
    if procedure.subject is None:
        return None
    try:
        return procedure.subject(key, current(request))
    except (ObjectDoesNotExist, ValueError):
        raise BadFacts(
            {"subject": [f"没有编号为“{key}”的对象，请核对{procedure.label}所涉对象的编号"]}
        ) from None


def organisation_of(code: str | None) -> Organisation | None:
    if code is None:
        return None
    body = Organisation.objects.filter(code=code).first()
    if body is None:
        raise BadFacts({"organisation": [f"没有代码为“{code}”的机构"]})
    return body


def previous_of(procedure: Procedure, request: Request, number: str | None) -> Case | None:
    """The returned case that is filed again: an ended one of the same kind, filed by the person's own body."""
    if number is None:
        return None
    actor = current(request)
    own = visible_to(actor).filter(kind=procedure.code, closed_at__isnull=False)
    case = own.filter(own_filing(actor), number=number).first()
    if case is None:
        raise BadFacts(
            {"previous": [f"没有编号为“{number}”、由本单位或者本人提交并已退回的{procedure.label}"]}
        )
    return case
