"""What the worklist says, worked out before the template draws it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from accounts.actors import Actor
from accounts.models import Post
from deadlines.workdays import Calendar
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from procedures import drafts, registry
from procedures.actions import CARRYING
from procedures.models import Draft

from web import dates
from web.dates import WEEKDAYS
from web.due import last_day
from web.models import WorklistView
from web.queries import counts, worklist
from web.queries.worklist import Line, Span, Wanted
from web.worklistrows import Row, Rows, drawn

TABS = {"mine": "轮到我", "waiting": "等对方", "body": "本单位全部", "done": "我办结的", "drafts": "草稿"}
DUES = {"over": "已逾期", "today": "今天到期", "three": "3 个工作日内", "seven": "7 个工作日内"}
GROUPS = {"over": "逾期", "today": "今天到期", "three": "3 个工作日内", "later": "更晚", "none": "没有期限"}
SHOWN_MOST = 999


@dataclass(frozen=True)
class Group:
    label: str
    count: int
    html: SafeString


class Person(NamedTuple):
    pk: int
    name: str


@dataclass(frozen=True)
class DraftRow:
    """A filing not yet made: what kind, about what, and whether it is the reader's own."""

    draft: Draft
    label: str
    about: str
    mine: bool


@dataclass(frozen=True)
class DayCell:
    """A cell of the calendar of limits: a working day with its count, or days off together."""

    words: str
    under: str
    css: str = ""


@dataclass
class WorklistPage:
    wanted: Wanted
    query: dict[str, str]
    glance: list[tuple[str, str, str, str, bool]]
    calendar: list[DayCell]
    spoken: str
    tabs: list[tuple[str, str, str, bool]]
    groups: list[Group]
    next: str
    first: str
    kinds: SafeString
    states: SafeString
    drafts: list[DraftRow]
    to_sign: list[DraftRow]
    people: list[tuple[str, list[Person]]]
    total: int
    shown: int
    waiting: int
    filtered: bool
    leads: bool
    heading: str
    dues: list[tuple[str, str]]
    current: str
    views: list[tuple[WorklistView, bool]]
    keepable: bool
    empty: dict[str, str] = field(default_factory=dict)


def wanted(given: Mapping[str, str]) -> Wanted:
    """What the address asks for; what it cannot mean is left out."""
    tab = given.get("tab", "mine")
    kind = given.get("kind", "")
    state = given.get("state", "")
    if ":" in state:
        kind, state = state.split(":", 1)
    known = {procedure.code: procedure for procedure in registry.all_procedures()}
    kind = kind if kind in known else ""
    return Wanted(
        tab=tab if tab in TABS else "mine",
        text=given.get("q", "").strip()[:100],
        kind=kind,
        state=state if kind and state in known[kind].states else "",
        party=given.get("party", "").strip()[:60],
        due=given.get("due", "") if given.get("due", "") in DUES else "",
        after=_cursor(given.get("after", "")),
    )


def _cursor(text: str) -> tuple[datetime | None, int] | None:
    moment, _, key = text.rpartition("_")
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    try:
        at = datetime.fromisoformat(moment) if moment else None
    except ValueError:
        return None
    return None if at is not None and at.tzinfo is None else (at, int(key))


def query_of(asked: Wanted, **changes: Any) -> dict[str, str]:
    """The address's query for what is asked, without its empty parts."""
    asked = replace(asked, **changes)
    state = f"{asked.kind}:{asked.state}" if asked.state else ""
    after = f"{asked.after[0].isoformat() if asked.after[0] else ''}_{asked.after[1]}" if asked.after else ""
    said = {
        "tab": "" if asked.tab == "mine" else asked.tab,
        "q": asked.text,
        "kind": "" if state else asked.kind,
        "state": state,
        "party": asked.party,
        "due": asked.due,
        "after": after,
    }
    return {key: value for key, value in said.items() if value}


def address(asked: Wanted, **changes: Any) -> str:
    return "?" + urlencode(query_of(asked, **changes))


def query_text(asked: Wanted) -> str:
    """The list with its conditions as it is kept under a name; whatever page of it is open."""
    return urlencode(query_of(asked, after=None))


