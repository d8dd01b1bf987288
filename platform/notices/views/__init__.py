"""One's own box."""

from __future__ import annotations

import clock
from accounts import actors
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from notices import actions, queries
from notices.forms import PlaceForm, PreferenceForm
from notices.models import Notice, Preference


@never_cache
@require_GET
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Unread ones first, then the read ones, page by page."""
    place = PlaceForm(request.GET)
    before = place.cleaned_data["before"] if place.is_valid() else None
    old = queries.read_page(request.user, before=before)
    chosen = Preference.objects.filter(user=request.user).first()
    context = {
        "new": [] if before else queries.unread_page(request.user),
        "old": old[: queries.PAGE],
        "older": old[queries.PAGE - 1].pk if len(old) > queries.PAGE else None,
        "preference": PreferenceForm(instance=chosen or Preference(user=request.user)),
        "pushes": queries.may_subscribe(actors.current(request)),
    }
    return render(request, "notices/inbox.html", context)


@never_cache
@require_GET
@login_required
def badge(request: HttpRequest) -> HttpResponse:
    """How many are unread, as a piece of the header."""
    return render(request, "notices/_badge.html", {"count": queries.badge(queries.unread(request.user))})


@never_cache
@require_GET
@login_required
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(queries.box(request.user), pk=pk)
    return render(request, "notices/notice.html", {"notice": notice, "case": case_address(notice)})


@require_POST
@login_required
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read, and go where it points: to the case, or to the notice itself."""
    notice = get_object_or_404(queries.box(request.user), pk=pk)
    actions.mark_read(request.user, pk, at=clock.now())
    return redirect(case_address(notice) or reverse("notices:open", args=[pk]))


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all that the page showed as read; the page says which was its newest."""
    place = PlaceForm({"before": request.POST.get("up_to", "")})
    if place.is_valid() and place.cleaned_data["before"]:
        actions.mark_all_read(request.user, up_to=place.cleaned_data["before"], at=clock.now())
    return redirect("notices:inbox")


@require_POST
@login_required
def preference(request: HttpRequest) -> HttpResponse:
    wanted = "mail" in request.POST
    actions.set_mail(request.user, wanted)
    text = _("通知同时发到您的邮箱。") if wanted else _("通知只在站内显示，不发邮件。")
    messages.success(request, text)
    return redirect("notices:inbox")


def case_address(notice: Notice) -> str:
    """Where the case of a notice is shown; "" when it has none."""
    if notice.outgoing.case is None:
        return ""
    try:
        return reverse("web:case", args=[notice.outgoing.case.number])
    except NoReverseMatch:  # the case pages belong to an app above this one, which may be absent
        return ""
