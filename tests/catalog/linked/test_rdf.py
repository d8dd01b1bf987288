"""DCAT-AP: valid by the shapes, the same in every form, every element said, only real ways to the data."""

from __future__ import annotations

import pytest
from accounts.models import Organisation
from rdflib import Namespace, URIRef

from catalog.linked import writing
from catalog.linked.addresses import FORMS
from catalog.models import Entry
from catalog.norm import vocabularies
from catalog.norm.content import Content
from catalog.norm.elements import ENTRY
from catalog.norm.equivalents import EQUIVALENTS
from catalog.norm.terms import terms_of
from catalog.publishing import Change, content_of, publish
from catalog.publishing import withdraw as withdraw_entry
from tests.catalog.linked.reading import (
    DCAT,
    DCTERMS,
    RDF,
    Literal,
    codes,
    document,
    iri,
    isomorphic,
    problems,
)  # fmt: skip
from tests.shelf import AT, SYSTEM, build_entry, build_holding, content, term

pytestmark = pytest.mark.django_db

FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
LAW = "《中华人民共和国数据安全法》第三十八条"
HOSTILE = '</script><script>alert(1)</script>"\\ \u2028 & <b> 雨量'
NARROW = {
    "sharing_type": "conditional", "sharing_basis": LAW, "sharing_basis_kind": "law", "sharing_basis_text": "原文",
    "opening_type": "not-open", "opening_basis": LAW, "opening_basis_kind": "law", "opening_basis_text": "原文二",
}  # fmt: skip
FULL = {
    **NARROW, "keywords": ["空气", "PM2.5"], "opening_conditions": "无", "treatment": "已脱敏",
    "secrecy_review": "某号", "database": "geography", "theme_database": "一件事", "region": "渝中区",
    "system": "监测平台", "division": "大气处室", "contact": "大气处", "phone": "023-6712 3456", "related": ["AIR"],
    "personal": True, "formats": ["csv", "json", "image"], "conditions": [term("限应急职能", LAW)],
}  # fmt: skip


@pytest.fixture
def shelf(cast):
    """An entry with data, one that says all there is, one with a name that would break out of anything."""
    provider = cast.organisation("provider")
    build_holding(provider)
    build_entry(provider, code="FULL", **FULL)
    build_entry(provider, code="307500000012/000001", name=HOSTILE, summary=HOSTILE, related=["FULL", "GONE"])
    build_entry(provider, code="GONE", published=False)


PATHS = [
    "/catalog/AIR", "/catalog/FULL", "/catalog/307500000012/000001", "/catalog/FULL/versions/1",
    "/catalog/linked/catalogue", *(f"/catalog/vocabularies/{name}" for name in vocabularies.names()),
    "/catalog/vocabularies/terms",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_document_keeps_the_shapes_and_says_the_same_in_every_form(client, shelf, path):
    first, *others = [document(client, f"{path}.{form}") for form in FORMS]
    assert len(first) > 3 and not problems(first)
    for graph in (first, *others):
        # Where the pages of the catalogue lie differs from form to form.
        for one in list(graph):
            if any("catalogue." in str(part) for part in one):
                graph.remove(one)
    for other in others:
        assert isomorphic(first, other)


@pytest.mark.parametrize(
    "prop", [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.accessURL, FOAF.name, SKOS.prefLabel]
)
def test_the_shapes_refuse_what_lacks_a_mandatory_property(client, shelf, prop):
    graph = document(client, "/catalog/linked/catalogue.ttl")
    assert not problems(graph)
    graph.remove((None, prop, None))
    assert "MinCount" in problems(graph)


def test_the_shapes_refuse_a_second_title_of_the_wrong_kind_and_an_untyped_node(client, shelf):
    graph = document(client, "/catalog/AIR.ttl")
    graph.remove((None, RDF.type, DCTERMS.Frequency))
    assert "ClassConstraint" in problems(graph)
    graph = document(client, "/catalog/AIR.ttl")
    graph.add((iri("/id/dataset/AIR"), DCTERMS.accessRights, iri("/else")))
    assert "MaxCount" in problems(graph)


def test_every_element_that_was_said_is_in_the_document(client, shelf):
    graph, me = document(client, "/catalog/FULL.ttl"), iri("/id/dataset/FULL")
    entry = Entry.objects.get(code="FULL")
    prefixes = {name: str(uri) for name, uri in graph.namespaces()}
    for element in ENTRY:
        value = getattr(entry, element.name)
        if value in ("", [], None):
            continue
        for said in terms_of(element):
            prefix, _, name = said.property.partition(":")
            assert list(graph.objects(me, URIRef(prefixes[prefix] + name))), (element.name, said)
    everything = " ".join(str(one) for one in graph.objects())
    for text in (
        LAW,
        "原文",
        "已脱敏",
        "渝中区",
        "监测平台",
        "大气处室",
        "tel:02367123456",
        "PM2.5",
        "一件事",
    ):
        assert text in everything, text


def test_hostile_text_arrives_whole(client, shelf):
    for form in FORMS:
        graph = document(client, f"/catalog/307500000012/000001.{form}")
        title = graph.value(iri("/id/dataset/307500000012/000001"), DCTERMS.title)
        assert title == Literal(HOSTILE.strip(), lang="zh") or " ".join(str(title).split()) == " ".join(
            HOSTILE.split()
        )


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("http://a.cn/{x}", "http://a.cn/%7Bx%7D"),
        ("http://a.cn/a|b", "http://a.cn/a%7Cb"),
        ('https://重庆.cn/局 ?q=^`"<x>\\', "https://重庆.cn/局%20?q=%5E%60%22%3Cx%3E%5C"),
        ("http://a.cn/%7Bx%7D#部分", "http://a.cn/%7Bx%7D#部分"),
        ("www.a.cn", ""),
        ("javascript:alert(1)", ""),
        ("http://a|b.cn/", ""),
        ("http://[a/", ""),
    ],
)
def test_a_website_that_no_document_can_hold_takes_none_down(client, cast, kept, said):
    provider = cast.organisation("provider")
    build_entry(provider, code="X")
    Organisation.objects.filter(pk=provider.pk).update(website=kept)
    for path in ("/catalog/X", "/catalog/linked/catalogue"):
        for form in FORMS:
            graph = document(client, f"{path}.{form}")
            homepages = {str(one) for one in graph.objects(iri(f"/id/body/{provider.code}"), FOAF.homepage)}
            assert homepages == ({said} if said else set()), (path, form)


