"""The law as data: articles, citations, duties and terms."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from statutes import law, loading
from statutes.numerals import arabic, chinese

ARTICLES = {"CIV": 3, "REG22": 60, "GOV19": 57, "OPEN20": 38, "RGS25": 26, "AOP25": 41, "DRAFT": 64}
PARAGRAPHS_AND_ITEMS = {
    "CIV": (5, 0),
    "REG22": (104, 45),
    "GOV19": (102, 16),
    "OPEN20": (60, 16),
    "RGS25": (36, 19),
    "AOP25": (70, 36),
    "DRAFT": (107, 17),
}
OPEN20_LACKS = {18, 19, 20, 21, 23, 24, 30, 31, 32, 35, 36, 42, 43, 44}
DUTIES = {"catalog": 44, "sharing": 19, "opening": 47, "registry": 24, "operations": 43, "security": 36}
PREFIXES = {
    "catalog": "CAT",
    "sharing": "SHA",
    "opening": "OPN",
    "registry": "RGT",
    "operations": "OPS",
    "security": "SEC",
}


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (19, "十九"),
        (20, "二十"),
        (26, "二十六"),
        (90, "九十"),
        (99, "九十九"),
        (100, "一百"),
        (110, "一百一十"),
        (201, "二百零一"),
        (1010, "一千零一十"),
        (1260, "一千二百六十"),
    ],
)
def test_numerals_are_written_as_statutes_write_them(number: int, numeral: str):
    assert chinese(number) == numeral


def test_numerals_up_to_99_read_back():
    assert [arabic(chinese(number)) for number in range(1, 100)] == list(range(1, 100))
    assert len({chinese(number) for number in range(1, 1000)}) == 999


def test_what_no_statute_writes_is_no_numeral():
    for number in (0, -1, 10_000):
        with pytest.raises(ValueError, match="no article"):
            chinese(number)
    with pytest.raises(ValueError, match="十十"):
        arabic("十十")


@pytest.mark.parametrize(("code", "count"), ARTICLES.items())
def test_every_article_of_every_instrument_is_there(code: str, count: int):
    found = law.articles(code)
    assert len(found) == count
    numbers = [int(one.number) for one in found if not one.is_fragment]
    assert numbers == sorted(set(numbers))
    if code not in ("OPEN20", "CIV"):
        assert numbers == list(range(1, count + 1))


@pytest.mark.parametrize(("code", "counts"), PARAGRAPHS_AND_ITEMS.items())
def test_paragraphs_and_items_are_counted_as_in_the_text(code: str, counts: tuple[int, int]):
    paragraphs = sum(one.paragraphs for one in law.articles(code))
    items = sum(count for one in law.articles(code) for _, count in one.items)
    assert (paragraphs, items) == counts


def test_what_the_opening_measures_lack_stays_lacking():
    numbers = {one.number for one in law.articles("OPEN20")}
    assert {f"F{n}" for n in range(1, 6)} <= numbers
    assert not {str(n) for n in OPEN20_LACKS} & numbers
    with pytest.raises(law.UnknownArticle, match="OPEN20-22、OPEN20-25"):
        law.cite("OPEN20-24")
    assert law.cite("OPEN20-F2.1").text == "《重庆市公共数据开放管理暂行办法》残段F2第一款"


@pytest.mark.parametrize(
    ("code", "text", "canonical"),
    [
        ("REG22-26", "《重庆市数据条例》第二十六条", "REG22-26"),
        ("REG22-26.1", "《重庆市数据条例》第二十六条第一款", "REG22-26.1"),
        ("REG22-56(五)", "《重庆市数据条例》第五十六条第（五）项", "REG22-56(五)"),
        ("REG22-8(四)", "《重庆市数据条例》第八条第二款第（四）项", "REG22-8.2(四)"),
        ("REG22-8.2(四)", "《重庆市数据条例》第八条第二款第（四）项", "REG22-8.2(四)"),
        ("REG22-10.1", "《重庆市数据条例》第十条", "REG22-10"),
        ("GOV19-50(八)", "《重庆市政务数据资源管理暂行办法》第五十条第（八）项", "GOV19-50(八)"),
        ("CIV-203.2", "《中华人民共和国民法典》第二百零三条第二款", "CIV-203.2"),
    ],
)
def test_a_citation_reads_as_the_law_is_cited(code: str, text: str, canonical: str):
    citation = law.cite(code)
    assert citation.text == text
    assert citation.code == canonical
    assert law.cite(canonical) == citation


def test_a_citation_is_a_value():
    citation = law.cite("REG22-26.1")
    assert citation.short == "数据条例第二十六条第一款"
    assert citation.url == "/law/REG22-26/"
    assert pickle.loads(pickle.dumps(citation)) == citation
    assert hash(law.cite("REG22-8(四)")) == hash(law.cite("REG22-8.2(四)"))


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("REG22-61", "REG22-60"),
        ("REG22-0", "REG22-1"),
        ("REG22-26.3", "REG22-26.1、REG22-26.2"),
        ("REG22-26.0", "REG22-26.1"),
        ("REG22-26(一)", "不分项"),
        ("REG22-26.1(一)", "不分项"),
        ("REG22-8(九)", r"REG22-8.2\(一\) 至 REG22-8.2\(八\)"),
        ("REG22-8.1(一)", r"REG22-8.2\(一\)"),
        ("REG22-56(十十)", "十十"),
        ("OPEN20-F9", "OPEN20-F1"),
        ("REG23-26", "REG22"),
        ("REG22-26 ", "写法"),
        ("REG22-26.1 (default)", "写法"),
        ("REG22-５", "写法"),
        ("", "写法"),
    ],
)
def test_a_citation_of_nothing_is_refused_with_what_is_closest(code: str, hint: str):
    with pytest.raises(law.UnknownArticle, match=hint) as refusal:
        law.cite(code)
    assert f"“{code}”" in str(refusal.value)


def test_every_spelling_within_an_article_is_known():
    article = law.article("REG22", "8")
    assert {law.cite(code).article for code in article.codes()} == {article}
    assert {"REG22-8", "REG22-8.4", "REG22-8(四)", "REG22-8.2(四)"} <= set(article.codes())


@pytest.mark.duty("SEC-36", "RGT-24")
def test_an_instrument_binds_from_its_day_and_a_draft_never():
    regulation = law.instrument("REG22")
    assert not regulation.in_force(date(2022, 6, 30))
    assert regulation.in_force(date(2022, 7, 1))
    assert not law.instrument("DRAFT").in_force(date(2026, 1, 1))


def test_the_higher_instrument_stands_first():
    assert [one.code for one in law.instruments()][:4] == ["CIV", "REG22", "GOV19", "OPEN20"]
    assert law.instruments()[-1].code == "DRAFT"


@pytest.mark.parametrize(("app", "count"), DUTIES.items())
def test_every_duty_is_there_once(app: str, count: int):
    ids = [one.id for one in law.duties() if one.app == app]
    assert ids == [f"{PREFIXES[app]}-{number:02d}" for number in range(1, count + 1)]


def test_duties_are_213_and_say_their_substance():
    assert len(law.duties()) == 213
    assert all(one.summary and one.articles and one.form for one in law.duties())
    assert len({(one.summary, one.articles) for one in law.duties()}) == 213


def test_a_duty_of_the_draft_alone_has_no_force():
    weak = {one.id for one in law.duties() if not one.force}
    assert "CAT-44" in weak
    assert "SHA-05" not in weak
    assert law.duty("SHA-05").articles[0].article.code == "REG22-26"
    for duty_id in weak:
        assert {one.article.instrument.code for one in law.duty(duty_id).articles} == {"DRAFT"}
    for one in law.duties():
        if law.Form.OFF in one.form:
            assert not one.force, one.id


def test_an_unknown_duty_is_refused():
    with pytest.raises(law.UnknownDuty, match="SHA-99"):
        law.duty("SHA-99")


def test_every_article_of_the_seeds_carries_a_duty():
    for code in ARTICLES.keys() - {"CIV"}:
        bare = [one.code for one in law.articles(code) if not law.duties_on(one)]
        assert bare == []


def test_the_terms_of_the_main_job():
    terms = {one.code: one for one in law.terms() if one.valid_to is None}
    for code, amount, basis in (("T07", 5, "REG22-26"), ("T08", 5, "REG22-26"), ("T09", 3, "REG22-26")):
        assert (terms[code].amount, terms[code].unit) == (amount, law.Unit.WORKDAYS)
        assert terms[code].basis.article.code == basis
        assert terms[code].standing is law.Standing.LAW
        assert terms[code].valid_from == date(2022, 7, 1)


HEAD = """
[instrument]
code = "X1"
title = "某条例"
short = "条例"
rank = "draft"
number = ""
issuer = "某"
in_force_note = ""
has_force = false
text_note = ""
"""
ONE = '[[article]]\nnumber = "1"\ncaption = "某"\nsummary = "某"\nparagraphs = 1\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + ONE + ONE, "given twice"),
        (HEAD + ONE.replace("paragraphs = 1", "paragraphs = 0"), "paragraph"),
        (HEAD + ONE + "items = { 2 = 3 }\n", "name no paragraph"),
        (HEAD + ONE + 'text = "某"\n', "has text"),
        (HEAD + ONE.replace('"1"', "1"), "must be a str"),
        (HEAD + ONE.replace('caption = "某"\n', ""), "lacks caption"),
        (HEAD.replace('"draft"', '"decree"') + ONE, "rank is one of"),
        (HEAD + '[instrument.chapters]\n9 = "第九章"\n' + ONE, "chapters begin"),
        (HEAD + ONE.replace('"某"', '"某'), "broken.toml"),
    ],
)
def test_a_file_that_does_not_follow_the_format_is_refused(tmp_path, monkeypatch, text: str, fault: str):
    (tmp_path / "broken.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(loading, "DATA", tmp_path)
    with pytest.raises(loading.BadData, match=fault):
        list(loading.articles())
