"""Who acts: a person with the posts held that day, or the system itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Organisation, Post, Role, User


@dataclass(frozen=True)
class Actor:
    """The one who takes a step. `user` is None for the system."""

    user: User | None
    posts: tuple[Post, ...] = field(default=())
    via: str = "web"

    @classmethod
    def of(cls, user: User, at: datetime, *, via: str = "web") -> Actor:
        """The person with the posts in force on the day of `at` (one query)."""
        posts = Post.objects.on(at.date()).filter(user=user).select_related("organisation").order_by("id")
        return cls(user=user, posts=tuple(posts), via=via)

    @property
    def is_system(self) -> bool:
        return self.user is None

    @property
    def name(self) -> str:
        return "系统" if self.user is None else self.user.name

    @property
    def organisation_ids(self) -> tuple[int, ...]:
        return tuple({post.organisation_id for post in self.posts})

    def post_in(self, organisations: Iterable[int], roles: Iterable[Role]) -> Post | None:
        """The first post held at one of the bodies in one of the roles."""
        wanted, allowed = set(organisations), set(roles)
        return next((p for p in self.posts if p.organisation_id in wanted and p.role in allowed), None)

    def holds(self, role: Role) -> bool:
        return any(post.role == role for post in self.posts)

    def at_authority(self) -> bool:
        return any(post.organisation.duty == Organisation.Duty.CITY_AUTHORITY for post in self.posts)


SYSTEM = Actor(user=None, via="system")
