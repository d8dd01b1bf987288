"""What every page's frame needs: who is here, which links, how much is unread.

At most two queries, and only when the frame is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts import actors
from accounts.actors import Actor
from deadlines.queries import current_calendar
from deadlines.workdays import Calendar
from django.conf import settings
from django.http import HttpRequest

from web import navigation, portal
from web.navigation import Link, Place


@dataclass
class Frame:
    """The frame around a page; every part is computed when the template first asks for it."""

    request: HttpRequest

    @property
    def actor(self) -> Actor:
        """The person with today's posts; a visitor has neither name nor post."""
        return actors.current(self.request) if hasattr(self.request, "user") else actors.VISITOR

    @property
    def staff(self) -> bool:
        """Whether the workbench frame is drawn: the person holds a post today."""
        return bool(self.actor.posts)

    @property
    def base(self) -> str:
        return "base_staff.html" if self.staff else "base_public.html"

    @property
    def post(self) -> str:
        """The first post held, as the bar names it: the body's short name and the role."""
        if not self.actor.posts:
            return ""
        first = self.actor.posts[0]
        return f"{first.organisation.short_name} {first.get_role_display()}"

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar: one query a page, however many limits the page shows."""
        return current_calendar()

    @property
    def demo(self) -> bool:
        return settings.DEMO

    @property
    def fields(self) -> str:
        return portal.fields()

    def _links(self, place: Place) -> list[Link]:
        match = self.request.resolver_match
        return navigation.links(place, self.actor, view_name=match.view_name if match else "")

    @cached_property
    def nav(self) -> list[Link]:
        return self._links(Place.STAFF if self.staff else Place.PUBLIC)

    @cached_property
    def tabs(self) -> list[Link]:
        """The pages beside this one under the same link of the workbench's bar."""
        match = self.request.resolver_match
        return (
            navigation.tabs(Place.STAFF, self.actor, view_name=match.view_name)
            if match and self.staff
            else []
        )

    @cached_property
    def top(self) -> list[Link]:
        return self._links(Place.TOP)

    @cached_property
    def account(self) -> list[Link]:
        return self._links(Place.ACCOUNT)

    @cached_property
    def columns(self) -> list[tuple[str, list[Link]]]:
        """The link columns of the public foot; a column without a page is not shown."""
        columns = [("数据", Place.DATA), ("办事", Place.SERVICE), ("监督", Place.OVERSIGHT)]
        return [(title, links) for title, place in columns if (links := self._links(place))]


def frame_of(request: HttpRequest) -> Frame:
    """The one frame of a request, so that a view and its template share the calendar."""
    kept: Frame | None = getattr(request, "_frame", None)
    if kept is None:
        kept = request._frame = Frame(request)  # type: ignore[attr-defined]
    return kept


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`."""
    return {"frame": frame_of(request)}
