"""The objects of the walk: something real behind every parameter, nearly all of it the requester's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from accounts.actions import make_token, propose_appointment
from accounts.models import Post, Role, Scope, SignedInSession
from audit.models import Event
from datacentre.models import Grant, Read
from datacentre.paging import page
from deadlines.models import Deadline
from deadlines.sweep import sweep
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from documents.models import Paper
from notices import actions as notices
from notices.delivery import deliver
from notices.models import Delivery, Notice, Outgoing
from procedures import attachments, drafts, registry
from procedures.declare import Procedure, Step
from procedures.filing import file
from procedures.models import Case
from procedures.tasks import take_step
from web import worklistviews

from catalog import drafts as compiled
from catalog.databases import leading
from catalog.procedures.correction import CORRECTION
from catalog.procedures.project import PROJECT
from security.models import Lead
from sharing import subjects
from sharing.procedures import OBJECTION, REVOCATION
from tests.catalog.books import entries, row, upload
from tests.drill.facts import WORDS, for_step, objection, opening
from tests.sharing.conftest import MONDAY, World
from tests.walk import catalogue

LAW = "《重庆市数据条例》第二十五条第三款"
PDF = b"%PDF-1.4\n%%EOF\n"
#: The walk takes place when the limits of the oldest matters have passed.
NOW = MONDAY + timedelta(days=31, hours=2)


CHECKED = {
    "matter": "doubt",
    "record": "渝A00001",
    "doubt": WORDS,
    "proof": WORDS,
    "contact": "陈静",
    "contact_phone": "023-12345678",
}
OPENED = {"name": "交通运输数据平台", "kind": "build"}


@dataclass(frozen=True)
class StepOn:
    """A step as the interface offers it, and the case on which the walk tries it."""

    declared: Step
    case: Case


@dataclass
class Scene:
    """`cases` by what they are; `values` by parameter, or by address and parameter; `bodies` what is posted where."""

    cases: dict[str, Case]
    values: dict[str, Any]
    bodies: dict[str, Callable[[], Any]]
    steps: dict[str, StepOn]
    queries: dict[str, str]

    def fill(self, name: str, parameters: tuple[str, ...]) -> dict[str, Any]:
        """The parameters of an address; KeyError names one for which the walk has no object."""
        return {p: self.values.get(f"{name} {p}", self.values.get(p)) for p in parameters}


def build(world: World) -> Scene:
    """Bring about all of it by the actions that people use."""
    cases = _cases(world)
    _sweeps(cases)
    requester = world.cast.actor("requester", NOW)
    filed = _file(cases["consulting"], world)
    draft = drafts.save(
        OBJECTION,
        by=requester,
        organisation=requester.posts[0].organisation,
        subject=cases["refused"].number,
        facts={"matter": "refusal", "claim": WORDS, "basis": LAW},
        at=NOW,
    )
    drafted = attachments.attach(_pdf(), to=draft, by=requester, at=NOW)
    drafts.send(draft, by=requester, at=NOW)
    grant = Grant.objects.get(case=cases["used"])
    page(grant, actor=requester, at=NOW, tick=lambda: NOW, cursor="", limit=5, way=Read.Way.PAGE)
    view = worklistviews.keep(requester.user, "等对方的申请", "tab=waiting")
    number = cases["consulting"].number
    for case in cases.values():
        case.refresh_from_db()
    paper = Paper.objects.filter(case=cases["consulting"]).first()
    values = {
        "number": number,
        "code": "CAR",
        "key": draft.pk,
        "web:view-drop key": view.pk,
        "pk": draft.pk,
        "procedure": "sharing-request",
        "subject": "CAR",
        "way": "csv",
        "catalog:export form": "csv",
        "act": "deactivate",
        "username": "stranger",
        "url": "nothing/here",
        "rest": "nothing",
        "api:article code": "REG22-26",
        "api:duty code": "SHA-05",
        "api:organisation code": world.cast.organisation("provider").code,
        "api:paper code": Paper.objects.first().code,
        "api:paper-pdf code": paper.code,
        "web:procedure code": "sharing-request",
        "documents:paper number": paper.number,
        "documents:pdf number": paper.number,
        **{
            f"{name} number": cases["proposed"].number
            for name in ("web:sign", "web:send-back", "api:sign", "api:send-back")
        },
        **{f"{name} number": step.case.number for name, step in _of_steps(cases).items()},
        "app_label": "accounts",
        "content_type_id": 1,
        "object_id": 1,
        "statutes:article code": "REG22",
        "statutes:article number": "26",
        "accounts:organisation code": world.cast.organisation("provider").code,
        "web:attachment key": filed.pk,
        "web:draft-attachment file": drafted.pk,
        "web:step code": "withdraw",
        "api:attachment pk": filed.pk,
        "datacentre:slip pk": Read.objects.get().pk,
        "audit:event pk": Event.objects.first().pk,
        "api:audit-event pk": Event.objects.first().pk,
        "sharing:object subject": cases["refused"].number,
        "sharing:examine subject": grant.case.number,
        **{
            f"datacentre:{name} number": grant.case.number
            for name in ("grant", "rows", "use", "download", "slip")
        },
        **{
            f"api:{name} number": grant.case.number
            for name in ("grant", "grant-data", "grant-download", "grant-uses", "grant-reads")
        },
        **catalogue.values(cases, world),
        **_of_people(world),
        **_of_messages(world),
        **_of_supervision(),
        **_of_compiling(world),
        **_of_tables(),
    }
    return Scene(cases, values, bodies(cases, world), _of_steps(cases), {"api:grant-download": "?format=csv"})


def _pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("说明.pdf", PDF, "application/pdf")


def _cases(world: World) -> dict[str, Case]:
    """A matter in each posture: never answered, in use and examined, refused and objected to, being consulted on."""
    at = MONDAY + timedelta(minutes=1)
    forgotten = world.request(at)
    used = world.granted(at)
    refused = world.request(at)
    # By others than those who walk: whoever decided it would be offered nothing on the objection to it.
    world.perform(refused, "refuse", world.second_officer("authority"), at, reason=WORDS, basis=LAW)
    world.sign(refused, world.second_officer("authority", "lead"), at)
    objection = drafts.save(
        OBJECTION,
        by=world.cast.actor("requester", at),
        organisation=world.cast.organisation("requester"),
        subject=refused.number,
        facts={"matter": "refusal", "claim": WORDS, "basis": LAW},
        at=at,
    )
    drafts.send(objection, by=world.cast.actor("requester", at), at=at)
    objected = drafts.sign(objection, by=world.cast.actor("requester_lead", at), at=at)
    examined = file(
        REVOCATION,
        by=world.cast.actor("provider", NOW),
        at=NOW,
        facts={"ground": "scope", "facts": WORDS},
        subject=subjects.grant(used.number, world.cast.actor("provider", NOW)),
    )
    consulting = world.request(NOW, first_day="2026-11-02")
    said = {"unsettled": WORDS, "question": WORDS, "reason": WORDS}
    world.perform(consulting, "consult", "authority", NOW, **said)
    proposed = world.request(NOW, first_day="2026-11-02")
    world.perform(proposed, "consult", "authority", NOW, **said)
    world.perform(proposed, "opine", "provider", NOW, opinion="can", reason=WORDS)
    return {
        "forgotten": forgotten,
        "used": used,
        "refused": refused,
        "objected": objected,
        "examined": examined,
        "consulting": consulting,
        "proposed": proposed,
        "checked": _filed(CORRECTION, world, CHECKED, subjects.entry("CAR")),
        "project": _filed(PROJECT, world, OPENED, world.cast.organisation("requester")),
        **catalogue.cases(world, NOW),
    }


def _filed(procedure: Procedure, world: World, facts: dict[str, Any], subject: Any) -> Case:
    """A matter of the requester's."""
    return file(procedure, by=world.cast.actor("requester", NOW), at=NOW, facts=facts, subject=subject)


