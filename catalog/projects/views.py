"""The list of projects, the systems that are to be merged, what auditors found."""

from __future__ import annotations

from collections import Counter

import clock
from accounts.actors import current
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import LegacySystem, Project
from catalog.models.entries import EDITORS, compiles
from catalog.projects import actions, guards, queries
from catalog.projects.forms import AuditForm, StatusForm, SystemForm
from catalog.publishing import is_authority

SIZE = 20


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """项目清单."""
    year = request.GET.get("year", "")
    wanted = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    kind = request.GET.get("kind", "")
    kind = kind if kind in Project.Kind.values else ""
    page = Paginator(queries.listed(wanted, kind), SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": queries.told(list(page.object_list)),
        "year": wanted,
        "years": queries.years(),
        "kind": kind,
        "kinds": Project.Kind.choices,
        "apply": _apply(request),
        "pager": _pager(page, wanted, kind),
    }
    return render(request, "catalog/projects.html", context)


def _apply(request: HttpRequest) -> str:
    """Where the reader's body applies, if it may."""
    if not request.user.is_authenticated:
        return ""
    for post in current(request).posts:
        if post.role == "officer" and guards.may_file(post.organisation) is None:
            return reverse("web:file", args=["it-project", post.organisation.code])
    return ""


def _pager(page: object, year: int | None, kind: str) -> dict[str, object]:
    def address(number: int) -> str:
        said = {"year": year or "", "kind": kind, "page": number}
        return f"?{urlencode({key: value for key, value in said.items() if value})}"

    pages = page.paginator.num_pages  # type: ignore[attr-defined]
    return {
        "previous": address(page.previous_page_number()) if page.has_previous() else "",  # type: ignore[attr-defined]
        "next": address(page.next_page_number()) if page.has_next() else "",  # type: ignore[attr-defined]
        "pages": [(n, address(n), n == page.number) for n in range(1, pages + 1)] if pages > 1 else [],  # type: ignore[attr-defined]
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def systems(request: HttpRequest) -> HttpResponse:
    """已建平台和系统, for everybody; kept by the city data authority."""
    may = request.user.is_authenticated and is_authority(current(request))
    if request.method == "POST" and not may:
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        raise PermissionDenied("已建平台和系统由市数据主管部门登记。")
    adding = request.method == "POST" and request.POST.get("do") == "add"
    moving = request.method == "POST" and not adding
    add = SystemForm(request.POST if adding else None, label_suffix="")
    move = StatusForm(request.POST if moving else None, initial={"on": clock.today()}, label_suffix="")
    if adding and add.is_valid():
        system = actions.register_system(add.cleaned_data, at=clock.now(), by=current(request))
        messages.success(request, f"“{system.name}”已登记。")
        return redirect("catalog:systems")
    if moving and move.is_valid():
        said = dict(move.cleaned_data)
        system = said.pop("system")
        actions.move_system(system, **said, at=clock.now(), by=current(request))
        messages.success(request, f"“{system.name}”的整合状态已记入。")
        return redirect("catalog:systems")
    rows = list(queries.with_status(LegacySystem.objects.order_by("owner__code", "name")))
    count = Counter(row.status for row in rows)
    context = {
        "systems": rows,
        "counts": [(label, count[code]) for code, label in LegacySystem.Status.choices if count[code]],
        "may": may,
        "add": add,
        "move": move,
    }
    return render(request, "catalog/systems.html", context, status=422 if adding or moving else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def audits(request: HttpRequest) -> HttpResponse:
    """审计结果: a body's own; entered by audit offices, or by the city data authority from their documents."""
    actor = current(request)
    if not (
        queries.reads_all_audits(actor) or any(p.role in EDITORS for p in actor.posts) and compiles(actor)
    ):
        raise PermissionDenied("审计结果由被审计单位、审计机关、财政部门和数据主管部门查看。")
    enters = queries.enters_audits(actor)
    if request.method == "POST" and enters is None:
        raise PermissionDenied("审计结果由审计机关录入，或者由市数据主管部门依审计文书录入。")
    posted = request.method == "POST"
    form = AuditForm(request.POST if posted else None, label_suffix="") if enters is not None else None
    if posted and form is not None and form.is_valid():
        row = actions.enter_audit(form.cleaned_data, at=clock.now(), by=actor)
        messages.success(request, f"“{row.document}”已录入。")
        return redirect("catalog:audits")
    context = {
        "rows": queries.audits(actor)[:200],
        "form": form,
        "everything": queries.reads_all_audits(actor),
    }
    return render(request, "catalog/audits.html", context, status=422 if posted else 200)
