"""The entry's page for machines: what Accept asks for, identifiers, the data block, and what may be kept."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from clock import SHANGHAI
from pyld import jsonld

from catalog.linked import schemaorg
from catalog.models import Entry
from catalog.publishing import Change, publish
from tests.catalog.linked.test_rdf import HOSTILE
from tests.shelf import AT, SYSTEM, build_entry, build_holding, content, item

pytestmark = pytest.mark.django_db

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "given"),
    [("text/turtle", "text/turtle"), ("application/ld+json", "application/ld+json"), ("*/*", "text/html"),
     (BROWSER, "text/html"), ("text/turtle;q=0.2, text/html", "text/html"), ("image/png", "text/html"),
     ("application/rdf+xml, text/turtle;q=0.9", "application/rdf+xml"), ("nonsense", "text/html")],
)  # fmt: skip
def test_the_page_answers_as_it_is_asked(client, cast, accept, given):
    build_entry(cast.organisation("provider"), code="X")
    response = client.get("/catalog/X/", headers={"Accept": accept})
    assert response.status_code == 200 and response["Content-Type"].startswith(given)
    assert "Accept" in response["Vary"]


@pytest.mark.parametrize(
    ("identifier", "page", "document"),
    [("/id/dataset/307500000012/000001", "/catalog/307500000012/000001/", "/catalog/307500000012/000001.ttl"),
     ("/id/dataset/X/v/2", "/catalog/X/versions/2/", "/catalog/X/versions/2.ttl"),
     ("/id/catalogue", "/catalog/", "/catalog/linked/catalogue.ttl"),
     ("/id/catalogue/v/3", "/catalog/versions/3/", "/catalog/versions/3/"),
     ("/id/body/cq-sthjj", "/organisations/cq-sthjj/", "/organisations/cq-sthjj/"),
     ("/id/concept/subject", "/catalog/vocabularies/subject/", "/catalog/vocabularies/subject.ttl"),
     ("/id/concept/subject/health", "/catalog/vocabularies/subject/#health", "/catalog/vocabularies/subject.ttl"),
     ("/id/terms", "/catalog/vocabularies/", "/catalog/vocabularies/terms.ttl"),
     ("/id/service", "/api/v1/docs/", "/api/v1/docs/")],
)  # fmt: skip
def test_an_identifier_leads_to_what_it_names(client, identifier, page, document, django_assert_num_queries):
    with django_assert_num_queries(0):
        for accept, place in ((BROWSER, page), ("text/turtle", document)):
            response = client.get(identifier, headers={"Accept": accept})
            assert (response.status_code, response["Location"]) == (303, place)
            assert "Accept" in response["Vary"]


def test_every_identifier_of_a_document_leads_somewhere(client, cast):
    build_holding(cast.organisation("provider"))
    said = client.get("/catalog/AIR.ttl").content.decode()
    for path in sorted(set(re.findall(r"<http://localhost:8000(/[^>#]*)", said))):
        response = client.get(path, follow=True)
        assert response.status_code == 200, path


def block(page):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


def test_search_engines_read_a_dataset(client, cast):
    build_entry(
        cast.organisation("provider"), code="X", keywords=["空气"], region="渝中区",
        items=[item(f"i{n}", f"项{n}") for n in range(60)],
    )  # fmt: skip
    response = client.get("/catalog/X/")
    said = block(response.content.decode())
    assert said["@type"] == "Dataset" and said["identifier"] == "X" and said["version"] == "1"
    assert said["creator"]["name"] == "重庆市生态环境局" and said["keywords"] == ["生态环境", "空气"]
    assert len(said["variableMeasured"]) == 50 and "distribution" not in said
    # As linked data too, with schema.org's words.
    context = {"@vocab": "https://schema.org/"}
    (node,) = jsonld.expand({**said, "@context": context})
    assert node["https://schema.org/name"] == [{"@value": "大气监测数据"}]
    page = response.content.decode()
    for link in (
        '<link rel="alternate" type="text/turtle" href="/catalog/X.ttl">',
        '<link rel="alternate" type="application/ld+json" href="/catalog/X.jsonld">',
        '<link rel="canonical" href="http://localhost:8000/catalog/X/">',
        "http://localhost:8000/id/dataset/X/v/1",
    ):
        assert link in page


def test_hostile_words_stay_words_and_no_policy_is_loosened(client, cast):
    build_entry(
        cast.organisation("provider"), code="X", name=HOSTILE, summary=HOSTILE, keywords=["</script><b>"]
    )
    response = client.get("/catalog/X/")
    page = response.content.decode()
    assert "<script>alert" not in page
    said = block(page)
    assert said["name"].split() == HOSTILE.split() and said["keywords"][-1] == "</script><b>"
    assert "script-src 'self';" in response["Content-Security-Policy"] + ";"
    assert (
        "unsafe" not in response["Content-Security-Policy"]
        and "nonce" not in response["Content-Security-Policy"]
    )


def test_the_day_is_that_of_chongqing(client, cast):
    """Half past seven of the 22nd is the 21st where the database keeps its instants."""
    early = datetime(2026, 11, 22, 7, 30, tzinfo=SHANGHAI)
    build_entry(cast.organisation("provider"), code="X", at=early)
    said = schemaorg.dataset(Entry.objects.get(code="X"), [])
    assert said["datePublished"] == said["dateModified"] == "2026-11-22"


def test_a_draft_s_preview_has_none(client, cast):
    build_entry(cast.organisation("provider"), code="GONE", published=False)
    assert client.get("/catalog/GONE/").status_code == 404
    assert client.get("/catalog/GONE/", headers={"Accept": "text/turtle"}).status_code == 404


@pytest.mark.parametrize("path", ["/catalog/AIR.ttl", "/catalog/AIR.jsonld", "/catalog/linked/catalogue.ttl"])
def test_what_did_not_change_is_not_sent_again(client, cast, path):
    build_holding(cast.organisation("provider"))
    first = client.get(path)
    assert "public" in first["Cache-Control"] and "max-age=300" in first["Cache-Control"]
    known = [("If-None-Match", "ETag")]
    if "linked" not in path:  # a list says no moment: what is withdrawn makes the rest no newer
        known.append(("If-Modified-Since", "Last-Modified"))
    for header, tag in known:
        again = client.get(path, headers={header: first[tag]})
        assert again.status_code == 304 and not again.content and again["ETag"] == first["ETag"]
    air = Entry.objects.get(code="AIR")
    later = AT + timedelta(days=1)
    publish([Change(air.provider, content(name="新名"), entry=air)], reason="更名", at=later, by=SYSTEM)
    for header, tag in known:
        assert client.get(path, headers={header: first[tag]}).status_code == 200
    client.force_login(cast.user("requester"))
    mine = client.get(path)
    assert "private" in mine["Cache-Control"] and "Cookie" in mine["Vary"]