def _of_steps(cases: dict[str, Case]) -> dict[str, StepOn]:
    """For each step of each procedure a case of its kind."""
    tried = (
        "consulting",
        "objected",
        "examined",
        "checked",
        "project",
        "round",
        "listed",
        "update",
        "disputed",
        "suggested",
        "need",
    )
    kinds = {cases[name].kind: cases[name] for name in tried}
    return {
        f"api:{procedure.code}.{step.code}": StepOn(step, kinds[procedure.code])
        for procedure in registry.all_procedures()
        for step in procedure.steps
        if procedure.code in kinds and not step.files and not step.by_system
    }


def bodies(cases: dict[str, Case], world: World) -> dict[str, Callable[[], Any]]:
    """What is posted: complete and right, so that nothing but the person can be refused."""
    version = {"version": cases["consulting"].version}
    signed = {"version": cases["proposed"].version, "note": "请补充依据"}
    table = "号牌号码,检验结果,车主电话\n渝A00001,合格,13800000000\n"
    found: dict[str, Callable[[], Any]] = {
        "web:step": lambda: {**version, "reason": WORDS},
        "web:sign": lambda: signed,
        "web:send-back": lambda: signed,
        "web:note": lambda: {"text": WORDS},
        "web:view-keep": lambda: {"name": WORDS[:20]},
        "web:attach": lambda: {"file": _pdf()},
        "catalog:imports:list": lambda: {"provider": "cq-sthjj", "source": "norm", "file": _book()},
        "catalog:imports:act": lambda: {"act": "again"},
        "api:imports": lambda: {"provider": "cq-sthjj", "file": _book()},
        "datacentre:load": lambda: {"file": SimpleUploadedFile("表.csv", table.encode(), "text/csv")},
        "api:subscriptions": lambda: {
            "organisation": world.cast.organisation("requester").code,
            "url": "https://second.example.cn/in",
            "topics": ["sharing-request:*"],
        },
        "api:holding-versions": lambda: {"file": SimpleUploadedFile("表.csv", table.encode(), "text/csv")},
        "datacentre:use": lambda: {"used_for": WORDS},
        "security:cause": lambda: {"cause": WORDS},
        "accounts:person-act": lambda: {"reason": WORDS},
        "api:send-back": lambda: {"note": WORDS},
        "api:draft-send-back": lambda: {"note": WORDS},
        "api:reassign": lambda: {"to": None},
        "api:note": lambda: {"text": WORDS},
        "api:attach": lambda: {"file": _pdf()},
        "api:draft-attach": lambda: {"file": _pdf()},
        "api:entry-drafts": lambda: {"name": "接口编制的条目"},
        "api:entry-draft-removals": lambda: {"entry": "CAR", "reason": "职能划转"},
        "api:entry-draft-twins": lambda: {"key": "CAR", "answer": "source"},
        "api:grant-uses": lambda: {"used_for": WORDS},
        "api:sharing-request": lambda: {**world.facts(first_day="2026-11-02"), "subject": "CAR"},
        "api:sharing-objection": lambda: {**objection(), "subject": cases["refused"].number},
        "api:correction-review": lambda: {**CHECKED, "subject": "CAR"},
        "api:it-project": lambda: {
            **OPENED,
            "subject": world.cast.organisation("requester").code,
        },
        "api:grant-revocation": lambda: {**opening(), "subject": cases["used"].number},
    }
    found |= {name: partial(dict, said) for name, said in catalogue.filings(world, NOW).items()}
    for name, step in _of_steps(cases).items():
        found[name] = partial(dict, _facts(step))
    return found


