"""目录版本: the catalogue's and an entry's versions, compared, cited, taken away; and the responsibility lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import clock
from accounts.actors import current
from accounts.models import Organisation
from datacentre.formats import MEDIA, csv_table
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog import responsibility, versions
from catalog.linked import addresses
from catalog.models import Entry, Publication
from catalog.norm.content import shown
from catalog.norm.elements import ENTRY
from catalog.publishing import is_authority
from catalog.standards.keeping import aggregation_norm

SIZE = 50


def _asked(request: HttpRequest, name: str) -> int | None:
    """A number from the address; what is none is left out, as a person expects of an edited address."""
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


def asked_page(request: HttpRequest, rows: Any) -> tuple[list[Any], dict[str, Any]]:
    """One page of rows, and the links around it as the pager wants them."""
    pages = Paginator(rows, SIZE)
    found = pages.get_page(_asked(request, "page") or 1)
    keep = request.GET.copy()
    keep.pop("page", None)
    base = f"?{keep.urlencode()}&page=" if keep else "?page="
    return list(found), {
        "previous": f"{base}{found.previous_page_number()}" if found.has_previous() else "",
        "next": f"{base}{found.next_page_number()}" if found.has_next() else "",
        "of": f"第 {found.start_index()}–{found.end_index()} 条，共 {pages.count} 条"
        if pages.num_pages > 1
        else "",
    }


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    rows, pager = asked_page(request, Publication.objects.select_related("case"))
    context = {"publications": rows, "pager": pager, "may_note": is_authority(current(request))}
    return render(request, "catalog/versions/list.html", context)


@require_safe
def publication(request: HttpRequest, number: int) -> HttpResponse:
    """One version: what it changed against the one before, or the whole way from `against`."""
    found = get_object_or_404(Publication.objects.select_related("case"), number=number)
    against = _asked(request, "against")
    others = list(Publication.objects.exclude(number=number).values_list("number", flat=True)[:100])
    context: dict[str, Any] = {
        "publication": found,
        "others": others,
        "against": None,
        "is_latest": not Publication.objects.filter(number__gt=number).exists(),
        "types": versions.sharing_types(number),
        "identifier": addresses.publication(number),
    }
    if against is not None and against < number and Publication.objects.filter(number=against).exists():
        context |= {"against": against, "between": versions.between(against, number)}
    else:
        made = found.versions.select_related("entry").order_by("entry__code")
        rows, pager = asked_page(request, made)
        context |= {"changes": versions.changes(rows), "pager": pager}
    return render(request, "catalog/versions/publication.html", context)


@require_safe
def publication_csv(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The whole catalogue as it stood at a version, a line an entry, columns by the norm; written as it is read."""
    found = get_object_or_404(Publication, number=number)
    head = ["资源代码", "数据提供单位", "条目版本", *(element.label for element in ENTRY), "信息项"]
    response = StreamingHttpResponse(csv_table(head, _rows(found)), content_type=MEDIA["csv"])
    response["Content-Disposition"] = f'attachment; filename="catalogue-v{number}.csv"'
    return response


def _rows(found: Publication) -> Iterator[list[str]]:
    for version in versions.standing(found.number):
        said = version.content
        items = "、".join(f"{item['name']}（{item['code']}）" for item in said["items"])
        cells = [shown(element, said.get(element.name, element.empty)) for element in ENTRY]
        yield [said["code"], said["provider"]["name"], str(version.number), *cells, items]


@require_safe
def entry_versions(request: HttpRequest, code: str) -> HttpResponse:
    entry = _entry(request, code)
    rows, pager = asked_page(request, entry.versions.select_related("publication").defer("content"))
    return render(
        request, "catalog/versions/entry_list.html", {"entry": entry, "versions": rows, "pager": pager}
    )


@require_safe
def entry_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version of an entry for good: what it said, what it changed; against any other version on demand."""
    entry = _entry(request, code)
    found = get_object_or_404(entry.versions.select_related("publication"), number=number)
    against = _asked(request, "against") or number - 1
    other = entry.versions.filter(number=against).exclude(number=number).first()
    before, after = (found, other) if other and against > number else (other, found)
    return render(
        request,
        "catalog/versions/entry.html",
        {
            "entry": entry,
            "version": found,
            "numbers": range(entry.version, 0, -1) if entry.version <= 200 else [],
            "against": other.number if other else None,
            "first": before.number if before else None,
            "last": after.number if after else None,
            "comparison": versions.compare(before.content, after.content) if before and after else None,
            "groups": versions.told(found.content),
            "items": versions.items_told(found.content),
            "conditions": found.content["conditions"],
            "cited_on": clock.today(),
            "identifier": addresses.version(entry.code, number),
            "forms": addresses.FORMS,
        },
    )


def _entry(request: HttpRequest, code: str) -> Entry:
    actor = current(request) if request.user.is_authenticated else None
    return get_object_or_404(Entry.objects.visible_to(actor).select_related("provider"), code=code)


@require_safe
@never_cache
@login_required
def responsibilities(request: HttpRequest) -> HttpResponse:
    """The bodies whose lists the person may see, each with what has data."""
    actor = current(request)
    if not responsibility.may_see(actor):
        raise PermissionDenied("采集责任清单由编制目录的单位和数据主管部门查看。")
    rows, pager = asked_page(request, responsibility.overview(actor))
    context = {"bodies": rows, "pager": pager, "publication": responsibility.latest()}
    return render(request, "catalog/responsibility/list.html", context)


@require_safe
@never_cache
@login_required
def responsible(request: HttpRequest, body: str) -> HttpResponse:
    """A body's list at a version, and how the body stands against it; `state` leaves only such lines."""
    found = _body(request, body)
    number = _asked(request, "version")
    publication_ = (
        get_object_or_404(Publication, number=number) if number is not None else responsibility.latest()
    )
    told = responsibility.list_of(found, publication_, clock.now())
    state = request.GET.get("state", "")
    lines = [duty for duty in told.duties if duty.state == state] if state else told.duties
    rows, pager = asked_page(request, lines)
    numbers = list(Publication.objects.values_list("number", flat=True)[:100])
    norm = aggregation_norm(clock.today())
    context = {"list": told, "duties": rows, "pager": pager, "state": state, "numbers": numbers, "norm": norm}
    return render(request, "catalog/responsibility/body.html", context)


def _body(request: HttpRequest, code: str) -> Organisation:
    body = responsibility.visible_bodies(current(request)).filter(code=code).first()
    if body is None:
        raise Http404(code)
    return body
