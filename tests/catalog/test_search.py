"""Finding entries: what is typed and what is indexed agree, what is meant comes first, nothing drifts."""

from __future__ import annotations

import csv
import io

import pytest
from accounts.actors import SYSTEM
from accounts.models import Organisation
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from openpyxl import load_workbook

from catalog.models import FacetValue, SearchDocument
from catalog.models.entries import Sight
from catalog.publishing import Change, publish, withdraw
from catalog.search import hits, take, words
from catalog.search.find import Search, find, said
from catalog.search.index import drift
from catalog.search.marks import around, mark
from tests.shelf import AT, build_entry, content, item

pytestmark = pytest.mark.django_db


def codes(text: str, chosen=None, actor=None, **more) -> list[str]:
    return [r.entry.code for r in find(Search.asking(text, chosen, **more), actor).results]


def test_python_and_the_database_fold_every_character_alike(db):
    characters = [chr(n) for n in [*range(1, 0xD800), *range(0xE000, 0xFFFE), *range(0x20000, 0x20100)]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT c, catalog_fold('甲' || c || '乙') FROM unnest(%s::text[]) AS c", [characters])
        differ = [(f"{ord(c):04X}", said) for c, said in cursor.fetchall() if words.fold(f"甲{c}乙") != said]
    assert differ == []


@pytest.mark.parametrize(
    "text",
    [
        "普通高等学校名单",
        "PM2.5 小时值",
        "5G基站（2023年）",
        "水",
        "a",
        "",
        "ＡＢＣ１２３年",
        "3岁以下 x 婴 幼儿",
        "新a",
        "全市 75 所",
    ],
)
def test_python_and_the_database_cut_alike(db, text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_tokens(catalog_fold(%s))", [text])
        assert sorted(set(cursor.fetchone()[0])) == sorted(words.tokens(words.fold(text)))


@pytest.mark.parametrize(
    "typed",
    [
        "学校", "学校名", "高等学校", "等学", "SCH", "sch", "ＳＣＨ", "标识码", "school", "SCHOOL", "scho", "院校",
        "75所", "75 所", "校 名单", "体育局", "市体育局", "xsbs", "校",
    ],
)  # fmt: skip
def test_it_is_found_by_what_people_type(cast, typed):
    build_entry(
        cast.organisation("stranger"), code="SCH", name="普通高等学校名单", summary="全市 75 所", keywords=["XSBS"],
        items=(item("school", "学校标识码", "code"),),
    )  # fmt: skip
    build_entry(cast.organisation("provider"), code="AIR", name="空气监测", items=(item("a", "甲"),))
    assert codes(typed) == ["SCH"]


def test_what_is_meant_comes_first(cast):
    body = cast.organisation("provider")
    for code, name, summary in (
        ("SUMMARY", "养老机构名录", "含社区医院"),
        ("LONG", "各区县公立医院门诊人次统计表", "统计"),
        ("EXACT", "医院", "名录"),
        ("BEGINS", "医院名录信息", "名录"),
        ("SYNONYM", "医疗机构名录", "名录"),
    ):
        build_entry(body, code=code, name=name, summary=summary, items=(item("a", "甲"),))
    build_entry(body, code="ITEM", name="药品采购", items=(item("a", "医院名称"),))
    assert codes("医院") == ["EXACT", "BEGINS", "SYNONYM", "LONG", "ITEM", "SUMMARY"]


def test_synonyms_are_many_and_each_group_can_be_asked(db):
    groups = words.synonyms()
    assert len(groups) > 160
    assert all(len(word) > 1 and others and word not in others for word, others in groups.items())
    assert "轨道交通" in groups["地铁"] and "公共汽车线路" in [w.text for w in words.term("公交线路").words]


def test_what_nothing_has_is_cut_and_then_left_out_and_said(cast):
    build_entry(cast.organisation("provider"), code="PRI", name="小学名单", items=(item("a", "甲"),))
    cut = find(Search.asking("重庆小学名单"), None)
    assert [r.entry.code for r in cut.results] == ["PRI"] and cut.less == (
        "没有条目含有所写的全部文字，以下结果“重庆小学名单”分成“小学名单”查找。"
    )
    dropped = find(Search.asking("小学 鱷鱼"), None)
    assert [r.entry.code for r in dropped.results] == ["PRI"] and "未考虑“鱷鱼”" in dropped.less
    assert find(Search.asking("鱷鱼"), None).count == 0


def test_a_withdrawn_entry_is_found_by_its_provider_and_the_authority_only(cast):
    build_entry(cast.organisation("provider"), code="GONE", name="撤销了的空气数据", published=False)
    build_entry(cast.organisation("stranger"), code="KEPT", name="空气数据", subject="education")
    for name, finds in (("", 1), ("requester", 1), ("stranger", 1), ("provider", 2), ("authority", 2)):
        actor = cast.actor(name, AT) if name else None
        for search in (Search(), Search.asking("空气"), Search.asking("", {"format": ["csv"]})):
            found = find(search, actor)
            assert (found.count, len(found.results)) == (finds, finds), (name, search)
            formats = {c.value: c.count for f in found.facets if f.name == "format" for c in f.choices}
            assert formats == {"csv": finds}, (name, search)


def test_the_index_follows_in_the_same_transaction(cast):
    body = cast.organisation("provider")
    entry = build_entry(body, code="X", name="旧的名称", formats=["csv"])
    with pytest.raises(RuntimeError), transaction.atomic():
        publish([Change(body, content(name="新的名称"), entry=entry)], reason="改名", at=AT, by=SYSTEM)
        assert codes("新的") == ["X"]
        raise RuntimeError
    entry.refresh_from_db()
    assert (codes("旧的"), find(Search.asking("新的名称"), None).less != "") == (["X"], True)
    publish(
        [Change(body, content(name="新的名称", formats=["xlsx"]), entry=entry)],
        reason="改名",
        at=AT,
        by=SYSTEM,
    )
    assert codes("新的") == ["X"] and codes("", {"format": ["csv"]}) == []
    assert FacetValue.objects.get(facet="format", value="csv").published == 0
    withdraw(entry, reason="不再提供", at=AT, by=SYSTEM)
    assert codes("新的") == [] and drift() == drift().__class__([], [])


def test_a_body_is_found_by_its_new_name_at_once(cast):
    build_entry(cast.organisation("provider"), code="X", name="甲乙丙")
    Organisation.objects.filter(code="cq-sthjj").update(name="重庆市山水厅", short_name="市山水厅")
    assert codes("山水厅") == ["X"] and find(Search.asking("生态环境局"), None).count == 0
    providers = [f for f in find(Search(), None).facets if f.name == "provider"]
    assert [c.label for c in providers[0].choices] == ["市山水厅"]


def test_what_drifted_is_named_and_mended(cast, capsys):
    one = build_entry(cast.organisation("provider"), code="X", name="甲乙丙")
    build_entry(cast.organisation("provider"), code="Y", name="丁戊己")
    call_command("search", "reindex", "--check")
    assert "2 个条目的检索文本与条目一致" in capsys.readouterr().out
    SearchDocument.objects.filter(entry=one).update(title="别的")
    FacetValue.objects.filter(facet="format").update(published=7)
    with pytest.raises(CommandError, match="X"):
        call_command("search", "reindex", "--check")
    call_command("search", "reindex")
    call_command("search", "reindex", "--check")
    assert SearchDocument.objects.get(entry=one).title == "甲乙丙"


def test_counts_of_a_sample_are_said_to_be_one(monkeypatch, cast):
    monkeypatch.setattr(hits, "ENOUGH", 3)
    for i in range(40):
        build_entry(cast.organisation("provider"), code=f"E-{i}", name=f"样本条目{i:02d}")
    found = find(Search.asking("样本"), None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lot, count(*) FROM catalog_searchdocument GROUP BY 1")
        lots = dict(cursor.fetchall())
    few = lots.get("a", 0) + lots.get("b", 0) + lots.get("c", 0)
    expected = few * 8 if few >= 3 else 40
    assert found.count == expected and found.exact is (few < 3)
    assert (said(12_960, False), said(43, True), said(1234, True)) == ("约 13,000", "43", "1,234")
    with_format = [f for f in found.facets if f.name == "format"][0].choices[0]
    assert with_format.count == expected


@pytest.mark.parametrize(
    "text",
    ["'", "''", "a'b", "\\", "a\\:*", "!", "&|()", ":*", "@1", "=x", "n学校", "\ud800", "甲\0乙", "(" * 300],
)
def test_no_text_is_a_query_of_its_own(cast, text):
    build_entry(cast.organisation("provider"), code="X", name="甲乙丙")
    found = find(Search.asking(text), None)
    assert found.count in (0, 1)
    hits.measure(words.Question(tuple(words.term(t) for t in words.typed(text))), Sight())


def test_every_combination_of_the_longest_search_is_still_one_page(cast):
    build_entry(cast.organisation("provider"), code="X", name="甲乙丙")
    text = " ".join("市地铁公交站点医院学校企业名单电话" * 3 + str(i) for i in range(12))
    assert find(Search.asking(text), None).search.text


def test_marks_stand_where_the_words_are():
    assert mark("机动车<排放>检验", ["机动车", "排放"]) == "<mark>机动车</mark>&lt;<mark>排放</mark>&gt;检验"
    assert mark("ＰＭ2.5浓度", ["pm2 5"]) == "<mark>ＰＭ2.5</mark>浓度"
    assert mark("中学与小学生", ["中小学生"]) == "中学与<mark>小学生</mark>"
    assert mark("<b>", []) == "&lt;b&gt;"
    long = "甲" * 150 + "排放" + "乙" * 100
    assert around(long, ["排放"], 120).startswith("…") and "排放" in around(long, ["排放"], 120)
    assert around("短", ["排放"], 120) == "短"


def test_what_was_found_is_taken_along(client, cast, monkeypatch):
    body = cast.organisation("provider")
    build_entry(body, code="X", name="=HYPERLINK(空气)", summary="每日", items=(item("a", "站点"),))
    build_entry(body, code="GONE", name="撤销了的空气数据", published=False)
    response = client.get("/catalog/export/csv/?q=空气")
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:3] == ["资源代码", "提供单位", "资源名称"] and len(rows) == 3
    assert rows[1][:3] == ["X", "重庆市生态环境局", "'=HYPERLINK(空气)"] and "站点" in rows[1]
    assert "搜索“空气”" in rows[2][0]
    book = load_workbook(io.BytesIO(b"".join(client.get("/catalog/export/xlsx/?q=空气").streaming_content)))
    assert [row[0].value for row in book["目录"].rows] == ["资源代码", "X"]
    assert client.get("/catalog/export/exe/").status_code == 404
    client.force_login(cast.user("provider"))
    assert b"GONE" in b"".join(client.get("/catalog/export/csv/?q=空气").streaming_content)
    monkeypatch.setattr(take, "MOST", 1)
    text = b"".join(client.get("/catalog/export/csv/").streaming_content).decode()
    assert "共 2 条，本文件是前 1 条" in text


def test_the_search_of_the_api_is_the_same(client, cast):
    body = cast.organisation("provider")
    build_entry(body, code="LONG", name="全市医疗机构医护人员统计", formats=["xlsx"])
    build_entry(body, code="SHORT", name="医院", formats=["csv"])
    build_entry(body, code="OTHER", name="空气", formats=["csv"])

    def found(query: str) -> list[str]:
        response = client.get(f"/api/v1/entries/{query}")
        assert response.status_code == 200, response.content
        return [row["code"] for row in response.json()["results"]]

    assert found("") == ["LONG", "OTHER", "SHORT"] and found("?q=医院") == ["LONG", "SHORT"]
    assert found("?q=医院&order=relevance") == ["SHORT", "LONG"]
    assert found("?q=医院&format=csv") == ["SHORT"] and found(
        "?district=city&cycle=daily&opening=unconditional"
    )
    assert client.get("/api/v1/entries/?format=nope").status_code == 400
    first = client.get("/api/v1/entries/?q=医院&order=relevance&limit=1").json()
    then = client.get(f"/api/v1/entries/?q=医院&order=relevance&limit=1&cursor={first['next']}").json()
    assert [first["results"][0]["code"], then["results"][0]["code"]] == ["SHORT", "LONG"]
