"""How people sign in: passwords, lock-out, the second factor, and the city's identity provider."""

from __future__ import annotations

from datetime import timedelta

from config import demo
from config.environment import DEMO, env, needed

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"length": 12}},
    {"NAME": "accounts.passwords.KindsOfCharacters", "OPTIONS": {"kinds": 3}},
    {"NAME": "accounts.passwords.NotThePerson"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotUsedBefore", "OPTIONS": {"past": 5}},
]
#: 0: passwords do not grow old (the demonstration, where the clock jumps).
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=0 if DEMO else 90)
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ANONYMOUS_USER_NAME = None  # guardian: a visitor is nobody's account

AXES_VERBOSE = False
AXES_FAILURE_LIMIT = env.int("LOGIN_TRIES", default=5)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOGIN_LOCK_MINUTES", default=30))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.views.signing_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the trail holds who signed in
AXES_ENABLE_ADMIN = False

#: Whose posts call for a second factor; the demonstration says on its pages that it waives it.
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", default=["auditor", "system-admin", "security-admin"])
SECOND_FACTOR_WAIVED = DEMO and env.bool("SECOND_FACTOR_WAIVED", default=True)
#: The one password of all demonstration accounts.
DEMO_PASSWORD = demo.PASSWORD if DEMO else ""

#: The city's identity provider (OpenID Connect). Without a client id there is no such sign-in.
OIDC_RP_CLIENT_ID = env.str("OIDC_RP_CLIENT_ID", default="")
if OIDC_RP_CLIENT_ID:
    OIDC_RP_CLIENT_SECRET = needed("OIDC_RP_CLIENT_SECRET", "统一身份认证的客户端密钥")
    OIDC_OP_ISSUER = needed("OIDC_OP_ISSUER", "统一身份认证的签发者（iss）")
    OIDC_OP_AUTHORIZATION_ENDPOINT = needed("OIDC_OP_AUTHORIZATION_ENDPOINT", "统一身份认证的授权地址")
    OIDC_OP_TOKEN_ENDPOINT = needed("OIDC_OP_TOKEN_ENDPOINT", "统一身份认证的令牌地址")
    OIDC_OP_USER_ENDPOINT = needed("OIDC_OP_USER_ENDPOINT", "统一身份认证的用户信息地址")
    OIDC_OP_JWKS_ENDPOINT = needed("OIDC_OP_JWKS_ENDPOINT", "统一身份认证的公钥地址（JWKS）")
OIDC_NAME = env.str("OIDC_NAME", default="城市统一身份认证")
OIDC_ACCOUNT_CLAIM = env.str("OIDC_ACCOUNT_CLAIM", default="sub")
OIDC_RP_SIGN_ALGO = env.str("OIDC_RP_SIGN_ALGO", default="RS256")
OIDC_RP_SCOPES = env.str("OIDC_RP_SCOPES", default="openid profile")
OIDC_CREATE_USER = False
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10
OIDC_CALLBACK_CLASS = "accounts.views.signing_in.CityIdentityCallback"