def build(asked: Wanted, actor: Actor, today: date, at: datetime, calendar: Calendar) -> WorklistPage:
    spans = worklist.spans(today, calendar)
    counted, waits = counts.counts(actor), counts.waiting(actor)
    mine = drafts.visible_to(actor).order_by("-updated_at")
    known = list(mine.values_list("pk", "sent_at", "owner")[:100])
    sent = [pk for pk, sent_at, owner in known if sent_at and owner != actor.user.pk]
    to_sign = drafts.waiting_for(actor, mine.defer("facts").filter(pk__in=sent)) if sent else []
    kept = list(mine.defer("facts")[:100]) if asked.tab == "drafts" else []
    shown = worklist.page(asked, actor, span=spans.get(asked.due)) if asked.tab != "drafts" else None
    lines = shown.lines if shown else []
    list_ = Rows(actor, asked.tab, today, calendar)
    rows = [list_.row(line) for line in lines]
    led = worklist.leads(actor) if asked.tab in ("mine", "body") else []
    filtered = bool(asked.text or asked.kind or asked.party or asked.due)
    views, here = list(WorklistView.objects.filter(owner=actor.user)), query_text(asked)
    cells = _calendar(counted, today, calendar)
    page = WorklistPage(
        wanted=asked,
        query=query_of(asked, after=None),
        glance=_glance(asked, counted, len(to_sign), waits, today, spans),
        calendar=cells,
        spoken="，".join(f"{cell.words} {cell.under}" for cell in cells),
        tabs=_tabs(asked, counted.total + len(to_sign), waits, len(known)),
        groups=_groups(rows, lines, asked.tab, spans, bool(led)),
        next=address(asked, after=shown.next) if shown and shown.next else "",
        first=address(asked, after=None) if asked.after else "",
        kinds=_kinds(asked.kind),
        states=_states(asked.kind, asked.state, asked.tab == "done"),
        drafts=[_draft(one, actor) for one in kept] if asked.tab == "drafts" else [],
        to_sign=[_draft(one, actor) for one in to_sign] if asked.tab == "mine" and not filtered else [],
        people=_people(led, at) if led and rows else [],
        total=counted.total,
        shown=len(rows),
        waiting=waits,
        filtered=filtered,
        leads=bool(led),
        heading=dates.day_week(today, date(1, 1, 1)),
        dues=list(DUES.items()),
        current=TABS[asked.tab],
        views=[(view, view.query == here) for view in views],
        keepable=bool(here) and here not in {view.query for view in views},
    )
    page.empty = _empty(page)
    return page


def _draft(draft: Draft, actor: Actor) -> DraftRow:
    about = f"重新提交 {draft.previous.number}" if draft.previous_id else draft.subject
    mine = actor.user is not None and draft.owner_id == actor.user.pk
    return DraftRow(draft, registry.get(draft.kind).label, about, mine)


def _groups(rows: list[Row], lines: list[Line], tab: str, spans: dict[str, Span], led: bool) -> list[Group]:
    sorted_: dict[str, list[Row]] = {"done": rows} if tab == "done" else {key: [] for key in GROUPS}
    if tab != "done":
        for line, one in zip(lines, rows, strict=True):
            sorted_[_group(line.due_at, spans)].append(one)
    return [
        Group(GROUPS.get(key, ""), len(found), drawn(found, closed=tab == "done", ticked=led, handlers=led))
        for key, found in sorted_.items()
        if found
    ]


def _group(due_at: datetime | None, spans: dict[str, Span]) -> str:
    if due_at is None:
        return "none"
    for key in ("over", "today", "three"):
        end = spans[key].end
        if end is not None and due_at <= end:
            return key
    return "later"


def _number(n: int, capped: bool = False) -> str:
    return f"{SHOWN_MOST}+" if n > SHOWN_MOST else f"{n}{'+' if capped and n else ''}"


def _glance(
    asked: Wanted, counted: counts.Counts, to_sign: int, waits: int, today: date, spans: dict[str, Span]
) -> list[tuple[str, str, str, str, bool]]:
    """Five counts: (class, number, label, address, current)."""
    third = last_day(spans["three"].end) if spans["three"].end else today
    over = counted.between(None, today - timedelta(days=1))
    due = counted.between(today, today)
    three = counted.between(today + timedelta(days=1), third)
    blank = Wanted()
    on = (asked.tab, asked.due)
    return [
        ("over" if over else "", _number(over), "已逾期", address(blank, due="over"), on == ("mine", "over")),
        (
            "soon" if due else "",
            _number(due),
            "今天到期",
            address(blank, due="today"),
            on == ("mine", "today"),
        ),
        ("", _number(three), "3 个工作日内", address(blank, due="three"), on == ("mine", "three")),
        ("", _number(counted.total + to_sign), "轮到我", address(blank), on == ("mine", "")),
        ("", _number(waits), "等对方", address(blank, tab="waiting"), asked.tab == "waiting"),
    ]


