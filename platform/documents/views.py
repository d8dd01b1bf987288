"""A paper for those who may see its case, and the public desk where anyone checks one."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from documents import actions, grid, pace, queries
from documents.codes import EXAMPLE, BadCode, read_code
from documents.forms import FileCheck
from documents.letter import letter
from documents.models import Paper
from documents.verification import of_paper


def _find(request: HttpRequest, number: str) -> Paper:
    found = queries.paper_for(current(request), number)
    if found is None:
        raise Http404(number)
    return found


@require_safe
@never_cache
@login_required
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The letter on its sheets. 404 for all who may not see the case, whether the paper exists or not."""
    said = letter(_find(request, number))
    return render(request, "documents/letter.html", {"letter": said, "sheets": grid.sheets(said)})


@require_safe
@never_cache
@login_required
def download(request: HttpRequest, number: str) -> HttpResponse:
    """The letter as PDF."""
    found = _find(request, number)
    response = HttpResponse(actions.hand_out(found, at=clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{found.title} {found.number}.pdf")
    return response


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The desk; with ?code= (typed, or from the QR code) also the answer."""
    typed = request.GET.get("code", "").strip()
    if "code" not in request.GET:
        return _desk(request)
    at = clock.now()
    if wait := pace.wait(request.META.get("REMOTE_ADDR", ""), at=at):
        return _too_fast(request, wait, typed=typed)
    try:
        code = read_code(typed)
    except BadCode as fault:
        return _desk(request, typed=typed, fault=str(fault), status=400)
    return _desk(request, typed=code, verdict=of_paper(queries.paper_by_code(code), asked=code, at=at))


@require_POST
@never_cache
def verify_file(request: HttpRequest) -> HttpResponse:
    """The answer for a file or a digest."""
    at = clock.now()
    if wait := pace.wait(request.META.get("REMOTE_ADDR", ""), at=at):
        return _too_fast(request, wait)
    form = FileCheck(request.POST, request.FILES)
    if not form.is_valid():
        return _desk(request, form=form, status=400)
    digest = form.cleaned_data["digest"]
    found = queries.paper_by_digest(digest)
    return _desk(request, verdict=of_paper(found, asked=digest, at=at, what="file"))


def _desk(request: HttpRequest, *, status: int = 200, **said: Any) -> HttpResponse:
    context = {"form": FileCheck(), "example": EXAMPLE, **said}
    return render(request, "documents/verify.html", context, status=status)


def _too_fast(request: HttpRequest, wait: int, **said: Any) -> HttpResponse:
    response = _desk(request, wait=wait, most=pace.MOST, status=429, **said)
    response["Retry-After"] = str(wait)
    return response
