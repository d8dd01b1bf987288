from __future__ import annotations

from accounts.models.organisations import District, Function, Organisation
from accounts.models.posts import Post, Role
from accounts.models.users import User

__all__ = ["District", "Function", "Organisation", "Post", "Role", "User"]
