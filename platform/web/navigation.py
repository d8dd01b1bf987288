"""The navigation, built from what the apps register: only pages that exist and that the person may open.

An app registers its pages in `AppConfig.ready`:

    navigation.register(Item(_("待办"), "procedures:worklist", show=holds_a_post, order=10))

An item whose address cannot be reversed is left out, so an app may name a page before it is mounted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from accounts.actors import Actor
from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, reverse


class Place(StrEnum):
    """Where an item stands."""

    STAFF = "staff"  # the dark bar of the workbench
    PUBLIC = "public"  # the bar of the public pages
    TOP = "top"  # the line above the public bar
    DATA = "data"  # the three columns of the public foot
    SERVICE = "service"
    OVERSIGHT = "oversight"
    ACCOUNT = "account"  # the person's own pages, at the end of the workbench bar


def holds_a_post(actor: Actor) -> bool:
    """Whether the person works at some body today."""
    return bool(actor.posts)


def everyone(actor: Actor) -> bool:
    return True


@dataclass(frozen=True)
class Item:
    """One link.

    `show` is asked with the actor (a visitor holds no post) and may not query: it reads the posts carried.
    `section` names the URL namespaces whose pages belong under this item; without it, the item's own.
    `count` gives the number shown beside the label, empty for none; it is one query at most.
    """

    label: str
    url_name: str
    show: Callable[[Actor], bool] = everyone
    order: int = 100
    place: Place = Place.STAFF
    section: tuple[str, ...] | None = None
    fragment: str = ""
    count: Callable[[Actor], str] | None = None


@dataclass(frozen=True)
class Link:
    """An item as the page shows it: `current` is "page", "true" or empty, as `aria-current` wants it."""

    label: str
    href: str
    current: str = ""
    count: str = ""


_items: dict[tuple[Place, str, str], Item] = {}


def register(item: Item) -> Item:
    """Add an item; a second registration of the same address at the same place replaces the first."""
    _items[(item.place, item.url_name, item.fragment)] = item
    return item


def links(place: Place, actor: Actor, *, view_name: str = "") -> list[Link]:
    """The links at a place for this actor, in order, with the current one marked.

    `view_name` is the resolved name of the page being shown, for example `catalog:entry`.
    """
    found = []
    for item in sorted((i for i in _items.values() if i.place == place), key=lambda i: i.order):
        if not item.show(actor):
            continue
        try:
            href = _address(item.url_name, get_urlconf() or settings.ROOT_URLCONF)
        except NoReverseMatch:
            continue
        current = "" if item.fragment else _current(item, view_name)
        count = item.count(actor) if item.count and actor.user else ""
        found.append(
            Link(str(item.label), f"{href}#{item.fragment}" if item.fragment else href, current, count)
        )
    return _only_one_current(found)


@cache
def _address(url_name: str, urlconf: str) -> str:
    """Worked out once, not two dozen times a page. Raises NoReverseMatch."""
    return reverse(url_name, urlconf=urlconf)


def _current(item: Item, view_name: str) -> str:
    if item.url_name == view_name:
        return "page"
    namespace = view_name.rpartition(":")[0]
    sections = (item.url_name.rpartition(":")[0],) if item.section is None else item.section
    return "true" if namespace and namespace in sections else ""


def _only_one_current(found: list[Link]) -> list[Link]:
    """When the page itself is among the links, the others of its section are not current."""
    if not any(link.current == "page" for link in found):
        return found
    return [link if link.current == "page" else Link(link.label, link.href, "", link.count) for link in found]
