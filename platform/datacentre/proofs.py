"""文书, 证照 and 合同 data have the force of the paper original (GOV19-28; SHA-15): each delivered row says who issued
it and when, and carries a proof that it is the row the provider loaded.

The proof of a row is the SM3 over its place and its delivered values; the platform recomputes it from its own store,
so anyone who holds the row and may ask can have it confirmed (`confirm`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence

from clock import SHANGHAI
from statutes.enforcement import enforces

from datacentre import store
from datacentre.models import Holding, HoldingItem, HoldingVersion

#: Names of the three columns that follow the items, and their codes in JSON.
COLUMNS = (("_issuer", "签发单位"), ("_issued", "签发时间"), ("_proof", "完整性校验"))

Row = Sequence[str]


@enforces("SHA-15", what="数据提供：文书证照合同附签发单位、时间和完整性校验")
def columns(
    holding: Holding, version: HoldingVersion, items: Sequence[HoldingItem]
) -> Callable[[int, Row], list[str]] | None:
    """A function from (row number, whole row) to issuer, time and proof; None when no item calls for it."""
    bearing = [item for item in items if item.kind]
    if not bearing:
        return None
    place = {code: i for i, code in enumerate(version.items)}
    issuer = next((place[i.issuer_item] for i in bearing if i.issuer_item in place), None)
    issued = next((place[i.issued_item] for i in bearing if i.issued_item in place), None)
    chosen = [(item.code, place[item.code]) for item in items]

    loaded_at = version.loaded_at.astimezone(SHANGHAI).isoformat(timespec="seconds")

    def proven(number: int, row: Row) -> list[str]:
        return [
            (row[issuer] if issuer is not None else "") or holding.owner.name,
            (row[issued] if issued is not None else "") or loaded_at,
            digest(holding.code, version.number, number, {code: row[i] for code, i in chosen}),
        ]

    return proven


def digest(holding: str, version: int, row: int, values: dict[str, str]) -> str:
    """`holding/version/row:sm3` over the canonical JSON of the place and the values (keys sorted, no spaces, UTF-8)."""
    body = json.dumps(
        {"holding": holding, "version": version, "row": row, "values": values},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return f"{holding}/{version}/{row}:{hashlib.new('sm3', body.encode()).hexdigest()}"


def confirm(proof: str, items: Sequence[str]) -> bool:
    """Whether the proof is that of a row in the store, read with these items. False for text that is no proof."""
    place, _, _ = proof.partition(":")
    code, _, rest = place.partition("/")
    number, _, row = rest.partition("/")
    if not (number.isascii() and number.isdigit() and row.isascii() and row.isdigit()):
        return False
    version = HoldingVersion.objects.filter(holding__code=code, number=int(number)).first()
    if version is None or int(row) >= version.rows or not set(items) <= set(version.items):
        return False
    _, values = next(iter(store.scan(version, start=int(row))))
    if values is None:
        return False
    chosen = {item: values[version.items.index(item)] for item in items}
    return proof == digest(code, int(number), int(row), chosen)
