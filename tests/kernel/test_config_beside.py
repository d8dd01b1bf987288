from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

from config import beside

RUNNING = {
    "YUSHU_DEMO": "1",
    "SECRET_KEY": "s" * 60,
    "DATABASE_URL": "postgres://postgres@/yushu?host=/tmp/x",
    "DATA_DIR": "/somewhere",
    "PATH": "/usr/bin",
}


def test_a_command_beside_make_run_works_on_its_copy(tmp_path: Path, capsys) -> None:
    beside.leave(tmp_path, RUNNING)
    env = {"DATA_DIR": str(tmp_path)}
    assert beside.join(tmp_path, env) == tmp_path
    assert env["DATABASE_URL"] == RUNNING["DATABASE_URL"] and env["YUSHU_DEMO"] == "1"
    assert "PATH" not in env
    assert str(tmp_path) in capsys.readouterr().err


def test_the_note_is_for_its_owner_alone(tmp_path: Path) -> None:
    beside.leave(tmp_path, RUNNING)
    assert stat.S_IMODE(os.stat(tmp_path / beside.NOTE).st_mode) == 0o600


def test_whoever_names_a_database_is_left_alone(tmp_path: Path) -> None:
    beside.leave(tmp_path, RUNNING)
    env = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://elsewhere/yushu"}
    assert beside.join(tmp_path, env) is None
    assert env["DATABASE_URL"] == "postgres://elsewhere/yushu" and "YUSHU_DEMO" not in env


def test_without_a_copy_nothing_is_assumed(tmp_path: Path) -> None:
    env: dict[str, str] = {}
    assert beside.join(tmp_path, env) is None
    assert env == {}


def test_a_fresh_clone_answers_what_needs_no_server() -> None:
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    root = Path(__file__).parents[2]
    asked = [sys.executable, "manage.py", "workdays", "2026-09-25", "--add", "5"]
    days = subprocess.run(
        asked, cwd=root, env=bare | {"DATA_DIR": "/nonexistent"}, capture_output=True, text=True
    )
    assert "2026-10-09" in days.stdout.splitlines()
    assert "数据库没有运行" in days.stderr
    asked = [sys.executable, "manage.py", "duties", "--format", "json"]
    duties = subprocess.run(
        asked, cwd=root, env=bare | {"DATA_DIR": "/nonexistent"}, capture_output=True, text=True
    )
    assert len(json.loads(duties.stdout)) == 213
