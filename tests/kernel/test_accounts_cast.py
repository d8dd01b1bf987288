from __future__ import annotations

from datetime import datetime

import clock
import pytest
from accounts.models import Role

from tests.cast import PEOPLE, Cast, build_cast


def test_everybody_acts_with_the_posts_that_the_table_names(cast: Cast) -> None:
    for key, (_, body, roles) in PEOPLE.items():
        actor = cast.actor(key)
        assert {post.role for post in actor.posts} == set(roles), key
        if body:
            assert set(actor.organisation_ids) == {cast.organisation(key).id}


def test_nobody_has_a_right_before_the_post_begins(cast: Cast) -> None:
    before = datetime(2019, 12, 31, 23, 59, tzinfo=clock.SHANGHAI)
    assert all(not cast.actor(key, before).posts for key in PEOPLE)


def test_the_authority_is_the_city_authority_and_nobody_else_is(cast: Cast) -> None:
    assert {key for key in PEOPLE if cast.actor(key).at_authority()} == {
        "authority",
        "authority_lead",
        "auditor",
        "sysadmin",
        "secadmin",
    }
    assert cast.actor("requester_lead").holds(Role.PRINCIPAL)


@pytest.mark.django_db
def test_it_takes_few_statements(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        build_cast()
