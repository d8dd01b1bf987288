"""Why a file, or the act on a run, was refused; nothing was written of what the file says."""

from __future__ import annotations

from procedures.refusals import Refused


class BadFile(Refused):
    """The file as a whole cannot be used; the sentence says what to do."""

    code = "bad-file"
    status = 422


class NotReady(Refused):
    """The run is not where this act begins."""

    code = "import-not-ready"
    status = 409


class Moved(Refused):
    """What the rows were compared with has changed since; the file has to be checked again."""

    code = "import-moved"
    status = 409
