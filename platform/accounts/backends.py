"""How a person proves who they are: by password, or through the city's identity provider.

Neither answers what a person may do: rights come from posts (`accounts.actors`).
"""

from __future__ import annotations

from typing import Any

import jwt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts.models import User


class PasswordBackend(ModelBackend):
    """Account name and password; Django's groups and permissions give no right here."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False


class CityIdentityBackend(OIDCAuthenticationBackend):
    """The city's OpenID Connect provider. It says who somebody is; the account, with its posts, must exist here.

    On top of the library's checks (signature, nonce, state, PKCE, expiry) the token must be made for this client
    and by this provider: a token for another of the city's systems opens nothing here.
    """

    def _verify_jws(self, payload: str | bytes, key: Any) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                payload,
                key,
                algorithms=[self.OIDC_RP_SIGN_ALGO],
                audience=self.OIDC_RP_CLIENT_ID,
                issuer=settings.OIDC_OP_ISSUER,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise SuspiciousOperation(f"identity token refused: {error}") from error
        if isinstance(claims["aud"], list) and claims.get("azp") != self.OIDC_RP_CLIENT_ID:
            raise SuspiciousOperation("identity token refused: issued to another client")
        return claims

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The claims of the user endpoint, which must speak of the subject that the token names."""
        claims: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload["sub"]:
            raise SuspiciousOperation("identity provider: the user endpoint answered for another subject")
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        return bool(claims.get(settings.OIDC_ACCOUNT_CLAIM))

    def filter_users_by_claims(self, claims: dict[str, Any]) -> list[User]:
        """The one account that names this identity; none for a person whom nobody has given an account."""
        subject = str(claims.get(settings.OIDC_ACCOUNT_CLAIM) or "")
        return list(User.objects.filter(identity_subject=subject, is_active=True)) if subject else []

    def create_user(self, claims: dict[str, Any]) -> None:
        """Nobody gets an account by signing in."""
        return None
