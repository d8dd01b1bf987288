"""The drawing of a procedure as a file of its own: the one of the public page, with its colours and fonts inside."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from procedures.declare import Procedure

from web import diagram

_CSS = Path(__file__).parents[1] / "static" / "web" / "css"
_RULE = re.compile(r"^\.pmap (?P<what>[^{]+?) \{ (?P<how>.+) \}$", re.M)
_TOKEN = re.compile(r"^  (--[\w-]+): (.+?);", re.M)


def picture(procedure: Procedure) -> str:
    """The whole procedure as an SVG file: on white paper, legible where no style sheet of ours is loaded."""
    drawn = str(diagram.of_procedure(procedure).svg)
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    if box is None:
        raise ValueError(f"the drawing of {procedure.code} has no size")
    head, inside = drawn.split("<defs>", 1)
    head = head.replace(
        '<svg class="pmap c-wide"',
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pmap" width="{box[1]}" height="{box[2]}"',
    )
    paper = f'<rect width="{box[1]}" height="{box[2]}" fill="{_tokens()["--paper"]}"/>'
    whole = f"{head}<title>{procedure.label}</title><style>{_style()}</style>{paper}<defs>{inside}\n"
    return re.sub(r"(?=<(?:title|style|rect width|defs|path class=\"e|text|g |/svg))", "\n", whole)


@cache
def _tokens() -> dict[str, str]:
    """The first of each: the light colours."""
    found: dict[str, str] = {}
    for name, value in _TOKEN.findall((_CSS / "tokens.css").read_text(encoding="utf-8")):
        found.setdefault(name, value.strip())
    return found


@cache
def _style() -> str:
    """The rules of `.pmap` from the site's style sheet, their variables filled in."""
    rules = [f".pmap text {{ font-family: {_tokens()['--sans']}; }}"]
    for what, how in _RULE.findall((_CSS / "procedure.css").read_text(encoding="utf-8")):
        filled = re.sub(r"var\((--[\w-]+)\)", lambda found: _tokens()[found[1]], how)
        rules.append(f".pmap {what} {{ {filled} }}")
    return "\n" + "\n".join(rules) + "\n"
