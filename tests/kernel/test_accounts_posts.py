from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import clock
import pytest
from accounts import actions
from accounts.actors import SYSTEM, VISITOR, Actor
from accounts.models import Appointment, Post, Role, User
from accounts.refusals import NoRight, Unfit
from audit.models import Event
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from tests.cast import Cast

AT = datetime(2026, 3, 2, 10, tzinfo=clock.SHANGHAI)
DAY = AT.date()


def propose(cast: Cast, who: str = "citizen", role: Role = Role.OFFICER, by: str = "sysadmin", **more):
    return actions.propose_appointment(
        cast.user(who),
        cast.organisation(more.pop("body", "stranger")),
        role,
        **{"valid_from": DAY, "reason": "新任", **more},
        by=cast.actor(by, AT),
        at=AT,
    )


def test_a_post_takes_two_hands(cast: Cast) -> None:
    appointment = propose(cast)
    assert not cast.actor("citizen", AT).posts, "a proposal gives no right"
    post = actions.confirm_appointment(appointment, by=cast.actor("secadmin", AT), at=AT)
    assert cast.actor("citizen", AT).posts == (post,)
    actions_seen = list(Event.objects.order_by("id").values_list("action", flat=True))
    assert actions_seen == ["appointment:propose", "appointment:confirmed", "post:appoint"]


@pytest.mark.parametrize("by", ["authority_lead", "secadmin", "auditor", "citizen", "requester_lead"])
def test_only_the_system_administrator_proposes(cast: Cast, by: str) -> None:
    with pytest.raises(NoRight, match="系统管理员"):
        propose(cast, by=by)
    assert not Appointment.objects.exists() and not Event.objects.exists()


@pytest.mark.parametrize("by", ["sysadmin", "auditor", "authority_lead"])
def test_only_the_security_administrator_confirms(cast: Cast, by: str) -> None:
    appointment = propose(cast)
    with pytest.raises(NoRight):
        actions.confirm_appointment(appointment, by=cast.actor(by, AT), at=AT)
    assert not Post.objects.filter(user=cast.user("citizen")).exists()


def test_nobody_writes_a_post_alone(cast: Cast) -> None:
    for by in ("sysadmin", "secadmin"):
        with pytest.raises(NoRight, match="不能由一人直接办理"):
            actions.appoint(
                cast.user("citizen"),
                cast.organisation("stranger"),
                Role.LEAD,
                valid_from=DAY,
                by=cast.actor(by, AT),
                at=AT,
                reason="x",
            )


def test_a_visitor_is_not_the_system(cast: Cast) -> None:
    assert SYSTEM.is_system and not VISITOR.is_system
    with pytest.raises(NoRight):
        actions.appoint(
            cast.user("citizen"),
            cast.organisation("stranger"),
            Role.LEAD,
            valid_from=DAY,
            by=VISITOR,
            at=AT,
            reason="x",
        )


def test_nobody_appoints_or_deactivates_oneself(cast: Cast) -> None:
    with pytest.raises(NoRight, match="自己"):
        propose(cast, "sysadmin")
    with pytest.raises(NoRight, match="自己"):
        actions.deactivate(cast.user("secadmin"), by=cast.actor("secadmin", AT), at=AT, reason="x")
    post = cast.actor("secadmin", AT).posts[0]
    with pytest.raises(NoRight, match="自己"):
        actions.end_post(post, on=DAY, by=cast.actor("secadmin", AT), at=AT, reason="x")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
@pytest.mark.parametrize("who", ["auditor", "sysadmin", "secadmin", "authority"])
def test_separated_roles_are_refused_in_words(cast: Cast, who: str, role: Role) -> None:
    if role in {post.role for post in cast.actor(who, AT).posts} or who == "sysadmin":
        return
    with pytest.raises(Unfit, match="三员分立"):
        propose(cast, who, role, body="authority")


def test_an_administrator_gets_no_work(cast: Cast) -> None:
    with pytest.raises(Unfit, match="三员分立"):
        propose(cast, "auditor", Role.OFFICER)


@pytest.mark.parametrize("held", ["auditor", "sysadmin", "secadmin"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.OFFICER])
def test_the_database_refuses_separated_roles(cast: Cast, held: str, role: Role) -> None:
    present = cast.actor(held, AT).posts[0]
    fresh = Post(user=cast.user(held), organisation=cast.organisation("stranger"), role=role, valid_from=DAY)
    if role == present.role:
        fresh.save()
        return
    with pytest.raises(IntegrityError, match="posts_separated"), transaction.atomic():
        Post.objects.bulk_create([fresh])
    with pytest.raises(IntegrityError, match="posts_separated"), transaction.atomic():
        Post.objects.filter(pk=present.pk).update(valid_to=DAY + timedelta(days=1))
        Post.objects.bulk_create([fresh])
    Post.objects.filter(pk=present.pk).update(valid_to=DAY)
    fresh.save()  # one after the other is lawful: the day they meet belongs to the later


def test_the_database_refuses_the_same_post_twice(cast: Cast) -> None:
    post = cast.actor("requester", AT).posts[0]
    with pytest.raises(IntegrityError, match="post_held_once"), transaction.atomic():
        Post.objects.create(user=post.user, organisation=post.organisation, role=post.role, valid_from=DAY)


