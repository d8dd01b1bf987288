"""Data under a grant, for the tests of the data centre."""

from __future__ import annotations

import pytest
from datacentre.models import Grant, Holding

from tests.cast import Cast
from tests.shelf import build_grant, build_holding


@pytest.fixture
def holding(cast: Cast) -> Holding:
    return build_holding(cast.organisation("provider"))


@pytest.fixture
def grant(cast: Cast, holding: Holding) -> Grant:
    """Everything of the holding, to the requester of the cast."""
    return build_grant(holding, cast.organisation("requester"))
