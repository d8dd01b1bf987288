"""The offices of planning, money and audit, added to the cast: what a project meets on its way."""

from __future__ import annotations

from accounts.models import Organisation, Post, Role, User

from tests.cast import Cast
from tests.cells import Posts

Duty = Organisation.Duty
#: By name: the office and the roles of the post there. Both of planning are of the same office.
PEOPLE: Posts = {
    "planning": ("planning", (Role.OFFICER,)),
    "planning_lead": ("planning", (Role.LEAD,)),
    "finance": ("finance", (Role.OFFICER,)),
    "audit": ("audit", (Role.OFFICER,)),
}
NAMES = {"planning": "市发展改革委", "finance": "市财政局", "audit": "市审计局"}


def offices(cast: Cast) -> None:
    """Write the offices and their people; the cast knows them from now on."""
    for key, (office, roles) in PEOPLE.items():
        name, duty = NAMES[office], Duty(office)
        body, _ = Organisation.objects.get_or_create(
            code=f"cq-{duty}",
            defaults={"name": f"重庆{name}", "short_name": name, "kind": "city-department", "duty": duty},
        )
        user = User.objects.create(username=key, name=key, email=f"{key}@example.cn")
        cast.users[key], cast.organisations[key] = user, body
        for role in roles:
            Post.objects.create(user=user, organisation=body, role=role, valid_from=cast.day)
