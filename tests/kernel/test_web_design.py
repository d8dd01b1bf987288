"""The visual language keeps its own rules: no style or script in a page, no colour but a token's, contrast enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CSS = ROOT / "platform/web/static/web/css"
PAGES = sorted(
    path
    for folder in ("templates", "platform", "catalog", "sharing")
    for path in (ROOT / folder).rglob("*.html")
    if "/templates/" in f"/{path.relative_to(ROOT)}"
)
#: Files that leave the house, where no stylesheet can reach them: none of them is a page.
NOT_PAGES = ("mail", "letters")
SHEETS = sorted(CSS.glob("*.css"))

TOKENS = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\s*;", (CSS / "tokens.css").read_text()))


def _pages() -> list[Path]:
    return [page for page in PAGES if not set(page.parts) & set(NOT_PAGES)]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_has_neither_style_nor_script_of_its_own(page):
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", page.read_text(encoding="utf-8"), flags=re.S)

    assert not re.search(r"<[^>]*\sstyle\s*=", text), "样式写进 platform/web/static/web/css，标签用 class"
    assert "<style" not in text
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), "脚本写进 platform/web/static/web/js"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(href|src|action)=["']javascript:""", text)
    assert not re.search(r"(fill|stroke|stop-color)=[\"'](?!none|currentColor)", text), (
        "颜色用 class 取自 tokens.css"
    )


@pytest.mark.parametrize("sheet", [s for s in SHEETS if s.name != "tokens.css"], ids=lambda sheet: sheet.name)
def test_colours_come_from_tokens_alone(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    values = re.findall(r":\s*([^;{}]+)[;}]", text)

    for value in values:
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b", value), value
        assert not re.search(r"\b(rgb|rgba|hsl|hsla|oklch|lab|color)\(", value), value
        assert not re.search(
            r"(?<![\w-])(white|black|red|green|blue|gr[ae]y|orange|yellow)(?![\w-])", value
        ), value
        assert "url(" not in value, value


def test_every_name_used_is_a_token():
    defined = set(re.findall(r"(--[\w-]+)\s*:", "".join(s.read_text() for s in SHEETS)))
    used = set(re.findall(r"var\((--[\w-]+)", "".join(s.read_text() for s in SHEETS)))
    assert used <= defined, used - defined


def test_every_sheet_is_in_a_layer_and_short():
    entry = (CSS / "yushu.css").read_text()
    imported = re.findall(r'@import url\("([\w-]+\.css)"\) layer\((\w+)\);', entry)
    layers = re.search(r"@layer ([\w, ]+);", entry)
    assert layers and [name.strip() for name in layers[1].split(",")] == [
        "reset", "tokens", "base", "layout", "components", "utilities", "print",
    ]  # fmt: skip
    assert {name for name, _ in imported} == {s.name for s in SHEETS} - {"yushu.css"}
    for sheet in SHEETS:
        assert len(sheet.read_text().splitlines()) <= 300, sheet.name
        assert sheet.read_text().count("{") == sheet.read_text().count("}"), sheet.name


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(TOKENS[one]), _luminance(TOKENS[other])), reverse=True)
    return (high + 0.05) / (low + 0.05)


#: (text, ground) wherever the stylesheets lay one on the other.
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "bg", "bg-2", "accent-3")),
    *(
        (ink, ground)
        for ink in ("ink", "ink-2")
        for ground in ("accent-2", "ok-2", "warn-2", "warn-3", "bad-2", "found")
    ),
    *((ink, "paper") for ink in ("accent", "accent-ink", "ok", "warn", "bad", "visited", "seal")),
    *((ink, ground) for ink in ("accent", "accent-ink") for ground in ("bg", "bg-2", "accent-2", "accent-3")),
    *((name, f"{name}-2") for name in ("ok", "warn", "bad")),
    *((name, "bg") for name in ("ok", "warn", "bad")),
    ("warn", "warn-3"),
    *(
        ("on-accent", ground)
        for ground in ("accent", "accent-ink", "ok", "warn", "bad", "ink-3", "seq-4", "seq-5")
    ),
    *(("ink", ground) for ground in ("seq-1", "seq-2", "seq-3")),
    *((ink, "deep") for ink in ("on-deep", "on-deep-2", "on-deep-3", "bg-2")),
    ("on-deep", "deep-line"),
    ("accent-2", "accent"),
    ("paper", "ink"),
    ("paper", "ink-2"),
]
#: Borders of controls and graphics that carry meaning.
GRAPHICS = [
    ("edge", "paper"),
    ("edge", "bg"),
    ("accent-mid", "paper"),
    ("accent", "paper"),
    ("deep-edge", "deep"),
]


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_reads_at_aa(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("line", "ground"), GRAPHICS[:-1])
def test_controls_and_graphics_are_seen(line, ground):
    assert contrast(line, ground) >= 3


def test_the_focus_ring_is_seen_on_light_and_dark():
    assert contrast("ink", "paper") >= 3 and contrast("focus", "deep") >= 3 and contrast("ink", "focus") >= 3
