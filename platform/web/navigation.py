"""The navigation, built from what the apps register: only pages that exist and that the person may open.

An app registers its pages in `AppConfig.ready`:

    navigation.register(Item(_("待办"), "procedures:worklist", show=holds_a_post, order=10))

An item whose address cannot be reversed is left out, so an app may name a page before it is mounted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
    `section` names the URL namespaces whose pages belong under this item, or single pages by their full names; without
    it, the item's own namespace.
    Items of one `group` are one link in the bar, by the group's name to the first that the person may open; on the
    pages of any of them they stand as tabs below the bar.
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
    group: str = ""


@dataclass(frozen=True)
class Link:
    """An item as the page shows it: `current` is "page", "true" or empty, as `aria-current` wants it."""

    label: str
    href: str
    current: str = ""
    count: str = ""
    group: str = ""


_items: dict[tuple[Place, str, str], Item] = {}


def register(item: Item) -> Item:
    """Add an item; a second registration of the same address at the same place replaces the first."""
    _items[(item.place, item.url_name, item.fragment)] = item
    return item


def links(place: Place, actor: Actor, *, view_name: str = "") -> list[Link]:
    """The links at a place for this actor, in order, with the current one marked.

    `view_name` is the resolved name of the page being shown, for example `catalog:entry`.
    """
    found = _links(place, actor, view_name)
    groups = {link.group for link in found if link.group}
    for group in groups:
        among = [link for link in found if link.group == group]
        if len(among) > 1:
            current = "true" if any(link.current for link in among) else ""
            whole = replace(among[0], label=group, current=current)
            found = [whole if link is among[0] else link for link in found if link not in among[1:]]
    return found


def tabs(place: Place, actor: Actor, *, view_name: str = "") -> list[Link]:
    """The links of the group to which the page being shown belongs; none where it is in none, or alone in it."""
    found = _links(place, actor, view_name)
    group = next((link.group for link in found if link.group and link.current), None)
    among = [link for link in found if link.group == group] if group else []
    return among if len(among) > 1 else []


def _links(place: Place, actor: Actor, view_name: str) -> list[Link]:
    found: list[tuple[int, Link]] = []
    for item in sorted((i for i in _items.values() if i.place == place), key=lambda i: i.order):
        if not item.show(actor):
            continue
        try:
            href = _address(item.url_name, get_urlconf() or settings.ROOT_URLCONF)
        except NoReverseMatch:
            continue
        count = item.count(actor) if item.count and actor.user else ""
        target = f"{href}#{item.fragment}" if item.fragment else href
        near = 0 if item.fragment else _nearness(item, view_name)
        found.append((near, Link(str(item.label), target, "", count, str(item.group))))
    nearest = max((near for near, _link in found), default=0)
    return [
        replace(link, current=_MARKS[near]) if near == nearest and near in _MARKS else link
        for near, link in found
    ]


#: What the nearest links of a page are marked with, by how near they are.
_MARKS = {3: "page", 2: "true", 1: "true"}


@cache
def _address(url_name: str, urlconf: str) -> str:
    """Worked out once, not two dozen times a page. Raises NoReverseMatch."""
    return reverse(url_name, urlconf=urlconf)


def _nearness(item: Item, view_name: str) -> int:
    """3: the page itself; 2: the item names the page as its own; 1: the page lies in one of its namespaces; 0: none."""
    if item.url_name == view_name:
        return 3
    sections = (item.url_name.rpartition(":")[0],) if item.section is None else item.section
    if view_name and view_name in sections:
        return 2
    namespace = view_name.rpartition(":")[0]
    return 1 if namespace and namespace in sections else 0
