from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from catalog.linked.crawling import INDEX


@pytest.fixture(autouse=True)
def as_fast_as_one_likes(settings: Any) -> None:
    """These tests read more pages a minute than a harvester may."""
    settings.API_RATES = dict.fromkeys(settings.API_RATES, 10**6)


@pytest.fixture(autouse=True)
def no_index_of_another_test() -> None:
    cache.delete(INDEX)
