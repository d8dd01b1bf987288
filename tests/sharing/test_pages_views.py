"""常用视图: a list with its conditions, kept under a name of one's own; nobody else's."""

from __future__ import annotations

import re

import pytest
from web.models import WorklistView

from tests.sharing.test_pages_worklist import text


def views(client, **query) -> list[tuple[str, str]]:
    """(address, name) of the views above the list."""
    page = text(client.get("/work/", query))
    return re.findall(r'<li class="chip"><a href="([^"]*)"[^>]*>([^<]*)</a>', page)


def keep(client, name: str, query: str) -> str:
    """What is said after keeping."""
    return text(client.post(f"/work/views/?{query}", {"name": name}, follow=True))


def test_a_list_with_conditions_is_kept_and_opened_again(world, browser) -> None:
    client = browser("authority")
    assert views(client) == []
    said = keep(client, " 交通局的  申请 ", "kind=sharing-request&party=%E4%BA%A4%E9%80%9A&after=_1")
    assert "已保存视图“交通局的 申请”" in said
    ((address, name),) = views(client)
    assert name == "交通局的 申请" and "after" not in address
    opened = text(client.get(f"/work/{address.replace('&amp;', '&')}"))
    assert 'value="交通"' in opened and 'aria-current="true">交通局的 申请' in opened
    assert "存为常用视图" not in opened  # it is kept already


def test_a_name_again_replaces(world, browser) -> None:
    client = browser("authority")
    keep(client, "逾期", "due=over")
    keep(client, "逾期", "tab=body&due=over")
    assert [address for address, _ in views(client)] == ["?tab=body&amp;due=over"]


def test_a_view_is_its_owners_alone(world, browser) -> None:
    keep(browser("authority"), "逾期", "due=over")
    view = WorklistView.objects.get()
    assert views(browser("requester")) == []
    assert browser("requester").post(f"/work/views/{view.pk}/drop/").status_code == 404
    assert "已删除视图“逾期”" in text(browser("authority").post(f"/work/views/{view.pk}/drop/", follow=True))
    assert views(browser("authority")) == []


@pytest.mark.parametrize(
    ("name", "query", "why"),
    [
        ("", "due=over", "填 1 至 20 个字"),
        ("长" * 21, "due=over", "现在是 21 个字"),
        ("全部", "", "没有条件"),
        ("全部", f"q={'机' * 100}&party={'局' * 60}", "条件太长"),
        ("全部", "tab=nonsense&kind=nothing", "没有条件"),
    ],
)
def test_what_cannot_be_kept_is_said(world, browser, name, query, why) -> None:
    assert why in keep(browser("authority"), name, query)
    assert not WorklistView.objects.exists()


def test_there_is_an_end_to_them_and_hostile_names_are_only_words(world, browser) -> None:
    client = browser("authority")
    keep(client, "<b>粗</b>", "q=1")
    for number in range(2, 13):
        keep(client, f"视图 {number}", f"q={number}")
    assert "最多保存 12 个" in keep(client, "再一个", "q=13")
    page = text(client.get("/work/"))
    assert len(views(client)) == 12 and "<b>粗</b>" not in page and "&lt;b&gt;粗" in page
    assert "已保存视图“视图 2”" in keep(client, "视图 2", "q=200")  # replacing is always possible
