"""Needs as people meet them: looking first, raising one, all that the city's bodies lack."""

from __future__ import annotations

from urllib.parse import urlencode

import clock
from accounts.actors import Actor, current
from accounts.models import Organisation, Role
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procedures import registry

from catalog.compile.paging import pager
from catalog.demands import guards, likely, queries

SIZE = 20
LONGEST = 200


def _text(request: HttpRequest, most: int) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[:most]


def _reader(request: HttpRequest) -> Actor:
    """The person, who works at a body of public data. Raises PermissionDenied."""
    actor = current(request)
    if not queries.may_see(actor):
        raise PermissionDenied("数据需求由政务部门、公共服务组织提出和查看；企业和个人可以申请公共数据开放。")
    return actor


def _asking(actor: Actor) -> Organisation | None:
    """The body for which the person raises a need."""
    bodies = [post.organisation for post in actor.posts if post.role == Role.OFFICER]
    return next((body for body in bodies if guards.may_file(body) is None), None)


@require_safe
@never_cache
@login_required
def needs(request: HttpRequest) -> HttpResponse:
    """数据需求 of the city, by state."""
    actor, text = _reader(request), _text(request, 100)
    states = registry.get(queries.KIND).states
    state = request.GET.get("state", "")
    state = state if state in states else ""
    page = Paginator(queries.needs(state, text), SIZE).get_page(request.GET.get("page"))
    counted = queries.by_state()
    still = sum(count for code, _label, count in counted if not states[code].outcome)
    context = {
        "rows": queries.told(list(page.object_list), actor, clock.today()),
        "tabs": [
            ("对接中", still, _address("", text), not state),
            *(
                (label, n, _address(code, text), code == state)
                for code, label, n in counted
                if n or code == state
            ),
        ],
        "state": state,
        "text": text,
        "may": _asking(actor) is not None,
        "pager": pager(page.number, page.paginator.num_pages, lambda number: _address(state, text, number)),
    }
    return render(request, "catalog/demands/list.html", context)


def _address(state: str, text: str, page: int = 1) -> str:
    said = {"state": state, "q": text, "page": page if page > 1 else ""}
    return f"?{urlencode({key: value for key, value in said.items() if value})}"


@require_safe
@never_cache
@login_required
def need(request: HttpRequest) -> HttpResponse:
    """Looking through the catalogue for what is needed; only then a need is raised."""
    actor, text = _reader(request), _text(request, LONGEST)
    body = _asking(actor)
    states = registry.get(queries.KIND).states
    near = alike = None
    if text:
        near = likely.entries(text, without=body.pk if body is not None else None)
        alike = [(one, states[one.case.state].label) for one in queries.alike(text)]
    context = {
        "text": text,
        "near": near,
        "alike": alike,
        "file": _filing(body, text) if body is not None else "",
    }
    return render(request, "catalog/demands/new.html", context)


def _filing(body: Organisation, text: str) -> str:
    address = reverse("web:file", args=[queries.KIND, body.code])
    return f"{address}?{urlencode({'as': body.code, 'items': text})}"
