"""The procedures of the catalogue, each declared once. Importing this package registers them."""

from __future__ import annotations

from catalog.procedures.correction import CORRECTION
from catalog.procedures.demand import DEMAND
from catalog.procedures.dispute import DISPUTE
from catalog.procedures.list import LISTING
from catalog.procedures.project import PROJECT
from catalog.procedures.round import ROUND
from catalog.procedures.suggestion import SUGGESTION
from catalog.procedures.update import UPDATE

__all__ = ["CORRECTION", "DEMAND", "DISPUTE", "LISTING", "PROJECT", "ROUND", "SUGGESTION", "UPDATE"]
