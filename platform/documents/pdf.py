"""The letter as PDF: Typst sets it from data, never from markup put together with what people wrote.

The same letter gives the same bytes in any process: the dates in the file are the paper's, the fonts are those of the
locked package, and nothing of the machine (its fonts, its clock) goes in. PDF/A-2a and PDF/UA-1: made to be kept, and
to be read aloud.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import pylopdf_fonts_zh_cn as fonts
import typst

from documents.letter import Letter

SHEET = Path(__file__).parent / "typst" / "letter.typ"
#: Raised by hand when the sheet changes.
SHEET_VERSION = 2
ENGINE = f"typst {version('typst')}, letter {SHEET_VERSION}"
STANDARDS = ["a-2a", "ua-1"]

_one_at_a_time = Lock()


@cache
def _compiler() -> typst.Compiler:
    """Kept for the life of the process: reading the fonts takes longer than setting a letter."""
    return typst.Compiler(
        str(SHEET),
        root=str(SHEET.parent),
        font_paths=[str(fonts.serif_path().parent)],
        ignore_system_fonts=True,
    )


def build(letter: Letter) -> bytes:
    """The PDF of the letter; about ten milliseconds once the fonts are read."""
    data = asdict(letter)
    at = letter.issued_at.astimezone(UTC)
    data["issued_at"] = [at.year, at.month, at.day, at.hour, at.minute, at.second]
    with _one_at_a_time:
        made: bytes = _compiler().compile(
            format="pdf",
            sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
            pdf_standards=STANDARDS,
            timestamp=int(at.timestamp()),
        )
    return made
