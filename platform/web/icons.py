"""The line icons, each a drawing on a grid of 20. They stand beside a word and never instead of one."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

PATHS = {
    "menu": '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
    "search": '<circle cx="8.5" cy="8.5" r="5.5"/><path d="M12.7 12.7 17 17"/>',
    "file": '<path d="M5 2.5h7l3.5 3.5v11.5h-10.5zM11.5 2.5v4h4"/>',
    "download": '<path d="M10 3v10M5.5 9 10 13.5 14.5 9M3.5 17h13"/>',
    "upload": '<path d="M10 14V4M5.5 8 10 3.5 14.5 8M3.5 17h13"/>',
    "check": '<path d="M4 10.5l4 4 8-9"/>',
    "cross": '<path d="M5 5l10 10M15 5 5 15"/>',
    "warning": '<path d="M10 3 18 17H2zM10 8v4M10 14.3v.2"/>',
    "info": '<circle cx="10" cy="10" r="7.5"/><path d="M10 9.2v5M10 6.2v.2"/>',
    "clock": '<circle cx="10" cy="10" r="7.5"/><path d="M10 5.5V10l3 2"/>',
    "ascending": '<path d="M10 16V4M5 9l5-5 5 5"/>',
    "next": '<path d="M7 4l6 6-6 6"/>',
    "copy": '<path d="M7 7h9.5v9.5H7zM4 13V3.5h9.5"/>',
    "print": '<path d="M6 7V3h8v4M6 14H3.500V7.500h13V14H14M6 11.500h8V17H6z"/>',
    "link": '<path d="M8.500 11.500a3 3 0 0 0 4.300 0l3-3a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0l-3 3a3 3 0 0 0 4.300 4.300l1-1"/>',  # noqa: E501
}
_DRAWN = {
    name: mark_safe(f'<svg class="ic" viewBox="0 0 20 20" aria-hidden="true">{path}</svg>')
    for name, path in PATHS.items()
}


def icon(name: str) -> SafeString:
    """The inline drawing.

    Raises:
        KeyError: no icon has this name.
    """
    return _DRAWN[name]
