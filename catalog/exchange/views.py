"""The import pages: a file goes up, its dry run is read, it is committed or given up; templates and what one has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import clock
import structlog
from accounts.actors import Actor, current
from accounts.models import Organisation
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError
from procedures.refusals import Refused

from catalog import tasks
from catalog.exchange import marking, runs, template
from catalog.exchange.committing import commit
from catalog.exchange.forms import UploadForm, bodies
from catalog.exchange.pages import Wanted
from catalog.exchange.pages import run_page as context_of
from catalog.models import ImportRun
from catalog.models.entries import compiles
from catalog.norm.content import Content

log = structlog.get_logger(__name__)
#: Runs listed on the page of imports.
_LISTED = 20


def _compiler(request: HttpRequest) -> Actor:
    """The person, who compiles for some body. Raises PermissionDenied."""
    actor = current(request)
    if not compiles(actor):
        raise PermissionDenied("目录由政务部门和公共服务组织编制。")
    return actor


def _run(request: HttpRequest, pk: int) -> tuple[ImportRun, Actor]:
    actor = _compiler(request)
    visible = ImportRun.objects.visible_to(actor).select_related("provider", "created_by", "committed_by")
    return get_object_or_404(visible, pk=pk), actor


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def imports(request: HttpRequest) -> HttpResponse:
    """Upload a file; the newest runs of one's bodies."""
    actor = _compiler(request)
    status = 200
    if request.method == "POST":
        form = UploadForm(actor, request.POST, request.FILES)
        if form.is_valid():
            try:
                run = begin(
                    form.body, form.cleaned_data["file"], source=form.cleaned_data["source"], by=actor
                )
                return redirect("catalog:imports:run", run.pk)
            except Refused as refusal:
                form.add_error("file", refusal.message)
                status = refusal.status
        else:
            status = 422
    else:
        form = UploadForm(actor, initial={"provider": request.GET.get("as", ""), "source": "norm"})
    listed = ImportRun.objects.visible_to(actor).select_related("provider", "created_by").defer("report")
    context = {"form": form, "runs": listed[:_LISTED], "rules": template.RULES, "body": form.bodies[0]}
    return render(request, "catalog/exchange/imports.html", context, status=status)


def begin(provider: Organisation, upload: object, *, source: str, by: Actor) -> ImportRun:
    """Start a run and see to its check: a small file's now, a large one's by the worker."""
    at = clock.now()
    run = runs.start(provider, upload, source=source, at=at, by=by)  # type: ignore[arg-type]
    look(run)
    return run


def look(run: ImportRun) -> None:
    """Check a waiting run now when it is small; else nudge the worker once the transaction stands."""
    if runs.is_small(run):
        runs.check(run, at=clock.now())
    else:
        transaction.on_commit(lambda: nudge(run))


def nudge(run: ImportRun) -> None:
    """Wake the worker. With Redis away the nudge is lost and nothing else: the beat finds the run."""
    try:
        tasks.check_import.delay(run.pk)
    except OperationalError as error:
        log.warning("import.nudge_lost", run=run.pk, error=str(error))


@require_safe
@never_cache
@login_required
def run_page(request: HttpRequest, pk: int) -> HttpResponse:
    run, actor = _run(request, pk)
    context = context_of(run, Wanted.of(request.GET.dict()), actor)
    name = "_progress" if request.headers.get("HX-Request") and context["working"] else "run"
    response = render(request, f"catalog/exchange/{name}.html", context)
    if request.headers.get("HX-Request") and not context["working"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@never_cache
@login_required
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Commit, check again, or give up, as the button says."""
    run, actor = _run(request, pk)
    acts: dict[str, Callable[[], str]] = {
        "commit": lambda: _commit(run, actor),
        "again": lambda: _again(run, actor),
        "discard": lambda: _discard(run, actor),
    }
    chosen = acts.get(request.POST.get("act", ""))
    if chosen is None:
        raise Http404("act")
    try:
        messages.success(request, chosen())
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("catalog:imports:run", run.pk)


def _commit(run: ImportRun, actor: Actor) -> str:
    done = commit(run, at=clock.now(), by=actor)
    written = sum(done.counts.get(code, 0) for code in ("add", "change", "update"))
    return f"已导入 {written:,} 条，都在编制中的条目里，报送以前可以继续修改。"


def _again(run: ImportRun, actor: Actor) -> str:
    look(runs.check_again(run, at=clock.now(), by=actor))
    return "已按现有目录重新核对。"


def _discard(run: ImportRun, actor: Actor) -> str:
    runs.discard(run, at=clock.now(), by=actor)
    return "已放弃这次导入，上传的文件已删除，目录没有改动。"


@require_safe
@never_cache
@login_required
def marked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The workbook with its bad cells marked; of a foreign catalogue its records in the norm's form."""
    run, _actor = _run(request, pk)
    if not marking.is_wanted(run) or not run.file:
        raise Http404("no file")
    if not marking.ready(run):
        messages.info(request, "文件正在生成，请稍后再下载。")
        return redirect("catalog:imports:run", run.pk)
    return handed_back(run)


def handed_back(run: ImportRun) -> HttpResponseBase:
    """The file that answers a run: kept, or made now where it is small."""
    stem = run.name.rsplit(".", 1)[0][:80] or "目录"
    name = f"{stem}-{marking.ending(run)}"
    media = template.MEDIA[name.rsplit(".", 1)[1]]
    if run.marked:
        response: HttpResponseBase = FileResponse(run.marked.open("rb"), content_type=media)
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response
    return _file(iter([marking.as_bytes(run)]), name, media)


_FORMS: dict[str, Callable[[Iterator[template.Filled]], Iterator[bytes]]] = {
    "xlsx": lambda filled: template.workbook(filled, clock.today()),
    "csv": template.wide_csv,
    "json": template.as_json,
}


@require_safe
@never_cache
@login_required
def template_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The empty template in one of its forms."""
    _compiler(request)
    if form not in _FORMS:
        raise Http404(form)
    # An empty JSON says nothing of its shape: it has one entry with every element.
    example = iter([template.Filled(Content.of({"items": [{}], "conditions": []}))])
    filled = example if form == "json" else iter(())
    return _file(_FORMS[form](filled), f"公共数据目录编制模板.{form}", template.MEDIA[form])


@require_safe
@never_cache
@login_required
def export_drafts(request: HttpRequest, form: str) -> HttpResponseBase:
    """All that the body has, in the form of the template: to work on and bring back."""
    actor = _compiler(request)
    if form not in _FORMS:
        raise Http404(form)
    own = bodies(actor)
    code = request.GET.get("as", "")
    body = next((body for body in own if body.code == code), own[0])
    return _file(_FORMS[form](template.of_body(body)), f"{body.short_name}目录.{form}", template.MEDIA[form])


def _file(parts: Iterator[bytes], name: str, media: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, name.replace("/", "_"))
    response["X-Content-Type-Options"] = "nosniff"
    return response
