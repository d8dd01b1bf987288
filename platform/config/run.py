"""`make run`: the whole system on one machine, from nothing, until Ctrl-C.

Starts PostgreSQL, Redis, web, worker and beat as children, in this order; migrates, collects the static files and
loads the demonstration the first time; says where it is; starts again what falls over; stops all of it in the
reverse order. Logs lie in DATA_DIR/logs, one file a program. PORT (8000), DATA_DIR (.data) and BIND (127.0.0.1)
come from the environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

from config import beside, demo, serve
from config.guards import Refused, alone, chosen_folder, chosen_port, ensure_free
from config.programs import Program, die_with_parent
from config.services import Postgres, Redis

ROOT = Path(__file__).resolve().parents[2]
_HEALTHY_AFTER = 60.0  # seconds without a fall after which the back-off begins anew
_LONGEST_WAIT = 30.0


class Stopped(BaseException):
    """Somebody asked to stop."""


def say(text: str = "") -> None:
    print(text, flush=True)


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    if "MAKELEVEL" in os.environ and (ask := die_with_parent(signal.SIGTERM, of=os.getppid())):
        ask()  # make killed outright would leave everything running
    try:
        port, data_dir, bind = chosen_port(), chosen_folder(ROOT), os.environ.get("BIND", "127.0.0.1")
        with alone(data_dir):
            ensure_free(bind, port)
            House(data_dir, bind, port).live()
    except Refused as why:
        say(f"没有启动：{why}")
        return 1
    except Stopped:
        return 0
    return 0


class House:
    """All programs of one copy."""

    def __init__(self, data_dir: Path, bind: str, port: int) -> None:
        self.data_dir, self.bind, self.port = data_dir, bind, port
        self.logs = data_dir / "logs"
        self.postgres, self.redis = Postgres(data_dir), Redis(data_dir)
        self.env = _environment(data_dir, bind, port, self.postgres, self.redis)
        beside.leave(data_dir, self.env)
        ours = [
            Program(name, serve.command(name, self.env), self.logs / f"{name}.log", self.env, cwd=ROOT)
            for name in ("web", "worker", "beat")
        ]
        self.programs: list[Program] = [self.postgres, self.redis, *ours]

    def live(self) -> None:
        """Start, serve, and stop everything whatever happens."""
        try:
            self._start()
            self._watch()
        except RuntimeError as why:
            raise Refused(str(why)) from why
        except Stopped:
            say("\n正在停止……")
            raise
        finally:
            self._stop()

    def _start(self) -> None:
        first = self.postgres.fresh
        loaded = self.data_dir / "demonstration-loaded"
        if first:
            loaded.unlink(missing_ok=True)
        say("启动 PostgreSQL 和 Redis" + ("，第一次启动要建立数据库" if first else ""))
        self.postgres.start()
        self.redis.start()
        say("更新数据库结构，整理静态文件")
        self._manage("migrate", "--noinput", "-v", "0")
        self._manage("collectstatic", "--noinput", "-v", "0")
        if not loaded.exists():
            say("装入演示数据，只在第一次启动时进行")
            self._manage("demonstrate")
            loaded.touch()
        say("启动网站、后台进程和定时进程")
        for program in self.programs[2:]:
            program.start()
        self._wait_until_served()
        self._greet()

    def _manage(self, *args: str) -> str:
        """Run a management command to its end; its output, or Refused with the end of what it said."""
        with (self.logs / "manage.log").open("a") as log:
            done = subprocess.run(
                [sys.executable, "manage.py", *args],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
            log.write(done.stdout)
        if done.returncode != 0:
            tail = "\n".join(done.stdout.strip().splitlines()[-8:])
            raise Refused(f"manage.py {args[0]} 没有完成，全文见 {self.logs / 'manage.log'}\n{tail}")
        return done.stdout

    def _wait_until_served(self) -> None:
        host = "127.0.0.1" if self.bind in ("0.0.0.0", "") else self.bind
        address = f"http://{host}:{self.port}/healthz"
        for _ in range(300):
            with contextlib.suppress(URLError, OSError):
                with urllib.request.urlopen(address, timeout=5) as answer:
                    json.load(answer)
                return
            for program in self.programs:
                if not program.running():
                    raise Refused(f"{program.name} 启动后退出了，原因见 {program.log}")
            time.sleep(0.2)
        raise Refused(f"等了一分钟，{address} 仍没有回答，原因见 {self.logs / 'web.log'}")

    def _greet(self) -> None:
        say(f"\n渝数已启动：http://localhost:{self.port}\n")
        if (self.data_dir / "demonstration-loaded").exists():
            say(f"演示账号（口令都是 {demo.PASSWORD}）：")
            accounts = {**demo.ACCOUNTS, **demo.OTHERS}
            width = max(map(len, accounts))
            for account, meaning in accounts.items():
                say(f"  {account:<{width}}  {meaning}")
            say()
        say(f"日志在 {self.logs}。按 Ctrl-C 全部停止。")

    def _watch(self) -> None:
        watch = Watch(self.programs)
        while True:
            time.sleep(0.2)
            watch.look()

    def _stop(self) -> None:
        """Stop in reverse order; the three of ours at once, since none of them needs another to end."""
        ours, servers = self.programs[2:], self.programs[:2]
        with _unstoppable(self.programs):
            for program in ours:
                program.ask_to_stop()
            for program in (*reversed(ours), *reversed(servers)):
                program.stop()
        shutil.rmtree(self.postgres.sockets, ignore_errors=True)
        say("已全部停止，数据保留在 " + str(self.data_dir))


class Watch:
    """Starts again what falls, after a wait that grows with each fall."""

    def __init__(self, programs: list[Program], *, healthy_after: float = _HEALTHY_AFTER) -> None:
        self.programs, self.healthy_after = programs, healthy_after
        self.falls: dict[str, int] = defaultdict(int)
        self.started = {program.name: time.monotonic() for program in programs}
        self.due: dict[str, float] = {}

    def look(self) -> None:
        """Note what has fallen since the last look, and start what has waited long enough."""
        now = time.monotonic()
        for program in self.programs:
            if program.running():
                continue
            if program.name not in self.due:
                self._fell(program, now)
            elif now >= self.due[program.name]:
                self._start(program, now)

    def _fell(self, program: Program, now: float) -> None:
        name = program.name
        program.clear_group()
        self.falls[name] = 1 if now - self.started[name] > self.healthy_after else self.falls[name] + 1
        wait = min(2.0 ** (self.falls[name] - 1), _LONGEST_WAIT)
        self.due[name] = now + wait
        say(f"{name} 意外退出（{program.ended()}），{wait:.0f} 秒后重新启动，原因见 {program.log}")

    def _start(self, program: Program, now: float) -> None:
        del self.due[program.name]
        self.started[program.name] = now
        try:
            program.start()
        except RuntimeError as why:
            say(f"{program.name} 没有启动：{why}")


def _environment(data_dir: Path, bind: str, port: int, postgres: Postgres, redis: Redis) -> dict[str, str]:
    """What the children read. The database and the broker are always our own, whatever the caller's says."""
    key = data_dir / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(60))
    ours = {
        "YUSHU_DEMO": "1",
        "SECRET_KEY": key.read_text(),
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": postgres.url,
        "REDIS_URL": redis.url,
        "DATA_DIR": str(data_dir),
        "BIND": bind,
        "PORT": str(port),
        "STATIC_ROOT": str(data_dir / "static"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("GRANIAN_")} | ours


@contextlib.contextmanager
def _unstoppable(programs: list[Program]) -> Iterator[None]:
    """While stopping, a second Ctrl-C ends the children at once instead of leaving them behind."""

    def hurry(*_: object) -> None:
        say("立即结束全部进程")
        for program in programs[2:]:
            program.clear_group()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, hurry)
    yield


def _stop(*_: object) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
