from __future__ import annotations

from web.views.pages import accessibility, design, help_page, home

__all__ = ["accessibility", "design", "help_page", "home"]
