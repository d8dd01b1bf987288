"""What sharing hears from the data centre: a holding that arrives opens the access that waits for it."""

from __future__ import annotations

import clock
from accounts.actors import SYSTEM
from datacentre import listeners
from datacentre.models import HoldingVersion
from procedures.perform import perform

from sharing.effects import holding_is_ready_for
from sharing.models import SharingRequest


def connect() -> None:
    listeners.register(data_arrived)


def data_arrived(version: HoldingVersion) -> None:
    """Open every granted request for which the holding now has all granted items."""
    waiting = SharingRequest.objects.filter(
        case__state="GRANTED", entry__holding=version.holding
    ).select_related("case", "entry__holding")
    for record in waiting.order_by("case_id"):
        if holding_is_ready_for(record):
            perform(record.case, "open-access", by=SYSTEM, at=clock.now())
