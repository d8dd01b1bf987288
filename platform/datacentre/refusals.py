"""Why data was not loaded, granted or delivered. The sentence is for people, the code for machines."""

from __future__ import annotations

from dataclasses import dataclass

from procedures.refusals import Refused


@dataclass(frozen=True)
class CellError:
    """One thing wrong in a table to be loaded. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return (
            f"第 {self.row} 行“{self.column}”：{self.reason}"
            if self.column
            else f"第 {self.row} 行：{self.reason}"
        )


class BadTable(Refused):
    """The table was not loaded; every error is named (up to `LISTED`), nothing was kept."""

    code = "bad-table"
    status = 422
    LISTED = 200

    def __init__(self, errors: list[CellError], count: int) -> None:
        shown = "；".join(str(error) for error in errors[:3])
        more = f"；共 {count} 处，全部改好后重新载入" if count > 3 else ""
        super().__init__(f"没有载入。{shown}{more}")
        self.errors = errors
        self.count = count


class NotAdmitted(Refused):
    """The holding may not receive data or be granted (REG22-22: no published entry)."""

    code = "not-admitted"
    status = 409


class NotYours(Refused):
    code = "not-your-grant"
    status = 403


class NotYetBegun(Refused):
    code = "grant-not-begun"
    status = 403


class GrantOver(Refused):
    code = "grant-ended"
    status = 403


class GrantSuspended(Refused):
    code = "grant-suspended"
    status = 403


class ModeNotGranted(Refused):
    code = "mode-not-granted"
    status = 403


class ItemNotGranted(Refused):
    code = "item-not-granted"
    status = 403


class QuotaUsedUp(Refused):
    code = "quota-used-up"
    status = 429


class NothingLoaded(Refused):
    code = "nothing-loaded"
    status = 409


class TooLarge(Refused):
    """More rows than the form of delivery can hold."""

    code = "too-large"
    status = 409


class BadQuery(Refused):
    """A cursor, a filter or a limit that cannot be understood."""

    code = "bad-query"
    status = 400


class WrongStatus(Refused):
    """The grant is not in the status from which this act begins."""

    code = "wrong-status"
    status = 409
