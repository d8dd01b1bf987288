"""One operation per step of every declared procedure: its schema, its words and its basis come from the declaration."""

from __future__ import annotations

from typing import Any

import clock
from accounts.actors import current
from api.operations import IF_MATCH, etag_header, operation
from api.preconditions import wanted_version
from api.problem import Problem
from api.views import View
from django.db import transaction
from django.urls import URLPattern, path, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from procedures import drafts, registry
from procedures.api.cases import find, told
from procedures.api.facts import FactsBody, of_filing, of_step
from procedures.api.keys import LOCATION, organisation_of, previous_of, subject_of
from procedures.api.shapes import CaseLine, DraftShape, draft_told
from procedures.declare import Procedure, Step
from procedures.filing import file, prepare
from procedures.idempotency import once
from procedures.models import Case, Draft
from procedures.perform import perform


def urlpatterns() -> list[URLPattern]:
    """The addresses of all registered procedures, in the order of their declaration."""
    found: list[URLPattern] = []
    for procedure in registry.all_procedures():
        if any(not step.by_system for step in procedure.filing_steps):
            found.append(path(f"{procedure.code}/", filing_view(procedure).as_view(), name=procedure.code))
        for step in procedure.steps:
            if not step.files and not step.by_system:
                view = step_view(procedure, step).as_view()
                address = f"{procedure.code}/<apikey:number>/{step.code}/"
                found.append(path(address, view, name=f"{procedure.code}.{step.code}"))
    return found


def filing_view(procedure: Procedure) -> type[View]:
    """The address at which a case of the kind begins; one that needs a second person is sent to be signed (202)."""
    ways = [step for step in procedure.filing_steps if not step.by_system]
    step, body = ways[0], of_filing(procedure)
    sent = step.consent is not None

    @operation(
        f"{procedure.code}.{step.code}",
        f"{procedure.label}：{step.label}",
        tag=procedure.label,
        description="\n\n".join(
            f"{way.label}：{_words(procedure, way)}" if len(ways) > 1 else _words(procedure, way)
            for way in ways
        ),
        body=body,
        gives=DraftShape if sent else CaseLine,
        status=202 if sent else 201,
        also=(409,),
        around=once,
        headers=(etag_header(202 if sent else 201), LOCATION),
    )
    def post(self: View, request: Request) -> Response:
        if sent:
            return draft_told(_send(procedure, request, dict(self.given), body), status=202)
        case = _file(procedure, request, dict(self.given), body)
        response = told(request, case.number, status=201)
        response["Location"] = reverse("api:case", args=[case.number])
        return response

    return type(f"{body.__name__}View", (View,), {"post": post, "procedure": procedure, "step": step})


def step_view(procedure: Procedure, step: Step) -> type[View]:
    """The address at which a step is taken on a case; one that needs a second person is kept for signature (202)."""
    body = of_step(procedure, step)
    status = 202 if step.consent is not None else 200

    @operation(
        f"{procedure.code}.{step.code}",
        f"{procedure.label}：{step.label}",
        tag=procedure.label,
        description=_words(procedure, step),
        body=body,
        gives=CaseLine,
        status=status,
        also=(404, 409, 412),
        around=once,
        headers=(IF_MATCH, etag_header(status)),
    )
    def post(self: View, request: Request, number: str) -> Response:
        case = find(request, number)
        perform(
            _of_kind(case, procedure),
            step.code,
            by=current(request),
            at=clock.now(),
            facts=dict(self.given),
            version=wanted_version(request, number),
        )
        return told(request, number, status=status)

    return type(f"{body.__name__}View", (View,), {"post": post, "procedure": procedure, "step": step})


def _of_kind(case: Case, procedure: Procedure) -> Case:
    """The case, when it is one of this procedure; else its own address is told."""
    if case.kind != procedure.code:
        own = registry.get(case.kind)
        said = f"{case.number} 是{own.label}，请用 /api/v1/{own.code}/ 下的步骤办理。"
        raise Problem(said, code="not-found", status=404)
    return case


def _file(procedure: Procedure, request: Request, given: dict[str, Any], body: type[FactsBody]) -> Case:
    own = {name: given.pop(name) for name in body.own if name in given}
    actor = current(request)
    return file(
        procedure,
        by=actor,
        at=clock.now(),
        facts=given,
        subject=subject_of(procedure, own["subject"], request) if "subject" in own else None,
        step=own.get("step"),
        organisation=organisation_of(own.get("organisation")),
        previous=previous_of(procedure, request, own.get("previous")),
        personally=bool(own.get("personally")),
    )


def _send(procedure: Procedure, request: Request, given: dict[str, Any], body: type[FactsBody]) -> Draft:
    """Keep the filing as a draft and send it to be signed, when it could be filed."""
    own = {name: given.pop(name) for name in body.own if name in given}
    actor, at = current(request), clock.now()
    subject = subject_of(procedure, own["subject"], request) if "subject" in own else None
    organisation = organisation_of(own.get("organisation"))
    context = prepare(procedure, by=actor, at=at, subject=subject, organisation=organisation)
    with transaction.atomic():
        draft = drafts.save(
            procedure,
            by=actor,
            organisation=context.post.organisation if context.post else organisation,
            subject=own.get("subject", ""),
            facts=given,
            at=at,
            previous=previous_of(procedure, request, own.get("previous")),
        )
        return drafts.send(draft, by=actor, at=at)


def _words(procedure: Procedure, step: Step) -> str:
    """Who takes the step, from where to where, on which basis, which limits it moves, which duties it keeps."""
    lines = [step.explain or (procedure.description if step.files else ""), f"办理人：{step.by.label}。"]
    if not step.files:
        before = "、".join(f"{state.label}（{state.code}）" for state in step.sources)
        after = f"{step.to.label}（{step.to.code}）" if step.to else "状态不变"
        lines.append(f"状态：{before} → {after}。")
    if step.consent is not None and step.files:
        lines.append(f"存为草稿并送{step.consent.label}签发（202），签发后提交，见 drafts.sign。")
    elif step.consent is not None:
        lines.append(f"办理后由{step.consent.label}签发才生效（202），签发见 cases.sign。")
    if step.confirm is not None:
        lines.append(f"即时生效，由{step.confirm.label}随后确认，确认见 cases.sign。")
    for word, clocks in (("开始计算", step.starts), ("办结", step.meets), ("终止", step.ends)):
        if clocks:
            lines.append(f"期限：{word}“{'”“'.join(clock_.label for clock_ in clocks)}”。")
    if step.extends is not None:
        lines.append(f"期限：延长“{step.extends.label}”一次。")
    basis = "；".join(f"{citation.text}（{citation.code}）" for citation in step.citations)
    lines.append(f"依据：{basis}。{'这一步是平台依此作的安排。' if step.default else ''}")
    if step.duties:
        lines.append(f"职责：{'、'.join(step.duties)}。")
    return "\n\n".join(line for line in lines if line)
