"""What the drivers write into each step: complete, and true to the case as it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from procedures.models import Case

LAW = "《重庆市数据条例》第二十五条第三款"
WORDS = "演练用的文字，写得足够长，说明情况、理由和处理办法。"


def application(marker: str, at: datetime, dice: Random) -> dict[str, Any]:
    """The facts of a sharing request; the marker finds the case again when its filing was cut off."""
    days = dice.choice((2, 5, 200))
    return {
        "scenario": f"{marker} {WORDS}",
        "purpose": "duty",
        "function": "JT-1",
        "purpose_basis": LAW,
        "items": ["station", "pm25"],
        "scope": "道路运输处 12 个账号",
        "modes": ["file", "api"],
        "first_day": (at.date() + timedelta(days=1)).isoformat(),
        "last_day": (at.date() + timedelta(days=1 + days)).isoformat(),
        "contact": "陈静",
        "contact_phone": "023-12345678",
    }


def objection() -> dict[str, Any]:
    return {"matter": "refusal", "claim": WORDS, "basis": LAW}


def opening() -> dict[str, Any]:
    return {"ground": "scope", "facts": WORDS}


def for_step(case: Case, step: str, at: datetime) -> dict[str, Any]:
    """The facts of any other step of the three procedures of sharing. KeyError for one that the drill does not know."""
    if step == "grant":
        record = case.sharing_request
        return {
            "items": record.items,
            "modes": record.modes,
            "scope": record.scope,
            "first_day": record.first_day.isoformat(),
            "last_day": record.last_day.isoformat(),
        }
    if step == "demand":
        return {"demand": WORDS, "rectify_by": (at.date() + timedelta(days=2)).isoformat()}
    if step == "revoke":
        return {"reason": WORDS, "basis": LAW, "effective_on": at.date().isoformat()}
    if step == "report-disposal":
        return {"copies": WORDS, "method": "删除", "disposed_on": at.date().isoformat(), "statement": WORDS}
    if step == "meet":
        return {"met_on": at.date().isoformat(), "persons": "三方经办人", "minutes": WORDS}
    return dict(_ALWAYS[step])


_ALWAYS: dict[str, dict[str, Any]] = {
    "refuse": {"reason": WORDS, "basis": LAW},
    "consult": {"unsettled": WORDS, "question": WORDS, "reason": WORDS},
    "opine": {"opinion": "can", "reason": WORDS},
    "opine-late": {"opinion": "can", "reason": WORDS},
    "return": {"defects": WORDS},
    "withdraw": {"reason": WORDS},
    "relinquish": {"last_use": WORDS, "copies": WORDS},
    "position": {"position": WORDS, "basis": LAW},
    "settle": {"result": "kept", "reason": WORDS, "basis": LAW},
    "suspend": {"reason": WORDS},
    "explain": {"explanation": WORDS},
    "report-rectified": {"measures": WORDS},
    "restore": {"finding": WORDS},
    "narrow": {"items_out": ["pm25"], "reason": WORDS, "basis": LAW},
    "close-unreported": {"lead": WORDS},
}
