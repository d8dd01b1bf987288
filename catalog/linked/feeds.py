"""Atom feeds (RFC 4287, paged as RFC 5005 has it): what the catalogue says anew, and its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from accounts.actors import Actor, current
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from catalog.linked import addresses, describing
from catalog.linked.writing import digest, stamped
from catalog.models import Entry, EntryVersion, Publication
from catalog.models.entries import Sight
from catalog.norm.content import without_controls
from catalog.norm.vocabularies import label
from catalog.search import find

#: Entries of one page of a feed, and the pages that can be turned.
SIZE, PAGES = 50, 20
MEDIA = "application/atom+xml"
TITLE = "重庆市公共数据资源目录"
#: A feed without entries says when there was last something to say: never.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """Atom with the links to the first and the next page."""

    content_type = f"{MEDIA}; charset=utf-8"

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for relation in ("first", "next"):
            if url := self.feed.get(relation):
                handler.addQuickElement("link", "", {"rel": relation, "href": url})


@require_safe
def changes(request: HttpRequest) -> HttpResponseBase:
    """The entries that a search finds, each as it was last published, the newest first; all of them without a search.

    An item is a version of an entry, so an entry that changes again comes again. Words are all required: a feed does
    not fill up with what is only similar.
    """
    actor = current(request) if request.user.is_authenticated else None
    search = replace(find.Search.of(request.GET), sort="changed")
    page = min(search.page, PAGES)
    sight = Sight.of(actor)
    asked = find.ask_strictly(search, sight)
    keys = find.keys_of(search, asked, sight, (page - 1) * SIZE, SIZE + 1)
    versions = _latest(keys[:SIZE], actor)
    more = len(keys) > SIZE and page < PAGES
    address = addresses.site(reverse("catalog:feed"))
    query = search.query(sort="relevance")
    listing = addresses.site(reverse("catalog:list"))
    feed = _feed(
        title=f"{TITLE}的更新" + (f"：{_told(search)}" if query else ""),
        link=f"{listing}?{query}" if query else listing,
        me=f"{address}?{query}" if query else address,
        page=page,
        following=f"{address}?{search.query(sort='relevance', page=page + 1)}" if more else "",
        updated=max((version.at for version in versions), default=_NEVER),
    )
    for version in versions:
        _add(feed, version)
    return _answer(request, feed)


@require_safe
def publications(request: HttpRequest) -> HttpResponseBase:
    """The catalogue's versions, the newest first."""
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked) <= 10_000 else 1
    rows = list(Publication.objects.order_by("-number")[(page - 1) * SIZE : page * SIZE + 1])
    address = addresses.site(reverse("catalog:publications-feed"))
    feed = _feed(
        title=f"{TITLE}的版本",
        link=addresses.site(reverse("catalog:publications")),
        me=address,
        page=page,
        following=f"{address}?page={page + 1}" if len(rows) > SIZE else "",
        updated=max((row.at for row in rows[:SIZE]), default=_NEVER),
    )
    for row in rows[:SIZE]:
        counts = f"新增 {row.added:,} 条，变更 {row.changed:,} 条，撤销 {row.withdrawn:,} 条。"
        feed.add_item(
            title=f"公共数据资源目录第 {row.number} 版",
            link=addresses.site(reverse("catalog:publication", args=[row.number])),
            description=escape(f"{without_controls(row.reason)}。{counts}SM3 摘要 {row.digest}。"),
            unique_id=addresses.publication(row.number),
            pubdate=row.at,
            updateddate=row.at,
        )
    return _answer(request, feed)


def _latest(keys: Sequence[int], actor: Actor | None) -> list[EntryVersion]:
    """The last version of each entry, in the order of the keys, of those that the asker may see. One query."""
    found = {
        version.entry_id: version
        for version in EntryVersion.objects.filter(
            entry__in=Entry.objects.visible_to(actor).filter(pk__in=keys), number=F("entry__version")
        )
        .select_related("entry__provider", "publication")
        .defer("content")
    }
    return [found[key] for key in keys if key in found]


def _feed(*, title: str, link: str, me: str, page: int, following: str, updated: datetime) -> Feed:
    join = "&" if "?" in me else "?"
    feed = Feed(
        title=title,
        link=link,
        description=None,
        language="zh",
        author_name=describing.publisher().name,
        feed_url=me if page == 1 else f"{me}{join}page={page}",
        feed_guid=me,
        first=me if page > 1 else "",
        next=following,
    )
    feed.latest_post_date = lambda: updated  # type: ignore[method-assign]
    return feed


def _add(feed: Feed, version: EntryVersion) -> None:
    entry = version.entry
    provider, reason = without_controls(entry.provider.name), without_controls(version.reason)
    gone = entry.status != Entry.Status.PUBLISHED
    kind = "撤销" if gone else "首次发布" if version.number == 1 else "变更"
    types = "，".join(
        part
        for part in (
            label("sharing-type", entry.sharing_type),
            label("opening-type", entry.opening_type) if entry.opening_type else "",
        )
        if part
    )
    told = f"{provider}{kind}（条目第 {version.number} 版，目录第 {version.publication.number} 版）。"
    why = f"原因：{reason}。" if reason and version.number > 1 else ""
    feed.add_item(
        title=entry.name,
        link=addresses.page(entry.code),
        description=escape(f"{told}{why}{types}。{entry.summary}"),
        unique_id=addresses.version(entry.code, version.number),
        author_name=provider,
        categories=[part for part in (entry.subject_label if entry.subject else "", kind) if part],
        pubdate=entry.published_at,
        updateddate=version.at,
    )


def _told(search: find.Search) -> str:
    """The search in words, for the title of its feed."""
    parts = [f"“{search.text}”"] if search.text else []
    for name, chosen in search.facets:
        title, vocabulary = find.FACETS[name]
        labels = [label(vocabulary, value) if vocabulary else value for value in chosen]
        parts.append(f"{title} {'、'.join(labels)}")
    return "，".join(parts)


def _answer(request: HttpRequest, feed: Feed) -> HttpResponseBase:
    """The feed, or 304 by its tag alone: a withdrawal leaves the rest no newer than it was."""
    body = feed.writeString("utf-8").encode()
    tag = digest(body)
    response: Any = get_conditional_response(request, etag=tag)
    if response is None:
        response = HttpResponse(body, content_type=Feed.content_type)
    return stamped(request, response, tag=tag)
