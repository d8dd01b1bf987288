"""A fresh API token for a demonstration account. The name shadows nothing: commands are not imported by name."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

import clock
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.actors import Actor
from accounts.models import Scope, User


class Command(BaseCommand):
    help = "为演示账号创建一个 30 天有效的接口令牌，最后一行就是令牌（只用于演示）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="账号名，如 requester")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "这条命令只用于演示（YUSHU_DEMO=1）。正式部署中，令牌由本人登录后在“我的账号”创建。"
            )
        user = User.objects.filter(username=options["account"]).first()
        if user is None:
            known = "、".join(User.objects.order_by("username").values_list("username", flat=True)[:30])
            raise CommandError(f"没有账号 {options['account']}。现有账号：{known or '无，请先载入演示'}。")
        at = clock.now()
        token, secret = actions.make_token(
            user,
            name="命令行",
            scopes=Scope.values,
            expires_at=at + timedelta(days=30),
            by=Actor.of(user, at, via="command"),
            at=at,
        )
        self.stdout.write(
            f"{user.name}（{user.username}），范围 {'、'.join(token.scopes)}，"
            f"{token.expires_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M} 到期"
        )
        self.stdout.write(secret)
