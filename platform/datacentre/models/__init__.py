from __future__ import annotations

from datacentre.models.grants import Grant, Read, UseRecord
from datacentre.models.holdings import (
    Holding,
    HoldingGroupPermission,
    HoldingItem,
    HoldingPart,
    HoldingUserPermission,
    HoldingVersion,
)

__all__ = [
    "Grant",
    "Holding",
    "HoldingGroupPermission",
    "HoldingItem",
    "HoldingPart",
    "HoldingUserPermission",
    "HoldingVersion",
    "Read",
    "UseRecord",
]
