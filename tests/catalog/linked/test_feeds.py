"""Atom: well formed and complete as RFC 4287 asks, by a reader that did not write it; whole, by body, by search."""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from datetime import timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
from accounts.models import Organisation
from django.utils.http import http_date

from catalog.linked import feeds
from catalog.linked.addresses import FORMS
from catalog.models import Entry
from catalog.norm.content import read as read_content
from catalog.publishing import Change, publish, withdraw
from tests.catalog.linked.reading import document
from tests.shelf import AT, SYSTEM, build_entry, content

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]></summary><script>雨</script>&amp; <b>"


@pytest.fixture
def shelf(cast):
    provider, other = cast.organisation("provider"), cast.organisation("requester")
    build_entry(provider, code="A1", name="空气质量", at=AT)
    build_entry(other, code="B1", name="道路客运班线", subject="transport", at=AT + timedelta(hours=1))
    build_entry(provider, code="A2", name="雨量" + HOSTILE, summary=HOSTILE, at=AT + timedelta(hours=2))
    build_entry(provider, code="GONE", name="空气旧表", published=False, at=AT + timedelta(hours=3))


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    conforms(Tree.fromstring(response.content))
    found = feedparser.parse(response.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def conforms(feed):
    """What RFC 4287 4.1.1 and 4.1.2 ask of a feed and of its entries."""
    assert feed.tag == ATOM + "feed"
    for node in (feed, *feed.findall(ATOM + "entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(ATOM + name)) == 1 and node.find(ATOM + name).text, name
        assert urlsplit(node.find(ATOM + "id").text).scheme == "http"
        assert "+" in node.find(ATOM + "updated").text or node.find(ATOM + "updated").text.endswith("Z")
        kinds = [
            (link.get("rel"), link.get("type"), link.get("hreflang")) for link in node.findall(ATOM + "link")
        ]
        assert len([kind for kind in kinds if kind[0] == "alternate"]) == 1
    assert [link.get("rel") for link in feed.findall(ATOM + "link")].count("self") == 1
    ids = [node.find(ATOM + "id").text for node in feed.findall(ATOM + "entry")]
    assert len(ids) == len(set(ids))
    assert feed.find(ATOM + "author") is not None


def codes(found):
    return [entry.link.split("/catalog/")[1].strip("/") for entry in found.entries]


def test_the_whole_catalogue_newest_first(client, shelf):
    found = read(client, "/catalog/feed.atom")
    assert codes(found) == ["A2", "B1", "A1"]
    assert found.entries[2].id == "http://localhost:8000/id/dataset/A1/v/1"
    assert "<script" not in found.entries[0].summary and "雨" in found.entries[0].summary
    assert found.entries[0].title.startswith("雨量") and found.feed.updated_parsed[:4] == (2026, 9, 28, 4)


def test_what_no_xml_can_hold_takes_no_document_down(client, cast):
    """Typed into an address, or kept as a body's name and as a reason; an entry itself is refused with it."""
    assert read_content({"name": "雨\x01量"}, on=AT.date())[1][0].field == "name"
    provider = cast.organisation("provider")
    entry = build_entry(provider, code="A1", name="雨量\ufdd0\x85" + HOSTILE, at=AT)
    changed = content(name=entry.name, summary=HOSTILE)
    publish([Change(provider, changed, entry=entry)], reason="更\x0b正", at=AT + timedelta(days=1), by=SYSTEM)
    Organisation.objects.filter(pk=provider.pk).update(name="某\x01局\uffff")
    found = read(client, "/catalog/feed.atom?q=%E9%9B%A8%01%E9%87%8F&provider=%02&provider=cq-sthjj%EF%BF%BF")
    assert "雨 量" in found.feed.title and codes(read(client, "/catalog/feed.atom")) == ["A1"]
    assert "更 正" in read(client, "/catalog/versions/feed.atom").entries[0].summary
    for path in ("/sitemap.xml", f"/sitemaps/entries-{(entry.pk - 1) // 50_000 + 1}.xml"):
        Tree.fromstring(b"".join(client.get(path)))
    for path in ("/catalog/A1", "/catalog/A1/versions/2", "/catalog/linked/catalogue"):
        for form in FORMS:
            assert len(document(client, f"{path}.{form}")), (path, form)


def test_by_body_and_by_search(client, shelf, cast):
    assert codes(read(client, "/catalog/feed.atom?provider=cq-sthjj")) == ["A2", "A1"]
    assert codes(read(client, "/catalog/feed.atom?q=客运")) == ["B1"]
    assert codes(read(client, "/catalog/feed.atom?subject=transport&q=道路")) == ["B1"]
    page = client.get("/catalog/?q=客运&sort=name&page=1").content.decode()
    assert 'href="/catalog/feed.atom?q=%E5%AE%A2%E8%BF%90"' in page
    # The page offers what is similar; a feed would fill up with it.
    nothing = read(client, "/catalog/feed.atom?q=客运空气")
    assert codes(nothing) == [] and nothing.feed.updated_parsed[:3] == (1970, 1, 1)


def test_a_change_comes_again_and_a_withdrawal_goes(client, shelf, cast):
    entry = Entry.objects.get(code="A1")
    later = AT + timedelta(days=1)
    publish(
        [Change(entry.provider, content(name="空气质量"), entry=entry)],
        reason="职能调整",
        at=later,
        by=SYSTEM,
    )
    found = read(client, "/catalog/feed.atom")
    assert codes(found)[0] == "A1" and found.entries[0].id.endswith("/A1/v/2")
    assert "职能调整" in found.entries[0].summary and {tag.term for tag in found.entries[0].tags} >= {"变更"}
    withdraw(Entry.objects.get(code="A1"), reason="停用", at=later, by=SYSTEM)
    assert "A1" not in codes(read(client, "/catalog/feed.atom"))
    client.force_login(cast.user("provider"))
    mine = read(client, "/catalog/feed.atom")
    assert {"A1", "GONE"} <= set(codes(mine))
    assert any(tag.term == "撤销" for tag in mine.entries[0].tags)


def test_pages_lead_on(client, cast, monkeypatch):
    monkeypatch.setattr(feeds, "SIZE", 2)
    for number in range(5):
        build_entry(cast.organisation("provider"), code=f"E{number}", name=f"条目{number}")
    path, seen = "/catalog/feed.atom?provider=cq-sthjj", []
    while path:
        found = read(client, path)
        seen += codes(found)
        links = {link.rel: link.href for link in found.feed.links}
        assert found.feed.id == "http://localhost:8000/catalog/feed.atom?provider=cq-sthjj"
        path = links.get("next", "").removeprefix("http://localhost:8000")
    assert sorted(seen) == [f"E{n}" for n in range(5)]


def test_the_versions_of_the_catalogue(client, shelf):
    found = read(client, "/catalog/versions/feed.atom")
    assert [entry.title for entry in found.entries][0] == "公共数据资源目录第 5 版"
    assert found.entries[0].id == "http://localhost:8000/id/catalogue/v/5"
    assert "撤销 1 条" in found.entries[0].summary


def test_the_cost_does_not_grow(client, cast, django_assert_num_queries):
    for number in range(2):
        build_entry(cast.organisation("provider"), code=f"E{number}", name=f"条目{number}")
    client.get("/catalog/feed.atom")
    with django_assert_num_queries(4):
        client.get("/catalog/feed.atom")
    for number in range(2, 9):
        build_entry(cast.organisation("provider"), code=f"E{number}", name=f"条目{number}")
    with django_assert_num_queries(4):
        client.get("/catalog/feed.atom")
    with django_assert_num_queries(2):
        client.get("/catalog/versions/feed.atom")


def test_what_was_read_is_not_sent_again(client, shelf):
    first = client.get("/catalog/feed.atom")
    again = client.get("/catalog/feed.atom", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize("path", ["/catalog/feed.atom", "/catalog/linked/catalogue.ttl"])
def test_a_withdrawal_reaches_who_asks_only_by_the_day(client, shelf, path):
    """A harvester that knows no tags: the rest is no newer, but it is another list."""
    first = client.get(path)
    assert "Last-Modified" not in first
    last = Entry.objects.get(code="A1").changed_at + timedelta(days=9)
    withdraw(Entry.objects.get(code="A1"), reason="停用", at=AT + timedelta(days=1), by=SYSTEM)
    for headers in ({"If-Modified-Since": http_date(last.timestamp())}, {"If-None-Match": first["ETag"]}):
        again = client.get(path, headers=headers)
        assert again.status_code == 200 and b"/A1" not in again.content
