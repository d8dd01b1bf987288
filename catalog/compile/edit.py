"""One draft: its elements, its items. Whatever is sent is kept; what stands in the way is shown beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import clock
from accounts.actors import Actor, current
from accounts.models import Organisation
from datacentre.models import Holding
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from procedures.refusals import Refused

from catalog import drafts
from catalog.compile import forms, reading
from catalog.compile.conflict import differences
from catalog.compile.views import body_of, compiler, home
from catalog.models import Condition, Draft
from catalog.norm.content import MOST_ITEMS, read
from catalog.rules import SecretMatter

#: Problems that the list names at once; the rest unfold.
_NAMED = 8


def find(request: HttpRequest, pk: int) -> tuple[Draft, Actor]:
    """A draft that the person may see. Raises Http404."""
    actor = current(request)
    seen = Draft.objects.visible_to(actor).select_related("provider", "entry__provider", "case", "changed_by")
    draft = seen.filter(pk=pk).first()
    if draft is None:
        raise Http404(str(pk))
    return draft, actor


def writable(draft: Draft, actor: Actor) -> bool:
    """Whether it may be changed on these pages now."""
    return (
        drafts.may_edit(draft.provider, actor)
        and draft.stage == Draft.Stage.EDITING
        and draft.case_id is None
        and draft.kind != Draft.Kind.REMOVE
    )


def frame(draft: Draft | None, body: Organisation, here: str) -> dict[str, Any]:
    """What every page of a draft has: where it stands, its parts, the way back."""
    return {"draft": draft, "body": body, "home": home(body), "parts": _parts(draft, here), "here": here}


def _parts(draft: Draft | None, here: str) -> list[tuple[str, str, bool, bool]]:
    """(label, address, current, something to mend) of the parts of a draft."""
    if draft is None:
        return [("条目", "", True, False)]
    wrong = {problem["field"] for problem in draft.problems}
    count = len(draft.content.get("items", []))
    return [
        ("条目", reverse("catalog:compile:draft", args=[draft.pk]), here == "form", bool(wrong - {"items"})),
        (
            f"信息项 {count}",
            reverse("catalog:compile:items", args=[draft.pk]),
            here == "items",
            "items" in wrong,
        ),
        ("重复核对", reverse("catalog:compile:twins", args=[draft.pk]), here == "twins", False),
        ("预览", reverse("catalog:compile:preview", args=[draft.pk]), here == "preview", False),
    ]


def summary(draft: Draft | None, problems: Sequence[Mapping[str, Any]], here: str) -> dict[str, Any]:
    """The list of what is to be mended: the first ones open, the others folded."""
    listed = forms.links(problems, draft, here)
    return {"problems": listed[:_NAMED], "more_problems": listed[_NAMED:], "problem_count": len(listed)}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    actor = compiler(request)
    body = body_of(request, actor)
    if request.method != "POST":
        return _form(request, None, body, {})
    given = {**reading.elements(request.POST), "conditions": reading.conditions(request.POST)}
    return _keep_elements(request, None, body, given, actor)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    found, actor = find(request, pk)
    if not writable(found, actor):
        return _not_now(request, found)
    if request.method != "POST":
        return _form(request, found, found.provider, drafts.written(found), problems=found.problems)
    sent = {**reading.elements(request.POST), "conditions": reading.conditions(request.POST)}
    return _keep_elements(request, found, found.provider, {**drafts.written(found), **sent}, actor)


def _not_now(request: HttpRequest, found: Draft) -> HttpResponse:
    """What cannot be written in just now is read instead; what was sent to it is refused."""
    if request.method == "POST":
        raise PermissionDenied(f"“{found.name}”{found.get_stage_display()}，现在不能修改。")
    return redirect("catalog:compile:preview", found.pk)


def _keep_elements(
    request: HttpRequest, found: Draft | None, body: Organisation, given: dict[str, Any], actor: Actor
) -> HttpResponse:
    try:
        kept = drafts.keep(
            body,
            given,
            draft=found,
            holding=_holding(request, body),
            secret=bool(request.POST.get("secret")),
            seen=_seen(request) if found else None,
            at=clock.now(),
            by=actor,
        )
    except SecretMatter as refusal:
        # Nothing of it may go into an answer either.
        messages.error(request, refusal.message)
        return HttpResponseRedirect(home(body))
    except drafts.Overtaken as overtaken:
        return _form(request, overtaken.draft, body, given, refusal=overtaken, theirs=overtaken.draft)
    except Refused as refusal:
        return _form(request, found, body, given, refusal=refusal)
    return _kept(request, kept, "form")


def _kept(request: HttpRequest, kept: Draft, here: str) -> HttpResponse:
    """After saving: on to what the button said, with the number of things left to mend."""
    left = len(kept.problems)
    messages.success(request, f"已保存，还有 {left} 处待改正。" if left else "已保存，没有待改正的地方。")
    onward = {
        "items": "catalog:compile:items",
        "twins": "catalog:compile:twins",
        "preview": "catalog:compile:preview",
    }
    wanted = request.POST.get("do", "")
    if wanted == "list":
        return HttpResponseRedirect(home(kept.provider))
    if wanted in onward:
        return redirect(onward[wanted], kept.pk)
    address = reverse("catalog:compile:draft" if here == "form" else "catalog:compile:items", args=[kept.pk])
    if here == "items" and (page := request.POST.get("page", "")).isdigit():
        address = f"{address}?page={page[:4]}"
    return HttpResponseRedirect(address)


def _seen(request: HttpRequest) -> datetime | None:
    try:
        return parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        return None


def _holding(request: HttpRequest, body: Organisation) -> Holding | None:
    code = request.POST.get("holding", "")
    return Holding.objects.filter(owner=body, code=code, entry=None).first() if code else None


def _form(
    request: HttpRequest,
    found: Draft | None,
    body: Organisation,
    given: dict[str, Any],
    *,
    problems: Sequence[Mapping[str, Any]] = (),
    refusal: Refused | None = None,
    theirs: Draft | None = None,
) -> HttpResponse:
    """The page of the elements, with what was written in it."""
    on = clock.today()
    if refusal is not None and given:
        problems = _judged(found, given, on)
    holdings = Holding.objects.filter(owner=body, entry=None).order_by("name")[:200]
    context = {
        **frame(found, body, "form"),
        **summary(found, problems, "form"),
        "groups": forms.groups(given, problems, on, forms.offered(body, on)),
        "terms": forms.terms(given, problems, on),
        "checks": Condition.Check.choices,
        "term_problems": [p["message"] for p in problems if p["field"] == "conditions" and p["row"] is None],
        "holding_problems": [p["message"] for p in problems if p["field"] == "holding"],
        "chosen_holding": request.POST.get("holding", ""),
        "holdings": [] if found and found.holding_id else holdings,
        "item_codes": [item["code"] for item in given.get("items") or [] if item.get("code")][:300],
        "seen": found.changed_at.isoformat() if found else "",
        "refusal": refusal,
        "differences": _differences(theirs, given),
        "theirs": theirs,
        "narrow_sharing": given.get("sharing_type", "") not in ("", "unconditional"),
    }
    return render(request, "catalog/compile/form.html", context, status=refusal.status if refusal else 200)


def _judged(found: Draft | None, given: Mapping[str, Any], on: date) -> list[dict[str, Any]]:
    """What would be wrong with it if it had been kept."""
    content, unread = read(given, on=on)
    draft = found or Draft()
    return [drafts.as_json(problem) for problem in unread + drafts.problems_of(draft, content)]


def _differences(theirs: Draft | None, given: Mapping[str, Any]) -> list[Any]:
    return differences(drafts.written(theirs), given) if theirs is not None else []


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """The items of a draft, fifty on a page; a page is saved by itself, and a pasted block is added at the end."""
    found, actor = find(request, pk)
    if not writable(found, actor):
        return _not_now(request, found)
    asked = request.POST.get("page") or request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    if request.method != "POST":
        return _items(request, found, drafts.written(found), found.problems, page)
    given = drafts.written(found)
    start = (forms.items(given, (), clock.today(), page).page - 1) * forms.ITEMS_A_PAGE
    paste = request.POST.get("paste", "")
    added = reading.pasted(paste)
    rows = _arranged(reading.items(request.POST), request.POST.get("do", ""))
    given["items"] = [*given["items"][:start], *rows, *given["items"][start + forms.ITEMS_A_PAGE :], *added]
    if len(given["items"]) > MOST_ITEMS:
        given["items"] = given["items"][: len(given["items"]) - len(added)]
        told = f"一个条目最多 {MOST_ITEMS} 个信息项，加上粘贴的 {len(added)} 行就超过了。没有保存，请减少以后再保存"
        return _items(request, found, given, found.problems, page, drafts.DraftRefused(told), paste=paste)
    try:
        kept = drafts.keep(
            found.provider,
            given,
            draft=found,
            seen=_seen(request),
            at=clock.now(),
            by=actor,
        )
    except SecretMatter as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(home(found.provider))
    except drafts.Overtaken as overtaken:
        fresh = drafts.written(overtaken.draft)
        return _items(
            request, overtaken.draft, {**fresh, "items": given["items"]}, (), page, overtaken, theirs=fresh
        )
    except Refused as refusal:
        return _items(request, found, given, found.problems, page, refusal, paste=paste)
    return _kept(request, kept, "items")


def _arranged(rows: list[dict[str, Any]], do: str) -> list[dict[str, Any]]:
    """The rows of the page after the button of one row: up-3, down-3 or drop-3, counted from 0 on the page."""
    act, _, number = do.partition("-")
    if act not in ("up", "down", "drop") or not number.isdigit() or int(number) >= len(rows):
        return rows
    place = int(number)
    row = rows.pop(place)
    if act != "drop":
        rows.insert(max(0, place + (-1 if act == "up" else 1)), row)
    return rows


def _items(
    request: HttpRequest,
    found: Draft,
    given: dict[str, Any],
    problems: Sequence[Mapping[str, Any]],
    page: int,
    refusal: Refused | None = None,
    *,
    theirs: Mapping[str, Any] | None = None,
    paste: str = "",
) -> HttpResponse:
    on = clock.today()
    if refusal is not None:
        problems = _judged(found, given, on)
    table = forms.items(given, problems, on, page)
    context = {
        **frame(found, found.provider, "items"),
        **summary(found, [p for p in problems if p["field"] == "items"], "items"),
        "table": table,
        "seen": found.changed_at.isoformat(),
        "paste": paste,
        "most": MOST_ITEMS,
        "refusal": refusal,
        "theirs": found if theirs is not None else None,
        "differences": differences(theirs, given) if theirs is not None else [],
        "turns": [
            (number, f"?page={number}", number == table.page)
            for number in range(1, table.pages + 1)
            if table.pages > 1
        ],
        "elsewhere": len(found.problems) - sum(p["field"] == "items" for p in found.problems),
    }
    return render(request, "catalog/compile/items.html", context, status=refusal.status if refusal else 200)
