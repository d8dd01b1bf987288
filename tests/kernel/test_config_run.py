"""`make run` as a whole: starts from nothing, stops clean, comes back from every kind of fall."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.xdist_group("run"),  # one start serves them all
]
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Copy:
    """One running copy in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.said = folder.with_suffix(".said")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **more: str) -> None:
        dropped = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "STATIC_HASHED", "EMAIL_URL", "MAKELEVEL")
        env = {key: value for key, value in os.environ.items() if key not in dropped}
        env |= {"DATA_DIR": str(self.folder), "PORT": str(self.port)} | more
        with self.said.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.run"], cwd=ROOT, env=env, stdout=out, stderr=out
            )

    def wait(self) -> int:
        assert self.process
        return self.process.wait(timeout=90)

    def text(self) -> str:
        return self.said.read_text()

    def health(self) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
            return json.load(answer)

    def served(self) -> bool:
        try:
            return bool(self.health())
        except OSError:
            return False

    def worker_seen(self) -> bool:
        return self.served() and self.health()["parts"]["worker"]["status"] == "green"

    def processes(self) -> dict[int, str]:
        """The living processes that belong to this folder, by their environment or their command."""
        mine = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if (
                        str(self.folder).encode() in (entry / "environ").read_bytes()
                        or str(self.folder) in line
                    ):
                        mine[int(entry.name)] = line
                except OSError:
                    continue
        return mine

    def pids(self, word: str) -> list[int]:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if word in Path(f"/proc/{pid}/cmdline").read_text()]


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    copy = Copy(tmp_path_factory.mktemp("run") / "data")
    copy.start()
    try:
        until(lambda: "渝数已启动" in copy.text() or copy.process.poll() is not None, 300)
        assert "渝数已启动" in copy.text(), copy.text()
        yield copy
    finally:
        if copy.process.poll() is None:
            copy.process.send_signal(signal.SIGINT)
            copy.wait()


def test_it_says_where_it_is_and_serves(running: Copy):
    assert f"http://localhost:{running.port}" in running.text()
    assert running.health()["parts"]["database"]["status"] == "green"
    until(running.worker_seen)


def test_a_second_start_over_the_same_folder_is_refused(running: Copy):
    second = Copy(running.folder)
    second.said = running.folder.with_suffix(".second")
    second.start()
    assert second.wait() == 1
    assert f"进程 {running.process.pid}" in second.text()
    assert running.served()


def test_a_port_in_use_is_named_with_another_to_try(running: Copy, tmp_path: Path):
    other = Copy(tmp_path / "data")
    other.start(PORT=str(running.port))
    assert other.wait() == 1
    assert f"端口 {running.port}" in other.text() and f"PORT={running.port + 1} make run" in other.text()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("web", "granian"),
        ("worker", "config\0worker"),
        ("beat", "config\0beat"),
        ("redis", "redis-server"),
        ("postgres", "postgres"),
    ],
)
def test_a_program_that_is_killed_is_started_again(running: Copy, name: str, word: str):
    [victim] = running.pids(word)
    os.kill(victim, signal.SIGKILL)
    until(lambda: f"{name} 意外退出（SIGKILL）" in running.text())
    until(lambda: bool(running.pids(word)) and victim not in running.pids(word))
    until(running.worker_seen)


def test_killed_outright_it_leaves_nothing_running_and_starts_again_over_its_data(running: Copy):
    running.process.kill()
    running.process.wait()
    until(lambda: not running.processes(), 40)
    running.said.write_text("")
    running.start()
    until(lambda: "渝数已启动" in running.text())
    assert "第一次启动" not in running.text()
    until(running.worker_seen)


def test_it_stops_clean_when_asked(running: Copy):
    running.process.send_signal(signal.SIGTERM)
    assert running.wait() == 0
    assert "已全部停止" in running.text()
    assert running.processes() == {}
