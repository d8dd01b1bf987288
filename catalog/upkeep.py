"""Keeping the catalogue true by itself: changes that the system notes, and what comes round every year.

Each is level-triggered: it finds what is due and has no matter yet, so run twice or late it comes to the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from accounts.actors import SYSTEM, Actor
from accounts.authority import city_authority
from accounts.models import Organisation, Role
from audit import trail
from clock import SHANGHAI
from deadlines.workdays import add_years
from django.db import connection, transaction
from django.db.models import Min, Q
from notices import outbox
from notices.models import Outgoing
from procedures import registry
from procedures.filing import file
from procedures.models import Case
from procedures.refusals import NoRight
from statutes.enforcement import enforces

from catalog.models import CatalogueRound, CatalogueUpdate, Entry, Publication
from catalog.publishing import is_authority

Cause = CatalogueUpdate.Cause
#: One amendment at a time.
_LOCK = 0xCA7A14
_PLACE = re.compile(r"第[一二三四五六七八九十百千零〇0-9]+条(?:之[一二三四五六七八九十]+)?")


@dataclass(frozen=True)
class Touched:
    """A provider whose entries rest on what was amended; `noted` when the change is noted for it already."""

    provider: Organisation
    codes: list[str]
    noted: bool


def touched(title: str, article: str, amended_on: date) -> tuple[str, list[Touched]]:
    """How the amended place is cited, and every provider whose entries rest on it. Nothing is written.

    `title` is without 《》, `article` as the text has it (第三十四条), empty for the whole instrument. Raises
    ValueError for a title or article that names nothing.
    """
    title, article = title.strip().strip("《》"), article.strip()
    if len(title) < 4:
        raise ValueError("请写法律、法规的全称，不加书名号")
    if article and not _PLACE.fullmatch(article):
        raise ValueError("条写作“第三十四条”，不写条的为整部修改")
    source = f"《{title}》{article}"
    noted = set(
        CatalogueUpdate.objects.filter(cause=Cause.LAW, source=source, changed_on=amended_on).values_list(
            "provider", flat=True
        )
    )
    found = _by_provider(citing(title, article))
    return source, [Touched(provider, codes, provider.pk in noted) for provider, codes in found]


@enforces("CAT-14", "CAT-17", what="法规修改：为依据它的条目的各提供单位登记变更")
def note_amendment(
    title: str, article: str, amended_on: date, *, at: datetime, by: Actor = SYSTEM
) -> list[Case]:
    """Open an update for every provider whose entries rest on the instrument's article, amended on the day.

    A provider that has the same change noted already gets no second matter; one at a time, so that two people who
    note the same come to the same. Raises ValueError as `touched` does, NoRight for others than the city data
    authority and the system.
    """
    if not (by.is_system or is_authority(by)):
        raise NoRight("法规修改由市数据主管部门登记")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        source, found = touched(title, article, amended_on)
        reason = f"{source}修改，条目以它为依据，请核对。"
        made = [
            _open(one.provider, Cause.LAW, source, amended_on, reason, one.codes, at)
            for one in found
            if not one.noted
        ]
        trail.record(
            trail.Entry(
                action="law:amended",
                actor=by,
                object_kind="law",
                object_id=source[:80],
                at=at,
                organisation=by.posts[0].organisation.name if by.posts else "",
                after={
                    "source": source,
                    "on": amended_on.isoformat(),
                    "cases": [case.number for case in made],
                },
                cites=("GOV19-14",),
            )
        )
        return made


def citing(title: str, article: str) -> list[Entry]:
    """The published entries of which a type, an item or a condition rests on the article."""
    named = f"《{title}》"
    bases = ("sharing_basis", "opening_basis", "items__sharing_basis", "conditions__basis")
    match = Q()
    for basis in bases:
        match |= Q(**{f"{basis}__contains": named})
    found = Entry.objects.published().filter(match).select_related("provider").distinct()
    rows = found.prefetch_related("items", "conditions").order_by("provider__code", "code")
    return [entry for entry in rows if any(_rests(text, named, article) for text in _bases(entry))]


def _bases(entry: Entry) -> list[str]:
    return [
        entry.sharing_basis,
        entry.opening_basis,
        *(item.sharing_basis for item in entry.items.all()),
        *(condition.basis for condition in entry.conditions.all()),
    ]


def _rests(text: str, named: str, article: str) -> bool:
    """Whether a basis names the article of the instrument; one that names no article means the whole of it."""
    for part in text.split(named)[1:]:
        said = part.split("《", 1)[0]
        places = _PLACE.findall(said)
        if not article or not places or article in places:
            return True
    return False


@enforces("CAT-14", what="机构承继：为承继单位登记职能变更")
def pass_functions(at: datetime) -> list[Case]:
    """For every body that ended with a successor while entries still name it: an update for the successor."""
    today = at.astimezone(SHANGHAI).date()
    ended = (
        Organisation.objects.filter(
            valid_to__lte=today, successor__isnull=False, entries__status=Entry.Status.PUBLISHED
        )
        .select_related("successor")
        .distinct()
        .order_by("code")
    )
    made = []
    for body in ended:
        source = f"{body.name}撤销，职能由{body.successor.name}承继"[:300]
        if _noted(body.successor, Cause.FUNCTION, source, body.valid_to):
            continue
        codes = list(
            Entry.objects.published().filter(provider=body).order_by("code").values_list("code", flat=True)
        )
        reason = "条目的提供单位应当改为承继单位，请核对内容后申请更新。"
        made.append(_open(body.successor, Cause.FUNCTION, source, body.valid_to, reason, codes, at))
    return made


@enforces("CAT-17", what="共享开放类型每年复核，到期由系统立件")
def review_types(at: datetime) -> list[Case]:
    """A review for every provider whose types were last looked at more than a year ago (T44; a default)."""
    today = at.astimezone(SHANGHAI).date()
    due = add_years(today, -1)
    first = (
        Entry.objects.published()
        .order_by()
        .values("provider")
        .annotate(since=Min("published_at"))
        .filter(since__date__lte=due)
    )
    reviewed = CatalogueUpdate.objects.filter(cause=Cause.TYPE_REVIEW).filter(
        Q(case__closed_at=None) | Q(changed_on__gt=due)
    )
    bodies = (
        Organisation.objects.filter(pk__in=[row["provider"] for row in first])
        .on(today)
        .exclude(pk__in=reviewed.values("provider"))
        .order_by("code")
    )
    reason = "共享和开放类型应当定期更新：请逐条核对类型、条件和依据，需要调整的申请更新，不需要的说明理由。"
    return [_open(body, Cause.TYPE_REVIEW, "", today, reason, [], at) for body in bodies]


@enforces("CAT-11", what="目录适时更新：满一年没有轮次的，提议启动")
def propose_round(at: datetime) -> None:
    """Tell the city data authority, once, that the catalogue has not been compiled for a year (T46; a default)."""
    year_ago = add_years(at.astimezone(SHANGHAI).date(), -1)
    rounds = CatalogueRound.objects.exclude(case__state="CANCELLED")
    first = Publication.objects.order_by("number").first()
    topic = "catalogue-round:proposed"
    if (
        first is None
        or first.at.astimezone(SHANGHAI).date() > year_ago
        or rounds.filter(Q(case__closed_at=None) | Q(case__closed_at__date__gt=year_ago)).exists()
        or Outgoing.objects.filter(topic=topic, created_at__date__gt=year_ago).exists()
    ):
        return
    outbox.post(
        [
            outbox.to_desk(
                topic,
                city_authority(at.date()),
                Role.OFFICER,
                case_id=None,
                subject="提议启动年度目录编制",
                text="目录已有一年没有组织编制。目录应当适时更新，可以启动新的编制轮次。",
                at=at,
            )
        ]
    )


def _by_provider(entries: Iterable[Entry]) -> list[tuple[Organisation, list[str]]]:
    groups = groupby(entries, key=lambda entry: entry.provider_id)
    found = [list(rows) for _key, rows in groups]
    return [(rows[0].provider, [entry.code for entry in rows]) for rows in found]


def _noted(provider: Organisation, cause: str, source: str, changed_on: date) -> bool:
    noted = CatalogueUpdate.objects.filter(provider=provider, cause=cause, source=source)
    return noted.filter(changed_on=changed_on).exists()


def _open(
    provider: Organisation, cause: str, source: str, day: date, reason: str, codes: list[str], at: datetime
) -> Case:
    facts: dict[str, Any] = {
        "cause": cause,
        "source": source[:300],
        "changed_on": day.isoformat(),
        "reason": reason,
        "touched": "、".join(codes),
    }
    procedure = registry.get("catalogue-update")
    return file(procedure, by=SYSTEM, at=at, step="note-by-rule", facts=facts, subject=provider)
