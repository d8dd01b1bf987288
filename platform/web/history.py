"""经过: what was done on a case, as one who may see it reads it; in words, and as HTML.

The log is the longest part of the page that everybody opens all day, so it is composed in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from html import escape

import clock
from accounts.models import Role
from clock import SHANGHAI
from deadlines.models import Deadline
from django.utils.safestring import SafeString, mark_safe
from procedures.models import Act
from procedures.reading import INTERNAL
from statutes.templatetags.law import cite

from web import dates, facts
from web.queries.case import Loaded
from web.said import Said, in_short

#: Facts longer than this are folded.
SHORT = 160


@dataclass
class Entry:
    """One line of the log. `key` marks a lawful act; `internal` one that only the own body reads."""

    at: datetime
    who: str
    what: str
    said: Said = field(default_factory=list)
    text: str = ""
    cites: list[str] = field(default_factory=list)
    key: bool = False
    internal: bool = False
    long: bool = False


def of(loaded: Loaded) -> list[Entry]:
    """Newest first: acts, and the limits that passed."""
    entries = [_act(act, loaded) for act in loaded.acts]
    entries += [_breach(deadline, loaded) for deadline in loaded.deadlines if deadline.breached_at]
    return sorted(entries, key=lambda entry: entry.at)[::-1]


def _act(act: Act, loaded: Loaded) -> Entry:
    internal = act.step.startswith(INTERNAL)
    step = loaded.procedure.by_code.get(act.step)
    entry = Entry(
        at=act.effective_at or act.at,
        who=_who(act, loaded.is_own(act.organisation_id), loaded),
        what=act.label,
        cites=list(act.cites),
        key=step is not None and not internal,
        internal=internal,
    )
    if step is None:
        entry.text = str(act.facts.get("text") or act.facts.get("note") or "")
    elif not step.files and loaded.may_read_facts(act):
        entry.said = in_short(step.facts, act.facts)
        entry.long = sum(len(str(value)) for _label, value in entry.said) > SHORT
    if act.about_id and not (step is not None and step.files):
        entry.text = f"由办件 {loaded.number(act.about_id)} 引起。"
    if act.effective_at and act.effective_at != act.at:
        entry.text += "期限届满，系统按期办理。"
    return entry


def _who(act: Act, named: bool, loaded: Loaded) -> str:
    """The body with the person for its own people and auditors, with the role for everybody else."""
    if act.organisation_id is None:
        return loaded.person(act.user_id) or "系统"
    body = loaded.body(act.organisation_id)
    if named and act.user_id:
        signed = f"起草、{loaded.person(act.signed_by_id)}签发" if act.signed_by_id else ""
        return f"{body} {loaded.person(act.user_id)}{signed}"
    role = str(Role(act.role).label) if act.role else "工作人员"
    return f"{body} {role}{'起草、负责人签发' if act.signed_by_id else ''}"


def _breach(deadline: Deadline, loaded: Loaded) -> Entry:
    body = loaded.body(deadline.owed_by_id)
    return Entry(
        at=deadline.breached_at,
        who="系统",
        what=f"记录逾期：{deadline.label}",
        text=f"{body}没有在期限内办理，逾期记录不因后来办理而消除。",
        cites=[deadline.breach_ground] if deadline.breach_ground else [deadline.basis],
        key=True,
    )


def drawn(entries: list[Entry]) -> SafeString:
    """The entries as the items of the list."""
    return mark_safe("".join(_drawn(entry) for entry in entries))


def _drawn(entry: Entry) -> str:
    key = ' class="key"' if entry.key else ""
    at = entry.at.astimezone(SHANGHAI).isoformat(timespec="seconds")
    inside = ' <span class="tag tag--line">本单位可见</span>' if entry.internal else ""
    text = f'<p class="pre">{escape(dates.nbsp(entry.text))}</p>' if entry.text else ""
    said = facts.table(entry.said, "facts--in said") if entry.said else ""
    if said and entry.long:
        said = f'<details class="why"><summary><span>看内容</span></summary>{said}</details>'
    return (
        f'<li{key}><time datetime="{at}">{dates.moment(entry.at, clock.today())}</time>'
        f"<div><b>{escape(entry.who)}</b> {escape(entry.what)}{inside}{text}{said}"
        f"{cite(*entry.cites) if entry.cites else ''}</div></li>\n"
    )
