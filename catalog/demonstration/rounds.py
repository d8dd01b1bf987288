"""Rounds, lists and an update of the demonstration: a round that ended, one that runs, a change that is due.

All is filed and moved by the demonstration's accounts through the same door as by people. What may count against a
body happens to the made-up bodies only. Run twice, it changes nothing the second time.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import clock
from accounts.models import Organisation, User
from deadlines.queries import current_calendar
from deadlines.workdays import add_workdays
from procedures import drafts as papers
from procedures import hearings, registry
from procedures.filing import file
from procedures.models import Case
from procedures.staging import Day, act, actor

from catalog import drafts
from catalog.models import CatalogueList, CatalogueRound, Draft, Entry
from catalog.publishing import content_of

NORM = "《政务信息资源目录编制指南（试行）》及本市补充要求（演示）"
HEALTH, EDUCATION, EMERGENCY = "cq-wsjkw", "cq-jw", "cq-yjj"
AUTHORITY, DISTRICT, DISTRICT_SCHOOLS = "cq-dsjj", "500103-data-demo", "500103-education-demo"
EPIDEMIC, SCHOOLS = "3-CQWJW-0001", "3-CQJW-0001"

SHELTERS: dict[str, Any] = {
    "name": "应急避难场所名录",
    "summary": "全市应急避难场所，一处一行，含名称、地址、类型和可容纳人数。",
    "subject": "safety",
    "gathered": "全市应急避难场所",
    "formats": ["xlsx"],
    "delivery": ["file"],
    "update_cycle": "yearly",
    "opening_type": "unconditional",
    "opening_delivery": ["file"],
    "identifier_kind": "place",
    "use_requirements": "使用时注明来源。",
    "items": [
        {"code": "name", "name": "名称", "type": "text"},
        {"code": "address", "name": "地址", "type": "text"},
        {"code": "kind", "name": "类型", "type": "text"},
        {"code": "capacity", "name": "可容纳人数", "type": "integer"},
    ],
}
PLACES: dict[str, Any] = {
    **SHELTERS,
    "name": "幼儿园学位",
    "summary": "渝中区各幼儿园每学年的学位数和在园人数（演示）。",
    "subject": "education",
    "gathered": "渝中区各幼儿园",
    "identifier_kind": "organisation",
    "items": [
        {"code": "school", "name": "幼儿园", "type": "text"},
        {"code": "places", "name": "学位数", "type": "integer"},
    ],
}


def load(at: datetime) -> None:
    """File and move them as if they had come in over the last months."""
    if CatalogueRound.objects.exists() or not User.objects.filter(username="authority").exists():
        return
    when = Day(at.astimezone(clock.SHANGHAI).date())
    _finished(when)
    _running(when)
    _due(when)


def _open(at: datetime, bodies: tuple[str, ...], compile_by: date) -> Case:
    paper = papers.save(
        registry.get("catalogue-round"),
        by=actor("authority", at),
        organisation=Organisation.objects.get(code=AUTHORITY),
        subject="government",
        facts={
            "norm": NORM,
            "whom": "named",
            "named": "、".join(bodies),
            "compile_by": compile_by.isoformat(),
            "requirements": "列为有条件、不予共享或者开放的，逐条写明国家层面的依据。",
        },
        at=at,
    )
    papers.send(paper, by=actor("authority", at), at=at)
    return papers.sign(paper, by=actor("authority-lead", at), at=at)


def _list(round_: Case, body: str) -> Case:
    return CatalogueList.objects.select_related("case").get(round__case=round_, body__code=body).case


def _draft(account: str, body: str, said: dict[str, Any], at: datetime) -> Draft:
    owner = Organisation.objects.get(code=body)
    return drafts.keep(owner, said, at=at, by=actor(account, at))


def _more_words(account: str, table: str, words: list[str], at: datetime) -> Draft:
    """A change of a published entry: further words by which people look for it."""
    entry = Entry.objects.select_related("provider", "holding").get(holding__code=table)
    said = {**content_of(entry).as_json(), "keywords": words}
    return drafts.keep(entry.provider, said, entry=entry, at=at, by=actor(account, at))


def _finished(when: Day) -> None:
    """One body reported and was published, one never did."""
    at = when(75, 9)
    round_ = _open(at, (HEALTH, DISTRICT_SCHOOLS), when(60, 0).date())
    _more_words("provider", EPIDEMIC, ["新冠", "疫情", "病例"], when(70, 10))
    case = _list(round_, HEALTH)
    act(case, "submit", "provider", when(68, 10), "provider-lead", complete=True)
    act(case, "adopt", "authority", when(62, 10), "authority-lead", opinion="同意纳入。")
    act(round_, "close", "authority", when(59, 9))
    hearings.deliver(when(59, 10))
    act(round_, "publish", "authority", when(58, 9), "authority-lead", reason="年度编制轮次（演示）")


def _running(when: Day) -> None:
    """A list in each state a running round has."""
    bodies = (HEALTH, EDUCATION, EMERGENCY, DISTRICT, DISTRICT_SCHOOLS)
    round_ = _open(when(15, 9), bodies, add_workdays(current_calendar(), when.today, 10))
    _draft(
        "provider",
        HEALTH,
        {"name": "医疗机构名录", "summary": "全市医疗机构，待补充信息项。"},
        when(9, 10),
    )
    _more_words("provider-education", SCHOOLS, ["大学", "高校"], when(12, 10))
    schools = _list(round_, EDUCATION)
    act(
        schools,
        "submit",
        "provider-education",
        when(11, 9),
        "provider-education-principal",
        complete=True,
    )
    act(schools, "adopt", "authority", when(6, 9), "authority-lead")
    _draft("requester", EMERGENCY, SHELTERS, when(8, 9))
    act(
        _list(round_, EMERGENCY),
        "submit",
        "requester",
        when(5, 9),
        "requester-lead",
        complete=True,
        demands="各学校校区面积和操场面积｜应急避难场所规划与管理｜市教委",
    )
    _draft("district-education", DISTRICT_SCHOOLS, PLACES, when(7, 9))
    act(
        _list(round_, DISTRICT_SCHOOLS),
        "submit-to-merger",
        "district-education",
        when(4, 9),
        "district-education-lead",
        complete=True,
    )
    act(
        round_,
        "call-body",
        "authority",
        when(3, 9),
        change="drop",
        body=DISTRICT,
        reason="本单位的数据由区政府办公室一并编制（演示）",
    )
    hearings.deliver(when(3, 10))


def _due(when: Day) -> None:
    """A change of functions of a made-up body, of which the tenth working day is tomorrow."""
    at = when(6, 14)
    file(
        registry.get("catalogue-update"),
        by=actor("district-education", at),
        at=at,
        subject=Organisation.objects.get(code=DISTRICT_SCHOOLS),
        facts={
            "cause": "function",
            "source": "《渝中区机构职能调整方案》（演示，并无此文件）",
            "changed_on": when(9, 0).date().isoformat(),
            "reason": "学前教育管理职能并入，相关数据应当编目。",
        },
    )
