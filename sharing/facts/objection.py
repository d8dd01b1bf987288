from __future__ import annotations

from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, Reason, Words

from sharing.models import SharingObjection


class ObjectionFacts(Facts):
    matter = Pick(label="异议事项", choices=SharingObjection.Matter.choices)
    claim = Words(label="主张", least=10, most=2000, rows=5, help_text="写明不同意的是什么、要求怎样处理。")
    basis = Basis(label="依据")


class PositionFacts(Facts):
    position = Words(label="意见", least=10, most=2000, rows=5)
    basis = Basis(label="依据")


class MeetingFacts(Facts):
    met_on = Day(label="会商日期")
    persons = Words(label="参加人", most=300, rows=2)
    minutes = Words(label="会商记录", least=10, most=4000, rows=6)


class SettlementFacts(Facts):
    result = Pick(label="处理结果", choices=SharingObjection.Result.choices)
    reason = Reason(label="理由", rows=5)
    basis = Basis(label="依据")