def _facts(step: StepOn) -> dict[str, Any]:
    """What a step is sent; where the walk knows no facts of the kind, a refusal for them says that the door is open."""
    if step.case.kind.startswith("catalogue-"):
        return catalogue.facts(step.case.kind, step.declared.code, NOW)
    own = step.case.kind in ("sharing-request", "sharing-objection", "grant-revocation")
    return for_step(step.case, step.declared.code, NOW) if own else {}


def _sweeps(cases: dict[str, Case]) -> None:
    """Let the limits pass, and everybody be told."""
    sweep(NOW, take_step=take_step)
    deliver(NOW)


def _file(case: Case, world: World) -> Any:
    return attachments.attach(_pdf(), to=case, by=world.cast.actor("requester", NOW), at=NOW)


def _of_people(world: World) -> dict[str, Any]:
    """A token and a session of the requester, a post of the stranger, and an appointment that waits."""
    user, stranger = world.cast.user("requester"), world.cast.user("stranger")
    token, _secret = make_token(
        user,
        name="接口",
        scopes=Scope.values,
        expires_at=NOW + timedelta(days=30),
        by=world.cast.actor("requester", NOW),
        at=NOW,
    )
    session = SignedInSession.objects.create(
        user=user, key="0" * 32, started_at=NOW, seen_at=NOW, means="password", address="127.0.0.1"
    )
    appointment = propose_appointment(
        world.cast.user("citizen"),
        organisation=world.cast.organisation("stranger"),
        role=Role.OFFICER,
        valid_from=NOW.date(),
        reason="补充人员",
        by=world.cast.actor("sysadmin", NOW),
        at=NOW,
    )
    return {
        "accounts:revoke-token pk": token.pk,
        "accounts:end-session pk": session.pk,
        "accounts:decide pk": appointment.pk,
        "accounts:post-end pk": Post.objects.get(user=stranger).pk,
    }


