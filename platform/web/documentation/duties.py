"""docs/duties.md: every duty, what enforces it, which tests prove it; the same rows as `manage.py duties`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from django.conf import settings
from procedures.declare import Step
from procedures.registry import all_procedures
from statutes.enforcement import Enforcer
from statutes.keeping import Keeping, keepings

from web.documentation.markdown import anchor, bullets, document, table, written_by
from web.documentation.procedures import heading

PATH = "docs/duties.md"
FAMILIES = {
    "catalog": "目录",
    "sharing": "共享",
    "opening": "开放",
    "registry": "登记",
    "operations": "授权运营",
    "security": "安全与监督",
}
COUNTED = [
    "族",
    "共",
    "已落实并有测试证明",
    "已落实，没有测试",
    "只有测试，没有登记落实",
    "尚未落实",
    "政策性或不实施",
]
WORDS = """一项职责，由办理程序的步骤、系统校验或者登记的其他做法落实，并由标明它的测试证明，才算立住。
“尚未落实”就是还没有做，不是不需要做；政策性规定和草案条款在平台上没有要落实的行为。
一项职责往往不止一面，已有步骤落实并不都等于它的每一面都已做完，以列出的步骤和测试为限。
"""


def page() -> str:
    """The whole document. Raises what `keepings` raises for a mark or a registration that names no duty."""
    rows, steps = keepings(Path(settings.BASE_DIR)), dict(_steps())
    families = [(app, list(found)) for app, found in groupby(rows, key=lambda row: row.duty.app)]
    return document(
        "# 职责",
        written_by("职责、程序和测试的标记"),
        WORDS,
        table(COUNTED, [*(_count(FAMILIES[app], found) for app, found in families), _count("合计", rows)]),
        *(part for app, found in families for part in _family(FAMILIES[app], found, steps)),
    )


def _steps() -> Iterator[tuple[str, tuple[str, Step]]]:
    for procedure in all_procedures():
        for step in procedure.steps:
            yield f"{procedure.code}:{step.code}", (procedure.code, step)


def _count(name: str, rows: Sequence[Keeping]) -> list[str]:
    kinds = [_kind(row) for row in rows]
    return [name, str(len(rows)), *(str(kinds.count(kind)) for kind in range(5))]


def _kind(row: Keeping) -> int:
    """The column in which a duty is counted."""
    if row.enforced_by:
        return 0 if row.proved_by else 1
    if row.workless:
        return 4
    return 2 if row.proved_by else 3


def _family(name: str, rows: Sequence[Keeping], steps: dict[str, tuple[str, Step]]) -> Iterator[str]:
    yield f"## {name}"
    still = [row.duty.id for row in rows if _kind(row) == 3]
    if still:
        links = "、".join(f"[{one}](#{one.lower()})" for one in still)
        yield f"尚未落实 {len(still)} 项：{links}。"
    for row in rows:
        yield f"### {row.duty.id}"
        yield row.duty.summary
        yield bullets(
            [
                ("依据", "；".join(f"{one.short}（{one.code}）" for one in row.duty.articles) + _force(row)),
                ("方式", "、".join(form.label for form in row.duty.form)),
                ("说明", row.duty.note),
                ("落实", "、".join(_enforcer(one, steps) for one in row.enforced_by) or _unenforced(row)),
                ("证明", "；".join(_tests(row.proved_by)) or ("" if row.workless else "没有")),
            ]
        )


def _force(row: Keeping) -> str:
    return "" if row.duty.force else "。仅据草案，没有法律效力"


def _unenforced(row: Keeping) -> str:
    if row.workless:
        return "平台上没有要落实的行为"
    return "没有登记由什么落实，只有测试" if row.proved_by else "**尚未落实**"


def _enforcer(one: Enforcer, steps: dict[str, tuple[str, Step]]) -> str:
    if one.what in steps:
        code, step = steps[one.what]
        return f"[{one.label}](procedures/{code}.md#{anchor(heading(step))})"
    place = _file(one.place)
    return f"[{one.label}](../{place})" if place else one.label


def _file(place: str) -> str:
    """The file of a registration below the root; the line changes too often to be told."""
    root, path = Path(settings.BASE_DIR), Path(place.rpartition(":")[0] or place)
    path = path if path.is_absolute() else root / path
    return path.relative_to(root).as_posix() if path.is_relative_to(root) and path.exists() else ""


def _tests(nodes: Sequence[str]) -> Iterator[str]:
    for name, found in groupby(nodes, key=lambda node: node.partition("::")[0]):
        names = "、".join(f"`{node.partition('::')[2]}`" for node in found)
        yield f"[{name}](../{name}) {names}"
