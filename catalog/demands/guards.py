"""What must hold before a step on a need is lawful; each with its article."""

from __future__ import annotations

from accounts.models import Organisation
from procedures.context import Context
from procedures.declare import guard
from procedures.models import Case
from statutes.enforcement import enforces

from catalog.demands.askers import followers
from catalog.demands.likely import things
from catalog.facts.codes import codes_of
from catalog.models import Entry, Inquiry, SharingType


def may_file(organisation: Organisation) -> str | None:
    """Bodies that provide public data and get it by sharing (GOV19-12.2, REG22-25)."""
    if organisation.compiles_a_catalogue:
        return None
    return "数据需求由政务部门、公共服务组织和参照执行单位提出；企业和个人可以在公共数据开放中申请。"


@guard("GOV19-12.2", "提出的是本单位的需求")
def own_need(context: Context) -> str | None:
    if context.subject == context.post.organisation:
        return None
    return f"需求由需要数据的单位提出，您不能代{context.subject.name}提出。"


@guard("REG22-25.2", "目录中没有同名的可以共享的条目", needs_facts=True)
@enforces("CAT-20", "SHA-01", what="需求：目录中已有同名条目的，直接申请共享，不另提需求")
def not_in_the_catalogue(context: Context) -> str | None:
    """By name only: whatever else is like it is shown beside the need, for people to judge."""
    own = context.post.organisation_id
    asked = things(context.facts["items"])
    named = Entry.objects.published().filter(name__in=asked)
    found = (
        named.exclude(provider=own).exclude(sharing_type=SharingType.NOT_SHARED).select_related("provider")
    )
    entry = found.order_by("pk").first()
    if entry is None:
        return None
    rest = (
        "其余没有的，请去掉这一项再提出需求。"
        if len(asked) > 1
        else "缺少信息项的，请写明具体缺哪几项，再提出需求。"
    )
    return f"目录中已有“{entry.name}”（{entry.code}，{entry.provider.short_name}），可以直接申请共享；{rest}"


@guard("GOV19-12.3", "承接的办件与本件在同一环节", needs_facts=True)
def carrier_is_on_the_same_desk(context: Context) -> str | None:
    """A district data authority joins what it gathers and has not sent up yet; the city what it has."""
    number = context.facts["carrier"]
    # By the step, not the case: the effect asks again when the case has left its state already.
    below = any(state.code == "MERGING" for state in context.step.sources)
    carrier = Case.objects.get(number=number)
    if below and carrier.state != "MERGING":
        return f"{number} 已经汇总上报，请把本件也汇总上报，由市数据主管部门并入。"
    if not below and carrier.state == "MERGING":
        return f"{number} 还在区县汇总，不能承接本件；请等其上报以后再并入。"
    return None


@guard("GOV19-16", "被征询的不是提出需求的单位", needs_facts=True)
def asks_another_body(context: Context) -> str | None:
    body = context.facts["body"]
    if body == context.party("asker") or body in followers(context.case):
        return f"{body.name}就是提出需求的单位，请征询可能掌握数据的其他单位。"
    return None


@guard("GOV19-12.3", "为本件办理的目录更新已经办结")
def update_has_ended(context: Context) -> str | None:
    running = update_of(context.case)
    if running is None or running.closed_at is not None:
        return None
    return f"目录更新 {running.number} 还在办理，办结后再看结果。"


def update_of(case: Case) -> Case | None:
    """The catalogue's update that was opened for the need last (one query)."""
    inquiry = (
        Inquiry.objects.filter(demand=case.pk, update__isnull=False)
        .select_related("update")
        .order_by("-pk")
        .first()
    )
    return inquiry.update if inquiry is not None else None


@guard("REG22-25.2", "匹配的条目可以共享给需求单位", needs_facts=True)
@enforces("SHA-01", what="需求只匹配可以共享的条目")
def entries_can_be_shared(context: Context) -> str | None:
    entries = list(
        Entry.objects.filter(code__in=codes_of(context.facts["entries"])).select_related("provider")
    )
    closed = [entry for entry in entries if entry.sharing_type == SharingType.NOT_SHARED]
    if closed:
        return f"“{closed[0].name}”不予共享，不能作为匹配结果；可以征询来源方，或者写明理由不采纳。"
    own = [entry for entry in entries if entry.provider == context.party("asker")]
    if own and len(own) == len(entries) and not followers(context.case):
        return f"“{own[0].name}”由需求单位自己提供，不能作为匹配结果。"
    return None


@guard("GOV19-12.2", "没有其他单位的同类需求并入本件")
def nobody_follows(context: Context) -> str | None:
    others = followers(context.case)
    if not others:
        return None
    named = "、".join(body.short_name for body in others[:3])
    return f"{named}等 {len(others)} 个单位的同类需求已并入本件。本单位不再需要的，请用“退出本件”。"


@guard("GOV19-12.2", "有其他单位的同类需求并入本件")
def somebody_follows(context: Context) -> str | None:
    return None if followers(context.case) else "没有其他单位的需求并入本件，不再需要的请撤回。"
