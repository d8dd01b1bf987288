"""待办: the lists, their export, and handing several cases over at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import clock
from accounts.actors import Actor, current
from accounts.models import User
from datacentre.formats import MEDIA, csv_table
from deadlines.workdays import Calendar
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from procedures.actions import reassign
from procedures.models import Case
from procedures.queries import visible_to
from procedures.refusals import Refused

from web import worklistpage, worklistviews
from web.context import frame_of
from web.models import WorklistView
from web.queries import applications
from web.queries import worklist as lists
from web.queries.worklist import Wanted
from web.views.mine import mine
from web.worklistrows import Rows

#: So many rows leave in one export; more is told in its last line.
EXPORTED = 10_000
HEADER = ("编号", "事项", "标题", "状态", "其他当事方", "期限", "截止日", "剩余", "经办人")


@require_safe
@never_cache
@login_required
def worklist(request: HttpRequest) -> HttpResponse:
    """待办, or for those who only ask: their applications."""
    actor = current(request)
    if not applications.handles_cases(actor):
        return mine(request)
    asked = worklistpage.wanted(request.GET)
    calendar = frame_of(request).calendar
    page = worklistpage.build(asked, actor, clock.today(), clock.now(), calendar)
    return render(request, "web/worklist.html", {"page": page})


@require_safe
@never_cache
@login_required
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as asked for, as CSV: formulas disarmed, read in pages like the list itself."""
    asked = worklistpage.wanted(request.GET)
    rows = _exported(replace(asked, after=None), current(request), frame_of(request).calendar)
    response = StreamingHttpResponse(csv_table(HEADER, rows), content_type=MEDIA["csv"])
    response["Content-Disposition"] = f'attachment; filename="worklist-{clock.today().isoformat()}.csv"'
    return response


def _exported(asked: Wanted, actor: Actor, calendar: Calendar) -> Iterator[list[str]]:
    today = clock.today()
    span = lists.spans(today, calendar).get(asked.due)
    list_ = Rows(actor, asked.tab, today, calendar)
    sent = 0
    while asked.tab != "drafts":
        page = lists.page(asked, actor, span=span, size=500)
        for found in page.lines:
            row = list_.row(found)
            left = row.limit.due.words if row.limit.due else ""
            cells = (
                row.number, row.kind, row.title, row.step, row.parties, row.clock, row.day, left, row.handler
            )  # fmt: skip
            yield [cell.replace("\u00a0", " ") for cell in cells]
        sent += len(page.lines)
        if page.next is None:
            return
        if sent >= EXPORTED:
            yield [f"只导出前 {EXPORTED} 件，请用条件缩小范围后再导出"]
            return
        asked = replace(asked, after=page.next)


@require_POST
@never_cache
@login_required
def hand_over(request: HttpRequest) -> HttpResponse:
    """Give the ticked cases to one of the body's people; each is its own act. Answers are never given in bulk."""
    actor, chosen = current(request), request.POST.get("to", "")
    if not lists.leads(actor):
        raise PermissionDenied("只有本单位负责人可以转办本单位的办件。没有做任何改动。")
    keys = [key for key in request.POST.getlist("case") if key.isdigit()][:200]
    to = User.objects.filter(pk=chosen).first() if chosen.isdigit() and len(chosen) < 18 else None
    if (chosen and to is None) or not keys:
        messages.warning(request, "没有选择办件或者人员，没有转办。")
        return redirect(_back(request))
    cases = list(visible_to(actor).filter(pk__in=keys))
    done, refused = _hand_over(cases, to, actor)
    if done:
        messages.success(request, f"已把 {done} 件{f'转办给{to.name}' if to else '退回本单位待办'}。")
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect(_back(request))


def _hand_over(cases: list[Case], to: User | None, actor: Actor) -> tuple[int, list[str]]:
    done, refused = 0, []
    for case in cases:
        try:
            reassign(case, to=to, by=actor, at=clock.now())
            done += 1
        except Refused as refusal:
            refused.append(f"{case.number} 没有转办：{refusal.message}")
    return done, refused


@require_POST
@never_cache
@login_required
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the list that the address asks for under a name."""
    query = worklistpage.query_text(worklistpage.wanted(request.GET))
    try:
        view = worklistviews.keep(current(request).user, request.POST.get("name", ""), query)
    except Refused as refusal:
        messages.warning(request, f"没有保存视图：{refusal.message}")
    else:
        messages.success(request, f"已保存视图“{view.name}”，在清单上方随时打开。")
    return redirect(_back(request))


@require_POST
@never_cache
@login_required
def drop_view(request: HttpRequest, key: int) -> HttpResponse:
    try:
        name = worklistviews.drop(current(request).user, key)
    except WorklistView.DoesNotExist:
        raise Http404(key) from None
    messages.success(request, f"已删除视图“{name}”。")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The same list again."""
    query = worklistpage.address(worklistpage.wanted(request.GET))
    return f"{reverse('web:worklist')}{query if query != '?' else ''}"
