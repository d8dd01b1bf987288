"""robots.txt and sitemaps as the protocol has them; and that every door shows the same entries to the same asker."""

from __future__ import annotations

import json
import urllib.robotparser
import xml.etree.ElementTree as Tree
from datetime import timedelta

import feedparser
import pytest

from catalog.linked import crawling
from catalog.models import Entry
from tests.cast import PEOPLE
from tests.catalog.linked.reading import codes, document
from tests.shelf import AT, build_entry

pytestmark = pytest.mark.django_db

NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "http://localhost:8000"


def sitemap(client, path):
    """(address, lastmod) of a sitemap or of their index."""
    response = client.get(path)
    assert response.status_code == 200 and response["Content-Type"].startswith("application/xml")
    root = Tree.fromstring(b"".join(response))
    rows = root.findall("s:url", NS) + root.findall("s:sitemap", NS)
    return [(row.find("s:loc", NS).text, getattr(row.find("s:lastmod", NS), "text", "")) for row in rows]


def every_code(client):
    """The codes in all sitemaps of entries, found from the index on."""
    found = []
    for address, _moment in sitemap(client, "/sitemap.xml"):
        if "entries-" in address:
            rows = sitemap(client, address.removeprefix(SITE))
            found += [row.removeprefix(f"{SITE}/catalog/").strip("/") for row, _moment in rows]
    return found


def test_robots_are_told_what_is_for_them(client):
    said = client.get("/robots.txt").content.decode()
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(said.splitlines())
    for path in ("/", "/catalog/", "/catalog/X/", "/catalog/X.ttl", "/catalog/linked/catalogue.ttl", "/law/"):
        assert rules.can_fetch("any", SITE + path), path
    for path in (
        "/catalog/?q=a",
        "/catalog/export/csv/",
        "/work/",
        "/cases/GX-1/",
        "/api/v1/entries/",
        "/admin/",
    ):
        assert not rules.can_fetch("any", SITE + path), path
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]


def test_sitemaps_lead_to_every_entry_with_its_last_change(client, cast, monkeypatch):
    monkeypatch.setattr(crawling, "MOST", 4)
    later = AT + timedelta(days=3)
    for number in range(10):
        build_entry(
            cast.organisation("provider"),
            code=f"E{number}",
            name=f"条目{number}",
            at=later if number == 9 else AT,
        )
    build_entry(cast.organisation("provider"), code="GONE", published=False)
    index = [row for row in sitemap(client, "/sitemap.xml") if "entries-" in row[0]]
    assert 3 <= len(index) <= 4 and max(moment for _address, moment in index).startswith("2026-10-01")
    for address, moment in index:
        rows = sitemap(client, address.removeprefix(SITE))
        assert 0 < len(rows) <= 4 and max(row[1] for row in rows) == moment
    assert sorted(every_code(client)) == [f"E{n}" for n in range(10)]
    assert client.get("/sitemaps/entries-99999999.xml").status_code == 404


def test_sitemaps_are_read_through_their_index_and_never_counted(client, cast, django_assert_num_queries):
    for number in range(4):
        build_entry(cast.organisation("provider"), code=f"E{number}", name=f"条目{number}")
    with django_assert_num_queries(1):
        sitemap(client, "/sitemap.xml")
    part = (Entry.objects.get(code="E0").pk - 1) // crawling.MOST + 1
    with django_assert_num_queries(0):
        sitemap(client, "/sitemap.xml")
    with django_assert_num_queries(1):
        sitemap(client, f"/sitemaps/entries-{part}.xml")
    with django_assert_num_queries(0):
        sitemap(client, "/sitemaps/pages.xml")


def test_the_pages_of_the_sitemap_stand(client, cast):
    rows = sitemap(client, "/sitemaps/pages.xml")
    assert len(rows) > 8
    for address, _moment in rows:
        assert client.get(address.removeprefix(SITE)).status_code == 200, address


@pytest.mark.duty("CAT-07")
@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_every_door_shows_the_same_entries_to_the_same_asker(client, cast, who):
    provider, other = cast.organisation("provider"), cast.organisation("requester")
    for number in range(3):
        build_entry(provider, code=f"A{number}", name=f"空气{number}")
        build_entry(other, code=f"B{number}", name=f"客运{number}")
    build_entry(provider, code="AGONE", name="空气旧", published=False)
    build_entry(other, code="BGONE", name="客运旧", published=False)
    if who:
        client.force_login(cast.user(who))
    told = {
        "rdf": codes(document(client, "/catalog/linked/catalogue.ttl")),
        "json-ld": codes(document(client, "/catalog/linked/catalogue.jsonld")),
        "api": {
            row["code"] for row in json.loads(client.get("/api/v1/entries/?limit=100").content)["results"]
        },
        "sitemap": set(every_code(client)),
        "feed": {
            entry.link.removeprefix(f"{SITE}/catalog/").strip("/")
            for entry in feedparser.parse(client.get("/catalog/feed.atom").content).entries
        },
        "pages": {code for code in CODES if client.get(f"/catalog/{code}/").status_code == 200},
        "documents": {code for code in CODES if client.get(f"/catalog/{code}.ttl").status_code == 200},
        "search": {
            code for code in CODES if f'href="/catalog/{code}/"' in client.get("/catalog/").content.decode()
        },
    }
    expected = {code for code in CODES if "GONE" not in code}
    expected |= {
        None: set(), "provider": {"AGONE"}, "provider_lead": {"AGONE"}, "requester": {"BGONE"},
        "requester_lead": {"BGONE"}, "authority": {"AGONE", "BGONE"}, "authority_lead": {"AGONE", "BGONE"},
    }.get(who, set())  # fmt: skip
    assert told == dict.fromkeys(told, expected)


CODES = [*(f"{letter}{number}" for letter in "AB" for number in range(3)), "AGONE", "BGONE"]
