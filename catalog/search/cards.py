"""One result as the page shows it: plain Python over escaped parts, because there are twenty on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from web.templatetags.yushu import day, level, nbsp, thousands

from catalog.models import Entry
from catalog.norm.vocabularies import label
from catalog.search.marks import around, mark

#: Items that are named, and the longest part of a summary.
ITEMS, SUMMARY = 5, 120
#: What of an entry is read for it.
SHOWN = (
    "code", "name", "summary", "status", "sharing_type", "opening_type", "update_cycle", "formats",
    "provider__short_name",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """An entry (`queries.with_latest`), the words to be marked in it, the items in which one was found."""

    entry: Entry
    words: Sequence[str]
    matched: Sequence[str]

    def __str__(self) -> str:
        return self.__html__()

    def __html__(self) -> SafeString:
        entry = self.entry
        summary = nbsp(mark(around(entry.summary, self.words, SUMMARY), self.words))
        return SafeString(
            f'<article class="result"><h2><a href="{reverse("catalog:entry", args=[entry.code])}">'
            f"{mark(entry.name, self.words)}</a>{self._status()}</h2><p>{summary}</p>{self._items()}"
            f'<div class="meta">{level(entry.sharing_type, "共享")}{level(entry.opening_type, "开放")}'
            f"<span>{escape(entry.provider.short_name)}</span>{self._cycle()}{self._formats()}"
            f'<span class="mono">{escape(entry.code)}</span></div>'
            f'<div class="result__side">{self._rows()}</div></article>'
        )

    def _status(self) -> str:
        if self.entry.status == Entry.Status.PUBLISHED:
            return ""
        return f' <span class="tag tag--prov">{escape(str(self.entry.get_status_display()))}</span>'

    def _items(self) -> str:
        if not self.matched:
            return ""
        named = "".join(f"<code>{mark(name, self.words)}</code>" for name in self.matched[:ITEMS])
        return f'<p class="match">{_("匹配信息项")} {named}</p>'

    def _cycle(self) -> str:
        if not self.entry.update_cycle:
            return ""
        loaded = f"，{day(self.entry.data_at)}载入" if self.entry.data_at else ""
        return f"<span>{escape(self.entry.cycle_words)}{loaded}</span>"

    def _formats(self) -> str:
        named = "、".join(label("format", code) for code in self.entry.formats)
        return f"<span>{escape(named)}</span>" if named else ""

    def _rows(self) -> str:
        if self.entry.data_rows is None:
            return f"<span>{_('尚未汇聚数据')}</span>"
        return f"<b>{thousands(self.entry.data_rows)}</b><span>{_('行数据')}</span>"
