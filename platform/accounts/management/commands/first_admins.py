from __future__ import annotations

from typing import Any

import clock
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import actions
from accounts.actors import SYSTEM
from accounts.models import Organisation, Post, Role, User

#: account name: role
THREE = {
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
    "auditor": Role.AUDITOR,
}


class Command(BaseCommand):
    help = "新部署时建立系统、安全、审计三类管理员，各发一次性密码；已有人担任的岗位跳过"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        authority = Organisation.objects.on(at.date()).filter(duty=Organisation.Duty.CITY_AUTHORITY).first()
        if authority is None:
            raise CommandError("还没有市数据主管部门，请先执行 manage.py load_organisations。")
        made = 0
        for account, role in THREE.items():
            if Post.objects.in_force(at.date()).filter(role=role).exists():
                self.stdout.write(f"{role.label}：已有人担任，跳过")
                continue
            name = self._free(account)
            user, password = actions.create_account(
                name, str(role.label), by=SYSTEM, at=at, reason="首批管理员"
            )
            actions.appoint(
                user, authority, role, valid_from=at.date(), by=SYSTEM, at=at, reason="首批管理员"
            )
            self.stdout.write(f"{role.label}：账号 {name}，一次性密码 {password}")
            made += 1
        if made:
            self.stdout.write(
                "一次性密码只显示这一次。三个账号须交给三个人，首次登录须改密码并启用动态口令。"
            )

    def _free(self, account: str) -> str:
        """The account name, with a number behind it when an earlier holder has it."""
        number, name = 1, account
        while User.objects.filter(username=name).exists():
            number += 1
            name = f"{account}-{number}"
        return name
