"""Disputes and a suggestion of the demonstration: one that the authority settles, one before the government, a
suggestion that waits for its answer.

All is filed and moved by the demonstration's accounts through the same door as by people. Run twice, it changes
nothing the second time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import clock
from accounts.models import Organisation, User
from procedures import drafts as papers
from procedures import registry
from procedures.filing import file
from procedures.models import Case
from procedures.staging import Day, act, actor

from catalog.disputes import subjects
from catalog.models import Dispute, Entry

HEALTH, EMERGENCY, EDUCATION, ENVIRONMENT = "cq-wsjkw", "cq-yjj", "cq-jw", "cq-sthjj"
AUTHORITY = "cq-dsjj"
EPIDEMIC = "3-CQWJW-0001"
_MADE_UP = "（演示）"


def load(at: datetime) -> None:
    """File and move them as if they had come in over the last weeks."""
    if Dispute.objects.exists() or not User.objects.filter(username="government").exists():
        return
    when = Day(at.astimezone(clock.SHANGHAI).date())
    _convened(when)
    _referred(when)
    _suggested(when)


def _raise(account: str, at: datetime, other: str, **facts: str) -> Case:
    body = Organisation.objects.get(code=other)
    return file(
        registry.get("body-dispute"),
        by=actor(account, at),
        at=at,
        subject=subjects.Item(bodies=(body,)),
        facts={"other": other, **facts},
    )


def _convened(when: Day) -> None:
    """Both collect the same; the authority brought them together, and one has signed."""
    case = _raise(
        "requester", when(14, 10), HEALTH,
        kind="source", element="紧急医学救援物资储备信息",
        claim=f"紧急医学救援物资的储备库和品类由两家分别向区县采集，口径不一。应急物资由本单位统一调度，应由本单位作为来源{_MADE_UP}。",
        basis="《重庆市应急管理局职能配置规定》第三条（演示，非原文）",
    )  # fmt: skip
    act(
        case, "state", "provider", when(11, 15),
        position=f"紧急医学救援物资由医疗机构储备，数量每周变动，由本单位的系统采集，应急部门可以共享取得{_MADE_UP}。",
        basis="《重庆市卫生健康委员会职能配置规定》第三条（演示，非原文）",
    )  # fmt: skip
    act(
        case, "escalate", "provider", when(6, 9),
        open_points="储备库的位置和品类由谁采集可以商定；储备数量由谁核实、多久更新一次，没有一致。",
    )  # fmt: skip
    act(
        case, "agree", "requester", when(2, 16), body=HEALTH,
        text="由市卫生健康委作为紧急医学救援物资储备信息的唯一来源，每周更新；市应急局停止向区县采集，通过共享取得，调度结果回传市卫生健康委。",
    )  # fmt: skip


def _referred(when: Day) -> None:
    """Which of two bodies opens it: neither talking nor the authority's meeting settled it."""
    case = _raise(
        "provider-education", when(22, 9), ENVIRONMENT,
        kind="opening", element="校园周边空气质量监测结果",
        claim=f"监测点设在校园内，由学校管理，应由本单位向社会开放{_MADE_UP}。",
        basis="《重庆市教育委员会职能配置规定》第三条（演示，非原文）",
    )  # fmt: skip
    act(
        case, "state", "provider-air", when(20, 10),
        position=f"环境空气质量监测结果由本单位统一发布，两处发布会出现不同的数值{_MADE_UP}。",
        basis="《中华人民共和国大气污染防治法》第二十三条",
    )  # fmt: skip
    act(
        case, "escalate", "provider-air", when(13, 14),
        open_points="由谁开放、以哪一个数值为准，没有一致。",
    )  # fmt: skip
    act(
        case, "refer", "authority", when(4, 9), "authority-lead",
        minutes="两次会商。各方同意数值以市生态环境局的为准，对由谁开放没有一致。",
        positions="市教委：监测点由学校管理，应由市教委开放。\n市生态环境局：空气质量结果由本局统一发布。",
        proposal="建议由市生态环境局开放，条目中注明监测点所在学校。",
    )  # fmt: skip


def _suggested(when: Day) -> None:
    """Opened on a condition that the authority thinks no longer needed; four working days ago."""
    at = when(4, 15)
    by = actor("authority", at)
    entry = Entry.objects.get(holding__code=EPIDEMIC)
    paper = papers.save(
        registry.get("attribute-suggestion"),
        by=by,
        organisation=Organisation.objects.get(code=AUTHORITY),
        subject=entry.code,
        facts={
            "opening_type": "conditional",
            "opening_conditions": "公布和使用前合并不足 5 例的单元；不与其他数据结合识别个人。",
            "opening_delivery": ["file", "api"],
            "basis": "《中华人民共和国数据安全法》第三十八条",
            "basis_kind": "law",
            "reasons": "数据截至 2020 年，不再更新。合并小单元已足以防止识别个人，"
            f"不必再要求逐一说明研究用途；可以一并以接口开放{_MADE_UP}。",
        },
        at=at,
    )
    papers.send(paper, by=by, at=at)
    signed = at + timedelta(minutes=40)
    papers.sign(paper, by=actor("authority-lead", signed), at=signed)
