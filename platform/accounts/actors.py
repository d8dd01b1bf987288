"""Who acts: a person with the posts held that day, or the system itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import clock
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import Organisation, Post, Role, Token, User


@dataclass(frozen=True)
class Actor:
    """The one who takes a step. `user` is None for the system and for visitors (who hold no post either)."""

    user: User | None
    posts: tuple[Post, ...] = field(default=())
    via: str = "web"

    @classmethod
    def of(cls, user: User, at: datetime, *, via: str = "web") -> Actor:
        """The person with the posts in force on the day of `at` in Shanghai (one query)."""
        day = at.astimezone(clock.SHANGHAI).date()
        posts = Post.objects.in_force(day).filter(user=user).select_related("organisation").order_by("id")
        return cls(user=user, posts=tuple(posts), via=via)

    @property
    def is_system(self) -> bool:
        return self.user is None and self.via == "system"

    @property
    def name(self) -> str:
        if self.user is None:
            return "系统" if self.is_system else "访客"
        return self.user.name

    @property
    def organisation_ids(self) -> tuple[int, ...]:
        return tuple({post.organisation_id for post in self.posts})

    def post_in(self, organisations: Iterable[int], roles: Iterable[Role]) -> Post | None:
        """The first post held at one of the bodies in one of the roles."""
        wanted, allowed = set(organisations), set(roles)
        return next((p for p in self.posts if p.organisation_id in wanted and p.role in allowed), None)

    def holds(self, *roles: Role) -> bool:
        """True for one who holds any of the roles, at whichever body."""
        return any(post.role in roles for post in self.posts)

    def at_authority(self) -> bool:
        return any(post.organisation.duty == Organisation.Duty.CITY_AUTHORITY for post in self.posts)


SYSTEM = Actor(user=None, via="system")
VISITOR = Actor(user=None, via="web")


def person(request: Any) -> User:
    """The signed-in person. Raises PermissionDenied for a visitor: such a page asks for signing in before this."""
    if not isinstance(request.user, User):
        raise PermissionDenied("请先登录。")
    return request.user


def current(request: Any) -> Actor:
    """The actor of a request, Django's or the REST framework's; VISITOR when nobody is signed in.

    One query, kept on the request; worked out again when the request's user changes (a token names its owner after
    the middleware ran).
    """
    plain: HttpRequest = getattr(request, "_request", request)
    user = request.user if request.user.is_authenticated else None
    kept: tuple[int, Actor] | None = getattr(plain, "_actor", None)
    if user is None:
        return VISITOR
    if kept is None or kept[0] != user.pk:
        via = "api" if isinstance(getattr(request, "auth", None), Token) else "web"
        kept = (user.pk, Actor.of(user, clock.now(), via=via))
        plain._actor = kept  # type: ignore[attr-defined]
    return kept[1]
