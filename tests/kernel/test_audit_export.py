from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from audit import actions, book, export
from audit.chain import GENESIS, link_digest, seal_digest
from audit.models import Event
from audit.sm3 import sm3
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from tests.cast import build_cast
from tests.kernel.tampering import AT, write_and_seal

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """An export of seals 2 and 3 of four, unpacked."""
    settings.AUDIT_SEAL_BOOK = tmp_path / "seals.jsonl"
    write_and_seal(count=10, runs=4)
    with open(tmp_path / "export.zip", "wb") as file:
        export.write(file, AT + HOUR, AT + 3 * HOUR)
    zipfile.ZipFile(tmp_path / "export.zip").extractall(tmp_path / "export")
    return tmp_path / "export"


def run(folder: Path, *more: str, plain: bool = False) -> subprocess.CompletedProcess[str]:
    """The verifier as an auditor runs it: another interpreter, isolated from this project."""
    script = ["verify.py", *more]
    if plain:  # an OpenSSL without SM3
        script = [
            "-c",
            "import hashlib, runpy, sys\n"
            "new = hashlib.new\n"
            "def without(name, *data):\n"
            "    if name == 'sm3': raise ValueError(name)\n"
            "    return new(name, *data)\n"
            "hashlib.new = without\n"
            "sys.path.insert(0, '.')\n"
            "runpy.run_path('verify.py', run_name='__main__')",
        ]
    return subprocess.run(
        [sys.executable, *([] if plain else ["-S"]), *script],
        cwd=folder,
        env={"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def rows(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def write_rows(folder: Path, changed: list[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in changed)
    (folder / "events.jsonl").write_text(text)
    restate(folder)


def restate(folder: Path) -> None:
    """Make the manifest agree again: the chain itself must show the change, not only the digests of the files."""
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    for name in ("events.jsonl", "seals.json"):
        manifest["files"][name] = sm3((folder / name).read_bytes()).hex()
    (folder / "MANIFEST.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("plain", [False, True])
def test_an_export_proves_itself_with_nothing_but_the_standard_library(folder: Path, plain: bool):
    done = run(folder, plain=plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert "核对 20 条，2 个封印" in done.stdout
    assert "完好" in done.stdout


def test_it_can_be_checked_without_unpacking(folder: Path):
    assert run(folder, "../export.zip").returncode == 0


def edit(found: list[dict]) -> list[dict]:
    found[6]["body"] = found[6]["body"].replace("granted", "refused")
    return found


def delete(found: list[dict]) -> list[dict]:
    return found[:6] + found[7:]


def insert(found: list[dict]) -> list[dict]:
    return [*found[:6], dict(found[6], id=9999), *found[6:]]


def insert_and_renumber(found: list[dict]) -> list[dict]:
    later = [dict(row, position=row["position"] + 1) for row in found[6:]]
    return [*found[:7], *later]


def reorder(found: list[dict]) -> list[dict]:
    return [*found[:6], found[7], found[6], *found[8:]]


def exchange(found: list[dict]) -> list[dict]:
    found[6]["body"], found[7]["body"] = found[7]["body"], found[6]["body"]
    return found


def cut(found: list[dict]) -> list[dict]:
    return found[:-3]


def behead(found: list[dict]) -> list[dict]:
    return found[3:]


def relink(found: list[dict]) -> list[dict]:
    """An edit whose digests are all made anew."""
    found = edit(found)
    for before, row in zip(found[5:], found[6:], strict=False):
        row["link"] = link_digest(before["link"], row["position"], row["id"], row["body"].encode())
    return found


@pytest.mark.parametrize(
    ("tamper", "position", "what"),
    [
        (edit, 17, "被改动"),
        (delete, 17, "第 17 位缺失"),
        (insert, 17, "多出一条"),
        (insert_and_renumber, 18, "被改动"),
        (reorder, 17, "次序被改动"),
        (exchange, 17, "被改动"),
        (cut, 28, "第 28 至 30 位缺失，尾部被截去"),
        (behead, 11, "第 11 至 13 位缺失"),
        (relink, 20, "与第 2 号封印不符"),
    ],
)
def test_what_was_done_to_an_export_is_found(
    folder: Path, tamper: Callable[[list[dict]], list[dict]], position: int, what: str
):
    write_rows(folder, tamper(rows(folder)))
    done = run(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    assert any(line.startswith(f"第 {position} 位：") and what in line for line in done.stdout.splitlines())


def test_a_tail_cut_off_together_with_its_seal_is_found(folder: Path):
    kept = json.loads((folder / "seals.json").read_text())
    kept["seals"].pop()
    (folder / "seals.json").write_text(json.dumps(kept))
    write_rows(folder, rows(folder)[:10])
    done = run(folder)
    assert done.returncode == 1
    assert "清单写有第 3 号封印" in done.stdout


def test_an_export_rewritten_as_a_whole_is_found_with_the_book(folder: Path):
    kept = json.loads((folder / "seals.json").read_text())
    changed = relink(rows(folder))
    previous = kept["before"]["digest"]
    for seal in kept["seals"]:
        seal["head"] = changed[seal["last"] - 11]["link"]
        seal["previous"] = previous
        previous = seal["digest"] = seal_digest(seal)
    (folder / "seals.json").write_text(json.dumps(kept))
    write_rows(folder, changed)
    assert run(folder).returncode == 0, "nothing inside can show this"
    done = run(folder, "--book", str(book.path()))
    assert done.returncode == 1
    assert "与封印簿所记不同" in done.stdout


def test_a_changed_file_is_found_by_the_manifest(folder: Path):
    (folder / "README.md").write_text("别的说明")
    done = run(folder)
    assert done.returncode == 1
    assert "README.md 与清单所记摘要不符" in done.stdout


@pytest.mark.parametrize("name", ["events.jsonl", "seals.json", "MANIFEST.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", b"[1,2]\n", b'{"position":"x"}\n'])
def test_rubbish_is_answered_in_words_and_never_as_whole(folder: Path, name: str, content: bytes):
    (folder / name).write_bytes(content)
    done = run(folder)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_the_same_range_gives_the_same_bytes_and_names_its_digest(folder: Path):
    again = io.BytesIO()
    made = export.write(again, AT + HOUR, AT + 3 * HOUR)
    assert again.getvalue() == (folder.parent / "export.zip").read_bytes()
    archive = zipfile.ZipFile(again)
    assert archive.comment.decode() == f"SM3(MANIFEST.json) = {made.digest}"
    assert sm3(archive.read("MANIFEST.json")).hex() == made.digest


def test_from_the_very_beginning(folder: Path, tmp_path: Path):
    call_command("audit", "export", str(tmp_path / "whole.zip"))
    zipfile.ZipFile(tmp_path / "whole.zip").extractall(tmp_path / "whole")
    kept = json.loads((tmp_path / "whole" / "seals.json").read_text())
    assert kept["before"] is None
    assert kept["seals"][0]["previous"] == GENESIS
    assert run(tmp_path / "whole").returncode == 0
    assert Event.objects.filter(action="audit:export").count() == 1


def test_a_range_without_seals_is_refused_and_leaves_no_file(folder: Path, tmp_path: Path):
    with pytest.raises(CommandError, match="没有封印"):
        call_command("audit", "export", str(tmp_path / "none.zip"), "--from", "2030-01-01")
    assert not list(tmp_path.glob("none*"))


def test_only_an_auditor_may_export_and_it_is_recorded(folder: Path):
    cast = build_cast()
    for name in ("authority", "sysadmin", "secadmin", "authority_lead", "citizen"):
        with pytest.raises(PermissionDenied):
            actions.export(cast.actor(name), io.BytesIO(), None, None, at=AT)
    made = actions.export(cast.actor("auditor"), io.BytesIO(), None, None, at=AT)
    event = Event.objects.get(action="audit:export")
    assert (event.actor, event.object_id) == ("审计管理员", made.name)
    assert json.loads(event.body)["after"]["digest"] == made.digest


def test_more_than_a_page_may_carry_is_refused_with_the_number(folder: Path):
    with pytest.raises(actions.TooMuch, match="最多 10 条，这段时间有 40 条"):
        actions.export(build_cast().actor("auditor"), io.BytesIO(), None, None, at=AT, limit=10)
