"""Something to be wrong about: air data granted to the requester, an identified citizen, short ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.actors import SYSTEM
from clock import SHANGHAI
from datacentre.actions import load_version
from datacentre.models import Grant, Holding, HoldingVersion
from procedures.filing import file
from procedures.models import Case
from procedures.perform import perform, sign

from catalog.models import Entry
from catalog.procedures.correction import CORRECTION
from tests.cast import Cast
from tests.shelf import AIR_ROWS, build_grant, build_holding

#: A Monday; ten working days later is 10-16, over the holiday and its make-up Saturday.
MONDAY = datetime(2026, 9, 28, 11, 0, tzinfo=SHANGHAI)


@dataclass
class Correcting:
    cast: Cast
    entry: Entry
    holding: Holding
    grant: Grant

    def facts(self, **changes: Any) -> dict[str, Any]:
        return {
            "matter": "error",
            "item": "pm25",
            "record": "解放碑站 2026 年 9 月 1 日",
            "key_item": "station",
            "key_value": "001483",
            "doubt": "当日浓度与站点公布的数值不符。",
            "claimed": "0.0625",
            "proof": "站点公布页面截图",
            "contact": "黄女士",
            "contact_phone": "023-12345678",
            **changes,
        }

    def file(self, who: str = "citizen", at: datetime = MONDAY, **changes: Any) -> Case:
        said = self.facts(**changes)
        return file(CORRECTION, by=self.cast.actor(who, at), at=at, facts=said, subject=self.entry)

    def act(self, case: Case, step: str, who: str, at: datetime, **facts: Any) -> Case:
        return perform(case, step, by=self.cast.actor(who, at), at=at, facts=facts)

    def sign(self, case: Case, who: str, at: datetime) -> Case:
        return sign(case, by=self.cast.actor(who, at), at=at)

    def uphold(self, case: Case, at: datetime) -> Case:
        said = {
            "finding": "该站点当日的数值录入有误。",
            "cause": "人工补录时看错一行",
            "unit": "监测中心",
            "true_value": "0.0625",
        }
        self.act(case, "uphold", "provider", at, **said)
        return self.sign(case, "provider_lead", at)

    def load(self, at: datetime, **changes: str) -> HoldingVersion:
        """A new version, the first row changed."""
        rows = [{**AIR_ROWS[0], **changes}, *AIR_ROWS[1:]]
        return load_version(self.holding, rows=rows, at=at, by=SYSTEM)


def make(cast: Cast) -> Correcting:
    citizen = cast.user("citizen")
    citizen.real_name_verified_at = MONDAY
    citizen.save(update_fields=["real_name_verified_at"])
    holding = build_holding(cast.organisation("provider"))
    return Correcting(
        cast,
        Entry.objects.get(holding=holding),
        holding,
        build_grant(holding, cast.organisation("requester")),
    )
