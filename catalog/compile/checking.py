"""Before a draft is reported: is it collected already, and how will its public page look."""

from __future__ import annotations

import clock
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from procedures.refusals import BadFacts, Refused

from catalog import drafts, entrypage, twins
from catalog.compile.edit import find, frame, summary, writable


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def twin_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft looks like, with why; the officer says of each why it is no repetition, or refers to it."""
    draft, actor = find(request, pk)
    found = twins.of_draft(draft)
    errors: dict[str, list[str]] = {}
    refusal: Refused | None = None
    if request.method == "POST":
        if not writable(draft, actor):
            raise PermissionDenied(f"“{draft.name}”现在不能修改。")
        said = {
            twin.key: {
                "answer": request.POST.get(f"answer-{twin.key}", ""),
                "reason": request.POST.get(f"reason-{twin.key}", ""),
            }
            for twin in found
            if request.POST.get(f"answer-{twin.key}")
        }
        try:
            draft = twins.answer(draft, said, at=clock.now(), by=actor)
        except BadFacts as error:
            refusal, errors = error, error.errors
        except Refused as error:
            refusal = error
        else:
            left = len(twins.unanswered(draft, found))
            messages.success(
                request, f"已保存，还有 {left} 个没有核对。" if left else "已保存，全部核对完毕。"
            )
            return redirect("catalog:compile:twins", pk)
    context = {
        **frame(draft, draft.provider, "twins"),
        "found": [
            {
                "twin": twin,
                "told": {
                    "answer": request.POST.get(f"answer-{twin.key}", ""),
                    "reason": request.POST.get(f"reason-{twin.key}", ""),
                }
                if refusal
                else draft.twins.get(twin.key, {}),
                "errors": errors.get(twin.key, []),
            }
            for twin in found
        ],
        "left": len(twins.unanswered(draft, found)),
        "writable": writable(draft, actor),
        "refusal": refusal,
    }
    return render(request, "catalog/compile/twins.html", context, status=refusal.status if refusal else 200)


@require_safe
@never_cache
@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as its public page will show it."""
    draft, actor = find(request, pk)
    context = {
        **frame(draft, draft.provider, "preview"),
        **summary(draft, draft.problems, "preview"),
        "writable": writable(draft, actor),
        "may_discard": drafts.may_edit(draft.provider, actor) and draft.stage == draft.Stage.EDITING,
        **entrypage.of_draft(draft, clock.now(), request.GET.get("items", "")),
    }
    return render(request, "catalog/compile/preview.html", context)
