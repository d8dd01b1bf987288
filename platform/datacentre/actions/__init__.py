from __future__ import annotations

from datacentre.actions.grants import (
    end_grant,
    narrow_grant,
    open_grant,
    record_use,
    resume_grant,
    suspend_grant,
)
from datacentre.actions.holdings import ItemSpec, create_holding, load_version

__all__ = [
    "ItemSpec",
    "create_holding",
    "end_grant",
    "load_version",
    "narrow_grant",
    "open_grant",
    "record_use",
    "resume_grant",
    "suspend_grant",
]
