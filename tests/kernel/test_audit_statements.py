"""Statements composed once do what the querysets and the saving would do."""

from __future__ import annotations

from datetime import datetime

import pytest
from accounts.models import Organisation, Post
from audit.statements import Among, Ready, insert, keep, update
from clock import SHANGHAI
from procedures.models import Case, Party, Turn

from tests.cast import Cast

AT = datetime(2026, 9, 21, 10, 0, tzinfo=SHANGHAI)


def posts(cast: Cast, user: int) -> list[Post]:
    return list(Post.objects.filter(user=user).select_related("organisation").order_by("id"))


def test_it_gives_what_the_queryset_gives(cast: Cast, django_assert_num_queries):
    held = Ready(lambda user: Post.objects.filter(user=user).select_related("organisation").order_by("id"))
    for name in ("authority", "provider", "authority"):
        user = cast.user(name).pk
        wanted = posts(cast, user)
        with django_assert_num_queries(1):
            found = held(user)
            assert [(p, p.organisation.name, p.role) for p in found] == [
                (p, p.organisation.name, p.role) for p in wanted
            ]
    assert held(-1) == []


def test_what_is_fetched_beside_comes_with_it(cast: Cast, django_assert_num_queries):
    body = cast.organisation("authority").pk
    wanted = set(Post.objects.filter(organisation=body))
    whole = Ready(lambda number: Organisation.objects.filter(pk=number).prefetch_related("posts"))
    with django_assert_num_queries(2):
        (found,) = whole(body)
        assert set(found.posts.all()) == wanted != set()


def test_what_is_left_out_is_read_when_asked_for(cast: Cast, django_assert_num_queries):
    lean = Ready(lambda number: Organisation.objects.filter(pk=number).defer("name"))
    body = cast.organisation("authority")
    with django_assert_num_queries(1):
        found = lean.one(body.pk)
    with django_assert_num_queries(1):
        assert found.name == body.name


def test_a_row_that_is_not_there(db: None):
    with pytest.raises(Organisation.DoesNotExist):
        Ready(lambda number: Organisation.objects.filter(pk=number)).one(-1)


def test_any_of_some_numbers(cast: Cast, django_assert_num_queries):
    bodies = Among(lambda keys: Organisation.objects.filter(pk__in=keys).only("name").order_by("name"))
    asked = [cast.organisation(name).pk for name in ("authority", "provider", "requester")]
    for some in (asked, asked[:1], [*asked, -1]):
        wanted = list(Organisation.objects.filter(pk__in=some).order_by("name").values_list("pk", "name"))
        with django_assert_num_queries(1):
            assert [(body.pk, body.name) for body in bodies(iter(some))] == wanted
    with django_assert_num_queries(0):
        assert bodies([]) == []


def test_rows_that_were_kept_are_not_asked_for(cast: Cast, django_assert_num_queries):
    body = cast.organisation("authority")
    posts = list(Post.objects.filter(organisation=body))
    keep(body, "posts", posts)
    with django_assert_num_queries(0):
        assert list(body.posts.all()) == posts


def test_a_queryset_about_no_number_is_refused(db: None):
    with pytest.raises(ValueError, match="not about one number"):
        Ready(lambda number: Organisation.objects.all())(1)


def test_rows_are_written_as_saving_would(cast: Cast):
    body = cast.organisation("authority")
    case = Case(number="GX-2026-0001", kind="sharing-request", state="ANSWERING", title="甲", received_at=AT)
    insert(case)
    parties = [
        Party(case=case, relation=name, organisation=body, since=AT) for name in ("requester", "authority")
    ]
    insert(*parties)
    insert()
    kept = Case.objects.get(pk=case.pk)
    assert {f.name: getattr(kept, f.attname) for f in Case._meta.concrete_fields} == {
        f.name: getattr(case, f.attname) for f in Case._meta.concrete_fields
    }
    assert list(Party.objects.filter(case=case).order_by("id")) == parties
    assert not case._state.adding
    case.title = "乙"
    case.save()
    assert Case.objects.get().title == "乙"
    assert not Turn.objects.exists()


def test_columns_are_changed_and_no_others(cast: Cast):
    case = Case(number="GX-2026-0001", kind="sharing-request", state="ANSWERING", title="甲", received_at=AT)
    insert(case)
    case.state, case.title, case.closed_at = "REFUSED", "丙", AT
    update(case, ("state", "closed_at"))
    kept = Case.objects.get()
    assert (kept.state, kept.title, kept.closed_at) == ("REFUSED", "甲", AT)


def test_a_change_of_a_row_that_is_gone_is_an_error(cast: Cast):
    case = Case(pk=-1, number="x", kind="k", state="s", title="t", received_at=AT)
    with pytest.raises(Case.DoesNotExist):
        update(case, ("title",))
