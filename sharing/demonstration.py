"""Matters on their way, so that every desk of the demonstration has something to do.

Each is filed and moved by the accounts of the demonstration through the same door as by people, at moments of the
last weeks; nothing is written by hand. Run twice, it changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Function, Organisation
from procedures import drafts
from procedures.filing import file
from procedures.models import Case
from procedures.perform import sign
from procedures.staging import Day, act, actor

from catalog.models import Entry
from sharing import subjects
from sharing.procedures import OBJECTION, REQUEST, REVOCATION

#: Tables of the demonstration; their entries have the codes they were given on publication.
EPIDEMIC, SCHOOLS, VILLAGES = "3-CQWJW-0001", "3-CQJW-0001", "3-CQTJJ-0002"
DATA_LAW = "《中华人民共和国数据安全法》第三十八条"
CATALOGUE = "《重庆市数据条例》第二十五条第三款"


def load(at: datetime) -> None:
    """File and move the demonstration's matters as if they had come in over the last weeks."""
    if Case.objects.filter(kind=REQUEST.code).exists():
        return
    when = Day(at.date())
    _in_use_and_examined(when)
    _at_once(when)
    _refused_and_objected(when)
    _overdue(when)
    _consulting(when)
    _waiting_for_signature(when)
    _fresh(when)
    _draft(when)


def request(account: str, entry: str, at: datetime, *, items: list[str] | None = None, **facts: Any) -> Case:
    """A request of the account's body for the entry, over a year from tomorrow."""
    who = actor(account, at)
    body = who.posts[0].organisation
    subject: Entry = subjects.entry(code_of(entry))
    first = at.date() + timedelta(days=1)
    said: Mapping[str, Any] = {
        "purpose": "duty",
        "function": Function.objects.filter(organisation=body).order_by("code").first().code,
        "items": items or [item.code for item in subject.items.all()],
        "modes": ["file", "api"],
        "scope": "本单位业务处室 6 个授权账号，不向第三方提供",
        "first_day": first.isoformat(),
        "last_day": (first + timedelta(days=364)).isoformat(),
        "contact": who.user.name,
        "contact_phone": "023-00000000",
        **facts,
    }
    return file(REQUEST, by=who, at=at, facts=said, subject=subject)


def code_of(table: str) -> str:
    """The code of the entry over a table of the demonstration."""
    return Entry.objects.values_list("code", flat=True).get(holding__code=table)


def grant(case: Case, at: datetime, signed: datetime, **facts: Any) -> Case:
    record = case.sharing_request
    said = {
        "items": record.items,
        "modes": record.modes,
        "scope": record.scope,
        "first_day": max(record.first_day, signed.date()).isoformat(),
        "last_day": record.last_day.isoformat(),
        **facts,
    }
    act(case, "grant", "authority", at, **said)
    return sign(case, by=actor("authority-lead", signed), at=signed)


def _in_use_and_examined(when: Day) -> None:
    case = request(
        "requester",
        EPIDEMIC,
        when(30, 9, 20),
        scenario="复盘 2020 年疫情期间各区县应急物资调度与病例增长的关系，形成应急物资储备布局建议，供局内决策使用。",
        purpose_basis="《重庆市突发事件应对条例》第十条",
    )
    grant(case, when(28, 10, 5), when(28, 15, 40))
    examined = file(
        REVOCATION,
        by=actor("provider", when(2, 11, 10)),
        at=when(2, 11, 10),
        subject=subjects.grant(case.number, actor("provider", when(2, 11, 10))),
        facts={
            "ground": "scope",
            "facts": "接口调用集中在夜间，账号数多于申请时说明的 6 个，需要核实使用范围。",
            "log_extract": "以平台读取记录为准",
        },
    )
    assert examined.state == "EXAMINING"


def _at_once(when: Day) -> None:
    for entry, day in ((SCHOOLS, 10), (VILLAGES, 3)):
        request(
            "requester",
            entry,
            when(day, 14, 30),
            scenario="建立避难场所与学校、村（社区）的对应关系，用于应急疏散预案的编制和演练。",
            purpose_basis="《重庆市突发事件应对条例》第十二条",
        )


