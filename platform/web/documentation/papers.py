"""All documents that are written from the declarations, and how they are kept true."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.utils import translation
from statutes.keeping import declare_all

from web.documentation import duties, interface, procedures

#: Folders in which nothing else lies: what is there and no longer written goes.
WHOLE = (procedures.FOLDER, interface.FOLDER)
PERMISSIONS = "docs/permissions.md"


class NotACheckout(Exception):
    """The tests are not there: what proves the duties and who may go where is read from them."""


def written(root: Path) -> dict[str, str]:
    """Every document by its path below `root`. Raises NotACheckout where the tests were not delivered."""
    if not (root / "tests" / "walk").is_dir():
        raise NotACheckout("文档由声明和测试写出，这里没有 tests 目录。请在代码仓库里执行。")
    declare_all()
    walk = import_module("tests.walk.document")
    with translation.override("zh-hans"):
        return {
            **dict(procedures.documents()),
            **dict(interface.documents()),
            duties.PATH: duties.page(),
            PERMISSIONS: walk.document(),
        }


def stale(root: Path) -> list[str]:
    """The paths that are missing, differ, or should not be there."""
    texts = written(root)
    wrong = [path for path, text in texts.items() if _there(root / path) != text]
    return sorted([*wrong, *_left_over(root, texts)])


def write(root: Path) -> list[str]:
    """Bring all of it up to date; returns the paths that changed."""
    texts = written(root)
    changed = []
    for path, text in texts.items():
        if _there(root / path) != text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
            changed.append(path)
    for path in _left_over(root, texts):
        (root / path).unlink()
        changed.append(path)
    return sorted(changed)


def _there(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _left_over(root: Path, texts: dict[str, str]) -> list[str]:
    files = (path for folder in WHOLE for path in (root / folder).glob("*") if path.is_file())
    return [name for path in files if (name := path.relative_to(root).as_posix()) not in texts]
