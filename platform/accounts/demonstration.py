"""The demonstration's people: real bodies of the city, made-up persons, one printed password.

`load(at)` writes them once and changes nothing when run again. Nothing here runs outside the demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import register
from accounts.actions import appoint
from accounts.actors import SYSTEM
from accounts.models import District, Function, Organisation, Post, Role, User

#: Everybody has been in post since this day, so that the demonstration may begin on any later one.
SINCE = date(2024, 1, 1)

AUTHORITY, HEALTH, EMERGENCY = "cq-dsjj", "cq-wsjkw", "cq-yjj"
GOVERNMENT = "cq-gov"
PLANNING, FINANCE, AUDIT = "cq-fzggw", "cq-czj", "cq-sjj"
EDUCATION, ENVIRONMENT, TRANSPORT = "cq-jw", "cq-sthjj", "cq-jtysw"
DISTRICT, COMPANY, REGISTRY = "500103-data-demo", "company-demo", "registry-demo"
DISTRICT_SCHOOLS = "500103-education-demo"


@dataclass(frozen=True)
class Person:
    """One account. `says` is what the printed list says of it."""

    account: str
    name: str
    body: str
    roles: tuple[Role, ...]
    says: str


PEOPLE = (
    Person("authority", "陈主管", AUTHORITY, (Role.OFFICER,), "市数据主管部门经办人"),
    Person(
        "authority-lead",
        "林主管",
        AUTHORITY,
        (Role.LEAD, Role.PRINCIPAL),
        "市数据主管部门处负责人、主要负责人",
    ),
    Person(
        "authority-review", "谢复核", AUTHORITY, (Role.OFFICER,), "市数据主管部门经办人，处理对答复的异议"
    ),
    Person(
        "authority-review-lead", "邓复核", AUTHORITY, (Role.LEAD,), "市数据主管部门处负责人，签发异议处理决定"
    ),
    Person("provider", "吴供数", HEALTH, (Role.OFFICER,), "数据提供部门（市卫生健康委）经办人"),
    Person(
        "provider-lead", "郑供数", HEALTH, (Role.LEAD, Role.PRINCIPAL), "数据提供部门处负责人、主要负责人"
    ),
    Person("requester", "周用数", EMERGENCY, (Role.OFFICER,), "数据使用部门（市应急局）经办人"),
    Person(
        "requester-lead", "孙用数", EMERGENCY, (Role.LEAD, Role.PRINCIPAL), "数据使用部门处负责人、主要负责人"
    ),
    Person("district", "何区县", DISTRICT, (Role.OFFICER,), "区县数据主管部门经办人"),
    Person("citizen", "黄市民", "", (), "市民，没有任职"),
    Person("company", "罗企业", COMPANY, (Role.OFFICER,), "企业经办人"),
    Person("registrar", "高登记", REGISTRY, (Role.REGISTRAR,), "登记机构经办人"),
    Person("auditor", "马审计", AUTHORITY, (Role.AUDITOR,), "审计管理员"),
    Person("sysadmin", "朱系统", AUTHORITY, (Role.SYSTEM_ADMIN,), "系统管理员"),
    Person("secadmin", "胡安全", AUTHORITY, (Role.SECURITY_ADMIN,), "安全管理员"),
    Person(
        "provider-education",
        "郭供数",
        EDUCATION,
        (Role.OFFICER, Role.LEAD),
        "数据提供部门（市教委）经办人、处负责人",
    ),
    Person(
        "provider-education-principal",
        "许供数",
        EDUCATION,
        (Role.PRINCIPAL,),
        "数据提供部门（市教委）主要负责人",
    ),
    Person(
        "district-lead",
        "吕区县",
        DISTRICT,
        (Role.LEAD, Role.PRINCIPAL),
        "区县数据主管部门处负责人、主要负责人",
    ),
    Person("planning", "冯发改", PLANNING, (Role.OFFICER,), "发展改革部门（市发展改革委）经办人"),
    Person("planning-lead", "褚发改", PLANNING, (Role.LEAD,), "发展改革部门处负责人"),
    Person("finance", "卫财政", FINANCE, (Role.OFFICER,), "财政部门（市财政局）经办人"),
    Person("audit-office", "蒋审计", AUDIT, (Role.OFFICER,), "审计机关（市审计局）经办人"),
    Person("district-education", "施区县", DISTRICT_SCHOOLS, (Role.OFFICER,), "区县部门经办人"),
    Person(
        "district-education-lead",
        "张区县",
        DISTRICT_SCHOOLS,
        (Role.LEAD, Role.PRINCIPAL),
        "区县部门处负责人、主要负责人",
    ),
    Person("government", "秦政府", GOVERNMENT, (Role.OFFICER,), "市政府经办人，登记对争议的决定"),
    Person(
        "provider-air",
        "曾供数",
        ENVIRONMENT,
        (Role.OFFICER, Role.LEAD),
        "数据提供部门（市生态环境局）经办人、处负责人",
    ),
)

_BASIS = "职能配置规定（演示，非原文）"

#: body: its functions as the demonstration has them. The bodies are real, the wording is not theirs.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    EMERGENCY: (
        "突发事件监测预警与信息发布",
        "突发公共卫生事件中的应急物资调度",
        "自然灾害风险普查与评估",
        "安全生产监督管理",
        "应急避难场所规划与管理",
    ),
    HEALTH: ("传染病疫情监测与报告", "医疗机构准入与监督", "突发公共卫生事件处置"),
    EDUCATION: ("高等学校布局与管理", "教育事业统计", "校园安全监督指导"),
    ENVIRONMENT: ("环境空气质量监测与发布", "重污染天气应对", "生态环境统计"),
    TRANSPORT: ("公共交通线网规划", "道路运输监督管理", "重点时段运力调度"),
    AUTHORITY: ("公共数据资源统筹管理", "数据共享开放的组织实施", "数据安全监督检查"),
}

_MADE_UP = "演示用，不代表真实机构"


@transaction.atomic
def load(at: datetime) -> list[Person]:
    """Write bodies, functions, accounts and posts of the demonstration; returns the people for the printed list.

    Raises RuntimeError outside the demonstration: these accounts share a public password.
    """
    if not settings.DEMO:
        raise RuntimeError("演示账号只能载入演示环境（YUSHU_DEMO=1）。")
    if not Organisation.objects.filter(code=AUTHORITY).exists():
        register.load()
    _bodies()
    _functions()
    hashed = make_password(settings.DEMO_PASSWORD)
    for person in PEOPLE:
        _person(person, hashed, at)
    return list(PEOPLE)


def account_list() -> str:
    """The accounts as `make run` prints them: one a line, and the one password."""
    width = max(len(person.account) for person in PEOPLE)
    lines = [f"  {person.account:<{width}}  {person.says}" for person in PEOPLE]
    note = "演示环境不强制使用动态口令。" if settings.SECOND_FACTOR_WAIVED else ""
    return "\n".join([f"演示账号（密码均为 {settings.DEMO_PASSWORD}）：", *lines, *([note] if note else [])])


def _bodies() -> None:
    Kind = Organisation.Kind
    for code, name, short, kind, duty, district in (
        (
            DISTRICT,
            "重庆市渝中区数据主管部门（演示）",
            "渝中区数据主管部门",
            Kind.DISTRICT_DEPARTMENT,
            Organisation.Duty.DISTRICT_AUTHORITY,
            "500103",
        ),
        (
            DISTRICT_SCHOOLS,
            "重庆市渝中区教育主管部门（演示）",
            "渝中区教育主管部门",
            Kind.DISTRICT_DEPARTMENT,
            "",
            "500103",
        ),
        (COMPANY, "重庆某健康科技企业（演示）", "某健康科技企业", Kind.ENTERPRISE, "", None),
        (REGISTRY, "重庆市公共数据资源登记机构（演示）", "登记机构", Kind.REGISTRY, "", None),
    ):
        facts: dict[str, Any] = {
            "name": name,
            "short_name": short,
            "kind": kind,
            "duty": duty,
            "note": _MADE_UP,
        }
        if district:
            facts["district"] = District.objects.get(code=district)
            facts["parent"] = Organisation.objects.get(code=f"{district}-gov")
        Organisation.objects.get_or_create(code=code, defaults=facts)


def _functions() -> None:
    for code, names in FUNCTIONS.items():
        body = Organisation.objects.get(code=code)
        for number, name in enumerate(names, 1):
            Function.objects.get_or_create(
                organisation=body,
                code=f"{number:02d}",
                defaults={"name": name, "basis": f"{body.name}{_BASIS}第 {number} 项"},
            )


def _person(person: Person, hashed: str, at: datetime) -> None:
    user, _ = User.objects.get_or_create(
        username=person.account,
        defaults={
            "name": person.name,
            "email": f"{person.account}@example.cn",
            "password": hashed,
            "password_changed_at": at,
            "real_name_verified_at": at,
        },
    )
    for role in person.roles:
        body = Organisation.objects.get(code=person.body)
        if not Post.objects.filter(user=user, organisation=body, role=role).exists():
            appoint(user, body, role, valid_from=SINCE, by=SYSTEM, at=at, reason="演示账号")
