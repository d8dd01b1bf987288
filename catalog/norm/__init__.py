"""目录编制规范 (GOV19-11, REG22-22): what an entry says, declared once.

`elements` declares the fields, `vocabularies` the code lists, `content` reads what somebody said against both. Forms,
the workbook, the API, the comparison of versions, the pages and the machine-readable catalogue read the declaration.
"""

from __future__ import annotations

#: The norm in force, named in a compilation round and in every workbook.
VERSION = "2026-1"
