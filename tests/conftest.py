"""What every test may ask for."""

from __future__ import annotations

import pytest

from tests.cast import Cast, build_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The little city of tests/cast.py, everybody in post since 2020-01-01."""
    return build_cast()