def _tabs(asked: Wanted, mine: int, waits: int, kept: int) -> list[tuple[str, str, str, bool]]:
    numbers = {"mine": _number(mine), "waiting": _number(waits), "drafts": str(kept) if kept else ""}
    return [
        (label, numbers.get(tab, ""), address(Wanted(tab=tab)), asked.tab == tab)
        for tab, label in TABS.items()
    ]


def _calendar(counted: counts.Counts, today: date, calendar: Calendar) -> list[DayCell]:
    """Today and what follows until seven working days are told; days off in a row are one cell."""
    cells: list[DayCell] = []
    off: list[date] = []
    told, day = 0, today
    first = True
    while told < 7:
        if calendar.is_workday(day) or first:
            if off:
                cells.append(_off(off, calendar))
                off = []
            n = counted.between(day, day)
            words = "今天" if first else f"{day.day} {WEEKDAYS[day.weekday()]}"
            cells.append(DayCell(words, f"{n} 件", "now" if first else ""))
            told += 1
        else:
            off.append(day)
        first, day = False, day + timedelta(days=1)
    return cells


def _off(days: list[date], calendar: Calendar) -> DayCell:
    known = next((calendar.special[day].name for day in days if day in calendar.special), "")
    span = f"{days[0].day}–{days[-1].day} 日" if len(days) > 1 else f"{days[0].day} 日"
    return DayCell(span, known or "周末", "rest")


@cache
def _kinds(chosen: str) -> SafeString:
    """The options of the filter by kind: the declarations do not change while the program runs."""
    return _options(((p.code, p.label) for p in registry.all_procedures()), chosen)


@cache
def _states(kind: str, state: str, ended: bool) -> SafeString:
    """The options of the filter by state, in groups by kind."""
    groups = [
        (
            procedure.label,
            _options(
                (
                    (f"{procedure.code}:{one.code}", one.label)
                    for one in procedure.states.values()
                    if one.outcome == ended
                ),
                f"{kind}:{state}",
            ),
        )
        for procedure in registry.all_procedures()
        if kind in ("", procedure.code)
    ]
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


def _options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    marked = ((code, mark_safe(" selected") if code == chosen else "", label) for code, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)


def _people(bodies: list[int], at: datetime) -> list[tuple[str, list[Person]]]:
    """The people to whom a lead may give cases, by body (one query)."""
    posts = Post.objects.in_force(at.date()).filter(organisation__in=bodies, role__in=CARRYING)
    found = posts.order_by("user__name", "id").values_list("organisation__short_name", "user", "user__name")
    by_body: dict[str, dict[Person, None]] = {}
    for body, pk, name in found:
        by_body.setdefault(body, {})[Person(pk, name)] = None
    return [(body, list(people)) for body, people in by_body.items()]


def _empty(page: WorklistPage) -> dict[str, str]:
    """What is true when the list has nothing to show, and the next useful step."""
    tab = page.wanted.tab
    if page.filtered:
        return {
            "head": "没有符合条件的办件",
            "text": "换一个条件，或者清除全部条件再看。",
            "href": address(Wanted(tab=tab)),
            "label": "清除条件",
        }
    if tab == "mine":
        text = f"有 {page.waiting} 件在等对方。" if page.waiting else "也没有在等对方的办件。"
        href = address(Wanted(tab="waiting")) if page.waiting else ""
        return {
            "head": "现在没有轮到您的办件",
            "text": text,
            "href": href,
            "label": f"看等对方的 {page.waiting} 件",
        }
    return {
        "waiting": {"head": "没有在等对方的办件", "text": "轮到其他单位办理的办件会列在这里。"},
        "body": {"head": "本单位没有待办的办件", "text": "有办件轮到本单位时会列在这里。"},
        "done": {"head": "您还没有办结的办件", "text": "您经手或者签发的办件，办结后会列在这里。"},
        "drafts": {"head": "没有草稿", "text": "填写申请时随时可以保存为草稿；送您签发的草稿也列在这里。"},
    }[tab]
