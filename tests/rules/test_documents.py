"""The documents say what is: the map of folders, the table of variables, the locks, the addresses in the files."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from config import serve
from config.demo import ACCOUNTS
from config.rest import API_KEY_HOURS, API_LARGEST_BODY, API_LARGEST_UPLOAD, API_RATES
from django.core.management import get_commands
from documents.forms import MOST_BYTES
from procedures.attachments import LARGEST, MEGABYTE

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_the_map_names_every_folder_and_no_other():
    files = [path.relative_to(ROOT).parts for path in tracked()]
    there = {f"{parts[0]}/" for parts in files if len(parts) > 1}
    there |= {f"platform/{parts[1]}/" for parts in files if parts[0] == "platform" and len(parts) > 2}
    assert set(re.findall(r"^\| `([.\w/]+/)` \|", README, re.M)) == there


def test_the_readme_begins_with_what_it_is_a_picture_and_the_two_commands():
    first = README[: README.index("## ")]
    assert "make run" in first and "make test" in first and "docs/images/case.png" in first


HAND_WRITTEN = [
    "README.md",
    "SECURITY.md",
    *(f"docs/{name}.md" for name in ("README", "api", "configuration", "deploy")),
]


@pytest.mark.parametrize("document", HAND_WRITTEN)
def test_links_and_named_files_exist(document: str):
    path = ROOT / document
    text = path.read_text()
    links = [link for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)", text) if "://" not in link]
    named = re.findall(r"`((?:platform|deploy|requirements|docs|tests)/[\w./-]+)`", text)
    gone = [name for name in links if not (path.parent / name).exists()]
    gone += [name for name in named if not (ROOT / name).exists()]
    assert not gone


def read_by_the_settings() -> set[str]:
    names: set[str] = set()
    for path in (ROOT / "platform" / "config").glob("*.py"):
        text = path.read_text()
        names |= set(re.findall(r'(?:env\.\w+|needed)\(\s*"([A-Z][A-Z_]+)"', text))
        names |= (
            set(re.findall(r'^    "([A-Z][A-Z_]+)": "[^"]*",$', text, re.M))
            if path.stem == "serve"
            else set()
        )
    for prefix in ("FILES", "HOLDINGS"):
        names |= {f"{prefix}_{part}" for part in ("BUCKET", "ENDPOINT", "REGION", "ACCESS_KEY", "SECRET_KEY")}
    return names


def test_the_table_of_variables_is_the_one_the_settings_read():
    explained = set()
    for row in re.findall(r"^\|((?: `[A-Z_]+`)+) \|", CONFIGURATION, re.M):
        explained |= set(re.findall(r"`([A-Z_]+)`", row))
    assert explained == read_by_the_settings() | read_elsewhere()


def read_elsewhere() -> set[str]:
    """By the installation, the tests and the measurements; what they hand to Django is the settings' own."""
    names = set(re.findall(r"\$\{([A-Z_]+):-\}", (ROOT / "requirements" / "install.sh").read_text()))
    for folder in ("tests", "bench", "requirements"):
        for path in (ROOT / folder).rglob("*.py"):
            names |= set(re.findall(r'environ\.get\(\s*"([A-Z_]+)"', path.read_text()))
    return names - read_by_the_settings()


def defaults() -> Iterator[tuple[str, str]]:
    """(variable, default) as the settings say it, for those whose default is a constant."""
    yield from serve._DEFAULTS.items()
    for path in (ROOT / "platform" / "config").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and node.args and ast.unparse(node.func).startswith("env.")):
                continue
            name, default = node.args[0], next((k.value for k in node.keywords if k.arg == "default"), None)
            if isinstance(name, ast.Constant) and default is not None and not _depends(default):
                value = eval(ast.unparse(default))
                yield name.value, str(int(value)) if isinstance(value, bool) else str(value)


def _depends(default: ast.expr) -> bool:
    return any(isinstance(node, ast.Name | ast.JoinedStr | ast.List) for node in ast.walk(default))


def test_the_defaults_in_the_table_are_those_of_the_settings():
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| .* \|$", CONFIGURATION, re.M))
    checked = {name: value for name, value in defaults() if name in told}
    assert len(checked) > 20
    wrong = {
        name: told[name]
        for name, value in checked.items()
        if told[name].strip("`") not in (value, value or "空")
    }
    assert not wrong


def test_the_limits_that_the_documents_name_are_those_of_the_program():
    security, guide = (ROOT / "SECURITY.md").read_text(), (ROOT / "docs" / "api.md").read_text()
    proxy = re.search(r"max_size (\d+)MB", (ROOT / "deploy" / "Caddyfile").read_text())
    assert proxy and f"整个请求由代理限 {proxy[1]} MB" in security
    assert (
        f"每个不超过 {LARGEST // MEGABYTE} MB" in security and f"附件不超过 {LARGEST // MEGABYTE} MB" in guide
    )
    assert f"核验用的文件不超过 {MOST_BYTES // MEGABYTE} MB" in security
    assert f"请求体不超过 {API_LARGEST_BODY // MEGABYTE} MB" in guide
    assert LARGEST < API_LARGEST_UPLOAD < int(proxy[1]) * MEGABYTE
    assert f"每分钟令牌 {API_RATES['token']} 次，浏览器会话 {API_RATES['session']} 次" in guide
    assert f"未登录的地址 {API_RATES['anon']} 次" in guide and f"保留 {API_KEY_HOURS} 小时" in guide


def test_every_command_that_the_documents_name_exists():
    pages = [ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"manage\.py ([a-z_]+)", page.read_text())}
    assert len(named) > 8 and named <= set(get_commands())
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    asked = {
        name for page in pages for name in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z]+)", page.read_text())
    }
    assert asked and asked <= targets


def test_the_example_for_a_deployment_names_only_what_is_read():
    by_compose = {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "TLS"}
    example = set(re.findall(r"^#?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert example <= read_by_the_settings() | by_compose
    compose = (ROOT / "docker-compose.yml").read_text()
    assert set(re.findall(r"\$\{([A-Z_]+)", compose)) <= example | {"YUSHU_VERSION"}


def test_the_locks_carry_hashes_and_no_addresses():
    for name in ("base", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "://" not in text and "--index" not in text and "--find-links" not in text
        packages = re.findall(r"^[\w.\[\]-]+==\S+.*(?:\n    .*)*", text, re.M)
        assert packages and all("--hash=sha256:" in package for package in packages)


def test_production_is_a_part_of_development_at_the_same_versions():
    pins = [
        set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{n}.txt").read_text(), re.M))
        for n in ("base", "dev")
    ]
    assert pins[0] <= pins[1]


def test_no_tracked_file_names_a_package_index_or_a_place_on_one_machine():
    told = re.compile(r"pypi\.(?:org|python)|files\.pythonhosted|/work/main|/root/|file:///opt")
    own = Path(__file__)
    kinds = {".py", ".md", ".txt", ".toml", ".yml", ".html", ".css", ".js", ".sh", ""}
    texts = {
        path: path.read_text(errors="ignore") for path in tracked() if path.suffix in kinds and path != own
    }
    assert not [str(path.relative_to(ROOT)) for path, text in texts.items() if told.search(text)]


def test_every_demonstration_account_that_is_promised_exists():
    assert set(ACCOUNTS) == {
        "authority", "authority-lead", "provider", "provider-lead", "requester", "requester-lead", "district",
        "citizen", "company", "registrar", "auditor", "sysadmin", "secadmin",
    }  # fmt: skip
