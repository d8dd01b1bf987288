"""Load the demonstration: the law, then what each app gives in its `demonstration` module, in the order of the apps."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import clock
from accounts.demonstration import account_list
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "载入演示数据：法规期限、机构、账号、目录、数据和在办的办件（只用于演示）。再次执行不会重复。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只能载入演示环境（YUSHU_DEMO=1）。")
        call_command("load_law", verbosity=0)
        for config in apps.get_app_configs():
            if config.module.__file__.startswith(str(settings.BASE_DIR)) and find_spec(
                f"{config.name}.demonstration"
            ):
                self.stdout.write(f"载入演示：{config.verbose_name}")
                import_module(f"{config.name}.demonstration").load(clock.now())
        self.stdout.write(account_list())
