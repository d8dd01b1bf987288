"""Disputes and suggestions of the reader's bodies, and where a dispute begins about what nobody has catalogued."""

from __future__ import annotations

from accounts.actors import Actor, current
from accounts.models import Role
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog.disputes import guards, queries
from catalog.models.entries import compiles


@require_safe
@never_cache
@login_required
def disputes(request: HttpRequest) -> HttpResponse:
    """主体争议和修改建议."""
    actor = current(request)
    if not (compiles(actor) or actor.holds(Role.AUDITOR)):
        raise PermissionDenied("主体争议由提供公共数据的单位和数据主管部门办理。")
    context = {
        "disputes": queries.disputes(actor),
        "suggestions": queries.suggestions(actor),
        "limit": queries.SHOWN,
        "begin": _begin(actor),
    }
    return render(request, "catalog/disputes.html", context)


def _begin(actor: Actor) -> str:
    """Where the reader raises a dispute about data without an entry; empty for those who may not."""
    for post in actor.posts:
        if post.role == Role.OFFICER and guards.may_dispute(post.organisation) is None:
            return reverse("web:file", args=["body-dispute", post.organisation.code])
    return ""
