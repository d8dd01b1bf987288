"""故障演练：`make drill`. The real system under two hundred cases, and programs killed at moments drawn by lot.

PostgreSQL (with fsync) and Redis, web, worker and beat run as in `make run` and are started again by its own watch.
Three drivers file cases and take steps, a caller does the same over the API, a visitor reads pages, the clock runs
ahead so that limits fall due, and each program or one of its children is killed with SIGKILL again and again. Then
beat is stopped, three days pass, beat comes back, and `verdict.judge` asks what is true. Ends with 1 when anything
is lost, doubled or inconsistent.
Nothing but Unix sockets and 127.0.0.1; bounded in time.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import django
from config.programs import Program, die_with_parent
from config.run import House, Watch, say
from config.services import discard

ROOT = Path(__file__).resolve().parents[2]
DRIVERS = ("driver-0", "driver-1", "driver-2")
#: A page may fail this long around a moment at which PostgreSQL was not there (seconds).
GRACE = 3.0


class Drill:
    """One drill from an empty folder to its verdict."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder, self.options = folder, options
        self.dice = Random(options.seed)
        self.house = House(folder, "127.0.0.1", _free_port())
        self.house.env |= {
            "STATIC_HASHED": "0",
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": self.options.log,
            "LOGIN_TRIES": "1000",
        }
        self.watch = Watch(self.house.programs, healthy_after=4.0)
        self.parts = {program.name: program for program in self.house.programs}
        self.helpers: list[subprocess.Popen[bytes]] = []
        self.killed: Counter[str] = Counter()
        self.away: list[tuple[float, float]] = []
        self.recovering: float | None = None

    def run(self) -> bool:
        begun = time.monotonic()
        try:
            self._open()
            say(f"准备用了 {time.monotonic() - begun:.0f} 秒；演练开始，种子 {self.options.seed}")
            self._fire()
            fired = time.monotonic()
            missed = self._without_beat()
            self._settle()
            settled = time.monotonic()
            verdict = self._judge()
        finally:
            for helper in self.helpers:
                helper.kill()
            for program in reversed(self.house.programs):
                program.stop()
        kills = "、".join(f"{name} {times} 次" for name, times in sorted(self.killed.items()))
        say(f"\n强行结束：{kills}")
        say(f"定时进程停了三天，其间有 {missed} 个期限届满")
        say("，".join(f"{name} {count}" for name, count in verdict.found.items()))
        for sentence in verdict.wrong[:40]:
            say(f"  不对：{sentence}")
        outcome = (
            f"发现 {len(verdict.wrong)} 处不对"
            if verdict.wrong
            else "没有丢失，没有重复，逾期都记在届满的时刻"
        )
        say(f"收尾 {settled - fired:.0f} 秒，核对 {time.monotonic() - settled:.0f} 秒")
        say(f"{outcome}；共用 {time.monotonic() - begun:.0f} 秒")
        return not verdict.wrong

    def _open(self) -> None:
        from_empty = ("postgres", "redis")
        for name in from_empty:
            self.parts[name].start()
        os.environ.update(self.house.env)
        django.setup()
        from clock import machine
        from django.core.management import call_command
        from django.db import connection

        from tests.drill import stage

        with connection.cursor() as cursor:
            # After a crash the server otherwise syncs its thousand files one by one, which takes six seconds.
            cursor.execute("ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'")
            cursor.execute("SELECT pg_reload_conf()")
        call_command("migrate", interactive=False, verbosity=0)
        self.token = stage.build()
        machine.travel_to(stage.BEGIN)
        for program in self.house.programs:
            if program.name not in from_empty:
                program.start()
        self._until(self._served, 30, "网站没有回答")

    def _served(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.house.port)) == 0

    def _helper(self, *argv: str) -> None:
        log = (self.folder / "logs" / "helpers.log").open("ab")
        self.helpers.append(
            subprocess.Popen(
                [sys.executable, "-m", *argv],
                cwd=ROOT,
                env=self.house.env,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        )

    def _fire(self) -> None:
        """Drivers drive, the clock runs ahead, programs die."""
        share = -(-self.options.cases // len(DRIVERS))
        for number, name in enumerate(DRIVERS):
            journal = str(self.folder / f"{name}.jsonl")
            self._helper("tests.drill.drive", str(number), str(self.options.seed), str(share), journal)
        from tests.cast import PASSWORD

        site = f"http://localhost:{self.house.port}"
        self._helper("tests.drill.visitor", site, str(self.folder / "visitor.jsonl"), PASSWORD)
        self._helper("tests.drill.caller", site, str(self.folder), self.token)
        journals = [self.folder / f"{name}.jsonl" for name in (*DRIVERS, "visitor", "caller")]
        self._until(lambda: all(journal.exists() for journal in journals), 120, "驱动没有开始")
        begun = time.monotonic()
        end = begun + self.options.seconds
        victims = self._victims()
        pace = self.options.seconds / (len(victims) + 1)
        next_kill, next_hour, next_nudge = begun + pace, begun + 1.0, begun
        while time.monotonic() < end or self._filing():
            now = time.monotonic()
            if now > end + 90:
                raise RuntimeError("到时间仍没有提交完全部办件")
            if victims and now >= next_kill:
                self._kill(*victims.pop())
                next_kill = now + self.dice.uniform(0.5, 1.5) * pace
            if now >= next_hour and self._ahead(timedelta(hours=self.dice.choice(self.options.hours))):
                next_hour = now + 1.0
            if now >= next_nudge:
                self._nudge()
                next_nudge = now + self.dice.uniform(0.2, 0.8)
            self._look()
            time.sleep(0.05)
        for helper in self.helpers:
            helper.terminate()
        self._until(lambda: all(helper.poll() is not None for helper in self.helpers), 30, "驱动没有停下")

    def _filing(self) -> bool:
        """Whether drivers still have cases to file."""
        filed = sum(
            '"marker"' in line
            for name in DRIVERS
            for line in (self.folder / f"{name}.jsonl").read_text().splitlines()
        )
        return filed < self.options.cases

    def _victims(self) -> list[tuple[str, bool]]:
        """Each program so many times; every second time one of its children instead of itself."""
        victims = [
            (name, turn % 2 == 1)
            for name in ("web", "worker", "beat", "redis", "postgres")
            for turn in range(self.options.kills)
        ]
        self.dice.shuffle(victims)
        return victims

    def _kill(self, name: str, child: bool) -> None:
        program = self.parts[name]
        if not program.running() or program.process is None:
            return
        pid = program.process.pid
        children = _children(pid)
        if child and children:
            pid = self.dice.choice(children)
        say(f"  结束 {name}{'的一个子进程' if pid != program.process.pid else ''}（进程 {pid}）")
        self.killed[name] += 1
        if name == "postgres":
            self.recovering = self.recovering or time.time()
        os.kill(pid, signal.SIGKILL)

    def _look(self) -> None:
        """What the supervisor does, and a note of how long the database is away."""
        self.watch.look()
        now = time.time()
        # It takes a moment to notice that one of its children is gone; then it ends all others and recovers.
        if self.recovering and now > self.recovering + 1 and self._database_answers():
            self.away.append((self.recovering, now + GRACE))
            self.recovering = None

    def _database_answers(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.house.env["DATABASE_URL"]).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _ahead(self, by: timedelta) -> bool:
        """Let the clock of the whole system run ahead; False while that cannot be done."""
        import clock
        from clock import machine
        from django.db import Error, connection

        from tests.drill import stage

        try:
            with (self.folder / "calling").open("w") as calling:
                fcntl.flock(calling, fcntl.LOCK_EX | fcntl.LOCK_NB)
                with stage.moment(jump=True):
                    machine.travel_to(clock.now() + by)
        except BlockingIOError:
            return False
        except Error:
            connection.close()
            return False
        return True

    def _nudge(self) -> None:
        """More looks than the beat gives, so that many of them are cut off in the middle."""
        from config.celery import app
        from kombu.exceptions import OperationalError

        task = self.dice.choice(
            ("procedures.tasks.sweep", "notices.tasks.deliver", "audit.tasks.seal", "procedures.tasks.sweep")
        )
        try:
            app.send_task(task, expires=10)
        except OperationalError:
            return

    def _without_beat(self) -> int:
        """Beat stops, three days pass; returns how many limits fell due meanwhile. Then beat comes back."""
        import clock
        from clock import machine
        from deadlines.models import Deadline

        beat = self.parts["beat"]
        others: list[Program] = [program for program in self.house.programs if program is not beat]
        self._until(lambda: all(p.running() for p in self.house.programs), 40, "有程序没有重新启动")
        self._until(lambda: self._ahead(timedelta(0)), 20, "数据库没有回来")
        self.watch.programs = others
        beat.process.kill()
        beat.process.wait()
        before = clock.now()
        self._ahead(timedelta(days=3))
        say("  定时进程停下，时间前进三天")
        time.sleep(1.0)
        machine.follow()
        missed = Deadline.objects.filter(due_at__gt=before, due_at__lte=clock.now(), outcome="open").count()
        beat.start()
        self.watch.programs = self.house.programs
        return missed

    def _settle(self) -> None:
        """By the beat and the worker alone, until nothing is due; what stays due is named by the verdict."""
        end = time.monotonic() + 90
        while left := self._due():
            if time.monotonic() > end:
                say(f"  恢复 90 秒以后仍有到期未办的事项：{left}")
                return
            self._look()
            time.sleep(0.2)

    def _due(self) -> str:
        """What the system still has to do at this moment, in words; empty when there is nothing."""
        import clock
        from clock import machine
        from config.celery import HEARTBEAT
        from deadlines.models import Deadline
        from django.core.cache import cache
        from notices.models import Notice, Outgoing
        from procedures.models import Hearing

        machine.follow()
        at = clock.now()
        waiting = {
            "期限": Deadline.objects.filter(next_look__lte=at),
            "发件箱": Outgoing.objects.filter(next_try__lte=at),
            "跨件办理": Hearing.objects.filter(next_try__lte=at),
            "邮件": Notice.objects.filter(mail_next_try__lte=at),
        }
        left = [f"{name} {count} 项" for name, rows in waiting.items() if (count := rows.count())]
        return "，".join([*left, *([] if cache.get(HEARTBEAT) else ["后台进程没有报到"])])

    def _judge(self) -> Any:
        import clock
        from clock import machine

        from tests.drill import verdict

        machine.follow()
        judged = verdict.judge(self.folder, clock.now())
        answers = [json.loads(line) for line in (self.folder / "visitor.jsonl").read_text().splitlines()]
        judged.found["网页请求"] = len(answers)
        for answer in answers:
            excused = any(answer["at"] <= until and answer["until"] >= since for since, until in self.away)
            if answer["status"] >= 500 and not excused:
                judged.wrong.append(f"{answer['path']} 在数据库正常时回答 {answer['status']}")
        seen = Counter(answer["status"] for answer in answers)
        judged.found |= {f"回答 {status}": count for status, count in sorted(seen.items())}
        return judged

    def _until(self, true: Any, seconds: float, otherwise: str) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise RuntimeError(f"等了 {seconds:.0f} 秒：{otherwise}")
            self._look()
            time.sleep(0.1)


def _children(pid: int) -> list[int]:
    """The direct children of a process."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(number) for number in found]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description="故障演练")
    parser.add_argument("--cases", type=int, default=200, help="办件数")
    parser.add_argument("--seconds", type=float, default=75, help="演练多少秒")
    parser.add_argument("--kills", type=int, default=4, help="每个程序结束几次")
    parser.add_argument("--hours", type=int, nargs="+", default=[2, 4, 9], help="每秒前进的小时数，从中抽取")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="种子，重演时写上次的")
    parser.add_argument("--keep", type=Path, help="在这个文件夹里进行，结束后保留")
    parser.add_argument("--log", default="WARNING", help="各程序记日志的级别")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="yushu-drill-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    try:
        return 0 if Drill(folder, options).run() else 1
    finally:
        if options.keep is None:
            discard(folder)


if __name__ == "__main__":
    sys.exit(main())
