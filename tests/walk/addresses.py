"""Every address that the resolver knows, pages and interface alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern. `name` is its name with its namespaces; one without a name of its own is called by its route."""

    name: str
    route: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")


def every_address() -> list[Address]:
    return list(_below(get_resolver(), "", ""))


def _below(resolver: URLResolver, route: str, space: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        place = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _below(pattern, place, inner)
        else:
            yield _address(pattern, place, space)


def _address(pattern: URLPattern, route: str, space: str) -> Address:
    regex = pattern.pattern.regex
    return Address(
        f"{space}{pattern.name}" if pattern.name else f"{space}{route}",
        "/" + route,
        tuple(regex.groupindex),
        pattern.callback,
    )
