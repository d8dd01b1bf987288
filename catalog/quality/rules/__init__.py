"""The rules of quality: importing this package declares all of them, in the order in which pages show them."""

from __future__ import annotations

from catalog.quality.rules import coding, holding, reaching, saying  # noqa: F401 - the order is that of pages
