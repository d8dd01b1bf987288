"""The description is valid, whole, and the page says all that it says."""

from __future__ import annotations

import re

import pytest
import yaml
from api.schema import document
from django.test import Client
from jsonschema import Draft202012Validator
from procedures import registry

from sharing.procedures import REQUEST

pytestmark = pytest.mark.django_db


def test_the_description_comes_as_json_and_as_yaml_and_is_one():
    client = Client()
    as_json = client.get("/api/v1/schema/?format=json")
    assert as_json["Content-Type"] == "application/vnd.oai.openapi+json"
    as_yaml = client.get("/api/v1/schema/?format=yaml")
    assert as_yaml["Content-Type"] == "application/vnd.oai.openapi"
    assert as_json.json() == yaml.safe_load(as_yaml.content)
    assert as_json.json()["openapi"].startswith("3.1")
    assert client.get("/api/v1/schema/?format=xml").status_code == 400


def test_every_shape_is_a_valid_json_schema():
    for shape in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)


def test_every_reference_leads_somewhere():
    whole = document()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            if isinstance(target := part.get("$ref"), str):
                found = whole
                for step in target.removeprefix("#/").split("/"):
                    found = found[step]
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(whole)


def test_every_step_that_a_person_takes_is_an_operation_with_its_basis():
    operations = {o["operationId"]: o for methods in document()["paths"].values() for o in methods.values()}
    for procedure in registry.all_procedures():
        for step in procedure.steps:
            name = f"{procedure.code}.{step.code}"
            if step.by_system:
                assert name not in operations
                continue
            if step.files:  # the ways in which a matter of a kind begins share one address
                name = next(
                    f"{procedure.code}.{one.code}" for one in procedure.filing_steps if not one.by_system
                )
            for citation in step.citations:
                assert citation.code in operations[name]["description"]
            for duty in step.duties:
                assert duty in operations[name]["description"]
            assert operations[name]["requestBody"] if step.facts.base_fields else True


def test_a_body_says_of_each_field_what_the_form_says():
    shape = document()["components"]["schemas"]["SharingRequestSubmitRequest"]
    form = REQUEST.by_code["submit"].facts
    assert set(shape["properties"]) == {"subject", "organisation", "previous", *form.base_fields}
    assert set(shape["required"]) == {"subject", *(n for n, f in form.base_fields.items() if f.required)}
    assert shape["additionalProperties"] is False
    assert "法定内容" in shape["properties"]["scenario"]["description"]
    assert shape["properties"]["purpose"]["enum"] == ["duty", "service"]
    assert (shape["properties"]["scenario"]["minLength"], shape["properties"]["scenario"]["maxLength"]) == (
        20,
        1000,
    )


def test_operation_ids_and_addresses_are_unique():
    names = [o["operationId"] for methods in document()["paths"].values() for o in methods.values()]
    assert len(names) == len(set(names))


def test_the_root_names_what_can_be_asked_without_knowing_a_number():
    root = Client().get("/api/v1/").json()
    assert root["resources"]["entries"] == "/api/v1/entries/"
    assert root["schema"] == "/api/v1/schema/?format=json"
    assert "sharing-request" not in root["resources"]


def test_the_page_explains_every_operation_and_every_problem_without_scripts():
    response = Client().get("/api/v1/docs/")
    page = response.content.decode()
    for methods in document()["paths"].values():
        for operation in methods.values():
            assert f'id="op-{operation["operationId"].replace(".", "-")}"' in page
    assert 'id="problem-bad-facts"' in page
    assert not re.search(r"<script(?![^>]*src)|style=|https?://cdn", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_every_call_declares_who_may_come_in():
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            kinds = [set(one) for one in operation["security"]]
            assert {"token"} in kinds and {"session"} in kinds, (method, path)
            if method != "get":
                assert set() not in kinds, (method, path)
