"""The list of what a body compiles, and what is done to whole drafts from there."""

from __future__ import annotations

from urllib.parse import urlencode

import clock
from accounts.actors import Actor, current
from accounts.models import Organisation
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procedures.refusals import Refused

from catalog import drafts, twins
from catalog.compile import worklist
from catalog.compile.paging import pager
from catalog.models import Draft, Entry
from catalog.models.entries import compiles

#: The most drafts that one click throws away.
_MOST_AT_ONCE = worklist.SIZE


def compiler(request: HttpRequest) -> Actor:
    """The person, who compiles for some body. Raises PermissionDenied."""
    actor = current(request)
    if not compiles(actor):
        raise PermissionDenied("目录由政务部门和公共服务组织编制。")
    return actor


def body_of(request: HttpRequest, actor: Actor) -> Organisation:
    """The body that the address or the form names, or the person's first."""
    own = worklist.bodies(actor)
    code = request.POST.get("as") or request.GET.get("as", "")
    return next((body for body in own if body.code == code), own[0])


def home(body: Organisation, **query: str) -> str:
    """The address of the body's list."""
    return f"{reverse('catalog:compile')}?{urlencode({'as': body.code, **query})}"


@require_safe
@never_cache
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    actor = compiler(request)
    body = body_of(request, actor)
    page = worklist.page(body, worklist.Wanted.of(request.GET), actor)
    wanted = page.wanted
    context = {
        "page": page,
        "wanted": wanted,
        "tabs": _tabs(page),
        "sorts": worklist.SORTS.items(),
        "kinds": worklist.KINDS.items(),
        "clear": wanted.query(body, text="", stage="", kind="", type="", problem="", sort="changed"),
        "mends": [
            (mend, wanted.query(body, problem="" if mend.field == wanted.problem else mend.field, stage=""))
            for mend in page.mends
        ],
        "problem_label": next((m.label for m in page.mends if m.field == wanted.problem), wanted.problem),
        "without_problem": wanted.query(body, problem=""),
        "pager": pager(wanted.page, page.pages, lambda n: wanted.query(body, page=n), _of(page)),
    }
    return render(request, "catalog/compile/list.html", context)


def _of(page: worklist.Page) -> str:
    first = (page.wanted.page - 1) * worklist.SIZE + 1
    last = min(page.count, page.wanted.page * worklist.SIZE)
    return f"第 {first:,}–{last:,} 条，共 {page.count:,} 条" if page.count else ""


def _tabs(page: worklist.Page) -> list[tuple[str, int, str, bool]]:
    total = page.counts["editing"] + page.counts["submitted"] + page.counts["published"]
    tabs = [("全部", total, "")]
    tabs += [(label, page.counts[stage], stage) for stage, label in worklist.STAGES.items()]
    return [
        (label, number, page.wanted.query(page.body, stage=stage), page.wanted.stage == stage)
        for label, number, stage in tabs
    ]


@require_POST
@never_cache
@login_required
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a change of a published entry, or go on with the one that was begun."""
    actor = compiler(request)
    entry = _own_entry(code, actor)
    try:
        begun = drafts.begin_change(entry, at=clock.now(), by=actor)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("catalog:entry", code)
    return redirect("catalog:compile:draft", begun.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Propose that a published entry be withdrawn, with the reason."""
    actor = compiler(request)
    entry = _own_entry(code, actor)
    reason, refusal = request.POST.get("reason", ""), None
    if request.method == "POST":
        try:
            draft = drafts.propose_removal(entry, reason=reason, at=clock.now(), by=actor)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已提出撤销“{entry.name}”，报送后由市数据主管部门审核。")
            return HttpResponseRedirect(home(draft.provider))
    context = {"entry": entry, "reason": reason, "refusal": refusal, "home": home(entry.provider)}
    return render(request, "catalog/compile/remove.html", context, status=refusal.status if refusal else 200)


def _own_entry(code: str, actor: Actor) -> Entry:
    """A published entry of a body for which the person compiles. Raises Http404."""
    entry = get_object_or_404(Entry.objects.published().select_related("provider"), code=code)
    if not drafts.may_edit(entry.provider, actor):
        raise Http404(code)
    return entry


@require_POST
@never_cache
@login_required
def report(request: HttpRequest) -> HttpResponse:
    """The drafts that were ticked: which can be reported, what the others lack, and where they are reported."""
    actor = compiler(request)
    body = body_of(request, actor)
    ready, wanting = [], []
    for draft in _chosen(request, body, actor):
        if draft.problems:
            wanting.append((draft, f"有 {len(draft.problems)} 处待改正", "catalog:compile:draft"))
        elif left := len(twins.unanswered(draft)):
            wanting.append((draft, f"有 {left} 个相近的条目没有核对", "catalog:compile:twins"))
        else:
            ready.append(draft)
    context = {
        "body": body,
        "home": home(body),
        "ready": ready,
        "wanting": [(draft, why, reverse(name, args=[draft.pk])) for draft, why, name in wanting],
        "running": worklist.running(body, actor),
        "update": worklist.update_address(body),
    }
    return render(request, "catalog/compile/report.html", context)


def _chosen(request: HttpRequest, body: Organisation, actor: Actor) -> list[Draft]:
    """The drafts of one page of the list that were ticked."""
    keys = [
        int(key) for key in request.POST.getlist("draft") if key.isascii() and key.isdigit() and len(key) < 19
    ]
    chosen = Draft.objects.visible_to(actor).filter(provider=body, pk__in=keys[:_MOST_AT_ONCE])
    return list(chosen.filter(stage=Draft.Stage.EDITING).select_related("provider"))


@require_POST
@never_cache
@login_required
def discard(request: HttpRequest) -> HttpResponse:
    """Throw away the drafts that were ticked; what a case holds stays, and the message names it."""
    actor = compiler(request)
    body = body_of(request, actor)
    done, kept = 0, []
    for draft in _chosen(request, body, actor):
        try:
            drafts.discard(draft, at=clock.now(), by=actor)
            done += 1
        except Refused as refusal:
            kept.append(refusal.message)
    if done:
        messages.success(request, f"已删除 {done} 条编制中的条目，已发布的目录不受影响。")
    for message in kept[:5]:
        messages.error(request, message)
    if not done and not kept:
        messages.info(request, "没有选择要删除的条目。")
    return HttpResponseRedirect(home(body))
