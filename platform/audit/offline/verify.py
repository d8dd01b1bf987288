#!/usr/bin/env python3
"""Checks an export of the trail, far from the system that made it. Needs Python 3.8 or later and nothing else.

    python3 verify.py                the files beside this script
    python3 verify.py EXPORT.zip     an export as it was handed over
    python3 verify.py --book BOOK    also against a copy of the seal book (one JSON a line)

Ends with 0 when nothing is wrong, with 1 when something is, with 2 when the files cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from chain import Finding, Walk  # type: ignore[import-not-found]
from sm3 import sm3, sm3_of  # type: ignore[import-not-found]

SHOWN = 100


class Folder:
    """The files of an export, unpacked or still in their archive."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self.archive = zipfile.ZipFile(where) if where.is_file() else None

    def open(self, name: str) -> BinaryIO:
        return self.archive.open(name) if self.archive else open(self.where / name, "rb")  # type: ignore[return-value]

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read()

    def digest(self, name: str) -> str:
        with self.open(name) as file:
            return sm3_of(iter(lambda: file.read(1 << 20), b"")).hex()


def check(folder: Folder, book: Path | None) -> tuple[list[Finding], str]:
    """What is wrong, and one line on what was checked."""
    manifest_text = folder.read("MANIFEST.json")
    manifest = json.loads(manifest_text)
    kept = json.loads(folder.read("seals.json"))
    seals = kept["seals"]
    findings = list(_files(folder, manifest))
    findings += _range(manifest, seals)
    walk = Walk(seals, kept["before"])
    with folder.open("events.jsonl") as lines:
        for number, line in enumerate(lines, start=1):
            _row(walk, number, line)
    findings += walk.findings()
    if book is not None:
        findings += _book(book, seals)
    newest = f"第 {seals[-1]['number']} 号封印 {seals[-1]['digest']}" if seals else "没有封印"
    summary = f"核对 {walk.rows} 条，{len(seals)} 个封印。最后的封印：{newest}\n清单摘要：{sm3(manifest_text).hex()}"
    return sorted(findings), summary


def _row(walk: Walk, number: int, line: bytes) -> None:
    try:
        row = json.loads(line)
        body = row["body"]
        walk.row(row["position"], row["id"], row["link"], None if body is None else body.encode())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        walk.note(0, f"events.jsonl 第 {number} 行不能读：{error}")


def _files(folder: Folder, manifest: dict[str, Any]) -> Iterator[Finding]:
    for name, digest in manifest["files"].items():
        try:
            if folder.digest(name) != digest:
                yield Finding(0, f"文件 {name} 与清单所记摘要不符")
        except (KeyError, FileNotFoundError):
            yield Finding(0, f"文件 {name} 缺失")


def _range(manifest: dict[str, Any], seals: list[dict[str, Any]]) -> Iterator[Finding]:
    """The seals against what the manifest says was exported: a tail cut together with its seals shows here."""
    numbers = [seal["number"] for seal in seals]
    wanted = list(range(manifest["seals"][0], manifest["seals"][1] + 1))
    for number in sorted(set(wanted) - set(numbers)):
        yield Finding(manifest["last"], f"清单写有第 {number} 号封印，seals.json 没有：被截去或删除")
    for number in sorted(set(numbers) - set(wanted)):
        yield Finding(manifest["last"], f"第 {number} 号封印不在清单写明的范围内，是多出的")


def _book(book: Path, seals: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    with open(book, encoding="utf-8") as lines:
        kept = {seal["number"]: seal["digest"] for seal in map(json.loads, lines)}
    for seal in seals:
        if seal["number"] not in kept:
            yield Finding(seal["first"], f"第 {seal['number']} 号封印不在封印簿中")
        elif kept[seal["number"]] != seal["digest"]:
            yield Finding(seal["first"], f"第 {seal['number']} 号封印与封印簿所记不同")


def main() -> int:
    options = argparse.ArgumentParser(description="核验审计轨迹导出件")
    options.add_argument("export", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    options.add_argument("--book", type=Path, help="另行保存的封印簿")
    asked = options.parse_args()
    try:
        findings, summary = check(Folder(asked.export), asked.book)
    except (OSError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        print(f"导出件不能读：{error!r}", file=sys.stderr)
        return 2
    print(summary)
    for position, what in findings[:SHOWN]:
        print(f"第 {position} 位：{what}" if position else what)
    if len(findings) > SHOWN:
        print(f"另有 {len(findings) - SHOWN} 处")
    print(f"发现 {len(findings)} 处问题" if findings else "完好：没有改动、删除、插入、调换或截尾")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
