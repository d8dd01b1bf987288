"""The city in which the drill takes place: the law, the cast, and data that can be asked for."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.actions import make_token
from accounts.actors import SYSTEM
from accounts.models import Function, Post, Role, Scope, User
from clock import SHANGHAI, machine
from datacentre.actions import create_holding, load_version
from django.db import Error, connection

from catalog.models import BasisKind
from tests.cast import build_cast, password_hash
from tests.law import load_law
from tests.shelf import AIR_ITEMS, build_entry, build_holding, item, term

#: A Monday with no holiday near: limits fall due every few seconds of the drill.
BEGIN = datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)

CONDITIONAL, UNCONDITIONAL, NOT_SUPPLIED = "DRILL-CAR", "DRILL-AIR", "DRILL-WAY"
SECOND = "authority-2"
_JUMP = 20260000


@contextlib.contextmanager
def moment(*, jump: bool = False) -> Iterator[None]:
    """Acting at the clock's moment, which does not jump meanwhile.

    Real time does not pass between reading the clock and acting; a jump of hours just there would let an act of
    yesterday come after a sweep of today, which no fault can bring about.
    """
    kind = "" if jump else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock{kind}(%s)", [_JUMP])
    try:
        machine.follow()
        yield
    finally:
        with contextlib.suppress(Error), connection.cursor() as cursor:  # a lost connection has given it up
            cursor.execute(f"SELECT pg_advisory_unlock{kind}(%s)", [_JUMP])


def build() -> str:
    """Write everything the drivers need: one entry to be decided, one granted at once, one without data yet.

    Returns the secret of an API token of the requester.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        load_law()
    cast = build_cast()
    provider = cast.organisation("provider")
    basis = {
        "sharing_type": "conditional",
        "sharing_basis": "《中华人民共和国个人信息保护法》第三十四条",
        "sharing_basis_kind": BasisKind.LAW,
    }
    said = {**basis, "conditions": (term("只用于履行职责"),), "at": BEGIN}
    items = tuple(item(s.code, s.name, s.type, **basis) for s in AIR_ITEMS)
    build_holding(provider, code=UNCONDITIONAL, at=BEGIN)
    holding = create_holding(
        code=CONDITIONAL, name="演练数据", owner=provider, items=AIR_ITEMS, at=BEGIN, by=SYSTEM
    )
    build_entry(provider, code=CONDITIONAL, name="演练条目甲", holding=holding, items=items, **said)
    build_entry(provider, code=NOT_SUPPLIED, name="演练条目乙", holding=None, items=items, **said)
    load_version(holding, rows=[{"station": "001487", "name": "站"}], at=BEGIN, by=SYSTEM)
    Function.objects.create(
        organisation=cast.organisation("requester"), code="JT-1", name="道路运输管理", basis="职能配置规定"
    )
    # Who settles an objection must not have decided the matter: two people more at the authority.
    for name, role in ((SECOND, Role.OFFICER), (f"{SECOND}-lead", Role.LEAD)):
        user = User.objects.create(
            username=name, name=name, email=f"{name}@example.cn", password=password_hash()
        )
        Post.objects.create(
            user=user, organisation=cast.organisation("authority"), role=role, valid_from=cast.day
        )
    _token, secret = make_token(
        cast.user("requester"),
        name="演练",
        scopes=Scope.values,
        expires_at=BEGIN + timedelta(days=300),
        by=cast.actor("requester", BEGIN),
        at=BEGIN,
    )
    return secret
