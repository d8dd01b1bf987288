"""Every setting from the environment; a missing secret refuses to start outside the demonstration."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config import logs
from config.environment import DEMO, broker, database, env, needed, refuse_if_wanting, store, wrong
from config.rest import (  # noqa: F401  (settings by their names)
    API_KEY_HOURS,
    API_LARGEST_BODY,
    API_LARGEST_UPLOAD,
    API_RATES,
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,
)
from config.signing_in import *  # noqa: F403  (settings by their names, some only by configuration)
from config.signing_in import OIDC_RP_CLIENT_ID

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data")))
DEBUG = False

SECRET_KEY = needed("SECRET_KEY", "签名密钥，至少 50 个随机字符", demo="demonstration-only-" * 3)
if SECRET_KEY and len(SECRET_KEY) < 50:
    wrong("SECRET_KEY", f"应不少于 50 个字符，现在是 {len(SECRET_KEY)} 个")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

#: The address people use. Everything that depends on TLS follows from its scheme.
SITE_URL = needed(
    "SITE_URL", "对外网址，如 https://data.example.gov.cn", demo="http://localhost:8000"
).rstrip("/")
HTTPS = SITE_URL.startswith("https://")
if SITE_URL and not HTTPS and not DEMO:
    wrong("SITE_URL", "正式部署应以 https:// 开头")
_HOST = urlsplit(SITE_URL).hostname or "localhost"
_HERE = ["localhost", "127.0.0.1", "[::1]", *(["testserver"] if DEMO else [])]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_HOST, *_HERE])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL] if HTTPS else [])

DATABASES = {
    "default": database(needed("DATABASE_URL", "PostgreSQL 地址，如 postgres://用户:口令@主机:5432/yushu"))
}
REDIS_URL = needed("REDIS_URL", "Redis 地址，如 redis://主机:6379/0")

INSTALLED_APPS = [
    "accounts.apps.RoleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "guardian",
    "csp",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "clock",
    "statutes",
    "accounts",
    "audit",
    "deadlines",
    "procedures",
    "documents",
    "notices",
    "datacentre",
    "web",
    "security",
    "catalog",
    "sharing",
]
AUTH_USER_MODEL = "accounts.User"
LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Whether requests follow the demonstrator's time machine (manage.py travel): one query each, so the tests leave it out.
TRAVEL = DEMO and env.bool("YUSHU_TRAVEL", default=True)
MIDDLEWARE = [
    "config.middleware.client_address",
    "config.middleware.request_context",
    "config.middleware.no_null_characters",
    "config.middleware.permissions_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *(["clock.machine.middleware"] if TRAVEL else []),
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.session_limits",
    "accounts.middleware.Gate",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PasswordBackend",
    "guardian.backends.ObjectPermissionBackend",
]
if OIDC_RP_CLIENT_ID:
    AUTHENTICATION_BACKENDS.append("accounts.backends.CityIdentityBackend")
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "web.fields.Renderer"
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
# Names with digests need collectstatic; the tests read the files where they lie.
STATIC_HASHED = env.bool("STATIC_HASHED", default=True)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_HASHED
STORAGES = {
    "default": store("FILES", DATA_DIR / "files"),
    "holdings": store("HOLDINGS", DATA_DIR / "holdings"),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# A body larger than this is refused before it is read; files are held to their own limits by the forms.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [NONE],
        "worker-src": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
# The preload list of browsers cannot be left within a year: for the owner of the domain to decide, not for us.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
#: How many of our own proxies stand before the application; what they add to X-Forwarded-* is believed, no more.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None

# Sessions are rows: Redis may be wiped at any moment, and nobody should have to sign in again for it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 3600)  # from signing in, however busy
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.stale_form"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Cookies know no port: two copies on one machine must not sign each other's people out.
_COPY = f"_{urlsplit(SITE_URL).port}" if DEMO and urlsplit(SITE_URL).port else ""
SESSION_COOKIE_NAME = f"yushu_session{_COPY}"
CSRF_COOKIE_NAME = f"yushu_csrf{_COPY}"

CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}

CELERY_BROKER_URL = broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 10,
}
# A nudge that cannot be sent is lost at once, not waited for: the sweep finds what it was about.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None
CELERY_BEAT_SCHEDULER = "config.celery:Rhythm"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE

#: console in development: consolemail:// ; a folder: filemail:///path ; a server: smtp+tls://user:password@host:587
EMAIL_URL = needed(
    "EMAIL_URL", "邮件服务器，如 smtp+tls://用户:口令@主机:587", demo=f"filemail:///{DATA_DIR / 'mail'}"
)
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default=f"yushu@{_HOST}")

#: Every seal of the trail once more, outside the database; put it where the database's keepers cannot write.
AUDIT_SEAL_BOOK = Path(env.str("AUDIT_SEAL_BOOK", default=str(DATA_DIR / "audit" / "seals.jsonl")))
#: Who is sent the newest seal each day: people outside the machine room.
AUDIT_SEAL_MAIL = env.list("AUDIT_SEAL_MAIL", default=[])

#: Networks that are not public and may still be called by pushes, such as the government's own: 10.20.0.0/16.
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
#: The authority that signed the partners' certificates, when it is not one that every machine knows.
WEBHOOK_CA_FILE = env.str("WEBHOOK_CA_FILE", default="")

LOGGING = logs.configuration(
    level=env.str("LOG_LEVEL", default="INFO"), readable=env.str("LOG_FORMAT", default="json") == "text"
)

refuse_if_wanting()
