"""Quality on pages: the overview with the ranking, a body's entries by what to mend first, an entry, the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import clock
from accounts.actors import Actor, current
from accounts.models import Organisation
from datacentre.formats import MEDIA, csv_table
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from procedures.refusals import Refused

from catalog import responsibility
from catalog.drafts import may_edit
from catalog.models import Entry, EntryQuality
from catalog.publishing import is_authority
from catalog.quality import charts, mending, ranking, standing
from catalog.quality.declare import RULES, Dimension
from catalog.versionpages import asked_page

#: Rules that the overview names, set-aside entries that it lists.
WORST, ASIDE = 8, 20


def _reader(request: HttpRequest) -> Actor:
    """Somebody who may see the figures of bodies. Raises PermissionDenied."""
    actor = current(request)
    if not responsibility.may_see(actor):
        raise PermissionDenied(
            "数据质量情况由编制目录的单位和数据主管部门查看；单个条目的质量在条目页上公开。"
        )
    return actor


def _month(request: HttpRequest, known: list[date]) -> date | None:
    """The month that the address names, among those there are; the newest for any other."""
    asked = request.GET.get("month", "")
    return next((month for month in known if f"{month:%Y-%m}" == asked), known[0] if known else None)


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """How all bodies stand, in order; what fails most."""
    actor = _reader(request)
    known = ranking.months()
    month = _month(request, known)
    board = ranking.board(month)
    shares = [place.figures.mark or 0.0 for place in board.ranked]
    start = charts.floor(shares)
    aside = []
    if actor.is_system or is_authority(actor):
        failed = EntryQuality.objects.exclude(error="").select_related("entry", "provider")
        aside = list(failed.order_by("looked_at")[:ASIDE])
    context = {
        "board": board,
        "months": known,
        "least": ranking.LEAST,
        "start": start,
        "ranked": [(place, charts.dot(place.figures.mark or 0.0, start)) for place in board.ranked],
        "visible": set(responsibility.visible_bodies(actor).values_list("pk", flat=True)),
        "worst": board.whole.worst[:WORST],
        "rules": len(RULES),
        "trend": _trend(month, None, "全市"),
        "aside": aside,
    }
    return render(request, "catalog/quality/overview.html", context)


def _trend(until: date | None, body: Organisation | None, name: str) -> dict[str, Any] | None:
    """The line of twelve months, and the same as a table."""
    if until is None:
        return None
    rows = ranking.trend(until, body)
    told = [(month, figures) for month, figures in rows if figures.mark is not None]
    said = "，".join(f"{month:%Y-%m} {figures.mark:.1f}%" for month, figures in told)
    chart = charts.Trend([(month, figures.mark) for month, figures in rows], f"{name}逐月：{said}")
    return {"chart": chart, "rows": told, "some": len(told) > 1}


@require_safe
@never_cache
@login_required
def body(request: HttpRequest, body: str) -> HttpResponse:
    """A body's entries, what is to be mended first at the top; `rule` leaves those that fail it."""
    actor = current(request)
    found = _body(actor, body)
    rule = request.GET.get("rule", "")
    rule = rule if rule in RULES else ""
    rows, pager = asked_page(request, standing.of_body(found, rule))
    known = ranking.months()
    board = ranking.board(known[0] if known else None)
    mine = next((one for one in (*board.ranked, *board.unranked) if one.month.body_id == found.pk), None)
    context = {
        "body": found,
        "rows": [standing.of(row) for row in rows],
        "pager": pager,
        "rule": RULES.get(rule),
        "place": mine,
        "ranked": len(board.ranked),
        "least": ranking.LEAST,
        "whole": board.whole,
        "trend": _trend(known[0] if known else None, found, found.short_name),
        "own": may_edit(found, actor),
    }
    return render(request, "catalog/quality/body.html", context)


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, body: str) -> StreamingHttpResponse:
    """A line for each thing to mend, for a spreadsheet."""
    found = _body(current(request), body)
    rule = request.GET.get("rule", "")
    rows = standing.of_body(found, rule if rule in RULES else "").exclude(failing=[])
    table = ([str(cell) for cell in row] for row in standing.table(rows))
    response = StreamingHttpResponse(csv_table(standing.HEADER, table), content_type=MEDIA["csv"])
    response["Content-Disposition"] = f'attachment; filename="quality-{found.code}.csv"'
    return response


def _body(actor: Actor, code: str) -> Organisation:
    found = responsibility.visible_bodies(actor).filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found


@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One entry: every rule with its reason, and each change of an outcome."""
    actor = current(request) if request.user.is_authenticated else None
    found = _entry(code, actor)
    rows, pager = asked_page(request, standing.changes(found))
    own = actor is not None and found.status == Entry.Status.PUBLISHED and may_edit(found.provider, actor)
    by = mending.filer(actor) if actor is not None else None
    context = {
        "entry": found,
        "standing": standing.of_entry(found),
        "changes": [standing.Told(row) for row in rows],
        "pager": pager,
        "own": own,
        "may_doubt": by is not None and by.pk != found.provider_id,
    }
    return render(request, "catalog/quality/entry.html", context)


def _entry(code: str, actor: Actor | None) -> Entry:
    seen = Entry.objects.visible_to(actor).select_related("provider", "holding")
    return get_object_or_404(seen, code=code)


@require_POST
@never_cache
@login_required
def mend(request: HttpRequest, code: str) -> HttpResponse:
    """Go and mend what a rule found: `do` is change (of the entry) or review (of the data)."""
    actor = current(request)
    found = _entry(code, actor)
    stands = standing.of_entry(found)
    said = (
        next((one for one in stands.fails if one.rule.code == request.POST.get("rule")), None)
        if stands
        else None
    )
    try:
        if said is None:
            raise mending.NothingToMend("这一项现在没有不符，不需要改")
        if request.POST.get("do") == "review":
            paper = mending.doubt(found, said, at=clock.now(), by=actor)
            messages.success(request, "已按检查结果起草校核申请，请补充后提交。")
            return redirect("web:draft", paper.pk)
        address = mending.begin(found, said, at=clock.now(), by=actor)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("catalog:entry-quality", code)
    messages.info(request, f"{said.rule.label}：{said.reason}。{said.rule.mend}")
    return redirect(address)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What is looked at, how much it weighs, on what it rests: for everybody."""
    parts = [(d, [rule for rule in RULES.values() if rule.dimension == d]) for d in Dimension]
    context = {"parts": parts, "count": len(RULES), "least": ranking.LEAST}
    return render(request, "catalog/quality/rules.html", context)


@require_safe
@never_cache
@login_required
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule, and the bodies with entries that fail it."""
    actor = _reader(request)
    found = RULES.get(code)
    if found is None:
        raise Http404(code)
    known = ranking.months()
    bodies = list(responsibility.visible_bodies(actor).values_list("pk", flat=True))
    rows, pager = asked_page(request, ranking.by_rule(known[0] if known else None, code, bodies))
    context = {"rule": found, "rows": rows, "pager": pager}
    return render(request, "catalog/quality/rule.html", context)
