"""The parts of an update's page: the change, the entries it touches, what is applied for."""

from __future__ import annotations

from typing import Any

from accounts.models import Organisation
from procedures.declare import Panel
from procedures.models import Case

from catalog.effects.look import waiting
from catalog.models import CatalogueUpdate, Entry
from catalog.panels import drafts


def update_context(case: Case) -> dict[str, Any]:
    """The update with its drafts. Five queries at most."""
    record = CatalogueUpdate.objects.select_related("provider__parent", "publication").get(case=case)
    record.case = case
    touched = Entry.objects.filter(code__in=record.touched).order_by("code").only("code", "name", "status")
    return {
        "record": record,
        "facts": [
            ("原因", record.get_cause_display()),
            ("文件", record.source),
            ("变更日期", record.changed_on),
            ("变更内容", record.reason),
            ("无需更新的理由", record.no_need),
            ("审核意见", record.opinion),
            ("目录版本", str(record.publication) if record.publication else ""),
        ],
        "touched": list(touched) if record.touched else [],
        "waiting": waiting(record.provider).count() if case.state == "CHANGE_NOTED" else 0,
        **drafts.of_case(case),
    }


def provider_context(subject: Organisation) -> dict[str, Any]:
    """Whose catalogue is to be updated."""
    return {
        "body": subject,
        "entries": Entry.objects.published().filter(provider=subject).count(),
        "waiting": waiting(subject).count(),
    }


update_panel = Panel("catalog/panels/update.html", update_context, "目录更新")
provider_panel = Panel("catalog/panels/provider.html", provider_context, "所更新的目录")
