"""The drafts that a case holds, for whoever sees the case: listed, filtered, read one by one; marked by who reviews."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from procedures.fields import Pick, Words
from procedures.models import Case
from procedures.queries import visible_to
from procedures.refusals import BadFacts, NoRight, Refused

from catalog import findings, reviewing, versions
from catalog.effects.look import problems, with_entries
from catalog.models import Draft, EntryVersion, SharingType
from catalog.panels.drafts import Line
from catalog.versionpages import asked_page

Finding = Draft.Finding
KINDS = ("catalogue-list", "catalogue-update")
FOUND = (
    ("none", "未标注"),
    (Finding.LEAVE_OUT, "不纳入"),
    (Finding.RETURN, "退回"),
    (Finding.ACCEPT, "纳入"),
)


class RemarkForm(forms.Form):
    """One remark on one draft."""

    finding = Pick(label="意见", choices=[(Finding.LEAVE_OUT, "不纳入"), (Finding.RETURN, "退回")])
    about = forms.ChoiceField(
        label="事由或者要素", choices=[("不纳入的事由", [(c, c) for c in findings.CAUSES]),
                                        ("退回的要素", [(p, p) for p in findings.PLACES])],
    )  # fmt: skip
    item = forms.CharField(
        label="信息项代码", required=False, max_length=60, help_text="要改的是某一信息项时填写。"
    )
    text = Words(label="说明", least=2, most=reviewing.MOST, rows=3)

    def place(self) -> str:
        about, item = self.cleaned_data["about"], self.cleaned_data["item"].strip()
        return f"{about}·{item}" if item else about


def _case(request: HttpRequest, number: str) -> Case:
    case = visible_to(current(request)).filter(number=number, kind__in=KINDS).first()
    if case is None:
        raise Http404(number)
    return case


@require_safe
@never_cache
@login_required
def reviewed(request: HttpRequest, number: str) -> HttpResponse:
    """The list, fifty a page; by words of the name, kind, sharing type, and what was found."""
    case = _case(request, number)
    asked = request.GET
    rows = Draft.objects.filter(case=case).select_related("entry").order_by("name", "pk")
    if text := " ".join(asked.get("q", "").split())[:100]:
        rows = rows.filter(name__icontains=text)
    if (kind := asked.get("kind", "")) in Draft.Kind.values:
        rows = rows.filter(kind=kind)
    if (type_ := asked.get("type", "")) in SharingType.values:
        rows = rows.filter(content__sharing_type=type_)
    found = asked.get("finding", "")
    if found == "none":
        rows = rows.filter(finding="")
    elif found in (Finding.LEAVE_OUT, Finding.RETURN, Finding.ACCEPT):
        rows = rows.filter(finding=found)
    drafts, pager = asked_page(request, rows)
    context = {
        "case": case,
        "lines": [Line.of(draft) for draft in drafts],
        "pager": pager,
        "asked": {"q": text, "kind": kind, "type": type_, "finding": found},
        "filtered": bool(text or kind or type_ or found),
        "kinds": Draft.Kind.choices,
        "types": SharingType.choices,
        "found": FOUND,
        "marks": reviewing.may_mark(case, current(request)),
    }
    return render(request, "catalog/review/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def one(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One draft against what is published, with its problems and remarks; the form for who reviews."""
    case, actor = _case(request, number), current(request)
    draft = get_object_or_404(with_entries(Draft.objects.filter(case=case)), pk=pk)
    form, refusal = RemarkForm(initial={"finding": draft.finding or None}, label_suffix=""), None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "clear":
                reviewing.clear(draft, by=actor, at=clock.now())
                messages.success(request, "标注已清除，本条按纳入处理。")
                return redirect("catalog:reviewed-one", number, pk)
            form = RemarkForm(request.POST, label_suffix="")
            if form.is_valid():
                said = form.cleaned_data
                reviewing.mark(
                    draft, finding=said["finding"], about=form.place(), text=said["text"], by=actor, at=clock.now()
                )  # fmt: skip
                messages.success(request, "已标注，审核时按此处理。")
                return redirect("catalog:reviewed-one", number, pk)
            refusal = BadFacts({name: [str(e) for e in errors] for name, errors in form.errors.items()})
            if not reviewing.may_mark(case, actor):
                refusal = NoRight("由现在审核本件的单位的经办人标注。")
        except BadFacts as bad:
            refusal = bad
            for name, lines in bad.errors.items():
                for line in lines:
                    form.add_error(name, line)
        except Refused as refused:
            refusal = refused
    return render(
        request,
        "catalog/review/one.html",
        _of_draft(case, draft) | {"form": form, "refusal": refusal, "marks": reviewing.may_mark(case, actor)},
        status=refusal.status if refusal else 200,
    )


def _of_draft(case: Case, draft: Draft) -> dict[str, Any]:
    published = (
        EntryVersion.objects.filter(entry=draft.entry, number=draft.base_version).first()
        if draft.entry_id
        else None
    )
    before = published.content if published else {}
    open_ = draft.stage in Draft.OPEN
    return {
        "case": case,
        "draft": draft,
        "line": Line.of(draft),
        "published": published,
        "groups": versions.told(draft.content),
        "items": versions.items_told(draft.content),
        "conditions": draft.content.get("conditions", []),
        "comparison": versions.compare(_side(before), _side(draft.content)) if before else None,
        "problems": problems([draft]).get(draft.pk, []) if open_ else [],
    }


def _side(content: dict[str, Any]) -> dict[str, Any]:
    """A content without what only a published version has."""
    return {name: value for name, value in content.items() if name not in ("status", "provider", "code")}
