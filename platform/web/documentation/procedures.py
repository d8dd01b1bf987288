"""docs/procedures/: an index, and of each registered procedure a page and its drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from deadlines.clocks import Clock
from deadlines.loading import bundled_terms
from deadlines.models import Deadline, Term
from deadlines.schedule import ESCALATE_AFTER, in_workdays
from django.conf import settings
from procedures.declare import Procedure, Relation, State, Step
from procedures.registry import all_procedures, get
from procedures.selfcheck import possible_clocks
from statutes.law import Citation, cite

from web import procedurepage
from web.documentation import asked
from web.documentation.markdown import anchor, bullets, document, table, written_by
from web.documentation.picture import picture
from web.procedurepage import ClockRow, ProcedurePage, StepRow

FOLDER = "docs/procedures"
KEEPING = f"""期限怎样算、到时怎样办，每条程序都一样：

- 事件发生当日不计，最后一日到 24:00 止；调休上班的休息日是工作日（[怎样数](../../platform/deadlines/README.md)）。
- 提醒在各页写明的那几天 8:00 发给承办人，没有指定承办人的发给经办人。
- 法定期限届满没有办理的，自届满之时记为逾期，告诉经办人和处负责人，成为监督线索；系统不因此替人作决定，该办的仍须办。
  {ESCALATE_AFTER} 个工作日以后仍未办理的，再告诉主要负责人。
- 没有法定效力的期限（平台默认、待核）届满只提醒，不记逾期。
- 一步的经过、期限、文书、通知和审计事件在同一事务里成立，或者都不成立。
"""


def documents() -> Iterator[tuple[str, str]]:
    """(path, text) of the index, the pages and the drawings."""
    terms = delivered()
    pages = [procedurepage.of(procedure, terms) for procedure in all_procedures()]
    yield f"{FOLDER}/README.md", _index(pages)
    for page in pages:
        yield f"{FOLDER}/{page.procedure.code}.md", _page(page, terms)
        yield f"{FOLDER}/{page.procedure.code}.svg", picture(page.procedure)


def heading(step: Step) -> str:
    """The heading of a step on its procedure's page."""
    return f"{step.label} `{step.code}`"


def delivered() -> dict[str, Term]:
    """The lengths of limits as delivered, the newest of each; a running copy may have newer ones."""
    return {
        one.code: Term(
            code=one.code,
            name=one.name,
            amount=one.amount,
            unit=one.unit,
            basis=one.basis,
            standing=one.standing,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            reason=one.note,
        )
        for one in sorted(bundled_terms(), key=lambda term: term.valid_from)
    }


def _index(pages: Iterable[ProcedurePage]) -> str:
    rows = [
        (
            f"[{page.procedure.label}]({page.procedure.code}.md)",
            f"`{page.procedure.prefix}`",
            page.procedure.description,
            page.filers,
            "；".join(f"{row.clock.label} {row.length}" for row in page.clocks),
        )
        for page in pages
    ]
    return document(
        "# 办理程序",
        written_by("登记的各条程序"),
        "一件事由谁办、怎样办、多久办完、凭哪一条。平台执行的就是这里写的，二者出自同一份声明；"
        "运行中的平台在 `/procedures/` 有同样的页面，期限以当日有效的为准。",
        table(["程序", "编号", "是什么", "由谁提出", "期限"], rows),
        "## 期限怎样走",
        KEEPING,
    )


def _page(page: ProcedurePage, terms: Mapping[str, Term]) -> str:
    procedure = page.procedure
    duties = sorted({number for step in procedure.steps for number in step.duties})
    return document(
        f"# {procedure.label}",
        written_by(_source(procedure)),
        procedure.description,
        bullets(
            [
                ("由谁提出", page.filers),
                ("依据", _cited([cite(one) for one in procedure.cites])),
                ("职责", "、".join(map(_duty, duties))),
                ("代号", f"`{procedure.code}`，办件编号以 `{procedure.prefix}` 开头，按年连续"),
                ("参与单位", "、".join(relation.label for relation in procedure.relations)),
            ]
        ),
        "## 流程",
        f"![{procedure.label}的流程]({procedure.code}.svg)",
        "实线框是结果，虚线框是办理中的状态，框内小字是由谁使办件到这里，虚线是往回走。不改变状态的步骤没有画出。",
        "## 状态",
        table(["状态", "代码", "轮到", "可能在走的期限", "可以办理", "说明"], _states(procedure)),
        "## 期限",
        "期满怎样办的通则见[期限怎样走](README.md#期限怎样走)。",
        table(
            ["期限", "由谁遵守", "时长", "效力", "提醒", "期满", "依据"],
            (_limit(procedure, row, terms) for row in page.clocks),
        ),
        "## 步骤",
        "标“平台规定”的，依据条文而条文没有写明。点步骤名称看须写明什么、办理前核对什么。",
        table(["步骤", "由谁办理", "从 → 到", "期限"], (_line(row) for row in page.steps)),
        *(part for row in page.steps for part in _step(procedure, row)),
        "## 通知",
        "发给该单位的经办人（站内和邮件）；订阅了主题的系统同时收到推送。办理的单位自己不另通知。",
        table(["步骤", "告诉", "主题"], _told(procedure)),
        *_onward(procedure),
    )


def _source(procedure: Procedure) -> str:
    places = (f"{procedure.app}/procedures", f"{procedure.app}/procedures.py")
    there = next(place for place in places if (Path(settings.BASE_DIR) / place).exists())
    return f" [{there}](../../{there}) 的声明"


