"""How the limits of law are kept: the dashboard, the breaches one by one, and both as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from typing import Any

import clock
from accounts.actors import Actor, current
from audit.trail import Entry, record
from deadlines.queries import current_calendar
from deadlines.workdays import day_of
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from web.context import Frame

from security import export
from security.pages import Question, overdue_rows, overview
from security.paging import page
from security.queries import tally
from security.queries.overdue import overdue
from security.scope import Scope

MOST_ROWS = 100_000


def supervision(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For those with a part in supervision; the view gets their scope. Visitors sign in, all others are refused."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, Scope.required(current(request)), *args, **kwargs)

    return guarded


@supervision
@require_safe
def oversight(request: HttpRequest, scope: Scope) -> HttpResponse:
    at, actor = clock.now(), current(request)
    question = Question.of(request.GET, day_of(at), scope)
    shown = overview(
        question, actor, scope, at=at, calendar=Frame(request).calendar, every="all" in request.GET
    )
    return render(request, "security/oversight.html", shown)


@supervision
@require_safe
def overdue_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    at, actor = clock.now(), current(request)
    question = Question.of(request.GET, day_of(at), scope)
    found, pager = page(overdue(question.period, scope, body=question.body, label=question.label), request)
    rows = overdue_rows(found, actor, today=day_of(at), calendar=current_calendar())
    context = {"rows": rows, "pager": pager, "question": question, "scope": scope}
    return render(request, "security/overdue.html", context)


@supervision
@require_safe
def figures_csv(request: HttpRequest, scope: Scope) -> StreamingHttpResponse:
    at = clock.now()
    period = Question.of(request.GET, day_of(at), scope).period
    found = tally.groups(period.first, period.until, scope, today=day_of(at), calendar=current_calendar())
    _exported(current(request), "figures", period.key, at)
    return _csv(export.lines(export.FIGURES, export.figures(found)), f"期限履行-{period.key}.csv")


@supervision
@require_safe
def overdue_csv(request: HttpRequest, scope: Scope) -> StreamingHttpResponse:
    at, actor = clock.now(), current(request)
    question = Question.of(request.GET, day_of(at), scope)
    found = overdue(question.period, scope, body=question.body, label=question.label)[:MOST_ROWS]
    rows = overdue_rows(found.iterator(2000), actor, today=day_of(at), calendar=current_calendar())
    _exported(actor, "overdue", question.period.key, at)
    return _csv(export.lines(export.OVERDUE, export.overdue(rows)), f"逾期明细-{question.period.key}.csv")


def _exported(actor: Actor, what: str, period: str, at: datetime) -> None:
    post = next(iter(actor.posts), None)
    record(
        Entry(
            action="oversight:export",
            actor=actor,
            object_kind="oversight",
            object_id=what,
            at=at,
            organisation=post.organisation.name if post else "",
            after={"period": period},
        )
    )


def _csv(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
