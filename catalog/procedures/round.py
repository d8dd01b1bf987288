"""目录编制轮次: the city data authority has the catalogue compiled, reviewed and published (GOV19-11, 12; REG22-22)."""

from __future__ import annotations

from datetime import date

from accounts.actors import Actor
from accounts.authority import city_authority
from accounts.models import Organisation
from deadlines.clocks import Clock
from procedures.context import Context
from procedures.declare import START, Outcome, Procedure, State, Step, guard
from procedures.registry import register

from catalog.clocks import COMPILE
from catalog.effects import drafts
from catalog.effects import round as effects
from catalog.facts.round import CallFacts, CancellationFacts, CloseFacts, PublicationFacts, RoundFacts
from catalog.letters.round import PUBLICATION
from catalog.models import CatalogueRound
from catalog.panels.round import kind_panel, round_panel
from catalog.relations import authority

COMPILING = State("COMPILING", "编制中", turn=authority, hint="各单位编制目录清单")
REVIEWING = State("REVIEWING", "审核汇总", turn=authority, hint="审核各单位报送的清单，全部审定后发布")
PUBLISHED = Outcome("PUBLISHED", "已发布")
CANCELLED = Outcome("CANCELLED", "已取消")


def subject(key: str, by: Actor | None = None) -> str:
    """Which catalogue is compiled: government or public-service. Raises ValueError for anything else."""
    return CatalogueRound.Kind(key).value


def parties(context: Context) -> dict[str, Organisation]:
    return {"authority": city_authority(context.at.date())}


def title(context: Context) -> str:
    kind = CatalogueRound.Kind(context.subject)
    return f"{context.at.year} 年{kind.label}编制"


def compile_by(context: Context, clock: Clock) -> date:
    return context.record.compile_by


@guard("REG22-22.2", "同一目录没有正在进行的轮次")
def no_other_round(context: Context) -> str | None:
    running = CatalogueRound.objects.filter(kind=context.subject, case__closed_at=None).first()
    if running is None:
        return None
    return f"{running.get_kind_display()}的轮次 {running.case.number} 还没有结束，请先办结它。"


@guard("GOV19-12.1", "增列的单位没有进行中的清单，撤列的单位有", needs_facts=True)
def stands_so(context: Context) -> str | None:
    code, add = context.facts["body"], context.facts["change"] == "add"
    listed = context.record.lists.filter(body__code=code, case__state__in=effects.OPEN_LISTS)
    if listed.exists() != add:
        return None
    return "该单位已经在本轮次中。" if add else "该单位在本轮次没有进行中的清单。"


@guard("GOV19-12.3", "各单位的清单都已审定")
def lists_are_settled(context: Context) -> str | None:
    waiting = context.record.lists.filter(case__state__in=effects.OPEN_LISTS)
    names = list(waiting.order_by("body__code").values_list("body__short_name", flat=True))
    if not names:
        return None
    return f"还有 {len(names)} 个单位的清单没有审定：{'、'.join(names[:8])}{'等' if len(names) > 8 else ''}。"


@guard("REG22-22.2", "有已经纳入的条目")
def something_to_publish(context: Context) -> str | None:
    cases = context.record.lists.values_list("case", flat=True)
    if drafts.adopted(cases).exists():
        return None
    return "本轮次没有纳入的条目，没有可以发布的内容；请取消轮次。"


ROUND = register(
    Procedure(
        "catalogue-round",
        "目录编制轮次",
        prefix="ML",
        app="catalog",
        record=CatalogueRound,
        relations=(authority,),
        parties=parties,
        title=title,
        subject=subject,
        cites=("GOV19-10", "GOV19-11", "GOV19-12", "GOV19-13", "GOV19-26", "REG22-22", "REG22-24"),
        panels=(round_panel,),
        filing_panels=(kind_panel,),
        description="组织各单位编制公共数据资源目录，审核汇总后发布为目录的新版本。",
        steps=(
            Step(
                "open",
                "启动编制",
                START,
                COMPILING,
                by=authority.officer,
                consent=authority.lead,
                facts=RoundFacts,
                cites=("GOV19-11", "GOV19-12.1", "REG22-22.2", "REG22-22.4"),
                duties=("CAT-08", "CAT-10", "CAT-11"),
                starts=(COMPILE,),
                last_day=compile_by,
                guards=(no_other_round,),
                effect=effects.open_round,
                button="送处负责人签发",
                explain="签发后向各单位发出编制通知，为每个单位建立目录清单。",
            ),
            Step(
                "call-body",
                "增列·撤列单位",
                COMPILING,
                None,
                by=authority.officer,
                facts=CallFacts,
                cites="GOV19-12.1",
                default=True,
                duties=("CAT-09",),
                guards=(stands_so,),
                effect=effects.change_bodies,
                button="办理",
                explain="编制期间新设、合并、撤销的单位。",
            ),
            Step(
                "close",
                "截止编制",
                COMPILING,
                REVIEWING,
                by=authority.officer,
                facts=CloseFacts,
                cites="GOV19-12.3",
                duties=("CAT-11",),
                meets=(COMPILE,),
                effect=effects.close,
                button="截止编制",
                explain="没有报送的清单记为未提交，并作为线索。",
            ),
            Step(
                "close-late",
                "截止退回的清单",
                REVIEWING,
                None,
                by=authority.officer,
                facts=CloseFacts,
                cites="GOV19-12.3",
                default=True,
                duties=("CAT-11",),
                effect=effects.close_late,
                button="截止",
                explain="退回修改、过了重新报送日期仍未报送的，记为未提交。",
            ),
            Step(
                "publish",
                "发布目录",
                REVIEWING,
                PUBLISHED,
                by=authority.officer,
                consent=authority.lead,
                facts=PublicationFacts,
                cites=("GOV19-12.3", "GOV19-13.1", "GOV19-26.1", "REG22-22.2"),
                duties=("CAT-07", "CAT-11", "CAT-13", "SHA-02"),
                guards=(lists_are_settled, something_to_publish),
                effect=effects.publish,
                papers=(PUBLICATION,),
                button="送处负责人签发",
                explain="纳入的条目一次发布为目录的新版本，共享目录和采集责任清单同步更新。",
            ),
            Step(
                "cancel",
                "取消轮次",
                (COMPILING, REVIEWING),
                CANCELLED,
                by=authority.officer,
                consent=authority.lead,
                facts=CancellationFacts,
                cites="REG22-22.2",
                default=True,
                duties=("CAT-11",),
                ends=(COMPILE,),
                effect=effects.cancel,
                negative=True,
                button="送处负责人签发",
                explain="各单位的清单关闭，编制的内容留在本单位。",
            ),
        ),
    )
)
