"""Looking at many drafts at once: what still stands in their way, and what exactly they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from accounts.models import Organisation
from audit.sm3 import sm3
from django.db.models import QuerySet
from procedures.models import Case
from statutes.enforcement import enforces

from catalog import rules, twins
from catalog.disputes import standing
from catalog.models import CatalogueList, Draft, Entry, EntryItem
from catalog.norm.content import Content, Problem

Stage = Draft.Stage


def waiting(body: Organisation) -> QuerySet[Draft]:
    """What the body compiles and no case holds."""
    return Draft.objects.filter(provider=body, stage=Stage.EDITING, case=None)


def held(case: Case) -> QuerySet[Draft]:
    """What the case holds for review."""
    return Draft.objects.filter(case=case, stage=Stage.SUBMITTED)


@enforces("CAT-03", "CAT-09", "CAT-14", "CAT-18", "CAT-19", what="报送、审核：逐条核对规范各要素和依据")
def problems(drafts: Iterable[Draft]) -> dict[int, list[Problem]]:
    """What stands in the way of publishing each, by key of the draft; those without problems are left out.

    Three queries for all of them (six where their bodies dispute something), and one more for each with a holding.
    """
    rows = list(drafts)
    said = [draft for draft in rows if draft.kind != Draft.Kind.REMOVE]
    contents = [(Content.of(draft.content), draft.entry_id) for draft in said]
    sources = rules.source_problems(contents)
    found = {
        draft.pk: rules.problems_of(content, holding=draft.holding, provider_id=draft.provider_id) + doubled
        for draft, (content, _entry), doubled in zip(said, contents, sources, strict=True)
    }
    disputed = standing.problems(
        [
            standing.Proposed(draft.provider_id, content, draft.entry)
            for draft, (content, _entry) in zip(said, contents, strict=True)
        ]
    )
    for draft, listed in zip(said, disputed, strict=True):
        found[draft.pk] += listed
    for draft in rows:
        found[draft.pk] = found.get(draft.pk, []) + _of_its_entry(draft) + _unread(draft)
    return {key: listed for key, listed in found.items() if listed}


def with_entries(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Drafts with all that `problems` looks at."""
    return drafts.select_related("entry__provider", "entry__holding", "provider__district", "holding__owner")


def _unread(draft: Draft) -> list[Problem]:
    return [Problem("", "有填写的内容没能读懂，请改正后保存", ("GOV19-11",))] if draft.typed else []


def _of_its_entry(draft: Draft) -> list[Problem]:
    """A change rests on the entry as it stands, and on the body's own."""
    entry = draft.entry
    if entry is None:
        return []
    found = []
    if entry.status != Entry.Status.PUBLISHED:
        found.append(Problem("", "该条目已经撤销，不能变更", ("GOV19-12.1",)))
    elif entry.version != draft.base_version:
        said = f"该条目在编制期间已更新到第 {entry.version} 版，请在新版上修改"
        found.append(Problem("", said, ("GOV19-14.2",)))
    if entry.provider_id != draft.provider_id and entry.provider.successor_id != draft.provider_id:
        found.append(Problem("", f"该条目由{entry.provider.name}提供，由该单位编制", ("GOV19-12.1",)))
    return found


def first_words(found: dict[int, list[Problem]], drafts: Sequence[Draft], *, most: int = 3) -> str:
    """The first few drafts with their first problem, for a refusal that names what to mend."""
    named = [f"“{draft.name}”{found[draft.pk][0].message}" for draft in drafts if draft.pk in found]
    rest = f"；另有 {len(named) - most} 条" if len(named) > most else ""
    return "；".join(named[:most]) + rest


def fingerprint(drafts: QuerySet[Draft]) -> str:
    """How many of which kind, and a digest that changes when any of them does: what a signer signs."""
    rows = list(drafts.order_by("pk").values_list("pk", "kind", "changed_at"))
    count = Counter(kind for _pk, kind, _at in rows)
    digest = sm3("\n".join(f"{pk} {kind} {at.isoformat()}" for pk, kind, at in rows).encode()).hex()
    Kind = Draft.Kind
    return (
        f"新增 {count[Kind.ADD]} 条，变更 {count[Kind.CHANGE]} 条，撤销 {count[Kind.REMOVE]} 条，"
        f"SM3 {digest[:16]}"
    )


@enforces("CAT-20", "CAT-15", what="报送：与其他单位已有条目同名的，须说明为什么不是重复采集")
def repetition(drafts: Sequence[Draft]) -> str | None:
    """The sentence of refusal for drafts that repeat what another body has, unless somebody said why they do not."""
    found = twins.repeated(drafts)
    if not found:
        return None
    named = "；".join(
        f"“{draft.name}”与{entry.provider.short_name}的条目（{entry.code}）同名" for draft, entry in found[:3]
    )
    return (
        f"{named}。能共享取得的不重复收集：请在“目录编制”里核对，引用该条目或者写明为什么不是重复，再报送。"
    )


@enforces("CAT-20", what="汇总：列出重复来源")
def double_sources(record: CatalogueList) -> str:
    """The data elements of the list that another list of the round or a published entry also calls its own."""
    own: dict[str, str] = {}
    for draft in held(record.case):
        own |= {item["element"]: draft.name for item in draft.content.get("items", ()) if item.get("element")}
    if not own:
        return ""
    lines = []
    others = Draft.objects.open().filter(case__catalogue_list__round=record.round).exclude(case=record.case)
    for draft in others.select_related("provider"):
        for item in draft.content.get("items", ()):
            if item.get("element") in own:
                lines.append((item["element"], draft.provider.short_name, draft.name))
    published = EntryItem.objects.filter(element__in=own, entry__status=Entry.Status.PUBLISHED)
    for item in published.exclude(entry__provider=record.body).select_related("entry__provider"):
        lines.append((item.element, item.entry.provider.short_name, item.entry.name))
    return "\n".join(
        f"{element}：“{own[element]}”与{body}“{name}”" for element, body, name in sorted(set(lines))
    )
