"""Commands typed by hand beside `make run` work on the copy that it runs.

`make run` leaves what its programs read in DATA_DIR/environment.json, for its owner alone; `manage.py` takes it when
nobody has named a database. A deployment names its database, so it never comes to this.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

NOTE = "environment.json"
_KEPT = frozenset(
    [
        "YUSHU_DEMO",
        "SECRET_KEY",
        "SITE_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "DATA_DIR",
        "BIND",
        "PORT",
        "STATIC_ROOT",
    ]
)


def leave(data_dir: Path, env: Mapping[str, str]) -> None:
    """Write the note, readable by its owner only."""
    note = data_dir / NOTE
    note.touch(mode=0o600)
    note.chmod(0o600)
    kept = {name: value for name, value in env.items() if name in _KEPT}
    note.write_text(json.dumps(kept, indent=1), encoding="utf-8")


#: What can be asked of a fresh clone: they read what is delivered and need no server.
NEED_NO_SERVER = frozenset({"docs", "duties", "workdays"})
_NOWHERE = {
    "YUSHU_DEMO": "1",
    "DATABASE_URL": "postgres://nobody@/nowhere?host=/nonexistent",
    "REDIS_URL": "redis://localhost:1",
}


def join(root: Path, env: MutableMapping[str, str] = os.environ, *, command: str = "") -> Path | None:
    """Take the note of the copy in DATA_DIR (.data) unless the caller names a database; the folder, when taken.

    What the caller has set stays as it is. Without a copy, a command that needs no server gets settings that reach
    none.
    """
    if env.get("DATABASE_URL"):
        return None
    data_dir = Path(env.get("DATA_DIR") or root / ".data")
    note = data_dir / NOTE
    if not note.is_file():
        if command in NEED_NO_SERVER and not env.get("SECRET_KEY"):
            for name, value in _NOWHERE.items():
                env.setdefault(name, value)
        return None
    for name, value in json.loads(note.read_text(encoding="utf-8")).items():
        env.setdefault(name, value)
    print(f"使用 make run 的数据：{data_dir}", file=sys.stderr)
    return data_dir
