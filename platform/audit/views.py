"""The auditors' pages: search, one event, export, verification. Nothing here can change the trail."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import wraps
from typing import Any

import clock
from accounts.actors import current
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from audit import actions, book, names, queries
from audit.export import NothingSealed
from audit.forms import DaysForm, PlaceForm, SearchForm
from audit.models import Seal

#: How many events one request may export or verify; more goes over the command line.
LIMIT = 200_000


def auditors_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For holders of the audit post; visitors sign in first, everybody else is refused."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not queries.may_audit(current(request)):
            raise PermissionDenied(_("审计轨迹只供审计管理员查阅。"))
        return view(request, *args, **kwargs)

    return guarded


@auditors_only
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """The newest events, or those that are looked for."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/trail.html", {"form": form}, status=400)
    before = form.cleaned_data["before"]
    page = actions.search(current(request), form.search(), at=clock.now(), before=before)
    onward = request.GET.copy()
    onward["before"] = page.older
    further = ("actor", "organisation", "object_kind", "request_id")
    narrowed = any(form.cleaned_data[name] for name in further)
    context = {
        "form": form,
        "page": page,
        "narrowed": narrowed,
        "onward": onward.urlencode() if page.older else "",
        "deep": before,
    }
    return render(request, "audit/trail.html", context)


@auditors_only
@require_GET
def event(request: HttpRequest, pk: int) -> HttpResponse:
    actor = current(request)
    found = get_object_or_404(queries.visible_to(actor).select_related("link"), pk=pk)
    body = json.loads(found.body)
    context = {
        "event": found,
        "body": body,
        "way": names.way_of(body["actor"]["via"]),
        "link": getattr(found, "link", None),
        "bases": queries.bases(body["cites"]),
        "changes": queries.changes(body),
        "neighbours": queries.neighbours(actor, found),
    }
    actions.note_read(actor, found, at=clock.now())
    return render(request, "audit/event.html", context)


@auditors_only
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """A range as an archive with its own verifier."""
    form = DaysForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
        try:
            made = actions.export(current(request), file, *form.moments(), at=clock.now(), limit=LIMIT)
            file.seek(0)
            return FileResponse(file, as_attachment=True, filename=made.name, content_type="application/zip")
        except (NothingSealed, actions.TooMuch) as refusal:
            file.close()
            form.add_error(None, str(refusal))
    return render(request, "audit/export.html", {"form": form, "limit": LIMIT})


@auditors_only
@require_http_methods(["GET", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    """The last verification and the seals; a range can be verified here and now."""
    actor = current(request)
    form, place = DaysForm(request.POST if request.method == "POST" else None), PlaceForm(request.GET)
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.check(actor, *form.moments(), at=clock.now(), limit=LIMIT)
        except actions.TooMuch as refusal:
            form.add_error(None, str(refusal))
    last = queries.last_check(actor)
    seals = queries.seals(actor, before=place.cleaned_data["before"] if place.is_valid() else None)
    context = {
        "form": form,
        "report": report,
        "last": last,
        "outcome": json.loads(last.body)["after"] if last else None,
        "seals": seals[: queries.PAGE],
        "older": seals[queries.PAGE - 1].number if len(seals) > queries.PAGE else None,
    }
    return render(request, "audit/verification.html", context)


@auditors_only
@require_GET
def seal_book(request: HttpRequest) -> StreamingHttpResponse:
    """All seals, one a line, to be kept outside."""
    lines = (book.line(seal) + "\n" for seal in Seal.objects.order_by("number").iterator())
    actions.note_seals_taken(current(request), at=clock.now())
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    response["Content-Disposition"] = 'attachment; filename="seals.jsonl"'
    return response
