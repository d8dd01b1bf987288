"""How fast a visitor may ask about codes: they must not be found by trying.

Sixty bits cannot be guessed at any pace a server answers; the limit keeps trying from costing others anything.
Counted in the cache by whole minutes. Without the cache nothing is limited, and the log says that it is away.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

WINDOW = 60
MOST = 30


def wait(address: str, *, at: datetime) -> int:
    """Count one question from the address; the seconds to wait when it is one too many, else 0."""
    moment = at.timestamp()
    window = int(moment // WINDOW)
    key = f"verify-rate:{address}:{window}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        count = cache.incr(key)
    except ValueError:  # emptied between the two: this question begins a new count
        count = 1
    return 0 if count <= MOST else max(1, int((window + 1) * WINDOW - moment) + 1)
