"""Tokens at the door of the API: who calls, and whether the token's scope covers the call."""

from __future__ import annotations

from typing import Any

import clock
from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission
from rest_framework.request import Request

from accounts.actions import touch_token
from accounts.models import Scope, Token, User
from accounts.models.tokens import digest


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer yushu_…`. Sets `request.user` to the owner and `request.auth` to the Token."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        words = request.headers.get("Authorization", "").split()
        if not words or words[0].lower() != "bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(
                "Authorization 请求头应写作“Bearer 令牌”，令牌中没有空格。", code="token-form"
            )
        at = clock.now()
        token = Token.objects.select_related("user").filter(digest=digest(words[1])).first()
        if token is None:
            raise AuthenticationFailed("没有这个接口令牌，请核对是否抄写完整。", code="token-unknown")
        if not token.user.is_active:
            raise AuthenticationFailed("令牌所有人的账号已停用。", code="token-owner")
        if token.revoked_at is not None:
            raise AuthenticationFailed("接口令牌已撤销，请在“我的账号”中另建。", code="token-revoked")
        if not token.usable(at):
            raise AuthenticationFailed(
                f"接口令牌已于 {token.expires_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M} 到期，请另建。",
                code="token-expired",
            )
        touch_token(token, at)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="yushu"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; anything but reading brings the CSRF token as well."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise PermissionDenied(
                "用浏览器会话办理时，须在 X-CSRFToken 请求头中带上页面的安全标记；程序调用请改用接口令牌。",
                code="csrf",
            ) from None


class HasScope(BasePermission):
    """Lets a token through only where its scopes reach; a person in the browser is not bound by scopes.

    A view may name what it asks: `required_scope = Scope.DATA_READ`, or by method
    `required_scope = {"GET": Scope.READ, "POST": Scope.CASES_WRITE}`. Without it, reading asks `read` and
    anything else `cases:write`.
    """

    code = "token-scope"

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Token):
            return True
        needed = scope_of(view, request.method or "GET")
        self.message = f"接口令牌没有“{needed}”范围（{needed.label}），请另建含这一范围的令牌。"
        return needed in request.auth.scopes


def scope_of(view: Any, method: str) -> Scope:
    """The scope that a call of the view by the method asks of a token."""
    asked = getattr(view, "required_scope", None)
    if isinstance(asked, dict):
        asked = asked.get(method)
    if asked is None:
        asked = Scope.READ if method in SAFE_METHODS else Scope.CASES_WRITE
    return Scope(asked)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the interface's description names the token, and the scope that each call asks of it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "接口令牌，在“我的账号”中创建。"}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        if AllowAny in auto_schema.view.permission_classes:
            return {self.name: []}
        return {self.name: [str(scope_of(auto_schema.view, auto_schema.method))]}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How it names the browser's session."""

    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "浏览器登录后的会话；除读取以外还须带 X-CSRFToken 请求头。",
        }