def test_data_is_offered_only_in_ways_that_exist(client, shelf, cast):
    graph, me = document(client, "/catalog/AIR.ttl"), iri("/id/dataset/AIR")
    ways = set(graph.objects(me, DCAT.distribution))
    assert {str(way).partition("#")[2] for way in ways} == {"file-csv", "file-xlsx", "file-json", "api"}
    for way in ways:
        assert graph.value(way, DCAT.accessURL) == iri("/catalog/AIR/")
    assert not list(graph.objects(None, DCAT.downloadURL))
    # Nothing was loaded for it, so it cannot be had.
    assert not list(document(client, "/catalog/FULL.ttl").objects(iri("/id/dataset/FULL"), DCAT.distribution))
    air = Entry.objects.get(code="AIR")
    hidden = {**content_of(air).entry, **NARROW, "sharing_type": "not-shared"}
    items = [
        {
            **item,
            "sharing_type": "not-shared",
            "sharing_basis": LAW,
            "sharing_basis_kind": "law",
            "opening_type": "not-open",
        }
        for item in content_of(air).items
    ]
    publish([Change(air.provider, Content(hidden, items), entry=air)], reason="收窄", at=AT, by=SYSTEM)
    assert not list(document(client, "/catalog/AIR.ttl").objects(me, DCAT.distribution))


def test_what_relates_to_an_entry_is_named_only_if_it_may_be_seen(client, shelf, cast):
    def related(asker):
        graph = document(asker, "/catalog/307500000012/000001.ttl")
        return set(graph.objects(iri("/id/dataset/307500000012/000001"), DCTERMS.relation))

    assert related(client) == {iri("/id/dataset/FULL")}
    client.force_login(cast.user("provider"))
    assert related(client) == {iri("/id/dataset/FULL"), iri("/id/dataset/GONE")}


def test_a_version_keeps_what_it_said(client, shelf):
    air = Entry.objects.get(code="AIR")
    publish([Change(air.provider, content(name="新的名称"), entry=air)], reason="更名", at=AT, by=SYSTEM)
    now, first = iri("/id/dataset/AIR"), iri("/id/dataset/AIR/v/1")
    current = document(client, "/catalog/AIR.ttl")
    assert current.value(now, DCTERMS.title) == Literal("新的名称", lang="zh")
    assert current.value(now, DCAT.hasCurrentVersion) == iri("/id/dataset/AIR/v/2")
    old = document(client, "/catalog/AIR/versions/1.ttl")
    assert old.value(first, DCTERMS.title) == Literal("大气监测数据", lang="zh")
    assert old.value(first, DCAT.isVersionOf) == now and not problems(old)
    assert client.get("/catalog/AIR/versions/3.ttl").status_code == 404


def test_code_lists_stand_with_their_equivalents(client, shelf):
    graph = document(client, "/catalog/vocabularies/update-cycle.ttl")
    daily = iri("/id/concept/update-cycle/daily")
    assert graph.value(daily, SKOS.exactMatch) == URIRef(
        "http://publications.europa.eu/resource/authority/frequency/DAILY"
    )
    for name, table in EQUIVALENTS.items():
        assert set(table) <= set(vocabularies.vocabulary(name).by_code), name
    assert client.get("/catalog/vocabularies/nothing.ttl").status_code == 404
    assert client.get("/catalog/vocabularies/nothing/").status_code == 404
    page = client.get("/catalog/vocabularies/subject/").content.decode()
    assert 'id="health"' in page and "data-theme/HEAL" in page


