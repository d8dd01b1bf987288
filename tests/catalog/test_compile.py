"""Compiling in the browser: nothing that was written is lost, what is wrong stands beside its field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import clock
import pytest
from django.test import Client

from catalog import drafts
from catalog.models import Draft, Entry
from tests.shelf import AT, SAID, build_entry, build_holding, item, term

pytestmark = pytest.mark.django_db

LAW = {"sharing_basis": "《中华人民共和国数据安全法》第三十八条", "sharing_basis_kind": "law"}


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.user("provider"))
    return client


def keep(cast: Any, **said: Any) -> Draft:
    return drafts.keep(cast.organisation("provider"), {**SAID, **said}, at=AT, by=cast.actor("provider", AT))


def form(**said: Any) -> dict[str, Any]:
    """What the form of elements sends; flags that are off are not sent."""
    sent = {name: value for name, value in {**SAID, **said}.items() if name not in ("items", "conditions")}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def seen(draft: Draft) -> str:
    return draft.changed_at.isoformat()


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


@pytest.mark.duty("CAT-09")
def test_a_new_entry_is_kept_though_nearly_everything_is_missing(desk, cast):
    response = desk.post("/catalog/compile/new/", {"name": "水质监测", "do": "save"})
    draft = Draft.objects.get()
    assert response.status_code == 302 and response.url == f"/catalog/compile/{draft.pk}/"
    page = text(desk.get(response.url))
    assert draft.provider == cast.organisation("provider") and draft.origin == "form"
    assert "请填写“摘要”" in page and 'href="#summary"' in page and "至少要有一个信息项" in page
    assert f"/catalog/compile/{draft.pk}/items/#items" in page


def test_without_a_name_nothing_is_lost_from_the_page(desk):
    page = text(desk.post("/catalog/compile/new/", {"summary": "写了很久的摘要", "phone": "023-1"}), 409)
    assert not Draft.objects.exists()
    assert "请填写“资源名称”" in page and "写了很久的摘要" in page and "023-1" in page


@pytest.mark.duty("CAT-08")
def test_every_element_of_the_norm_has_its_place_on_the_form(desk):
    from catalog.norm.elements import ENTRY

    page = text(desk.get("/catalog/compile/new/"))
    for element in ENTRY:
        assert f'name="{element.name}"' in page, element.name
        assert element.label in page


def test_what_cannot_be_read_is_kept_as_it_was_written_and_named(desk, cast):
    draft = keep(cast)
    long = "长" * 2001
    desk.post(f"/catalog/compile/{draft.pk}/", form(summary=long, subject="nonsense", seen=seen(draft)))
    draft.refresh_from_db()
    assert draft.content["summary"] == "" and draft.typed == {"summary": long, "subject": "nonsense"}
    page = text(desk.get(f"/catalog/compile/{draft.pk}/"))
    assert long in page and "最多 2000 个字，现在是 2001 个字" in page
    desk.post(f"/catalog/compile/{draft.pk}/items/", {"seen": seen(draft), "page": 1})
    draft.refresh_from_db()
    assert draft.typed == {"summary": long, "subject": "nonsense"}
    desk.post(f"/catalog/compile/{draft.pk}/", form(seen=seen(draft)))
    draft.refresh_from_db()
    assert draft.typed == {} and draft.content["summary"] == SAID["summary"]


def test_saving_what_somebody_else_changed_meanwhile_shows_both(desk, cast):
    draft = keep(cast)
    read_at = seen(draft)
    drafts.keep(
        draft.provider, {**SAID, "summary": "同事写的"}, draft=draft, at=AT + timedelta(minutes=1),
        by=cast.actor("provider_lead", AT),
    )  # fmt: skip
    page = text(desk.post(f"/catalog/compile/{draft.pk}/", form(summary="我写的", seen=read_at)), 409)
    assert "同事写的" in page and "我写的" in page and "两边不同的地方" in page
    draft.refresh_from_db()
    assert draft.content["summary"] == "同事写的"
    desk.post(f"/catalog/compile/{draft.pk}/", form(summary="我写的", seen=seen(draft)))
    draft.refresh_from_db()
    assert draft.content["summary"] == "我写的"


@pytest.mark.duty("CAT-02", "SHA-03")
def test_what_is_ticked_as_a_secret_leaves_nothing(desk, cast):
    response = desk.post("/catalog/compile/new/", form(name="不该写的", secret="1"), follow=True)
    assert "不在本平台编目" in text(response) and "不该写的" not in text(response)
    assert not Draft.objects.exists()


@pytest.mark.duty("CAT-17", "CAT-18")
def test_a_narrower_type_asks_for_its_basis_beside_the_field(desk, cast):
    draft = keep(cast)
    sent = form(
        sharing_type="conditional", condition=["c0", "c1"], seen=seen(draft),
        **{"c0-text": "限交通执法", "c0-check_kind": "function", "c0-words": "执法、 交通",
           "c1-text": "不超过一年", "c1-check_kind": "period", "c1-months": "12"},
    )  # fmt: skip
    desk.post(f"/catalog/compile/{draft.pk}/", sent)
    draft.refresh_from_db()
    assert [(c["check_kind"], c["parameter"]) for c in draft.content["conditions"]] == [
        ("function", {"words": ["执法", "交通"]}), ("period", {"months": 12}),
    ]  # fmt: skip
    assert {p["field"] for p in draft.problems} == {"sharing_basis"}
    page = text(desk.get(f"/catalog/compile/{draft.pk}/"))
    assert 'id="sharing_basis-error"' in page and "应当写明依据" in page
    desk.post(f"/catalog/compile/{draft.pk}/", {**sent, **LAW, "seen": seen(draft)})
    draft.refresh_from_db()
    assert draft.problems == []


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("purpose", {"kinds": ["duty", "x"]}, {"kinds": ["duty"]}),
        ("mode", {"modes": ["api"], "single": "1"}, {"modes": ["api"], "batch": False}),
        ("items", {"codes": "day，pm25", "together": "1"}, {"codes": ["day", "pm25"], "together": 1}),
        ("period", {"months": "很多"}, {}),
        ("manual", {"words": "不相干"}, {}),
    ],
)
def test_each_kind_of_check_has_fields_of_its_own(desk, cast, kind, sent, kept):
    draft = keep(cast, sharing_type="conditional", **LAW)
    fields = {f"c0-{name}": value for name, value in sent.items()}
    desk.post(
        f"/catalog/compile/{draft.pk}/",
        form(sharing_type="conditional", condition="c0", seen=seen(draft), **LAW, **fields)
        | {"c0-text": "条件", "c0-check_kind": kind},
    )
    draft.refresh_from_db()
    assert draft.content["conditions"][0]["parameter"] == kept


def rows(*said: dict[str, Any], **more: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {"page": 1, "item": [f"r{n}" for n in range(len(said))], **more}
    for number, row in enumerate(said):
        sent |= {f"r{number}-{part}": value for part, value in row.items()}
    return sent


def test_items_are_added_moved_and_taken_away(desk, cast):
    draft = keep(cast)
    address = f"/catalog/compile/{draft.pk}/items/"
    assert (
        text(desk.get(address)).count('name="item"') == len(SAID["items"]) + 2
    )  # an empty row, and the template's
    one, two, three = (item("a", "甲"), item("b", "乙"), item("c", "丙", length="十"))
    desk.post(address, rows(one, two, three, {}, seen=seen(draft), do="up-1"))
    draft.refresh_from_db()
    assert [i["code"] for i in draft.content["items"]] == ["b", "a", "c"]
    assert draft.typed == {"items.2.length": "十"}
    page = text(desk.get(address))
    assert 'id="items-2-length"' in page and 'value="十"' in page and "填整数" in page
    desk.post(address, rows(two, one, three, seen=seen(draft), do="drop-2"))
    draft.refresh_from_db()
    assert [i["code"] for i in draft.content["items"]] == ["b", "a"] and draft.typed == {}


def test_a_block_pasted_from_a_spreadsheet_becomes_rows(desk, cast):
    draft = keep(cast)
    address = f"/catalog/compile/{draft.pk}/items/"
    desk.post(address, rows(item("a", "甲"), seen=seen(draft), paste="乙\tb\t日期\t\t某日\n丙\tc"))
    draft.refresh_from_db()
    assert [(i["name"], i["code"], i["type"]) for i in draft.content["items"]] == [
        ("甲", "a", "text"), ("乙", "b", "date"), ("丙", "c", "text"),
    ]  # fmt: skip
    headed = '信息项代码\t备注\t信息项名称\nd\t不要\t"丁\n丁"'
    desk.post(address, rows(item("a", "甲"), seen=seen(draft), paste=headed))
    draft.refresh_from_db()
    assert [(i["name"], i["code"]) for i in draft.content["items"]] == [("甲", "a"), ("丁 丁", "d")]


def test_a_block_beyond_the_limit_is_refused_and_stays_in_its_box(desk, cast):
    draft = keep(cast)
    block = "\n".join(f"项{n}\ti{n}" for n in range(1000))
    page = text(
        desk.post(
            f"/catalog/compile/{draft.pk}/items/", rows(item("a", "甲"), seen=seen(draft), paste=block)
        ),
        409,
    )
    assert "加上粘贴的" in page and "i999" in page
    draft.refresh_from_db()
    assert len(draft.content["items"]) == len(SAID["items"])


def test_a_thousand_items_are_worked_on_fifty_at_a_time(desk, cast, django_assert_max_num_queries):
    many = [{"name": f"项{n}", "code": f"i{n}", "type": "text"} for n in range(1000)]
    draft = keep(cast, items=many)
    address = f"/catalog/compile/{draft.pk}/items/"
    with django_assert_max_num_queries(12):
        page = text(desk.get(f"{address}?page=20"))
    assert 'value="i950"' in page and 'value="i949"' not in page
    changed = [item(f"j{n}", f"新{n}") for n in range(50)]
    desk.post(address, {**rows(*changed), "page": 3, "seen": seen(draft)})
    draft.refresh_from_db()
    codes = [i["code"] for i in draft.content["items"]]
    assert len(codes) == 1000 and codes[99:101] == ["i99", "j0"] and codes[149:151] == ["j49", "i150"]


def test_a_change_begins_from_what_is_published_and_only_once(desk, cast):
    entry = build_holding(cast.organisation("provider")).entry
    first = desk.post(f"/catalog/compile/change/{entry.code}/")
    again = desk.post(f"/catalog/compile/change/{entry.code}/")
    draft = Draft.objects.get()
    assert first.url == again.url == f"/catalog/compile/{draft.pk}/"
    assert (draft.kind, draft.base_version, draft.problems) == ("change", 1, [])


def test_a_removal_needs_its_reason(desk, cast):
    entry = build_entry(cast.organisation("provider"), code="X")
    assert "应当写明原因" in text(desk.post("/catalog/compile/remove/X/", {"reason": " "}), 409)
    assert desk.post("/catalog/compile/remove/X/", {"reason": "职能划转"}).status_code == 302
    draft = Draft.objects.get(entry=entry)
    assert (draft.kind, draft.source) == ("remove", "职能划转")
    assert desk.get(f"/catalog/compile/{draft.pk}/").url == f"/catalog/compile/{draft.pk}/preview/"
    assert "职能划转" in text(desk.get(f"/catalog/compile/{draft.pk}/preview/"))


def test_others_entries_and_drafts_do_not_exist(client, cast):
    draft = keep(cast)
    build_entry(cast.organisation("provider"), code="X", name="别的")
    for name, status in (("requester", 404), ("sysadmin", 404), ("auditor", 404), ("authority", 200)):
        client.force_login(cast.user(name))
        for part in ("", "items/", "twins/", "preview/"):
            assert client.get(f"/catalog/compile/{draft.pk}/{part}").status_code == status, (name, part)
    client.force_login(cast.user("requester"))
    assert client.post("/catalog/compile/change/X/").status_code == 404
    assert client.get("/catalog/compile/remove/X/").status_code == 404
    for name, status in (("company", 403), ("registrar", 403), ("citizen", 403), ("requester", 200)):
        client.force_login(cast.user(name))
        assert client.get("/catalog/compile/").status_code == status, name


def test_what_a_case_holds_is_read_and_not_written(desk, cast):
    draft = keep(cast)
    Draft.objects.filter(pk=draft.pk).update(stage="submitted")
    assert desk.get(f"/catalog/compile/{draft.pk}/").status_code == 302
    assert desk.post(f"/catalog/compile/{draft.pk}/", form(name="新名")).status_code == 403
    page = text(desk.post("/catalog/compile/discard/", {"draft": draft.pk}, follow=True))
    assert Draft.objects.count() == 1 and "没有选择要删除的条目" in page


def test_the_list_counts_filters_and_throws_away(desk, cast):
    build_entry(cast.organisation("provider"), code="X", name="已发布的")
    whole, lacking = keep(cast, name="齐全的"), keep(cast, name="缺的", summary="")
    page = text(desk.get("/catalog/compile/"))
    assert "编制中 2 条，其中 1 条待改正" in page and "已发布 1 条" in page
    assert all(name in page for name in ("齐全的", "缺的", "已发布的")) and "先改哪里" in page
    for query, names in (
        ("?stage=ready", ["齐全的"]), ("?stage=mend", ["缺的"]), ("?stage=published", ["已发布的"]),
        ("?problem=summary", ["缺的"]), ("?q=齐", ["齐全的"]), ("?q=X", ["已发布的"]), ("?kind=remove", []),
        ("?type=not-shared", []), ("?type=unconditional&sort=name", ["已发布的", "缺的", "齐全的"]),
        ("?page=x&sort=x&stage=x&problem=%25", ["齐全的", "缺的", "已发布的"]),
    ):  # fmt: skip
        response = desk.get(f"/catalog/compile/{query}")
        assert {line.name for line in response.context["page"].lines} == set(names), query
    desk.post("/catalog/compile/discard/", {"draft": [lacking.pk, 10**17, "x"]})
    assert list(Draft.objects.all()) == [whole]


def test_the_list_costs_the_same_however_much_there_is(desk, cast, django_assert_num_queries):
    keep(cast, summary="")
    desk.get("/catalog/compile/")
    with django_assert_num_queries(11):
        desk.get("/catalog/compile/")
    blank = Draft.objects.get()
    Draft.objects.bulk_create(
        Draft(
            provider=blank.provider,
            name=f"条目 {n}",
            content=blank.content,
            problems=blank.problems,
            changed_at=AT,
        )
        for n in range(3000)
    )
    with django_assert_num_queries(11):
        page = desk.get("/catalog/compile/?page=3&sort=problems").context["page"]
    assert (len(page.lines), page.count, page.pages) == (50, 3001, 61)


def test_what_people_wrote_is_shown_as_text(desk, cast):
    hostile = "<img src=x onerror=alert(1)>"
    draft = keep(
        cast, name=hostile, summary=hostile, keywords=[hostile], items=[item("x", hostile, description=hostile)],
        sharing_type="conditional", conditions=[term(hostile, hostile, "function", {"words": [hostile]})],
    )  # fmt: skip
    for part in ("", "items/", "twins/", "preview/"):
        assert "<img src=x" not in text(desk.get(f"/catalog/compile/{draft.pk}/{part}"))
    assert "<img src=x" not in text(desk.get("/catalog/compile/"))


def test_the_navigation_offers_it_to_who_compiles(client, cast):
    for name, offered in (("provider", True), ("company", False), ("registrar", False)):
        client.force_login(cast.user(name))
        assert ('href="/catalog/compile/"' in text(client.get("/catalog/"))) is offered, name


def test_somebody_of_two_bodies_chooses(client: Client, cast):
    from accounts.models import Post

    other = cast.organisation("requester")
    Post.objects.create(user=cast.user("provider"), organisation=other, role="officer", valid_from=cast.day)
    client.force_login(cast.user("provider"))
    assert "编制单位" in text(client.get("/catalog/compile/"))
    client.post("/catalog/compile/new/", {"as": other.code, "name": "通行"})
    assert Draft.objects.get().provider == other and clock.today()
    assert not Entry.objects.exists()
