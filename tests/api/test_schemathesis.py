"""The description is true: calls drawn from it, fitting and unfitting, find no fault and no broken promise.

Drawn cases run in the process itself (WSGI), each in a transaction that is undone. The description given to the
drawing knows the numbers of the little world, so that calls get past the address.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from api.schema import document
from config.wsgi import application
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as drawing
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from tests.api.conftest import token_of
from tests.sharing.conftest import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

#: Drawn cases of each operation, role and kind; more by hand: API_EXAMPLES=200.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "missing_required_header",
)
#: Among the answers to what does not fit are a stale If-Match and a body that is too large.
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429]
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)
KNOWN = {
    "subject": ["CAR"],
    "function": ["JT-1"],
    "kind": ["sharing-request", "no-such"],
    "organisation": ["cq-jtysw", "cq-sthjj", "nobody"],
}


def described(numbers: list[str]) -> dict[str, Any]:
    """The description with keys that exist beside one that does not."""
    whole = copy.deepcopy(document())
    for path, methods in whole["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["name"] == "number":
                    parameter["schema"] = {"type": "string", "enum": [*numbers, "GX-2026-9999"]}
                if parameter["in"] == "path" and parameter["name"] == "code":
                    codes = ["CAR", "REG22-26", "SHA-05", "cq-sthjj", "none"]
                    parameter["schema"] = {"type": "string", "enum": codes}
                if "/cases/" in path and parameter["name"] == "id":
                    parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 9}
    for shape in whole["components"]["schemas"].values():
        for name, values in KNOWN.items():
            if shape.get("properties", {}).get(name, {}).get("type") == "string" and "maxLength" in str(
                shape
            ):
                shape["properties"][name] = {"type": "string", "enum": values}
        items = shape.get("properties", {}).get("items", {})
        if items.get("type") == "array" and shape.get("additionalProperties") is False:
            items["items"] = {"type": "string", "enum": ["plate", "result", "phone"]}
    return whole


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A server lets go of its connections between calls; here all calls are inside the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def numbers(world: World, settings: Any, monday: Any, one_connection: None) -> list[str]:
    settings.API_RATES = {"anon": 10**9, "token": 10**9, "session": 10**9}
    return [world.request().number, world.granted().number]


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("", GenerationMode.POSITIVE),
        ("requester", GenerationMode.POSITIVE),
        ("authority", GenerationMode.POSITIVE),
        ("requester", GenerationMode.NEGATIVE),
    ],
    ids=["visitor", "requester", "authority", "requester-unfitting"],
)
def test_what_the_description_promises_is_kept(numbers: list[str], cast: Any, who: str, kind: GenerationMode):
    load_all_checks()
    schema = schemathesis.openapi.from_dict(described(numbers), config=CONFIG)
    schema.app = application
    headers = {"Authorization": f"Bearer {token_of(cast, who)}"} if who else {}
    checks = [CHECKS.get_one(name) for name in NAMES]
    broken: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy(generation_mode=kind))
        @drawing(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case: Case) -> None:
            before = transaction.savepoint()
            try:
                case.call_and_validate(headers=headers, checks=checks)
            finally:
                transaction.savepoint_rollback(before)

        try:
            call()
        except Unsatisfiable:
            continue  # nothing about this operation can be unfitting
        except FailureGroup as failures:
            broken += [f"{operation.label}: {failure}" for failure in failures.exceptions]
    assert not broken, "\n\n".join(broken)