def _cited(citations: Iterable[Citation]) -> str:
    return "；".join(f"{one.text}（{one.code}）" for one in citations)


def _duty(number: str) -> str:
    return f"[{number}](../duties.md#{number.lower()})"


def _states(procedure: Procedure) -> Iterator[tuple[str, ...]]:
    running = possible_clocks(procedure)
    for state in procedure.states.values():
        clocks = [clock for clock in procedure.clocks.values() if clock in running[state.code]]
        owed = [state.turn, state.instead, *(procedure.relation(clock.owed_by) for clock in clocks)]
        steps = [step for step in procedure.steps_from(state) if not step.by_system]
        yield (
            f"{state.label}（结果）" if state.outcome else state.label,
            f"`{state.code}`",
            _turn(state, [one for one in owed if one is not None]),
            "、".join(clock.label for clock in clocks),
            "、".join(_to(step) for step in steps),
            state.hint,
        )


def _turn(state: State, owed: list[Relation]) -> str:
    waits = f"另一办件（{get(state.waits_on).label}）" if state.waits_on else ""
    return "、".join(dict.fromkeys(relation.label for relation in owed)) or waits


def _to(step: Step) -> str:
    return f"[{step.label}](#{anchor(heading(step))})"


def _limit(procedure: Procedure, row: ClockRow, terms: Mapping[str, Term]) -> tuple[str, ...]:
    clock = row.clock
    term = terms.get(clock.term or "")
    basis = {cite(clock.cites).code: cite(clock.cites)}
    for code in (clock.term, clock.extension):
        if code in terms:
            basis.setdefault(terms[code].basis, cite(terms[code].basis))
    ground = f"；逾期依据 {cite(clock.ground).short}" if clock.ground else ""
    return (
        f"{clock.label} `{clock.code}`",
        row.owed_by,
        f"{row.length}（{term.valid_from.isoformat()} 起）" if term else row.length,
        row.standing,
        _reminders(clock, term),
        row.passing + ground,
        _cited(basis.values()),
    )


def _reminders(clock: Clock, term: Term | None) -> str:
    unit = "个工作日" if in_workdays(term.unit if term else None) else "日"
    return "、".join("最后一日" if days == 0 else f"提前 {days} {unit}" for days in clock.reminders)


def _line(row: StepRow) -> tuple[str, ...]:
    default = "（平台规定）" if row.step.default else ""
    return _to(row.step) + default, row.who, row.way, "，".join(row.clocks)


def _step(procedure: Procedure, row: StepRow) -> tuple[str, ...]:
    step = row.step
    papers = [
        f"《{kind.title}》（{kind.matrix}，字号“{kind.series}”），{_name(procedure, kind.issuer)}发给"
        f"{_name(procedure, kind.to)}{_copies(procedure, kind.copies)}"
        for kind in step.papers
    ]
    return (
        f"### {heading(step)}",
        step.explain,
        bullets(
            [
                ("由谁办理", step.by.label),
                ("何时", _cause(procedure, step)),
                ("两人办理", f"{step.consent.label}签发才生效，不能与起草人同为一人" if step.consent else ""),
                ("紧急", f"即时生效，由{step.confirm.label}事后确认" if step.confirm else ""),
                ("状态", row.way),
                ("办理前核对", "；".join(row.holds)),
                ("期限", "，".join(row.clocks)),
                ("文书", "；".join(papers)),
                ("依据", _cited(step.citations) + ("。平台规定，条文没有写明" if step.default else "")),
                ("职责", "、".join(map(_duty, step.duties))),
            ]
        ),
        "" if step.by_system else asked.fields(step.facts),
    )


def _cause(procedure: Procedure, step: Step) -> str:
    """What makes the system take a step."""
    if not step.by_system:
        return ""
    if step.auto is not None:
        return f"到“{'”“'.join(state.label for state in step.sources)}”而条件成立，即由系统办理"
    ends = [clock.label for clock in procedure.clocks.values() if clock.step == step.code]
    return f"“{'”“'.join(ends)}”期满" if ends else "另一办件的步骤引起"


def _name(procedure: Procedure, code: str) -> str:
    return procedure.relation(code).label


def _copies(procedure: Procedure, codes: Iterable[str]) -> str:
    names = "、".join(_name(procedure, code) for code in codes)
    return f"，抄送{names}" if names else ""


def _told(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    for step in procedure.steps:
        if step.consent is not None:
            yield f"{step.label}：送签", step.consent.label, f"`{procedure.code}:propose`"
        if step.tells:
            names = "、".join(_name(procedure, code) for code in step.tells)
            yield step.label, names, f"`{procedure.code}:{step.code}`"
    owing = any(clock.on_pass == Deadline.OnPass.BREACH for clock in procedure.clocks.values())
    if procedure.clocks:
        yield "期限提醒", "应当办理的单位", "`deadline:reminder`"
        yield "没有法定效力的期限已过", "应当办理的单位", "`deadline:passed`"
    if owing:
        yield "逾期", "应当办理的单位，处负责人", "`deadline:breach`"


def _onward(procedure: Procedure) -> tuple[str, ...]:
    rows = [
        (
            "、".join(state.label for state in onward.states),
            "或".join(who.label for who in onward.who),
            f"[{onward.label}]({onward.procedure}.md)",
        )
        for onward in procedure.onward
    ]
    rows += [("没有办件时", "", f"[{label}]({code}.md)") for code, label in procedure.instead]
    return ("## 由此可以转到", table(["状态", "由谁", "提出"], rows)) if rows else ()