def test_the_database_refuses_a_decision_by_the_proposer(cast: Cast) -> None:
    appointment = propose(cast)
    with pytest.raises(IntegrityError, match="appointment_takes_two"), transaction.atomic():
        Appointment.objects.filter(pk=appointment.pk).update(
            decided_by=appointment.proposed_by, decided_at=AT
        )


def test_an_ended_post_gives_no_right_from_its_day_on(cast: Cast) -> None:
    post = cast.actor("requester", AT).posts[0]
    end = DAY + timedelta(days=3)
    actions.end_post(post, on=end, by=cast.actor("secadmin", AT), at=AT, reason="调离")
    last = datetime.combine(end, datetime.min.time(), clock.SHANGHAI) - timedelta(seconds=1)
    assert cast.actor("requester", last).posts
    assert not cast.actor("requester", last + timedelta(seconds=1)).posts
    event = Event.objects.get(action="post:end")
    assert '"valid_to":null' in event.body and "调离" in event.body


def test_the_day_of_rights_is_that_of_shanghai(cast: Cast) -> None:
    Post.objects.filter(user=cast.user("requester")).update(valid_from=DAY)
    midnight = datetime.combine(DAY, datetime.min.time(), clock.SHANGHAI)
    utc = midnight.astimezone(UTC)
    assert Actor.of(cast.user("requester"), utc).posts
    assert not Actor.of(cast.user("requester"), utc - timedelta(seconds=1)).posts


@pytest.mark.parametrize("on", [DAY - timedelta(days=1), date(2019, 1, 1)])
def test_a_post_does_not_end_in_the_past(cast: Cast, on: date) -> None:
    post = cast.actor("requester", AT).posts[0]
    with pytest.raises(Unfit, match="不能早于"):
        actions.end_post(post, on=on, by=cast.actor("sysadmin", AT), at=AT, reason="x")


@pytest.mark.parametrize("by", ["requester_lead", "auditor", "citizen"])
def test_who_is_no_administrator_ends_no_post(cast: Cast, by: str) -> None:
    post = cast.actor("requester", AT).posts[0]
    with pytest.raises(NoRight):
        actions.end_post(post, on=DAY, by=cast.actor(by, AT), at=AT, reason="x")


def test_a_post_at_a_body_that_ended_gives_no_right(cast: Cast) -> None:
    body = cast.organisation("requester")
    body.valid_to = DAY
    body.save()
    assert not cast.actor("requester", AT).posts
    assert cast.actor("requester", AT - timedelta(days=1)).posts


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"role": Role.REGISTRAR}, "登记机构"),
        ({"role": Role.AUDITOR}, "市数据主管部门"),
        ({"valid_to": DAY}, "应晚于"),
        ({"who": "requester", "body": "requester"}, "不必重复任职"),
    ],
)
def test_a_post_that_does_not_fit_is_refused_in_words(cast: Cast, change: dict, says: str) -> None:
    with pytest.raises(Unfit, match=says):
        propose(cast, **change)


def test_an_account_is_made_without_a_right_and_must_change_its_password(cast: Cast) -> None:
    user, password = actions.create_account(
        "newcomer", "新来的", by=cast.actor("sysadmin", AT), at=AT, reason="入职"
    )
    assert user.check_password(password) and user.must_change_password
    assert not Actor.of(user, AT).posts
    assert password not in Event.objects.get(action="account:create").body
    with pytest.raises(ValidationError):
        actions.create_account("newcomer", "重名", by=cast.actor("sysadmin", AT), at=AT, reason="x")
    for by in ("secadmin", "auditor", "authority_lead"):
        with pytest.raises(NoRight):
            actions.create_account("another", "x", by=cast.actor(by, AT), at=AT, reason="x")


def test_a_closed_account_loses_everything_at_once(client: Client, cast: Cast) -> None:
    with clock.travel(AT):
        client.post("/login/", {"username": "requester", "password": "Tests-Sign-In-2026"})
        assert client.get("/account/").status_code == 200
        actions.deactivate(cast.user("requester"), by=cast.actor("secadmin", AT), at=AT, reason="离职")
        assert client.get("/account/").status_code == 302
    assert not cast.actor("requester", AT).posts
    user = User.objects.get(username="requester")
    actions.reactivate(user, by=cast.actor("secadmin", AT), at=AT, reason="返岗")
    assert cast.actor("requester", AT).posts


def test_nobody_is_above_the_posts(cast: Cast) -> None:
    with pytest.raises(TypeError, match="没有超级用户"):
        User.objects.create_superuser("root", "root@example.cn", "x")
    user = cast.user("citizen")
    user.is_superuser = user.is_staff = True  # attributes without columns: they are gone with the next load
    user.save()
    again = User.objects.get(pk=user.pk)
    assert not again.is_superuser and not again.has_perm("accounts.change_user")


def test_groups_and_permissions_give_no_right(cast: Cast) -> None:
    user = cast.user("citizen")
    group = Group.objects.create(name="all")
    group.permissions.set(Permission.objects.all())
    user.groups.add(group)
    user.user_permissions.set(Permission.objects.all())
    fresh = User.objects.get(pk=user.pk)
    assert not fresh.has_perm("accounts.change_organisation") and not fresh.get_all_permissions()
