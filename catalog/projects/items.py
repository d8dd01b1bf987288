"""预编制目录清单: which entries a project will bring about, whether the list is complete, how far it is fulfilled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from datacentre.models import HoldingVersion
from procedures.models import Case
from statutes.enforcement import enforces

from catalog.effects import drafts as held_drafts
from catalog.effects.look import first_words, problems, waiting, with_entries
from catalog.models import Draft, Entry, Project, ProjectItem

Stage, Kind = Draft.Stage, Draft.Kind


def names_of(text: str) -> list[str]:
    """The names that were written, a line each."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def unknown(names: Iterable[str], project: Project | None, applicant: object) -> list[str]:
    """The names that stand for nothing the applicant compiles, and are not in the list already."""
    wanted = list(names)
    known = set(waiting(applicant).filter(name__in=wanted).values_list("name", flat=True))
    if project is not None:
        known |= set(project.items.values_list("name", flat=True))
    return [name for name in wanted if name not in known]


def put(project: Project, names: list[str]) -> None:
    """Make the list these names, in their order; what it kept of those that stay is kept."""
    project.items.exclude(name__in=names).delete()
    there = {item.name: item for item in project.items.all()}
    compiled = {draft.name: draft for draft in waiting(project.applicant).filter(name__in=names)}
    for position, name in enumerate(names):
        item = there.get(name) or ProjectItem(project=project, name=name)
        if (draft := compiled.get(name)) is not None:
            item.draft, item.entry, item.kind = draft, draft.entry, draft.kind
            item.base_version, item.content = draft.base_version, draft.content
        item.position = position
        item.save()


@enforces("CAT-38", what="审批前核对预编制的目录清单是否完整")
def defects(project: Project, names: list[str]) -> str:
    """What stands in the way of taking the list for complete, in words; empty when nothing does.

    Every entry is compiled and without a problem under the norm in force; one that is published already is in order.
    """
    if not names:
        return "还没有预编制目录清单"
    live = {
        item.name for item in project.items.all() if item.draft is None or item.draft.stage == Stage.PUBLISHED
    }
    rows = list(with_entries(waiting(project.applicant).filter(name__in=names)))
    missing = [name for name in names if name not in live and name not in {row.name for row in rows}]
    if missing:
        return f"没有编制的条目：{'、'.join(missing[:5])}"
    found = problems(rows)
    return f"没有填写完整的条目：{first_words(found, rows)}" if found else ""


def hold(project: Project) -> None:
    """The case holds the drafts while its list is reviewed: they stay as they were shown."""
    keys = project.items.filter(draft__stage=Stage.EDITING, draft__case=None).values("draft")
    held_drafts.take_up(Draft.objects.filter(pk__in=keys), project.case)


def release(case: Case) -> None:
    """The drafts are the body's again: to be changed, and published by an update of the catalogue."""
    held_drafts.give_back(case)


@dataclass(frozen=True)
class Completion:
    """One item against the live catalogue."""

    item: ProjectItem
    entry: Entry | None
    published: bool
    loaded: bool

    @property
    def done(self) -> bool:
        """Live: what was to be withdrawn is; all else is published and its data loaded."""
        return self.published and (self.loaded or self.item.kind == Kind.REMOVE)

    @property
    def word(self) -> str:
        if self.done:
            return "已完成"
        if self.item.exempted:
            return "不要求"
        return "已发布，数据未汇聚" if self.published else "未完成"


@enforces("CAT-38", what="验收时按现行目录逐条核对清单完成情况")
def completion(project: Project) -> list[Completion]:
    """Each item of the list against the live catalogue (three queries)."""
    return completions([project])[project.pk]


def completions(projects: Iterable[Project]) -> dict[int, list[Completion]]:
    """The lists of many projects, by key of the project; three queries for any number."""
    applicants = {project.pk: project.applicant_id for project in projects}
    items = list(ProjectItem.objects.filter(project__in=applicants).select_related("draft__entry", "entry"))
    published = Entry.objects.published().filter(
        provider__in=set(applicants.values()), name__in={item.name for item in items}
    )
    by_name = {(entry.provider_id, entry.name): entry for entry in published}
    entries = [_entry_of(item, by_name.get((applicants[item.project_id], item.name))) for item in items]
    holdings = {entry.holding_id for entry in entries if entry is not None and entry.holding_id}
    loaded = set(
        HoldingVersion.objects.filter(holding__in=holdings).values_list("holding_id", flat=True).distinct()
    )
    found: dict[int, list[Completion]] = {key: [] for key in applicants}
    for item, entry in zip(items, entries, strict=True):
        has_data = entry is not None and entry.holding_id in loaded
        found[item.project_id].append(Completion(item, entry, _is_live(item, entry), has_data))
    return found


def _entry_of(item: ProjectItem, named: Entry | None) -> Entry | None:
    """The entry that the item became: of its draft once that was published, else the one that bears its name."""
    if item.kind != Kind.ADD:
        return item.entry
    draft = item.draft
    if draft is not None and draft.stage == Stage.PUBLISHED and draft.entry is not None:
        return draft.entry
    return named


def _is_live(item: ProjectItem, entry: Entry | None) -> bool:
    if entry is None:
        return False
    if item.kind == Kind.REMOVE:
        return entry.status == Entry.Status.WITHDRAWN
    if entry.status != Entry.Status.PUBLISHED:
        return False
    return item.kind == Kind.ADD or entry.version > item.base_version


def summary(rows: list[Completion]) -> dict[str, object]:
    """As it is kept with an act: counts, and each item in a word."""
    return {
        "total": len(rows),
        "done": sum(row.done for row in rows),
        "items": [
            {"name": row.item.name, "state": row.word, "entry": row.entry.code if row.entry else ""}
            for row in rows
        ],
    }