def _refused_and_objected(when: Day) -> None:
    case = request(
        "requester",
        EPIDEMIC,
        when(16, 10, 0),
        purpose="service",
        scenario="在政务公开栏目制作疫情历史查询服务，供市民按区县和日期查询 2020 年每日病例数。",
        purpose_basis="《重庆市数据条例》第二十五条第一款",
    )
    act(
        case,
        "refuse",
        "authority",
        when(13, 9, 40),
        basis=DATA_LAW,
        reason="目录条件限于依法履行职责。面向公众查询会公布个别病例的区县和日期，与其他信息结合可能识别到个人。",
    )
    sign(case, by=actor("authority-lead", when(13, 16, 0)), at=when(13, 16, 0))
    draft = drafts.save(
        OBJECTION,
        by=actor("requester", when(5, 9, 30)),
        organisation=Organisation.objects.get(code="cq-yjj"),
        subject=case.number,
        at=when(5, 9, 30),
        facts={
            "matter": "refusal",
            "claim": "请求在合并不足 5 例的单元之后共享，合并后的数据不能识别个人，可以用于公众服务。",
            "basis": "《重庆市数据条例》第二十五条第一款",
        },
    )
    drafts.send(draft, by=actor("requester", when(5, 9, 45)), at=when(5, 9, 45))
    drafts.sign(draft, by=actor("requester-lead", when(5, 14, 0)), at=when(5, 14, 0))


def _overdue(when: Day) -> None:
    request(
        "provider-education",
        EPIDEMIC,
        when(8, 9, 10),
        items=["day", "district", "confirmed"],
        scenario="分析 2020 年各区县开学时间与疫情变化的关系，完善校园突发公共卫生事件应急预案。",
        purpose_basis="《学校卫生工作条例》第二十条",
    )


def _consulting(when: Day) -> None:
    case = request(
        "provider-air",
        EPIDEMIC,
        when(4, 15, 20),
        scenario="研究 2020 年疫情期间出行减少与空气质量变化的关系，需要各区县每日累计确诊数。",
        purpose_basis="《重庆市大气污染防治条例》第九条",
    )
    act(
        case,
        "consult",
        "authority",
        when(2, 10, 30),
        unsettled="申请单位的职能没有直接写明疾病防控或者突发事件应对，目录不能确定是否相当。",
        question="1. 生态环境统计分析能否使用分区县每日数据？\n2. 如能，是否需要合并不足 5 例的单元？",
        reason="目录条件没有写明生态环境职能是否属于可以共享的范围，依据目录不能确定能否共享。",
    )


def _waiting_for_signature(when: Day) -> None:
    case = request(
        "requester",
        EPIDEMIC,
        when(3, 9, 0),
        items=["day", "district", "district_code", "confirmed"],
        scenario="校核历史突发公共卫生事件台账，补全分区县每日累计确诊数，只在局内台账系统使用。",
        purpose_basis="《重庆市突发事件应对条例》第十条",
    )
    record = case.sharing_request
    act(
        case,
        "grant",
        "authority",
        when(1, 16, 20),
        items=record.items,
        modes=["file"],
        scope="应急指挥处 2 个账号",
        first_day=record.first_day.isoformat(),
        last_day=record.last_day.isoformat(),
    )


def _fresh(when: Day) -> None:
    request(
        "requester",
        EPIDEMIC,
        when(1, 16, 42),
        scenario="汛期前演练需要模拟突发公共卫生事件的分区县数据，用于推演物资前置点的数量和位置。",
        purpose_basis="《重庆市突发事件应对条例》第十二条",
        last_day=(when.today + timedelta(days=500)).isoformat(),
    )


def _draft(when: Day) -> None:
    at = when(1, 17, 5)
    drafts.save(
        REQUEST,
        by=actor("requester", at),
        organisation=Organisation.objects.get(code="cq-yjj"),
        subject=code_of(EPIDEMIC),
        facts={"scenario": "准备用于年度风险评估，待补充。", "purpose": "duty"},
        at=at,
    )
