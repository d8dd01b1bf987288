from __future__ import annotations

from datetime import datetime

import pytest
from accounts.actors import VISITOR
from clock import SHANGHAI
from django.test import Client
from notices.models import Notice, Outgoing
from web import navigation
from web.navigation import Item, Place

AT = datetime(2026, 9, 17, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def registry(monkeypatch):
    """An empty navigation."""
    monkeypatch.setattr(navigation, "_items", {})


class TestNavigation:
    def test_a_page_that_is_not_mounted_is_not_linked(self, registry):
        navigation.register(Item("没有", "nowhere:page"))
        navigation.register(Item("帮助", "web:help"))
        assert [link.label for link in navigation.links(Place.STAFF, VISITOR)] == ["帮助"]

    def test_a_page_without_right_is_not_linked(self, registry, cast):
        navigation.register(Item("审计", "web:help", show=lambda actor: actor.holds("auditor")))
        assert navigation.links(Place.STAFF, cast.actor("requester")) == []
        assert [link.label for link in navigation.links(Place.STAFF, cast.actor("auditor"))] == ["审计"]

    def test_an_enterprise_is_offered_nothing_that_is_for_public_bodies(self, cast):
        offered = {
            name: {link.label for link in navigation.links(Place.STAFF, cast.actor(name))}
            for name in ("company", "requester", "provider", "authority")
        }
        theirs = {"目录管理", "取得的数据", "提供的数据"}
        assert not offered["company"] & theirs and "找数据" in offered["company"]
        assert all(theirs <= offered[name] for name in ("requester", "provider", "authority"))

    def test_links_stand_in_their_order_and_the_current_one_is_marked(self, registry):
        navigation.register(Item("后", "web:help", order=20))
        navigation.register(Item("前", "web:home", order=10))
        links = navigation.links(Place.STAFF, VISITOR, view_name="web:help")
        assert [(link.label, link.current) for link in links] == [("前", ""), ("后", "page")]

    def test_a_page_below_a_section_marks_the_section(self, registry):
        navigation.register(Item("法规", "statutes:index"))
        assert navigation.links(Place.STAFF, VISITOR, view_name="statutes:article")[0].current == "true"

    def test_pages_of_one_group_are_one_link_and_stand_as_tabs_below_it(self, registry, cast):
        for label, page, show in (
            ("帮助", "web:help", lambda actor: True),
            ("程序", "web:procedures", lambda actor: actor.holds("auditor")),
        ):
            navigation.register(Item(label, page, show, group="说明", section=()))
        navigation.register(Item("首页", "web:home", order=10))
        auditor = cast.actor("auditor")
        links = navigation.links(Place.STAFF, auditor, view_name="web:procedures")
        assert [(link.label, link.href, link.current) for link in links] == [
            ("首页", "/", ""),
            ("说明", "/help/", "true"),
        ]
        beside = navigation.tabs(Place.STAFF, auditor, view_name="web:procedures")
        assert [(link.label, link.current) for link in beside] == [("帮助", ""), ("程序", "page")]
        assert navigation.tabs(Place.STAFF, auditor, view_name="web:home") == []
        # Alone in the group it is a link like any other.
        alone = navigation.links(Place.STAFF, VISITOR, view_name="web:help")
        assert [link.label for link in alone] == ["首页", "帮助"]
        assert navigation.tabs(Place.STAFF, VISITOR, view_name="web:help") == []

    def test_the_nearest_link_is_the_current_one(self, registry):
        navigation.register(Item("目录", "catalog:list"))
        navigation.register(Item("质量", "catalog:quality", section=("catalog:quality-body",)))
        links = navigation.links(Place.STAFF, VISITOR, view_name="catalog:quality-body")
        assert [(link.label, link.current) for link in links] == [("目录", ""), ("质量", "true")]
        links = navigation.links(Place.STAFF, VISITOR, view_name="catalog:entry")
        assert [link.current for link in links] == ["true", ""]

    def test_a_place_on_a_page_is_never_the_current_one(self, registry):
        navigation.register(Item("多久", "web:home", fragment="limits"))
        link = navigation.links(Place.STAFF, VISITOR, view_name="web:home")[0]
        assert (link.href, link.current) == ("/#limits", "")


@pytest.mark.django_db
class TestFrames:
    def test_a_visitor_meets_the_public_frame(self, client: Client):
        html = client.get("/help/").content.decode()
        assert 'class="topline"' in html and 'class="skip" href="#main"' in html and 'id="main"' in html
        assert 'class="staff' not in html

    def test_one_in_post_meets_the_workbench(self, client: Client, cast):
        client.force_login(cast.user("authority"))
        html = client.get("/help/").content.decode()
        assert 'class="staff' in html and "市大数据局 经办人" in html
        assert 'class="topline"' not in html

    def test_a_citizen_signed_in_stays_in_the_public_frame(self, client: Client, cast):
        client.force_login(cast.user("citizen"))
        assert 'class="staff' not in client.get("/help/").content.decode()

    def test_only_those_who_may_see_the_link_see_it(self, client: Client, cast):
        client.force_login(cast.user("requester"))
        ordinary = client.get("/help/").content.decode()
        client.force_login(cast.user("sysadmin"))
        administrator = client.get("/help/").content.decode()
        assert 'href="/people/"' not in ordinary and 'href="/people/"' in administrator

    def test_the_frame_of_a_visitor_costs_nothing(self, client: Client, django_assert_num_queries):
        with django_assert_num_queries(0):
            client.get("/help/")

    def test_the_frame_of_the_workbench_costs_the_same_however_much_is_unread(
        self, client: Client, cast, django_assert_max_num_queries
    ):
        user = cast.user("authority")
        for number in range(30):
            outgoing = Outgoing.objects.create(topic="t", subject=f"{number}", created_at=AT)
            Notice.objects.create(outgoing=outgoing, user=user, created_at=AT)
        client.force_login(user)
        client.get("/help/")
        with django_assert_max_num_queries(5):  # session, person, posts, and one count a badge
            client.get("/help/")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/help/", "/accessibility/", "/design/"])
@pytest.mark.parametrize("who", [None, "authority"])
def test_every_page_answers_with_a_strict_policy(client: Client, cast, path, who):
    if who:
        client.force_login(cast.user(who))
    response = client.get(path)
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "style-src 'self'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    html = response.content.decode()
    assert " style=" not in html and "<style" not in html and html.count("<h1") == 1
    assert 'lang="zh-CN"' in html and "<title>" in html


@pytest.mark.django_db
def test_the_sheet_is_for_the_demonstration_and_for_staff(client: Client, cast, settings):
    settings.DEMO = False
    assert client.get("/design/").status_code == 404
    client.force_login(cast.user("sysadmin"))
    assert client.get("/design/").status_code == 200
