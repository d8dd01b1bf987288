"""No entry, no aggregation, sharing or opening (REG22-22, GOV19-10; CAT-07): what the data centre asks before it
takes data in or lets a grant be made. The database refuses the same a second time (migration 0003)."""

from __future__ import annotations

from datacentre.models import Holding
from statutes.enforcement import enforces

from catalog.models import Entry


@enforces("CAT-07", what="没有已发布的目录条目，不汇聚、不授权")
def needs_published_entry(holding: Holding) -> str:
    """Why the holding may not receive data or be granted; empty when it may."""
    entry = Entry.objects.filter(holding=holding).only("status").first()
    if entry is None:
        return f"“{holding.name}”没有目录条目。先编目、发布，再汇聚或者共享"
    if entry.status != Entry.Status.PUBLISHED:
        return f"“{holding.name}”的目录条目现在是“{entry.get_status_display()}”，发布以后才能汇聚或者共享"
    return ""