@pytest.mark.parametrize("count", [2, 5])
def test_the_catalogue_is_read_page_by_page(client, cast, monkeypatch, count):
    from catalog.linked import views

    monkeypatch.setattr(views, "PAGE", count)
    for number in range(11):
        build_entry(cast.organisation("provider"), code=f"E{number:02d}", name=f"条目{number}")
    found, path, pages = set(), "/catalog/linked/catalogue.ttl", 0
    while path:
        graph = document(client, path)
        assert not problems(graph)
        some = codes(graph)
        assert len(some) <= count and not some & found
        found, pages = found | some, pages + 1
        hydra = "http://www.w3.org/ns/hydra/core#"
        (view,) = graph.subjects(RDF.type, URIRef(f"{hydra}PagedCollection"))
        assert (view, RDF.type, URIRef(f"{hydra}PartialCollectionView")) in graph
        following = list(graph.objects(view, URIRef(f"{hydra}next")))
        path = str(following[0]).removeprefix("http://localhost:8000") if following else ""
        assert (
            f'{path}>; rel="next"' in client.get("/catalog/linked/catalogue.ttl").headers["Link"]
        ) or pages > 1
    assert found == {f"E{n:02d}" for n in range(11)} and pages == -(-11 // count)


def test_the_cost_of_a_page_does_not_grow(client, cast, django_assert_num_queries):
    provider = cast.organisation("provider")
    for number in range(3):
        build_entry(provider, code=f"A{number}", name=f"条目{number}", related=["A0"])
    client.get("/catalog/linked/catalogue.ttl")
    with django_assert_num_queries(4):
        client.get("/catalog/linked/catalogue.ttl")
    for number in range(3, 12):
        build_entry(provider, code=f"A{number:02d}", name=f"条目{number}", related=["A0"])
    with django_assert_num_queries(4):
        client.get("/catalog/linked/catalogue.ttl")
    with django_assert_num_queries(3):
        client.get("/catalog/A1.ttl")
    with django_assert_num_queries(0):
        client.get("/catalog/vocabularies/subject.ttl")


def test_a_withdrawn_entry_is_there_for_its_body_alone(client, shelf, cast):
    assert client.get("/catalog/GONE.ttl").status_code == 404
    assert client.get("/catalog/GONE/versions/1.ttl").status_code == 404
    client.force_login(cast.user("provider"))
    graph = document(client, "/catalog/GONE.ttl")
    assert "withdrawn" in {str(one) for one in graph.objects(iri("/id/dataset/GONE"))}
    withdraw_entry(Entry.objects.get(code="AIR"), reason="停用", at=AT, by=SYSTEM)
    client.logout()
    assert client.get("/catalog/AIR.ttl").status_code == 404


def test_nobody_reads_the_catalogue_faster_than_others_can_bear(client, cast, settings):
    settings.API_RATES = {"anon": 2, "token": 2, "session": 3}
    build_entry(cast.organisation("provider"), code="X")
    answers = [client.get("/catalog/linked/catalogue.ttl", REMOTE_ADDR="192.0.2.7") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 61 and "每分钟最多" in answers[2].content.decode()
    # Another address, and one entry, are not held up.
    assert client.get("/catalog/linked/catalogue.ttl", REMOTE_ADDR="192.0.2.8").status_code == 200
    assert client.get("/catalog/X.ttl", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize(
    "paths",
    [("/catalog/X.ttl", "/catalog/X/versions/1.jsonld"), ("/sitemap.xml", "/sitemaps/entries-{part}.xml")],
)
def test_nobody_reads_entry_after_entry_or_sitemaps_without_end(client, cast, settings, paths):
    settings.API_RATES = {"anon": 2, "token": 2, "session": 3}
    entry = build_entry(cast.organisation("provider"), code="X")
    one, other = (path.format(part=(entry.pk - 1) // 50_000 + 1) for path in paths)
    address = f"192.0.2.{9 if 'sitemap' in one else 10}"
    answers = [client.get(path, REMOTE_ADDR=address).status_code for path in (one, other, one)]
    assert answers == [200, 200, 429]


def test_a_document_is_written_once(client, cast, monkeypatch):
    """Its tag and its bytes are made of the same text; who has it costs no writing at all."""
    build_entry(cast.organisation("provider"), code="X")
    written: list[str] = []
    monkeypatch.setattr(writing, "bytes_of", lambda told, form: written.append(told) or told.encode())
    built: list[str] = []
    monkeypatch.setattr(writing, "said", lambda graph, said=writing.said: built.append("") or said(graph))
    first = client.get("/catalog/X.ttl")
    assert client.get("/catalog/X.ttl", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert (len(built), len(written)) == (2, 1)
