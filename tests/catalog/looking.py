"""Entries and data as the checks of quality find them: some sound, some never gathered, some with errors."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import SYSTEM
from accounts.models import Organisation
from datacentre.actions import ItemSpec
from datacentre.models import HoldingItem

from catalog.models import Entry, EntryQuality
from catalog.publishing import Change, publish
from catalog.quality import keeping
from tests.cast import Cast
from tests.shelf import AT, build_entry, build_holding, content

LATER = AT + timedelta(days=3)
CODED = (
    ItemSpec("uscc", "统一社会信用代码", HoldingItem.Type.TEXT),
    ItemSpec("day", "日期", HoldingItem.Type.TEXT),
    ItemSpec("note", "备注", HoldingItem.Type.TEXT),
)
ROWS = (
    {"uscc": "11500000009276683F", "day": "2026-09-01", "note": ""},
    {"uscc": "11500000009276683B", "day": "2026-09-02", "note": ""},
    {"uscc": "11500000009276683F", "day": "9 月 3 日", "note": ""},
    {"uscc": "11500000009276683F", "day": "9 月 3 日", "note": ""},
)


def measured(cast: Cast) -> Organisation:
    """A body whose air data is daily and was loaded once; its noise data was never gathered. Looked at."""
    body = cast.organisation("provider")
    build_holding(body)
    build_entry(body, code="NOISE", name="噪声监测")
    keeping.settle(AT)
    return body


def firms(cast: Cast) -> Entry:
    """Codes and days kept as text, so that loading could not check them; the entry says what they are. Looked at."""
    body = cast.organisation("provider")
    holding = build_holding(body, code="FIRMS", items=CODED, rows=ROWS)
    entry = Entry.objects.get(holding=holding)
    items = [
        {"code": "uscc", "name": "统一社会信用代码", "type": "code", "element": "firm-code"},
        {"code": "day", "name": "日期", "type": "date"},
        {"code": "note", "name": "备注", "type": "text"},
    ]
    publish([Change(body, content(items=items), entry=entry)], reason="写明类型", at=AT, by=SYSTEM)
    keeping.settle(AT)
    return Entry.objects.get(pk=entry.pk)


def stands(code: str = "AIR") -> EntryQuality:
    return EntryQuality.objects.get(entry__code=code)


def outcome(rule: str, code: str = "AIR") -> str:
    return stands(code).results[rule][0]
