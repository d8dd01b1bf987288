from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def as_fast_as_one_likes(settings: Any) -> None:
    """These tests read more pages a minute than a harvester may."""
    settings.API_RATES = dict.fromkeys(settings.API_RATES, 10**6)
