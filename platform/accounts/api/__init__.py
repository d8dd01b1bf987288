"""The interface's side of accounts: who calls (`authentication`), and the register of bodies (`organisations`)."""

from __future__ import annotations

from accounts.api.authentication import HasScope, SessionAuthentication, TokenAuthentication, scope_of

__all__ = ["HasScope", "SessionAuthentication", "TokenAuthentication", "scope_of"]
