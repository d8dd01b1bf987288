"""Which values of the norm's code lists mean the same as values of the EU's authority tables, which DCAT-AP asks for.

Only what is the same in both is `exact`; a subject that lies within a wider EU theme is `broad`. A value without a row
here has no equivalent and is named by our own concept alone. `test_linked_terms` holds the codes against the lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AUTHORITY = "http://publications.europa.eu/resource/authority/"


@dataclass(frozen=True)
class Match:
    """A value of an authority table (`frequency/DAILY`) with its English name; `exact` or `broad` as SKOS has it."""

    code: str
    label: str
    relation: str = "exact"

    @property
    def uri(self) -> str:
        return AUTHORITY + self.code

    @property
    def table(self) -> str:
        return AUTHORITY + self.code.partition("/")[0]


def _broad(code: str, label: str) -> Match:
    return Match(code, label, "broad")


_AGRI = "Agriculture, fisheries, forestry and food"
_ECON = "Economy and finance"
_EDUC = "Education, culture and sport"
_JUST = "Justice, legal system and public safety"
_REGI = "Regions and cities"
_SOCI = "Population and society"
_GOVE = "Government and public sector"

EQUIVALENTS: Mapping[str, Mapping[str, Match]] = {
    "update-cycle": {
        "realtime": Match("frequency/UPDATE_CONT", "continuously updated"),
        "daily": Match("frequency/DAILY", "daily"),
        "weekly": Match("frequency/WEEKLY", "weekly"),
        "monthly": Match("frequency/MONTHLY", "monthly"),
        "quarterly": Match("frequency/QUARTERLY", "quarterly"),
        "half-yearly": Match("frequency/ANNUAL_2", "semiannual"),
        "yearly": Match("frequency/ANNUAL", "annual"),
        "irregular": Match("frequency/IRREG", "irregular"),
        "never": Match("frequency/NEVER", "never"),
        "other": Match("frequency/OTHER", "other"),
    },
    # Access by the public: what is shared among departments only is not public, whatever its sharing type.
    "opening-type": {
        "unconditional": Match("access-right/PUBLIC", "public"),
        "conditional": Match("access-right/RESTRICTED", "restricted"),
        "not-open": Match("access-right/NON_PUBLIC", "non-public"),
    },
    "format": {
        "csv": Match("file-type/CSV", "CSV"),
        "xlsx": Match("file-type/XLSX", "XLSX"),
        "json": Match("file-type/JSON", "JSON"),
        "xml": Match("file-type/XML", "XML"),
    },
    "subject": {
        "health": Match("data-theme/HEAL", "Health"),
        "transport": Match("data-theme/TRAN", "Transport"),
        "ecology": Match("data-theme/ENVI", "Environment"),
        "technology": Match("data-theme/TECH", "Science and technology"),
        "agriculture": Match("data-theme/AGRI", _AGRI),
        "credit": _broad("data-theme/ECON", _ECON),
        "finance": _broad("data-theme/ECON", _ECON),
        "commerce": _broad("data-theme/ECON", _ECON),
        "market": _broad("data-theme/ECON", _ECON),
        "education": _broad("data-theme/EDUC", _EDUC),
        "culture": _broad("data-theme/EDUC", _EDUC),
        "legal": _broad("data-theme/JUST", _JUST),
        "safety": _broad("data-theme/JUST", _JUST),
        "planning": _broad("data-theme/REGI", _REGI),
        "geography": _broad("data-theme/REGI", _REGI),
        "social-security": _broad("data-theme/SOCI", _SOCI),
        "community": _broad("data-theme/SOCI", _SOCI),
        "living": _broad("data-theme/SOCI", _SOCI),
        "weather": _broad("data-theme/ENVI", "Environment"),
        "institution": _broad("data-theme/GOVE", _GOVE),
    },
}


def equivalent(vocabulary: str, code: str) -> Match | None:
    """The value of an authority table that stands for a value of ours, if there is one."""
    return EQUIVALENTS.get(vocabulary, {}).get(code)
