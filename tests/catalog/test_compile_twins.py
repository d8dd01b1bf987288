"""The ban on collecting again: what looks like an entry is found, said why, and answered before it is reported."""

from __future__ import annotations

from typing import Any

import pytest
from accounts.models import District, Organisation
from audit.models import Event
from django.db import connection
from procedures.refusals import BadFacts

from catalog import drafts
from catalog.models import Draft
from catalog.twins import answer, likeness, of_draft, twins, unanswered
from tests.shelf import AT, SAID, build_entry, content, item

pytestmark = pytest.mark.django_db

CAR = [
    item(c, n)
    for c, n in (("plate", "号牌号码"), ("vin", "车辆识别代号"), ("fuel", "燃料种类"), ("owner", "所有人"))
]


def found(cast: Any, **said: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(twin.name, twin.why) for twin in twins(content(**said), cast.organisation("provider"))]


@pytest.fixture
def shelf(cast):
    other = cast.organisation("stranger")
    build_entry(other, code="A", name="机动车排放检验结果信息", items=[item("x", "检验结果")])
    build_entry(other, code="B", name="营运车辆名录", items=CAR)
    build_entry(other, code="C", name="普通高等学校名单", items=[item("y", "学校标识码")])
    build_entry(other, code="D", name="撤销了的机动车排放检验", published=False, items=CAR)


def keep(cast: Any, **said: Any) -> Draft:
    return drafts.keep(cast.organisation("provider"), {**SAID, **said}, at=AT, by=cast.actor("provider", AT))


def test_the_database_parts_chinese_into_trigrams(db):
    """Without it no name would be like another: it depends on the locale of the cluster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm('大气监测')")
        assert len(cursor.fetchone()[0]) >= 4


@pytest.mark.duty("CAT-20", "CAT-15")
@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"name": "机动车排放检验结果"}, ["机动车排放检验结果信息"]),
        ({"name": "机动车排放检验结果数据集"}, ["机动车排放检验结果信息"]),
        ({"name": "货车通行管理台账", "items": [*CAR, item("z", "备注")]}, ["营运车辆名录"]),
        ({"name": "普通中学信息"}, []),
        ({"name": "河流断面水质信息"}, []),
        ({"name": "货车台账", "items": CAR[:2]}, []),
    ],
)
def test_what_says_the_same_or_lists_the_same_is_a_twin(cast, shelf, said, names):
    assert [name for name, _why in found(cast, **said)] == names


def test_a_twin_says_why(cast, shelf):
    [(_name, why)] = found(cast, name="机动车排放检验结果", items=[item("x", "检验结果")])
    assert why == ("名称相近", "有 1 个信息项同名：检验结果")
    [(_name, why)] = found(cast, name="营运车辆名录", items=CAR)
    assert why[0] == "名称相同" and why[1].startswith("有 4 个信息项同名：")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("机动车信息", "机动车数据", True), ("学校信息", "医院信息", False), ("信息", "数据", False),
        ("全市大气监测数据", "大气监测", True), ("", "", False), ("a", "a", True),
    ],
)  # fmt: skip
def test_words_that_every_name_has_do_not_make_two_alike(one, other, alike):
    assert (likeness(one, other) >= 0.6) is alike


def test_bodies_of_two_districts_collect_about_two_places(cast):
    one, two = (District.objects.create(code=f"50011{n}", name=f"{n} 区") for n in (2, 3))
    first, second = (
        Organisation.objects.create(
            code=f"d{n}", name=f"{n} 教委", short_name=f"{n}", kind="district-department", district=d
        )
        for n, d in enumerate((one, two))
    )
    build_entry(first, code="E", name="中小学名单")
    assert twins(content(name="中小学名单"), second) == []
    assert len(twins(content(name="中小学名单"), cast.organisation("provider"))) == 1


def test_an_entry_is_no_twin_of_its_own_change_and_own_drafts_are(cast):
    entry = build_entry(cast.organisation("provider"), code="E", name="大气监测")
    change = drafts.keep(
        entry.provider, {**SAID, "name": "大气监测"}, entry=entry, at=AT, by=cast.actor("provider", AT)
    )
    assert of_draft(change) == []
    other = keep(cast, name="大气监测数据集")
    assert [twin.key for twin in of_draft(other)] == ["E"]
    third = keep(cast, name="大气监测信息")
    assert {twin.key for twin in of_draft(third)} == {"E", f"draft-{other.pk}"}


@pytest.mark.duty("CAT-20")
def test_every_twin_is_answered_and_the_answer_is_kept(cast, shelf):
    draft = keep(cast, name="机动车排放检验结果")
    by = cast.actor("provider", AT)
    assert [twin.key for twin in unanswered(draft)] == ["A"]
    for said in ({"answer": "different"}, {"answer": "different", "reason": "  不是 "}):
        with pytest.raises(BadFacts) as refused:
            answer(draft, {"A": said}, at=AT, by=by)
        assert list(refused.value.errors) == ["A"]
    draft = answer(draft, {"A": {"answer": "different", "reason": "只含外地籍车辆，来源不同"}}, at=AT, by=by)
    assert unanswered(draft) == [] and draft.twins["A"]["by"] == by.name
    assert Event.objects.filter(action="entry-draft:twins").count() == 1
    draft = answer(draft, {"A": {"answer": "source"}}, at=AT, by=by)
    assert draft.content["related"] == ["A"] and draft.twins["A"]["answer"] == "source"


def test_the_page_asks_for_the_reason_beside_the_twin(client, cast, shelf):
    draft = keep(cast, name="机动车排放检验结果")
    client.force_login(cast.user("provider"))
    address = f"/catalog/compile/{draft.pk}/twins/"
    assert "还有 1 个没有核对" in client.get(address).content.decode()
    page = client.post(address, {"answer-A": "different", "reason-A": "短"})
    assert page.status_code == 422 and "请写明为什么不是重复采集" in page.content.decode()
    assert (
        client.post(address, {"answer-A": "different", "reason-A": "只含外地籍车辆，来源不同"}).status_code
        == 302
    )
    assert "全部核对完毕" in client.get(address).content.decode()
    keep(cast, name="缺的", summary="")
    page = client.post(
        "/catalog/compile/report/", {"draft": list(Draft.objects.values_list("pk", flat=True))}
    )
    said = page.content.decode()
    assert "1 条可以报送，1 条还不能" in said and "处待改正" in said


def test_looking_costs_five_queries_at_most(cast, shelf, django_assert_max_num_queries):
    draft = keep(cast, name="机动车排放检验结果", items=CAR)
    with django_assert_max_num_queries(5):
        assert len(of_draft(draft)) == 2


def test_related_entries_stand_beside_an_entry_for_everybody(client, cast, shelf):
    build_entry(cast.organisation("provider"), code="E", name="机动车排放检验结果", related=["C"])
    keep(cast, name="机动车排放检验结果的草稿")
    page = client.get("/catalog/E/related/").content.decode()
    assert "普通高等学校名单" in page and "机动车排放检验结果信息" in page and "草稿" not in page
    part = client.get("/catalog/E/related/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "普通高等学校名单" in part
    assert client.get("/catalog/D/related/").status_code == 404
