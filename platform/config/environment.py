"""Reading the environment: what is needed and missing is collected, and named all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

# The demonstration carries its own secrets and accounts; a real deployment has neither.
DEMO: bool = env.bool("YUSHU_DEMO", default=False)

_wanting: dict[str, str] = {}


def needed(name: str, meaning: str, *, demo: str | None = None) -> str:
    """The value of a variable that has no default outside the demonstration; "" (and a note) when it is missing."""
    value: str = env.str(name, default=(demo or "") if DEMO else "")
    if not value:
        _wanting[name] = meaning
    return value


def wrong(name: str, complaint: str) -> None:
    """Note a value that is there and cannot be used."""
    _wanting[name] = complaint


def refuse_if_wanting() -> None:
    """Raise one error that names everything missing or unusable; called at the end of the settings."""
    if _wanting:
        listed = "\n".join(f"  {name}：{what}" for name, what in _wanting.items())
        raise ImproperlyConfigured(
            f"下列环境变量缺少或不能使用，系统没有启动：\n{listed}\n"
            "正式部署见 .env.example 和 README 的“配置”一节；只想试用，请执行 make run。"
        )


def database(url: str) -> dict[str, Any]:
    """Django's description of the database; connections are kept, and checked before a request uses one again."""
    parsed: dict[str, Any] = environ.Env.db_url_config(url) if url else {}
    parsed["OPTIONS"] = {"connect_timeout": 5, **parsed.get("OPTIONS", {})}
    return {**parsed, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def broker(redis_url: str) -> str:
    """The Redis address as Celery writes it: `unix://PATH?db=N` is `redis+socket://PATH?virtual_host=N` there."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


def store(prefix: str, folder: Path) -> dict[str, Any]:
    """A private file store: the bucket that `PREFIX_BUCKET` names (S3 or compatible), else the folder.

    Never under a public address: files leave only through a view that checks rights.
    """
    bucket = env.str(f"{prefix}_BUCKET", default="")
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None, "file_permissions_mode": 0o600},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str(f"{prefix}_ENDPOINT", default=None),
            "region_name": env.str(f"{prefix}_REGION", default=None),
            "access_key": needed(f"{prefix}_ACCESS_KEY", f"对象存储 {bucket} 的访问标识"),
            "secret_key": needed(f"{prefix}_SECRET_KEY", f"对象存储 {bucket} 的访问密钥"),
            "default_acl": "private",
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
