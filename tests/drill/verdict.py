"""What is true after the drill: every question is asked of the database, and each answer "no" is a sentence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from accounts.actors import SYSTEM
from audit import actions as trail
from audit.models import Event
from audit.sealing import seal_all
from datacentre.models import Grant
from deadlines import actions as clocks
from deadlines.models import Deadline
from deadlines.queries import current_calendar
from django.db.models import Count, Value
from django.db.models.functions import Concat
from documents.models import Counter as Series
from documents.models import Paper
from notices.models import Notice, Outgoing
from procedures import registry, turns
from procedures.models import Act, Case, Hearing, Party, Proposal, Turn

from sharing.models import SharingRequest

#: What each kind of case says of its grant, by state.
_GRANTED = {"IN_USE": {"open", "suspended"}, "SUSPENDED": {"suspended", "ended"}}


@dataclass
class Verdict:
    """`wrong` is empty when nothing was lost, nothing happened twice, and everything agrees."""

    wrong: list[str] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)

    def expect(self, truth: bool, sentence: str) -> None:
        if not truth:
            self.wrong.append(sentence)


def judge(folder: Path, at: datetime) -> Verdict:
    verdict = Verdict()
    _answers(verdict, [line for journal in sorted(folder.glob("driver-*.jsonl")) for line in _lines(journal)])
    _calls(verdict, list(_lines(folder / "caller.jsonl")))
    _cases(verdict)
    _numbers(verdict)
    _deadlines(verdict, at)
    _turns(verdict, at)
    _messages(verdict)
    _grants(verdict)
    _trail(verdict, at)
    return verdict


def _lines(journal: Path) -> Iterator[dict]:
    for line in journal.read_text().splitlines():
        yield json.loads(line)


def _answers(verdict: Verdict, lines: list[dict]) -> None:
    """Every act that a driver was told of is there, once; every one that was undone is not."""
    answers = Counter(line["answer"] for line in lines)
    verdict.found |= {f"驱动收到“{name}”": count for name, count in sorted(answers.items())}
    versions: Counter[tuple[str, int]] = Counter()
    taken: dict[tuple, list[str]] = {}
    for at, who, step, number in Act.objects.values_list("at", "user__username", "step", "case__number"):
        taken.setdefault((at, who, step), []).append(number)
    for line in lines:
        if line["answer"] == "fault":
            verdict.wrong.append(f"驱动遇到不应有的故障：{line.get('what', '')} {line['traceback'][-600:]}")
            continue
        if "what" not in line:
            continue
        acts = taken.get((datetime.fromisoformat(line["at"]), line["who"], line["what"]), [])
        if number := line.get("number"):
            acts = [other for other in acts if other == number]
        told = 1 if line["answer"] in ("done", "found") else 0
        verdict.expect(len(acts) == told, f"{line} 应有 {told} 条经过，实有 {len(acts)} 条")
        if line["answer"] == "done":
            versions[line["number"], line["version"]] += 1
    for (number, version), times in versions.items():
        verdict.expect(times == 1, f"{number} 的第 {version} 版被两次办理同时得到")
    filed = Counter(said.split(" ")[0] for said in SharingRequest.objects.values_list("scenario", flat=True))
    for line in lines:
        if marker := line.get("marker"):
            verdict.expect(filed[marker] <= 1, f"{marker} 成了 {filed[marker]} 件")


def _calls(verdict: Verdict, calls: list[dict]) -> None:
    """Every call of the interface, however often it was repeated, was carried out once, or refused once."""
    for call in calls:
        cases = SharingRequest.objects.filter(scenario__startswith=f"{call['marker']} ")
        acts = Act.objects.filter(case__sharing_request__in=cases, step=call["step"])
        took = call["status"] in (200, 201)
        if took:
            verdict.expect(acts.count() == 1, f"接口 {call} 办了 {acts.count()} 次")
            verdict.expect(cases.count() == 1, f"接口 {call} 成了 {cases.count()} 件")
        else:
            verdict.expect(call["status"] in (0, 409), f"接口 {call} 应办成")
            verdict.expect(acts.count() <= 1, f"接口 {call} 办了 {acts.count()} 次")
    repeated = sum(call["tries"] > 1 for call in calls)
    verdict.found |= {"接口调用": len(calls), "其中重发": repeated}


def _cases(verdict: Verdict) -> None:
    """State, history and evidence of each case agree."""
    acts: dict[int, list[Act]] = {}
    for act in Act.objects.order_by("id"):
        acts.setdefault(act.case_id, []).append(act)
    events = Counter(
        Event.objects.filter(object_kind="case")
        .exclude(action__startswith="deadline:")
        .values_list("object_id", "action", "at")
    )
    wanted: Counter[tuple] = Counter()
    cases = list(Case.objects.all())
    papers = Counter(Paper.objects.values_list("act", flat=True))
    verdict.found |= {"办件": len(cases), "经过": sum(map(len, acts.values()))}
    for case in cases:
        history = acts.get(case.pk, [])
        last = history[-1].to_state if history else None
        verdict.expect(last == case.state, f"{case.number} 现为 {case.state}，最后一步到 {last}")
        closed = bool(registry.get(case.kind).states[case.state].outcome)
        verdict.expect(closed == (case.closed_at is not None), f"{case.number} 的办结时间与状态不符")
        for before, after in zip(history, history[1:], strict=False):
            verdict.expect(before.to_state == after.from_state, f"{case.number} 第 {after.pk} 步不接着上一步")
        for act in history:
            wanted[case.number, f"{case.kind}:{act.step}", act.at] += 1
            step = registry.get(case.kind).by_code.get(act.step)
            due = len(step.papers) if step else 0
            verdict.expect(
                papers[act.pk] == due, f"{case.number} {act.step} 有 {papers[act.pk]} 份文书，应有 {due} 份"
            )
    for key, times in ((wanted - events) + (events - wanted)).items():
        verdict.wrong.append(f"{key} 的经过与审计事件差 {times} 条")
    once = Act.objects.filter(step="consult").values("case").annotate(times=Count("id")).filter(times__gt=1)
    verdict.expect(not once, f"有 {len(once)} 件两次征求意见")


def _numbers(verdict: Verdict) -> None:
    """Every series runs from 1 to its counter without a gap."""
    given = [*Case.objects.values_list("number", flat=True), *Paper.objects.values_list("number", flat=True)]
    verdict.expect(len(given) == len(set(given)), "有重复的编号")
    total = sum(Series.objects.values_list("last", flat=True))
    verdict.expect(total == len(given), f"编号发到 {total}，实有 {len(given)} 个：有缺号")


def _deadlines(verdict: Verdict, at: datetime) -> None:
    """Every limit is where its facts put it, and what passed is recorded as of the moment it passed."""
    calendar = current_calendar()
    told, withdrawn = (
        Counter(
            int(json.loads(body)["after"]["deadline"])
            for body in Event.objects.filter(action=action).values_list("body", flat=True)
        )
        for action in ("deadline:breach", "deadline:withdraw")
    )
    starts = Counter[tuple[int, str]]()
    for act in Act.objects.select_related("case"):
        step = registry.get(act.case.kind).by_code.get(act.step)
        for started in step.starts if step else ():
            starts[act.case_id, started.code] += 1
    rows = list(Deadline.objects.select_related("term", "case"))
    held = Counter((row.case_id, row.clock) for row in rows)
    verdict.expect(held == starts, f"期限与经过不符：{(held - starts) + (starts - held)}")
    breached = 0
    for row in rows:
        name = f"{row.case.number} {row.label}"
        worked = clocks.work(row, calendar)["due_on"]
        verdict.expect(worked == row.due_on.isoformat(), f"{name} 存 {row.due_on}，重算 {worked}")
        verdict.expect(row.failure == "", f"{name} 处理失败：{row.failure}")
        late = row.due_at <= (row.closed_at or at)
        must = row.on_pass == Deadline.OnPass.BREACH and late
        verdict.expect((row.breached_at is not None) == must, f"{name} 应{'' if must else '不'}逾期")
        if row.breached_at is not None:
            breached += 1
            verdict.expect(
                row.breached_at == row.due_at, f"{name} 逾期记在 {row.breached_at}，不是 {row.due_at}"
            )
            verdict.expect(row.noticed_at is not None, f"{name} 的逾期没有告知")
        stands = told[row.pk] - (withdrawn[row.pk] if row.on_pass == Deadline.OnPass.BREACH else 0)
        verdict.expect(stands == must, f"{name} 的逾期有 {stands} 条有效的审计事件")
        if row.outcome == Deadline.Outcome.OPEN and row.on_pass == Deadline.OnPass.STEP:
            verdict.expect(row.due_at > at, f"{name} 期满而系统没有办理")
        verdict.expect(row.next_look is None or row.next_look > at, f"{name} 应查看而没有查看")
    verdict.found |= {"期限": len(rows), "逾期": breached}
    late_steps = Act.objects.filter(effective_at__isnull=False)
    verdict.found["系统按期办理"] = late_steps.count()
    ends = set(Deadline.objects.values_list("case_id", "due_at"))
    for act in late_steps:
        verdict.expect(
            (act.case_id, act.effective_at) in ends, f"{act.case_id} {act.step} 的生效时刻不是期限的终点"
        )


def _turns(verdict: Verdict, at: datetime) -> None:
    """The stored turns are those that follow from the case now."""
    for case in Case.objects.all():
        fresh = turns.derive(
            registry.get(case.kind),
            case,
            Party.objects.filter(case=case).select_related("organisation").order_by("id"),
            Deadline.objects.filter(case=case),
            Proposal.objects.filter(case=case, closed_at=None).first(),
            at,
        )
        said = {(t.organisation_id, t.role, t.clock, t.due_at) for t in fresh}
        kept = {(t.organisation_id, t.role, t.clock, t.due_at) for t in Turn.objects.filter(case=case)}
        verdict.expect(said == kept, f"{case.number} 的轮次存 {kept}，重算 {said}")
        nearest = min((t.due_at for t in fresh if t.due_at), default=None)
        verdict.expect(nearest == case.due_at, f"{case.number} 最近的截止存 {case.due_at}，重算 {nearest}")


def _messages(verdict: Verdict) -> None:
    """Each act told each body once, each message each person once, and none is left behind."""
    parties: dict[int, list[Party]] = {}
    for party in Party.objects.all():
        parties.setdefault(party.case_id, []).append(party)
    wanted: Counter[tuple] = Counter()
    for act in Act.objects.select_related("case"):
        step = registry.get(act.case.kind).by_code.get(act.step)
        joined = {p.relation: p.organisation_id for p in parties[act.case_id] if p.since <= act.at}
        for relation in step.tells if step else ():
            if joined.get(relation) not in (None, act.organisation_id):
                wanted[act.case_id, f"{act.case.kind}:{act.step}", joined[relation], act.at] += 1
    for draft in Proposal.objects.filter(closed_how="lapsed").select_related("case"):
        wanted[draft.case_id, f"{draft.case.kind}:lapsed", None, draft.closed_at] += 1
    sent = Counter(
        Outgoing.objects.filter(topic__startswith=Concat("case__kind", Value(":")))
        .exclude(topic__endswith=":propose")
        .values_list("case_id", "topic", "organisation_id", "created_at")
    )
    for key, times in ((wanted - sent) + (sent - wanted)).items():
        verdict.wrong.append(f"通知与经过差 {times} 条：{key}")
    doubled = (
        Outgoing.objects.filter(topic__startswith="deadline:")
        .values("case_id", "topic", "organisation_id", "role", "user_id", "subject", "text")
        .annotate(times=Count("id"))
        .filter(times__gt=1)
    )
    verdict.wrong += [f"期限通知发了两次：{row}" for row in doubled]
    verdict.expect(not Outgoing.objects.filter(done_at=None).exists(), "发件箱里还有没有送出的通知")
    twice = Notice.objects.values("outgoing", "user").annotate(times=Count("id")).filter(times__gt=1)
    verdict.expect(not twice, f"有 {len(twice)} 人次收到两次同一通知")
    verdict.found |= {"通知": Outgoing.objects.count(), "送到各人": Notice.objects.count()}


def _grants(verdict: Verdict) -> None:
    """Access is open where the case says so and nowhere else; what one case asked of another was taken once."""
    granted = {grant.case_id: grant for grant in Grant.objects.all()}
    for case in Case.objects.filter(kind="sharing-request"):
        grant = granted.get(case.pk)
        opened = Act.objects.filter(case=case, step="open-access").count()
        verdict.expect((grant is not None) == (opened == 1), f"{case.number} 开通 {opened} 次，授权 {grant}")
        if grant is not None:
            may = _GRANTED.get(case.state, {"ended"})
            verdict.expect(grant.status in may, f"{case.number} 是 {case.state}，授权是 {grant.status}")
    for hearing in Hearing.objects.select_related("case"):
        verdict.expect(
            hearing.done_at is not None, f"{hearing.case} 没有听到 {hearing.step}：{hearing.outcome}"
        )
        times = Act.objects.filter(about__isnull=False, case=hearing.case, step=hearing.step).count()
        asked = Hearing.objects.filter(case=hearing.case, step=hearing.step, outcome="taken").count()
        verdict.expect(times == asked, f"{hearing.case} 的 {hearing.step} 要求 {asked} 次，办了 {times} 次")
    verdict.found["跨件办理"] = Hearing.objects.count()


def _trail(verdict: Verdict, at: datetime) -> None:
    seal_all(at)
    report = trail.check(SYSTEM, None, None, at=at)
    verdict.expect(report.ok, f"审计链不完好：{report.findings[:5]}")
    verdict.expect(report.count + 1 >= Event.objects.count(), "有审计事件没有入链")
    verdict.found |= {"审计事件": Event.objects.count(), "封印": report.seals}
