"""docs/permissions.md, written from the table that the walk proves."""

from __future__ import annotations

from pathlib import Path

from tests.cast import PEOPLE
from tests.walk.addresses import every_address
from tests.walk.table import PASSING, Row, rows

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "authority": "主管部门经办",
    "authority_lead": "主管部门负责人",
    "provider": "提供部门经办",
    "provider_lead": "提供部门负责人",
    "requester": "使用部门经办",
    "requester_lead": "使用部门负责人",
    "district": "区县经办",
    "stranger": "无关部门经办",
    "company": "企业经办",
    "registrar": "登记机构",
    "auditor": "审计管理员",
    "sysadmin": "系统管理员",
    "secadmin": "安全管理员",
    "citizen": "无岗位人员",
}
INTRO = """# 谁可以进入哪里

本表由 `manage.py docs` 从 `tests/walk/table.py` 写出；`tests/walk` 以每个身份走遍每个地址（页面和接口），
逐格核对，表与系统不一致时测试失败。

对象都属于“使用部门”：它的申请、授权、草稿、通知、令牌、推送订阅；“提供部门”提供数据，“主管部门”答复申请，
“无关部门”与办件没有关系。

| 记号 | 含义 |
|---|---|
| ● | 可以 |
| ○ | 看得到对象，但不能办理：403，说明由谁办理 |
| · | 对这个人不存在：404，与没有这一对象时相同 |
| × | 没有这一岗位：403 |

除“所有人”一节以外，没有登录的一律先登录（接口为 401）。一行里查看与办理的人不同的，写成两行。
"""


def document() -> str:
    """The whole document."""
    table, addresses = rows(), {address.name: address.route for address in every_address()}
    sections: dict[str, list[tuple[str, str, Row]]] = {"所有人": [], "页面": [], "接口": [], "管理页面": []}
    for name, row in table.items():
        if name in addresses and name not in PASSING:
            sections[_section(name, row)].append((name, _readable(addresses[name]), row))
    parts = [INTRO]
    for title, found in sections.items():
        parts.append(f"## {title}\n")
        parts.append(_open(found) if title == "所有人" else _matrix(found))
    return "\n".join(parts)


def _section(name: str, row: Row) -> str:
    if row.public:
        return "所有人"
    if name.startswith("api:"):
        return "接口"
    return "管理页面" if name.startswith(("admin:", "catalogue:")) else "页面"


def _readable(route: str) -> str:
    return route.replace("^", "").replace("$", "").replace("|", "\\|")


def _open(found: list[tuple[str, str, Row]]) -> str:
    lines = ["| 内容 | 地址 |", "|---|---|"]
    lines += [f"| {row.label} | `{route}` |" for _name, route, row in found]
    return "\n".join(lines) + "\n"


def _matrix(found: list[tuple[str, str, Row]]) -> str:
    lines = ["| 内容 | 地址 | " + " | ".join(NAMES[name] for name in PEOPLE) + " |"]
    lines.append("|---|---|" + ":-:|" * len(PEOPLE))
    for _name, route, row in found:
        for method, label in _methods(row):
            cells = [_mark(row, method, person) for person in PEOPLE]
            lines.append(f"| {label} | `{route}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _methods(row: Row) -> list[tuple[str, str]]:
    if row.acts is None or row.acts == row.may:
        return [("get", row.label)]
    return [("get", f"{row.label}：查看"), ("post", f"{row.label}：办理")]


def _mark(row: Row, method: str, person: str) -> str:
    answer = row.expected(method, person)
    if answer == "refused":
        return "○" if row.hidden else "×"
    return {"open": "●", "hidden": "·"}[answer]
