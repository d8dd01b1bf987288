"""The documents that are written from the declarations say what is declared: nothing more, nothing less, no older."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django import forms
from django.apps import apps
from django.core.management import CommandError, call_command
from procedures.declare import Procedure, Step
from procedures.registry import all_procedures
from statutes import law
from statutes.keeping import keepings
from web.documentation import asked, markdown, procedures
from web.documentation.picture import picture

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
#: What the environment may say without a word of the documents changing.
SURROUNDINGS = {
    "a fresh clone": {"DATA_DIR": "/nonexistent"},
    "a deployment": {
        "SECRET_KEY": "x" * 64,
        "SITE_URL": "https://data.example.gov.cn",
        "DATABASE_URL": "postgres://nobody@/nowhere?host=/nonexistent",
        "REDIS_URL": "redis://localhost:1",
        "EMAIL_URL": "consolemail://",
        "API_RATE_ANON": "1",
        "LANG": "C",
    },
}

#: Those of the applications: tests declare some of their own, which are in no document.
DECLARED = [one for one in all_procedures() if apps.is_installed(one.app)]


def page_of(procedure: Procedure) -> str:
    return (DOCS / "procedures" / f"{procedure.code}.md").read_text(encoding="utf-8")


def section(page: str, step: Step) -> str:
    """What the page says under the heading of a step."""
    return page.split(f"### {procedures.heading(step)}\n")[1].split("\n### ")[0].split("\n## ")[0]


def manage(*arguments: str, root: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """A command typed by hand where nothing is configured and nothing runs."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{root}:{root / 'platform'}"}
    command = [sys.executable, "-W", "error::RuntimeWarning", "manage.py", *arguments]
    return subprocess.run(command, cwd=root, env=bare | env, capture_output=True, text=True)


@pytest.mark.parametrize("env", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_what_is_committed_is_what_the_declarations_say_wherever_they_are_read(env: dict[str, str]):
    asked_for = manage("docs", "--check", **env)
    assert asked_for.returncode == 0, asked_for.stderr


def test_every_stale_document_is_named_and_writing_them_again_mends_it(tmp_path: Path):
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in ("manage.py", "platform", "catalog", "sharing", "security", "templates", "tests", "docs"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, clone / name)
    page = clone / "docs" / "procedures" / "sharing-request.md"
    page.write_text(page.read_text().replace("5 个工作日", "6 个工作日"))
    (clone / "docs" / "duties.md").unlink()
    (clone / "docs" / "procedures" / "gone.svg").write_text("<svg/>")
    wrong = {"docs/procedures/sharing-request.md", "docs/duties.md", "docs/procedures/gone.svg"}

    refused = manage("docs", "--check", root=clone, DATA_DIR="/nonexistent")
    assert refused.returncode == 1
    assert set(re.findall(r"^  (\S+)$", refused.stderr, re.M)) == wrong
    assert "manage.py docs" in refused.stderr

    written = manage("docs", root=clone, DATA_DIR="/nonexistent")
    assert set(written.stdout.split()[:3]) == wrong
    assert "已更新 0 个文件" in manage("docs", root=clone, DATA_DIR="/nonexistent").stdout
    assert not (clone / "docs" / "procedures" / "gone.svg").exists()


def test_without_the_tests_nothing_is_written_and_the_reason_is_said(tmp_path: Path, settings):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="没有 tests 目录"):
        call_command("docs")
    assert not list(tmp_path.iterdir())


def test_there_are_procedures_to_document():
    assert {"sharing-request", "sharing-objection", "grant-revocation"} <= {one.code for one in DECLARED}
    index = (DOCS / "procedures" / "README.md").read_text(encoding="utf-8")
    assert all(f"[{one.label}]({one.code}.md)" in index for one in DECLARED)


@pytest.mark.parametrize("procedure", DECLARED, ids=lambda one: one.code)
def test_a_procedure_page_says_every_state_step_limit_and_paper(procedure: Procedure):
    page = page_of(procedure)
    assert all(f"`{state.code}`" in page for state in procedure.states.values())
    for clock in procedure.clocks.values():
        assert f"{clock.label} `{clock.code}`" in page and law.cite(clock.cites).text in page
    for step in procedure.steps:
        said = section(page, step)
        assert step.by.label in said and all(law.cite(one).text in said for one in step.cited)
        assert all(one.label in said for one in (step.consent, step.confirm) if one)
        assert ("紧急" in said) is (step.confirm is not None)
        assert all(guard.says in said for guard in step.guards)
        assert all(f"《{kind.title}》" in said for kind in step.papers)
        for word, clocks in (("起算", step.starts), ("完成", step.meets), ("终止", step.ends)):
            assert all(f"{word}“{clock.label}”" in said for clock in clocks)
        assert set(re.findall(r"^\|[^|]+\| `(\w+)` \|", said, re.M)) == (
            set() if step.by_system else set(step.facts.base_fields)
        )
        assert not step.tells or f"`{procedure.code}:{step.code}`" in page


