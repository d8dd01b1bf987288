from __future__ import annotations

from sharing.models.objection import SharingObjection
from sharing.models.request import SharingRequest
from sharing.models.revocation import GrantRevocation

__all__ = ["GrantRevocation", "SharingObjection", "SharingRequest"]
