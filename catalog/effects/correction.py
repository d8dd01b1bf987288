"""What the steps of a review do besides moving it."""

from __future__ import annotations

from accounts.models import Organisation, Role
from datacentre.models import Grant, Holding, HoldingVersion
from notices import outbox
from procedures.context import Context
from statutes.enforcement import enforces

from catalog.models import Correction, Entry, QualityProblem
from security.actions import raise_lead
from security.models import Lead

#: 要求提供可以从共享系统获取的数据: what a window that turns valid proof away comes to (CAT-15).
REFUSED_AT_WINDOW = "GOV19-50(六)"


def file(context: Context) -> None:
    """Keep what was said, with the data's version as it was then. A public body comes by the sharing system."""
    facts, entry = context.facts, context.subject
    public = context.post is not None and context.post.organisation.compiles_a_catalogue
    context.record = Correction.objects.create(
        case=context.case,
        entry=entry,
        version=entry.holding.latest() if entry.holding_id else None,
        door=Correction.Door.SHARING if public else Correction.Door.OPENING,
        item=_code(facts["item"]),
        record=facts["record"],
        key_item=_code(facts["key_item"]),
        key_value=facts["key_value"],
        matter=facts["matter"],
        doubt=facts["doubt"],
        claimed=facts["claimed"],
        proof=facts["proof"],
        about_self=facts["about_self"],
        on_behalf=facts.get("on_behalf", ""),
        service=facts["service"],
        contact=facts["contact"],
        contact_phone=facts["contact_phone"],
    )


def _code(item: object) -> str:
    return getattr(item, "code", "")


def redirect(context: Context) -> None:
    """The data is another body's: its entry takes the place of this one where it is known; who had it is told."""
    entry: Entry | None = None
    if code := context.facts["entry"]:
        entry = Entry.objects.select_related("provider", "holding").get(code=code)
    record = context.record
    if entry is not None:
        record.entry = entry
        if record.item not in set(entry.items.values_list("code", flat=True)):
            record.item = ""
        record.save(update_fields=["entry", "item"])
    outbox.post(
        [
            outbox.to_desk(
                f"{context.procedure.code}:redirect",
                context.party("provider"),
                Role.OFFICER,
                case_id=None,
                subject=f"已转其他单位：{context.case.title}",
                text=f"办件 {context.case.number} 已转{context.facts['to'].name}校核，贵单位不再办理。",
                at=context.at,
            )
        ]
    )


def redirected_to(context: Context) -> dict[str, Organisation]:
    return {"provider": context.facts["to"]}


def report_window(context: Context) -> None:
    """A lead for the authority, and a word to the body of the window: handle it as usual."""
    facts, body = context.facts, context.facts["body"]
    record = context.record
    record.windows = [
        *record.windows,
        {
            "window": facts["window"],
            "body": body.name if body is not None else "",
            "business": facts["business"],
            "day": facts["day"].isoformat(),
            "told": facts["told"],
        },
    ]
    record.save(update_fields=["windows"])
    raise_lead(
        source=Lead.Source.STEP,
        body=body,
        ground=REFUSED_AT_WINDOW,
        facts=f"校核期间，申请人在{facts['window']}办理{facts['business']}，已出示合法有效证明材料仍未被受理。",
        at=context.at,
        by=context.actor,
        case=context.case,
        act=context.act,
    )
    if body is not None:
        outbox.post(
            [
                outbox.to_desk(
                    f"{context.procedure.code}:report-window",
                    body,
                    Role.OFFICER,
                    case_id=None,
                    subject=f"请照常办理：{facts['window']}，{facts['business']}",
                    text=(
                        f"所涉数据正在校核（{context.case.number}）。校核期间，办事人已提供合法有效证明材料的，"
                        "应当照常办理，不得拒绝、推诿或者要求先办理信息更正手续。请核实并告知窗口。"
                    ),
                    at=context.at,
                )
            ]
        )


@enforces("CAT-30", what="确认有误的数据记入问题数据，写明原因和责任单位")
def uphold(context: Context) -> None:
    record, facts = context.record, context.facts
    for name in ("finding", "cause", "unit", "true_value"):
        setattr(record, name, facts[name])
    record.save(update_fields=["finding", "cause", "unit", "true_value"])
    QualityProblem.objects.create(
        holding=record.entry.holding,
        entry=record.entry,
        item=record.item,
        source=QualityProblem.Source.REVIEW,
        case=context.case,
        body=context.party("provider"),
        unit=facts["unit"],
        cause=facts["cause"],
        found_at=context.at,
    )


def corrected(context: Context) -> None:
    """Keep what it was and is, close the problem, and tell those who hold copies of the data."""
    record, facts, holding = context.record, context.facts, context.record.entry.holding
    record.before, record.after = facts["before"], facts["after"]
    if holding is not None and facts["version"]:
        record.corrected_in = HoldingVersion.objects.get(holding=holding, number=facts["version"])
    record.save(update_fields=["before", "after", "corrected_in"])
    QualityProblem.objects.filter(case=context.case, fixed_at=None).update(
        fixed_at=context.at, fixed_in=record.corrected_in
    )
    if holding is not None:
        _tell_receivers(context, holding)


@enforces("CAT-33", what="更正以后告知取得该数据的单位")
def _tell_receivers(context: Context, holding: Holding) -> None:
    """The holders of grants that still stand and have the item; which record it was they find in the new version."""
    record = context.record
    number = record.corrected_in.number if record.corrected_in is not None else None
    where = f"第 {number} 版已含更正内容" if number else "已由提供单位更正"
    grants = (
        Grant.objects.filter(holding=holding)
        .exclude(status=Grant.Status.ENDED)
        .select_related("grantee", "case")
        .order_by("pk")
    )
    named = f"“{record.item_name}”" if record.item else ""
    outbox.post(
        [
            outbox.to_desk(
                f"{context.procedure.code}:corrected",
                grant.grantee,
                Role.OFFICER,
                case_id=grant.case_id,
                subject=f"数据已更正：{record.entry.name}",
                text=f"“{record.entry.name}”{named}经校核更正，{where}。请更新本单位使用的副本。",
                at=context.at,
            )
            for grant in grants
            if not record.item or record.item in grant.items
        ]
    )


def decline(context: Context) -> None:
    context.record.finding, context.record.evidence = context.facts["reason"], context.facts["evidence"]
    context.record.save(update_fields=["finding", "evidence"])


def days(context: Context) -> int:
    return int(context.facts["days"])
