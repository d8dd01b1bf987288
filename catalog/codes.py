"""信息资源代码: 分类码/顺序码 (政务信息资源目录编制指南（试行）).

The class is the resource's 类 and 项. For a department's own resources (307) three digits follow for the province,
three for the district and three for the body: the structure that the guide leaves to each province (default, see
docs/decisions). The number counts within the class, from 1, without gaps, and is never given twice: the counter
only grows, and an entry that is withdrawn keeps its code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from accounts.models import Organisation
from documents.numbers import take, take_many
from statutes.enforcement import enforces

from catalog.models import BodyNumber

#: The class of a department's own resources, at province level and below.
DEPARTMENT = "307"
PROVINCE = "500"


@enforces("CAT-08", what="资源代码按规范编制，连续、不重用")
def issue(wanted: Sequence[tuple[str, Organisation]]) -> list[str]:
    """The next code for each (resource class, body); called once, in the transaction of first publication.

    Numbers go up in the order given. One statement for each class there is, and one for each body.
    """
    classes: dict[tuple[str, int], str] = {}
    for resource_class, provider in wanted:
        key = (resource_class, provider.pk)
        if key not in classes:
            classes[key] = _class(resource_class, provider)
    full = [classes[resource_class, provider.pk] for resource_class, provider in wanted]
    numbers = {name: iter(take_many(f"resource-{name}", count)) for name, count in Counter(full).items()}
    return [f"{name}/{next(numbers[name]):06d}" for name in full]


def _class(resource_class: str, provider: Organisation) -> str:
    classification = resource_class + PROVINCE
    if resource_class == DEPARTMENT:
        district = provider.district.code[3:] if provider.district_id else "000"
        classification += district + f"{body_number(provider, district):03d}"
    return classification


def body_number(provider: Organisation, district: str) -> int:
    """The body's number within its district, given on first need."""
    found = BodyNumber.objects.filter(organisation=provider).first()
    if found is None:
        number = take(f"body-{district}")
        found = BodyNumber.objects.create(organisation=provider, district=district, number=number)
    return found.number
