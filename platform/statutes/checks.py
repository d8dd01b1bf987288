"""`manage.py check` refuses a registration that names no duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from statutes import enforcement


def duties_exist(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One error for each registered enforcer of a duty that does not exist."""
    return [
        Error(f"{one.place}：没有编号为“{one.duty}”的职责（{one.what}）", id="statutes.E001")
        for one in enforcement.strays()
    ]