def _of_messages(world: World) -> dict[str, Any]:
    """A notice of the requester, one that reached nobody, and a push to the requester's own system."""
    lead = world.cast.actor("requester_lead", NOW)
    subscription = notices.subscribe(
        lead,
        organisation=lead.posts[0].organisation,
        url="https://partner.example.cn/in",
        topics=["sharing-request:*"],
        at=NOW,
    )
    sent = Outgoing.objects.filter(done_at__isnull=False).first()
    pushed = Delivery.objects.create(subscription=subscription, outgoing=sent, body="{}", created_at=NOW)
    notice = Notice.objects.filter(user=world.cast.user("requester")).first()
    return {
        "notices:open pk": notice.pk,
        "notices:read pk": notice.pk,
        "api:notice-read pk": notice.pk,
        "notices:mail-again pk": notice.pk,
        "notices:deliver-again pk": sent.pk,
        **{f"notices:{name} pk": subscription.pk for name in ("webhook", "webhook-switch", "webhook-secret")},
        **{f"api:{name} pk": subscription.pk for name in ("subscription", "subscription-secret")},
        "notices:webhook-again pk": subscription.pk,
        "notices:webhook-again delivery": pushed.pk,
    }


def _of_imports(world: World) -> dict[str, Any]:
    """A file of the provider with a cell to mend."""
    run = upload(world.cast, entries(row(更新周期="时不时")), at=NOW)
    runs = {f"catalog:imports:{name} pk": run.pk for name in ("run", "act", "marked")}
    runs |= {f"api:import{name} pk": run.pk for name in ("", "-problems", "-commit", "-discard", "-marked")}
    return {**runs, "catalog:imports:template form": "xlsx", "catalog:imports:export form": "xlsx"}


def _book() -> SimpleUploadedFile:
    return SimpleUploadedFile("目录.xlsx", entries(row()))


def _of_supervision() -> dict[str, Any]:
    """A breach of the city data authority with its lead, and a reminder that passed."""
    lead = Lead.objects.first()
    reminder = Deadline.objects.filter(
        outcome="open", due_at__lte=NOW, on_pass=Deadline.OnPass.REMIND, lead=None
    ).first()
    return {
        "security:cause pk": lead.deadline_id,
        "security:lead pk": lead.pk,
        "security:lead-act pk": lead.pk,
        "security:lead-act act": "take",
        "security:raise pk": reminder.pk,
    }


def _of_compiling(world: World) -> dict[str, Any]:
    """A draft of the provider, and a theme database that the provider leads."""
    provider, by = world.cast.organisation("provider"), world.cast.actor("provider", NOW)
    draft = compiled.keep(provider, {"name": "编制中的条目"}, at=NOW, by=by)
    theme = leading.lead(
        "theme", name="一件事", lead=provider, since=NOW.date(), at=NOW, by=world.cast.actor("authority", NOW)
    )
    return {
        **_of_imports(world),
        **{f"catalog:compile:{name} pk": draft.pk for name in ("draft", "items", "twins", "preview")},
        "api:entry-draft pk": draft.pk,
        "api:entry-draft-twins pk": draft.pk,
        "catalog:database-end pk": theme.pk,
    }


def _of_tables() -> dict[str, Any]:
    """A row of each table that the administration pages show."""
    found: dict[str, Any] = {}
    for site in (admin.site,):
        for model in site._registry:
            row = model._default_manager.first()
            if row is None:
                continue
            table = f"{model._meta.app_label}_{model._meta.model_name}"
            for act in ("change", "delete", "history"):
                found[f"{site.name}:{table}_{act} object_id"] = row.pk
    return found
