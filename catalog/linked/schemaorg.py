"""An entry as a schema.org Dataset, for search engines: a data block in its page."""

from __future__ import annotations

import json
from typing import Any

from accounts.models import Organisation
from deadlines.workdays import day_of
from django.utils.safestring import SafeString

from catalog.linked import addresses
from catalog.models import Entry, EntryItem, OpeningType
from catalog.norm.vocabularies import label

#: So many items are named; search engines read no more.
ITEMS = 100
#: What could end the element or begin a comment inside it; JSON may write these characters so.
_HOSTILE = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def dataset(entry: Entry, items: list[EntryItem]) -> dict[str, Any]:
    """The Dataset. It names no download: there is no address at which just anybody gets the data."""
    page = addresses.page(entry.code)
    body = _organisation(entry.provider)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": addresses.dataset(entry.code),
        "url": page,
        "name": entry.name,
        "description": entry.summary,
        "identifier": entry.code,
        "version": str(entry.version),
        "inLanguage": "zh",
        "creator": body,
        "publisher": body,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": addresses.catalogue(),
            "name": "重庆市公共数据资源目录",
            "url": addresses.site("/catalog/"),
        },
        "isAccessibleForFree": True,
        "conditionsOfAccess": _conditions(entry),
        "keywords": [*([entry.subject_label] if entry.subject else []), *entry.keywords],
        "datePublished": day_of(entry.published_at).isoformat() if entry.published_at else None,
        "dateModified": day_of(entry.changed_at).isoformat() if entry.changed_at else None,
        "spatialCoverage": entry.region or None,
        "usageInfo": entry.use_requirements or None,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": item.name, "propertyID": item.code} for item in items[:ITEMS]
        ],
    }
    return {name: value for name, value in found.items() if value not in (None, [], "")}


def _organisation(body: Organisation) -> dict[str, Any]:
    found = {"@type": "GovernmentOrganization", "@id": addresses.body(body.code), "name": body.name}
    website = addresses.iri(body.website)
    return found | ({"url": website} if website else {})


def _conditions(entry: Entry) -> str:
    opening = label("opening-type", entry.opening_type) if entry.opening_type else ""
    told = [label("sharing-type", entry.sharing_type), opening]
    if entry.opening_type == OpeningType.CONDITIONAL and entry.opening_conditions:
        told.append(entry.opening_conditions)
    return "；".join(part for part in told if part)


def script(data: dict[str, Any]) -> SafeString:
    """The element. It is data and never run, so the content security policy has nothing to allow."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_HOSTILE)
    return SafeString(f'<script type="application/ld+json">{text}</script>')