@pytest.mark.parametrize("procedure", DECLARED, ids=lambda one: one.code)
def test_every_precondition_says_in_words_what_must_hold(procedure: Procedure):
    silent = [
        f"{step.code}: {guard.cites}" for step in procedure.steps for guard in step.guards if not guard.says
    ]
    assert not silent, 'say it: @guard("REG22-25.2", "目录条目已经发布")'


@pytest.mark.parametrize("procedure", DECLARED, ids=lambda one: one.code)
def test_the_drawing_is_whole_and_stands_alone(procedure: Procedure):
    drawn = picture(procedure)
    root = ElementTree.fromstring(drawn)
    words = "".join(root.itertext())
    assert all(state.label in words for state in procedure.states.values())
    assert "var(" not in drawn and "url(http" not in drawn and "href" not in drawn and "@import" not in drawn
    assert "Noto Sans CJK SC" in drawn and 'fill="#ffffff"' in drawn
    assert root.get("width") and root.get("height")
    styled = {one for css in re.findall(r'class="([^"]+)"', drawn) for one in css.split()} - {"pmap"}
    assert all(f".{one}" in drawn for one in styled)


def test_an_own_limit_is_told_with_what_passing_it_does():
    page = (DOCS / "procedures" / "sharing-request.md").read_text(encoding="utf-8")
    line = next(one for one in page.splitlines() if one.startswith("| 共享答复 `ANSWER`"))
    assert "5 个工作日，可延长一次 5 个工作日（2022-07-01 起）" in line and "法定" in line
    assert "提前 2 个工作日、最后一日" in line and "记为逾期" in line and "第五十六条第（五）项" in line
    default = next(one for one in page.splitlines() if one.startswith("| 提供数据 `SUPPLY`"))
    assert "平台默认，无法定效力" in default and "不记逾期" in default


def test_the_duties_are_those_of_the_command_and_the_count_is_their_sum():
    page = (DOCS / "duties.md").read_text(encoding="utf-8")
    listed = json.loads(manage("duties", "--format", "json", DATA_DIR="/nonexistent").stdout)
    assert re.findall(r"^### (\S+)$", page, re.M) == [row["id"] for row in listed]
    parts = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", page, re.M | re.S))
    for row in listed:
        said = parts[row["id"]]
        assert row["article"].split(", ")[0] in said
        for test in row["proved_by"]:
            assert f"`{test.partition('::')[2]}`" in said and test.partition("::")[0] in said
    counts = re.findall(r"^\| (\S+) \| (\d+(?: \| \d+)*) \|$", page, re.M)
    rows = {name: [int(one) for one in numbers.split(" | ")] for name, numbers in counts}
    total = rows.pop("合计")
    assert total == [sum(column) for column in zip(*rows.values(), strict=True)]
    assert total[0] == sum(total[1:]) == len(listed)
    assert total[1] == sum(bool(row["enforced_by"] and row["proved_by"]) for row in listed)
    assert page.count("**尚未落实**") == total[4]


def test_the_keeping_of_a_duty_tells_what_is_not_there():
    kept = {one.duty.id: one for one in keepings(ROOT)}
    assert kept["SHA-05"].enforced_by and kept["SHA-05"].proved_by and not kept["SHA-05"].workless
    assert [one for one in kept.values() if not one.enforced_by and not one.workless]


def test_the_reference_has_every_operation_once_with_its_fields():
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    file = DOCS / "reference" / "openapi.json"
    described = json.loads(file.read_text(encoding="utf-8"))
    assert described["openapi"].startswith("3.1") and file.stat().st_size < 1_000_000
    assert described["components"]["securitySchemes"]["session"]["name"] == "yushu_session"
    shapes = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            assert page.count(f"### {name}\n\n`{method.upper()} {path}`\n") == 1
            said = page.split(f"### {name}\n")[1].split("\n### ")[0]
            for body in operation.get("requestBody", {}).get("content", {}).values():
                fields = shapes[body["schema"]["$ref"].rsplit("/", 1)[1]].get("properties", {})
                assert all(f"| 请求体 | `{field}` |" in said for field in fields)


def test_the_scope_and_the_own_errors_stand_in_the_line_of_an_operation():
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    line = next(one for one in page.splitlines() if one.startswith("| [sharing-request.grant]"))
    assert "| `cases:write` |" in line and "409" in line and "422" in line and "401" not in line
    assert "| [entries.list](#entrieslist) | GET | `/api/v1/entries/` | 目录条目 | — | — |" in page


def test_headings_are_unique_so_that_links_lead_to_one():
    pages = [DOCS / "duties.md", *(DOCS / "procedures").glob("*.md"), *(DOCS / "reference").glob("*.md")]
    for page in pages:
        heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
        anchors = [markdown.anchor(head) for head in heads]
        assert len(anchors) == len(set(anchors)), page.name


def test_a_cell_never_breaks_its_table():
    made = markdown.table(["甲", "乙"], [("a|b\n\nc", ""), ("x", "y")])
    assert made.splitlines()[2:] == ["| a\\|b c | — |", "| x | y |"]
    assert markdown.table(["甲"], []) == ""


def test_a_field_without_words_is_a_fault_of_ours_and_says_so():
    with pytest.raises(TypeError, match="FileField"):
        asked.takes(forms.FileField(label="附件"))
