"""The worklist and the case page among 1,000,000 cases, against a Django page that does one indexed query.

Both are asked of the same web server (granian, as in a deployment, one process) by the same browser session over one
connection kept open, in turns, so that whatever else the machine does meets both alike. The floor is `bench._floor`.
"""

from __future__ import annotations

import http.client
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import clock
from accounts.models import User
from config.serve import command
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procedures import actions
from procedures.models import Act, Case, Turn
from procedures.perform import perform, send_back, sign

from bench import _city
from sharing import demonstration

CASES, ROUNDS, WARM = 1_000_000, 300, 20
LIMIT = 4


@dataclass(frozen=True)
class Asked:
    """A page as one person asks for it."""

    what: str
    account: str
    address: str


def main(cases: int = CASES, rounds: int = ROUNDS) -> None:
    """Print the ratios. Needs a migrated, empty database."""
    call_command("demonstrate", verbosity=0)
    at = clock.now()
    running, in_use = _running(at), _in_use(at)
    began = time.perf_counter()
    _city.build(cases, at)
    print(f"造出 {Case.objects.count():,} 件办件：{time.perf_counter() - began:.0f} 秒", flush=True)
    measure(pages(running, in_use), rounds)


def pages(running: Case, in_use: Case) -> list[Asked]:
    """What is measured: the authority's desk, which has most of the turns, and one of eighty ordinary bodies'."""
    officer = Turn.objects.filter(organisation__duty="city-authority", role="officer", handler=None)
    deep = officer.order_by("due_at", "case_id")[officer.count() * 2 // 3]
    after = quote(f"{deep.due_at.isoformat()}_{deep.case_id}")
    body = User.objects.filter(username__startswith="bench-officer-").order_by("pk")[20].username
    asked = [
        Asked(f"待办，轮到我（{officer.count():,} 件）", "authority", "/work/"),
        Asked("待办，翻到三分之二处", "authority", f"/work/?after={after}"),
        Asked("待办，今天到期", "authority", "/work/?due=today"),
        Asked("待办，一类事项的一个步骤", "authority", "/work/?state=sharing-objection:COORDINATING"),
        Asked("待办，按名称查找", "authority", f"/work/?q={quote('排放检验')}"),
        Asked("待办，按名称查找，没有", "authority", f"/work/?q={quote('没有这样的名称')}"),
        Asked("待办，按当事方查找", "authority", f"/work/?party={quote('市教委')}"),
        Asked("等对方", "authority", "/work/?tab=waiting"),
        Asked("本单位全部", "authority", "/work/?tab=body"),
        Asked("我办结的", "authority", "/work/?tab=done"),
        Asked("草稿", "authority", "/work/?tab=drafts"),
        Asked("待办，负责人", "authority-lead", "/work/"),
        Asked("本单位全部，负责人", "authority-lead", "/work/?tab=body"),
        Asked("待办，普通单位", body, "/work/"),
        Asked("等对方，普通单位", body, "/work/?tab=waiting"),
        Asked("我办结的，普通单位", body, "/work/?tab=done"),
        Asked("我办结的，新来的人", "authority-review", "/work/?tab=done"),
    ]
    for case, account, who in (
        (running, "authority", "轮到我"),
        (running, "authority-lead", "负责人"),
        (running, "requester", "申请单位"),
        (in_use, "requester", "使用中"),
    ):
        rows = f"{case.acts.count()} 步经过、{case.deadlines.count()} 个期限、{case.papers.count()} 份文书"
        asked.append(Asked(f"办件页，{who}（{rows}）", account, f"/cases/{case.number}/"))
    return asked


def measure(asked: list[Asked], rounds: int) -> None:
    number = Case.objects.order_by("-pk").values_list("number", flat=True)[0]
    floor_page = f"/bench/floor/{number}/"
    with _served() as server:
        for page in asked:
            client = Client()
            client.force_login(User.objects.get(username=page.account))
            cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
            with CaptureQueriesContext(connection) as queries:
                client.get(page.address)
            for _ in range(WARM):
                _timed(server, floor_page, cookie), _timed(server, page.address, cookie)
            pairs = [
                (_timed(server, floor_page, cookie), _timed(server, page.address, cookie))
                for _ in range(rounds)
            ]
            floors, ours = zip(*pairs, strict=True)
            (floor_half, floor_most), (half, most) = _quantiles(floors), _quantiles(ours)
            print(
                f"{page.what}：{len(queries)} 次查询，p50 {half:.1f}，p95 {most:.1f} 毫秒；"
                f"一次查询的页面 p50 {floor_half:.1f}，p95 {floor_most:.1f}；"
                f"比 p50 {half / floor_half:.2f}，p95 {most / floor_most:.2f}（上限 {LIMIT}）",
                flush=True,
            )


def _running(at: datetime) -> Case:
    """A request that is to be answered after a consultation, with a draft sent back on the way: ten acts."""
    first = at - timedelta(days=3)
    case = demonstration.request("requester", demonstration.EPIDEMIC, first, **SAID)
    officer, lead, provider = (
        demonstration.actor(name, at) for name in ("authority", "authority-lead", "provider")
    )
    actions.reassign(case, to=officer.user, by=lead, at=first)
    actions.note(case, text="电话核实了申请单位的职能。", by=officer, at=first)
    perform(case, "consult", by=officer, at=first, facts=ASKED)
    actions.note(case, text="与业务处室商量意见。", by=provider, at=first)
    perform(case, "opine", by=provider, at=at, facts=OPINION)
    sign(case, by=demonstration.actor("provider-lead", at), at=at)
    record = case.sharing_request
    granted = {
        "items": record.items,
        "modes": record.modes,
        "scope": record.scope,
        "first_day": record.first_day.isoformat(),
        "last_day": record.last_day.isoformat(),
    }
    perform(case, "grant", by=officer, at=at, facts=granted)
    send_back(case, by=lead, at=at, note="请写明调用上限。")
    actions.note(case, text="与申请单位确认了调用上限。", by=officer, at=at)
    case.refresh_from_db()
    assert (case.state, Act.objects.filter(case=case).count()) == ("ANSWERING", 10)
    return case


def _in_use(at: datetime) -> Case:
    """A request that was answered after a consultation and whose data is open."""
    case = demonstration.request("requester", demonstration.EPIDEMIC, at, **SAID)
    demonstration.act(case, "consult", "authority", at, **ASKED)
    demonstration.act(case, "opine", "provider", at, **OPINION)
    sign(case, by=demonstration.actor("provider-lead", at), at=at)
    for text in ("核对了申请的信息项。", "与提供部门约定了汇聚方式。", "提醒了调用上限。"):
        actions.note(case, text=text, by=demonstration.actor("authority", at), at=at)
    return demonstration.grant(Case.objects.get(pk=case.pk), at, at)


SAID = {
    "scenario": "测量用：应急物资调度与病例增长关系的复盘分析，形成储备布局建议。",
    "purpose_basis": "《重庆市突发事件应对条例》第十条",
}
ASKED = {
    "unsettled": "目录没有写明能否批量获取。",
    "question": "能否批量提供？如能，需要哪些限制？",
    "reason": "依据目录不能确定能否共享，需要征求意见。",
}
OPINION = {
    "opinion": "can",
    "reason": "用途与职能相符，可以共享。",
    "basis": "《重庆市数据条例》第二十五条第一款",
}


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


@contextmanager
def _served() -> Iterator[http.client.HTTPConnection]:
    """The deployment's web server over a socket of its own, one process of one thread, and a connection to it."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "web.sock")
        argv = command("web", {"WEB_WORKERS": "1", "WEB_THREADS": "1"})[:-1]
        server = subprocess.Popen(
            [*argv, "--uds", path, "bench._floor:application"], stdout=subprocess.DEVNULL, stderr=sys.stderr
        )
        try:
            yield _connected(path)
        finally:
            server.terminate()
            server.wait()


def _connected(path: str) -> http.client.HTTPConnection:
    """A connection, as soon as the server takes one."""
    for _ in range(600):
        connection = _Connection(path)
        try:
            connection.connect()
            return connection
        except OSError:
            time.sleep(0.1)
    sys.exit("the web server did not come up within a minute")


def _timed(server: http.client.HTTPConnection, address: str, cookie: str) -> float:
    """Milliseconds from asking to the last byte."""
    began = time.perf_counter()
    server.request("GET", address, headers={"Cookie": cookie})
    response = server.getresponse()
    response.read()
    took = (time.perf_counter() - began) * 1000
    if response.status != 200:
        sys.exit(f"{address} answered {response.status}")
    return took


def _quantiles(times: tuple[float, ...]) -> tuple[float, float]:
    """The half and 95 of a hundred."""
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[94]
