"""How people read the trail: the Chinese name of each action and of each kind of object.

The names are declared in one place in each app, its module `events`, beside nothing else:

    ACTIONS = {"grant:open": _("开通授权")}   # what the app records, by the code in the trail
    OBJECTS = {"grant": _("授权")}            # the kinds of object it records them of
    FACTS = {"rows": _("行数")}               # the facts before and after, where their code alone says little
    def named(action: str) -> str: ...        # for codes that another declaration makes; "" when it is none of them

The code stays what it is: the evidence. A name may be bettered at any time and changes no event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

#: How an act reached the platform (`Actor.via`).
WAYS = {"web": "网页", "api": "接口", "system": "系统", "command": "命令行", "demonstration": "演示数据"}


def name_of(action: str) -> str:
    """The name of an action; empty when no app declares it, and then the code has to stand alone."""
    if name := _declared("ACTIONS").get(action):
        return str(name)
    return next((name for make in _makers() if (name := make(action))), "")


def kind_of(object_kind: str) -> str:
    """The name of a kind of object; a table of the administration pages is named by its model."""
    if name := _declared("OBJECTS").get(object_kind):
        return str(name)
    label = object_kind.split(".")
    if len(label) == 2 and label[0] in apps.app_configs and label[1] in apps.all_models[label[0]]:
        return str(apps.get_model(object_kind)._meta.verbose_name)
    return ""


def fact_of(code: str) -> str:
    """The name of a fact in an event's before and after; the code where no app names it."""
    return str(_declared("FACTS").get(code, code))


def way_of(via: str) -> str:
    """How the act came in, in a word."""
    return WAYS.get(via, via)


def choices(values: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    """Values for a drop-down: by name, the code after it where there is a name."""
    named = [(value, f"{label}（{value}）" if (label := name(value)) else value) for value in values]
    return sorted(named, key=lambda pair: pair[1])


@cache
def _modules() -> tuple[ModuleType, ...]:
    places = (f"{config.name}.events" for config in apps.get_app_configs())
    return tuple(import_module(place) for place in places if find_spec(place))


@cache
def _declared(what: str) -> dict[str, object]:
    """All that the apps declare under that name. Raises ValueError for a code that two of them claim."""
    found: dict[str, object] = {}
    for module in _modules():
        own = getattr(module, what, {})
        if twice := found.keys() & own.keys():
            raise ValueError(f"{module.__name__} declares {', '.join(sorted(twice))} a second time")
        found |= own
    return found


@cache
def _makers() -> tuple[Callable[[str], str], ...]:
    return tuple(module.named for module in _modules() if hasattr(module, "named"))
