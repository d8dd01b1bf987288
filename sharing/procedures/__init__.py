"""The procedures of sharing, each declared once. Importing this package registers them."""

from __future__ import annotations

from sharing.procedures.objection import OBJECTION
from sharing.procedures.request import REQUEST
from sharing.procedures.revocation import REVOCATION

__all__ = ["OBJECTION", "REQUEST", "REVOCATION"]
