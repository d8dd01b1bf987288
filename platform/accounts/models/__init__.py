from __future__ import annotations

from accounts.models.organisations import GOVERNMENT_DEPARTMENTS, District, Function, Organisation
from accounts.models.posts import SEPARATED, Appointment, Post, Role
from accounts.models.sessions import SignedInSession
from accounts.models.tokens import Scope, Token
from accounts.models.users import PastPassword, User

__all__ = [
    "GOVERNMENT_DEPARTMENTS",
    "SEPARATED",
    "Appointment",
    "District",
    "Function",
    "Organisation",
    "PastPassword",
    "Post",
    "Role",
    "Scope",
    "SignedInSession",
    "Token",
    "User",
]
