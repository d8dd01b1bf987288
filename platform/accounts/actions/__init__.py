"""What can be done to accounts, posts, tokens and sessions. Every act is recorded in the trail with its doer."""

from __future__ import annotations

from accounts.actions.people import (
    create_account,
    deactivate,
    issue_one_time_password,
    reactivate,
    set_password,
)
from accounts.actions.posts import (
    appoint,
    confirm_appointment,
    decline_appointment,
    end_post,
    propose_appointment,
)
from accounts.actions.sessions import end_other_sessions, end_session, sign_in, sign_out
from accounts.actions.tokens import make_token, revoke_token, touch_token

__all__ = [
    "appoint",
    "confirm_appointment",
    "create_account",
    "deactivate",
    "decline_appointment",
    "end_other_sessions",
    "end_post",
    "end_session",
    "issue_one_time_password",
    "make_token",
    "propose_appointment",
    "reactivate",
    "revoke_token",
    "set_password",
    "sign_in",
    "sign_out",
    "touch_token",
]
