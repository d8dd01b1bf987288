"""What may be offered for operation: one source, one standard, all of it gathered, nothing known to be wrong."""

from __future__ import annotations

import pytest

from catalog.models import Entry
from catalog.operability import shortfalls
from tests.cast import Cast
from tests.catalog.correcting import MONDAY, Correcting, make
from tests.law import load_law
from tests.shelf import build_entry

pytestmark = [pytest.mark.django_db, pytest.mark.duty("CAT-31")]


@pytest.fixture
def world(cast: Cast) -> Correcting:
    load_law()
    return make(cast)


def test_an_entry_in_order_may_be_offered(world: Correcting) -> None:
    for item in world.entry.items.all():
        item.element = f"air-{item.code}"
        item.save()
    assert shortfalls(Entry.objects.get(pk=world.entry.pk)) == []


def test_each_shortfall_is_named(world: Correcting) -> None:
    (source,) = shortfalls(world.entry)
    assert source.startswith("没有写明数据元")
    bare = build_entry(world.cast.organisation("provider"), code="BARE", name="没有数据的条目")
    assert "数据没有完整归集到平台" in shortfalls(bare)
    gone = build_entry(world.cast.organisation("provider"), code="GONE", name="撤销的条目", published=False)
    assert "条目没有发布" in shortfalls(Entry.objects.get(pk=gone.pk))
    world.uphold(world.file(), MONDAY)
    assert any("1 处" in line for line in shortfalls(world.entry))
