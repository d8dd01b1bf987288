"""`make check`: everything about the code that can be known without running the tests.

Every check runs even when an earlier one fails, so that one run names all there is to mend.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

#: As a real deployment is configured; nothing is connected to.
DEPLOYED = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "SITE_URL": "https://data.example.gov.cn",
    "DATABASE_URL": "postgres://yushu@localhost/yushu",
    "REDIS_URL": "redis://localhost/0",
    "EMAIL_URL": "smtp+tls://yushu:secret@localhost:587",
    "HSTS_INCLUDE_SUBDOMAINS": "1",
    "PROXY_COUNT": "1",
}
MANAGE = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]

CHECKS: list[tuple[str, list[str]]] = [
    ("格式 ruff format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
    ("规则 ruff check", [str(BIN / "ruff"), "check", "--quiet", "."]),
    ("类型 mypy", [sys.executable, "-m", "mypy"]),
    ("依赖方向 import-linter", [str(BIN / "lint-imports"), "--no-logo"]),
    ("部署检查 check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
    ("文档与声明一致 docs --check", [*MANAGE, "docs", "--check"]),
    ("迁移齐全 makemigrations --check", [*MANAGE, "makemigrations", "--check", "--dry-run", "-v", "1"]),
    (
        "结构、链接与锁文件 tests/rules",
        [sys.executable, "-m", "pytest", "-q", "tests/rules", "-p", "no:cacheprovider"],
    ),
]


def main() -> int:
    failed = []
    for name, command in CHECKS:
        began = time.monotonic()
        environment = {key: value for key, value in os.environ.items() if key != "YUSHU_DEMO"}
        if "pytest" not in command:
            environment |= DEPLOYED
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        verdict = "通过" if done.returncode == 0 else "没有通过"
        print(f"{name}：{verdict}，{time.monotonic() - began:.1f} 秒", flush=True)
        if done.returncode != 0:
            failed.append(name)
            print("\n".join("    " + line for line in done.stdout.rstrip().splitlines()), flush=True)
    print(f"{len(CHECKS) - len(failed)} 项通过，{len(failed)} 项没有通过")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
