"""The catalogue's pages: what is found, who sees what, and at what cost."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from catalog.models import BasisKind, Entry, SharingType
from catalog.portal import summary
from catalog.search.find import Search, find
from tests.shelf import AT, build_entry, build_holding, item, term

pytestmark = pytest.mark.django_db

LAW = {"sharing_basis": "《中华人民共和国数据安全法》第三十八条", "sharing_basis_kind": BasisKind.LAW}


@pytest.fixture
def shelf(cast):
    air = build_holding(cast.organisation("provider")).entry
    schools = build_entry(
        cast.organisation("stranger"), code="SCH", name="普通高等学校名单", summary="全市 75 所", subject="education",
        items=(item("school", "学校标识码", "code"),),
    )  # fmt: skip
    virus = build_entry(
        cast.organisation("stranger"), code="COV", name="疫情分区县日报", summary="每日", subject="health",
        sharing_type=SharingType.CONDITIONAL, conditions=(term("用于履行职责"),), **LAW,
    )  # fmt: skip
    draft = build_entry(cast.organisation("provider"), code="DRAFT", name="撤销了的条目", published=False)
    return {"air": air, "schools": schools, "virus": virus, "draft": draft}


def names(client: Client, query: str = "") -> str:
    response = client.get(f"/catalog/{query}")
    assert response.status_code == 200
    return response.content.decode().replace("<mark>", "").replace("</mark>", "")


@pytest.mark.duty("SHA-02")
def test_anyone_finds_published_entries_by_any_two_characters(client, shelf):
    for text, found in (
        ("高等", "普通高等学校名单"), ("校标", "普通高等学校名单"), ("SCH", "普通高等学校名单"),
        ("生态环境局", "大气监测数据"), ("监测", "大气监测数据"), ("疫情 日报", "疫情分区县日报"),
        ("75", "普通高等学校名单"),
    ):  # fmt: skip
        page = names(client, f"?q={text}")
        assert found in page, text
        assert "<b>1</b>" in page, text


@pytest.mark.parametrize(
    "text", ["%", "_", "'", "\\", "<script>", "没有的东西", "a" * 3000, " ".join("一二三四五六七八九十")]
)
def test_hostile_words_find_nothing_and_break_nothing(client, shelf, text):
    response = client.get("/catalog/", {"q": text})
    assert response.status_code == 200 and "<script>" not in response.content.decode().split("</head>")[1]


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=99999999999", "?page=x", "?sort=x", "?type=x&provider=%FF", "?q=%01"]
)
def test_an_edited_address_still_shows_the_catalogue(client, shelf, query):
    assert client.get(f"/catalog/{query}").status_code == 200


def facet(found, name):
    return {c.value: c.count for f in found.facets if f.name == name for c in f.choices}


def test_facets_count_under_the_other_choices(shelf, cast):
    found = find(Search.asking(chosen={"type": ["unconditional"]}), None)
    assert found.count == 2 and [c.label for c in found.chips] == ["无条件共享"]
    assert facet(found, "type") == {"unconditional": 2, "conditional": 1}
    assert facet(found, "provider") == {"cq-sthjj": 1, "cq-tyj": 1}
    assert facet(found, "subject") == {"ecology": 1, "education": 1}
    assert facet(found, "format") == {"csv": 2} and facet(found, "level") == {"general-1": 2}
    chosen = {"type": ["unconditional"], "provider": ["cq-tyj"], "subject": ["education"]}
    both = find(Search.asking(chosen=chosen), None)
    assert [r.entry.code for r in both.results] == ["SCH"]
    none = find(Search.asking(chosen={"type": ["unconditional"], "provider": ["nobody"]}), None)
    assert none.count == 0 and facet(none, "provider")["nobody"] == 0 and none.elsewhere == "3"


def test_drafts_are_seen_by_their_provider_and_the_authority_only(client, shelf, cast):
    for name, sees in (
        ("", False),
        ("requester", False),
        ("sysadmin", False),
        ("provider", True),
        ("authority", True),
    ):
        if name:
            client.force_login(cast.user(name))
        assert ("撤销了的条目" in names(client)) is sees, name
        assert (client.get("/catalog/DRAFT/").status_code == 200) is sees, name


def test_the_entry_page_says_type_basis_conditions_items_and_source(client, shelf):
    page = client.get("/catalog/COV/").content.decode()
    for words in (
        "有条件共享",
        "第三十八条",
        "用于履行职责",
        "疫情分区县日报",
        "现为第 1 版",
        "国家所有",
        "尚未汇聚",
    ):
        assert words in page, words
    page = client.get("/catalog/AIR/").content.decode()
    assert "第 1 版" in page and "细颗粒物" in page and "数据来源：重庆市生态环境局" in page


def test_what_people_wrote_is_shown_as_text(client, cast):
    hostile = "<img src=x onerror=alert(1)>"
    build_entry(
        cast.organisation("provider"),
        code="X",
        name=hostile,
        summary=hostile,
        items=(item("x", hostile, "text", hostile),),
    )
    for address in ("/catalog/", "/catalog/X/"):
        assert "<img src=x" not in client.get(address).content.decode()


def test_unknown_and_strange_codes_are_not_found(client, db):
    for code in ("NONE", "%01", "a b", "é"):
        assert client.get(f"/catalog/{code}/").status_code == 404


def test_the_list_costs_the_same_however_many_there_are(shelf, cast, django_assert_num_queries):
    actor = cast.actor("provider", AT)
    for _ in range(2):
        with django_assert_num_queries(5):
            find(Search.asking("数据"), actor)
        with django_assert_num_queries(3):
            find(Search(), actor)
        with django_assert_num_queries(5):
            find(Search.asking("数据", {"type": ["unconditional"], "format": ["csv"]}), None)
        with django_assert_num_queries(5):
            summary(AT)
        for i in range(30):
            build_entry(cast.organisation("provider"), code=f"MORE-{_}-{i}", name=f"更多数据 {i}")


@pytest.mark.parametrize("text", ["", "条目"])
@pytest.mark.parametrize("sort", ["relevance", "changed", "name"])
def test_pages_follow_one_another_without_gap(cast, text, sort):
    for i in range(45):
        build_entry(cast.organisation("provider"), code=f"E-{i:02d}", name=f"条目 {i:02d}")
    seen = [
        r.entry.code for page in (1, 2, 3) for r in find(Search(text, sort=sort, page=page), None).results
    ]
    assert sorted(seen) == [f"E-{i:02d}" for i in range(45)]
    if sort == "name":
        assert seen == sorted(seen)
    assert find(Search(text, sort=sort, page=99), None).search.page == 3


def test_a_search_survives_its_own_address():
    chosen = {"type": ["conditional"], "provider": ["cq-tyj"], "format": ["csv", "xlsx"]}
    search = Search.asking("空气 质量", chosen, sort="name", page=3)
    assert Search.of(QueryDict(search.query(page=3))) == search


def test_the_home_page_is_told_the_figures(shelf):
    told = summary(AT)
    assert (told.entries, told.unconditional, told.conditional, told.providers) == (3, 2, 1, 2)
    assert told.items == 11 and {s.name for s in told.subjects} == {"生态环境", "教育文化", "医疗卫生"}
    assert Entry.objects.count() == 4
