"""The cast of every test: a little city of bodies and people whose rights are known to all.

| name              | body                           | roles              |
|-------------------|--------------------------------|--------------------|
| authority         | 市大数据局 (市数据主管部门)    | OFFICER            |
| authority_lead    | 市大数据局                     | LEAD               |
| provider          | 市生态环境局                   | OFFICER            |
| provider_lead     | 市生态环境局                   | LEAD, PRINCIPAL    |
| requester         | 市交通运输委                   | OFFICER            |
| requester_lead    | 市交通运输委                   | LEAD, PRINCIPAL    |
| district          | 渝中区数据主管部门             | OFFICER            |
| stranger          | 市体育局                       | OFFICER            |
| company           | an enterprise                  | OFFICER            |
| registrar         | 登记机构                       | REGISTRAR          |
| auditor           | 市大数据局                     | AUDITOR            |
| sysadmin          | 市大数据局                     | SYSTEM_ADMIN       |
| secadmin          | 市大数据局                     | SECURITY_ADMIN     |
| citizen           | none                           | none               |

The name of a person is also the key of that person's body: `cast.organisation("provider")`. Account names
have a hyphen where these names have an underscore (`requester-lead`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import clock
from accounts.actors import Actor
from accounts.models import District, Organisation, Post, Role, User
from django.contrib.auth.hashers import make_password

#: The password of everybody; hashed once a run, because the hash is slow by design.
PASSWORD = "Tests-Sign-In-2026"

_Kind = Organisation.Kind

#: key: (code, full name, short name, kind, duty)
BODIES = {
    "authority": (
        "cq-dsjj",
        "重庆市大数据应用发展管理局",
        "市大数据局",
        _Kind.CITY_DEPARTMENT,
        Organisation.Duty.CITY_AUTHORITY,
    ),
    "provider": ("cq-sthjj", "重庆市生态环境局", "市生态环境局", _Kind.CITY_DEPARTMENT, ""),
    "requester": ("cq-jtysw", "重庆市交通运输委员会", "市交通运输委", _Kind.CITY_DEPARTMENT, ""),
    "stranger": ("cq-tyj", "重庆市体育局", "市体育局", _Kind.CITY_DEPARTMENT, ""),
    "district": (
        "500103-data",
        "重庆市渝中区数据主管部门（测试）",
        "渝中区数据主管部门",
        _Kind.DISTRICT_DEPARTMENT,
        Organisation.Duty.DISTRICT_AUTHORITY,
    ),
    "company": ("company-1", "重庆某汽车维修服务企业（测试）", "某维修企业", _Kind.ENTERPRISE, ""),
    "registrar": ("registry", "公共数据资源登记机构（测试）", "登记机构", _Kind.REGISTRY, ""),
}

#: key: (name shown, key of the body, roles)
PEOPLE: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    "authority": ("大数据局经办", "authority", (Role.OFFICER,)),
    "authority_lead": ("大数据局处长", "authority", (Role.LEAD,)),
    "provider": ("生态环境局经办", "provider", (Role.OFFICER,)),
    "provider_lead": ("生态环境局处长", "provider", (Role.LEAD, Role.PRINCIPAL)),
    "requester": ("交通委经办", "requester", (Role.OFFICER,)),
    "requester_lead": ("交通委处长", "requester", (Role.LEAD, Role.PRINCIPAL)),
    "district": ("渝中区经办", "district", (Role.OFFICER,)),
    "stranger": ("体育局经办", "stranger", (Role.OFFICER,)),
    "company": ("企业经办", "company", (Role.OFFICER,)),
    "registrar": ("登记经办", "registrar", (Role.REGISTRAR,)),
    "auditor": ("审计管理员", "authority", (Role.AUDITOR,)),
    "sysadmin": ("系统管理员", "authority", (Role.SYSTEM_ADMIN,)),
    "secadmin": ("安全管理员", "authority", (Role.SECURITY_ADMIN,)),
    "citizen": ("市民", "", ()),
}


@dataclass(frozen=True)
class Cast:
    """The bodies and the people. `day` is the first day of every post; no post has a last one."""

    day: date
    organisations: dict[str, Organisation]
    users: dict[str, User]

    def organisation(self, name: str) -> Organisation:
        """The body of that name, or the body where the person of that name holds a post."""
        return self.organisations[name if name in self.organisations else PEOPLE[name][1]]

    def user(self, name: str) -> User:
        return self.users[name]

    def actor(self, name: str, at: datetime | None = None, *, via: str = "web") -> Actor:
        """The person with the posts of that day (now, when no instant is given)."""
        return Actor.of(self.users[name], at or clock.now(), via=via)


@cache
def password_hash() -> str:
    return make_password(PASSWORD)


def build_cast(on: date = date(2020, 1, 1)) -> Cast:
    """Write the little city, with every post beginning on the day; four statements."""
    district, _ = District.objects.get_or_create(code="500103", defaults={"name": "渝中区"})
    organisations = dict(
        zip(
            BODIES,
            Organisation.objects.bulk_create(
                Organisation(
                    code=code,
                    name=name,
                    short_name=short,
                    kind=kind,
                    duty=duty,
                    district=district if key == "district" else None,
                )
                for key, (code, name, short, kind, duty) in BODIES.items()
            ),
            strict=True,
        )
    )
    users = dict(
        zip(
            PEOPLE,
            User.objects.bulk_create(
                User(
                    username=key.replace("_", "-"),
                    name=shown,
                    email=f"{key.replace('_', '-')}@example.cn",
                    password=password_hash(),
                )
                for key, (shown, _, _) in PEOPLE.items()
            ),
            strict=True,
        )
    )
    Post.objects.bulk_create(
        Post(user=users[key], organisation=organisations[body], role=role, valid_from=on)
        for key, (_, body, roles) in PEOPLE.items()
        for role in roles
    )
    return Cast(day=on, organisations=organisations, users=users)
