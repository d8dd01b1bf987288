"""What a dispute keeps its parties from while it runs, and afterwards all but the body that was agreed on."""

from __future__ import annotations

from typing import Any

import pytest
from procedures.models import Case
from procedures.refusals import Guarded

from catalog.disputes import standing
from catalog.disputes.subjects import Item
from catalog.models import Entry
from catalog.publishing import Change, publish
from catalog.rules import BrokenRules
from tests.cast import Cast
from tests.catalog.city import City
from tests.catalog.disputing import DECISION, MONDAY, TERMS, Disputing, items, make
from tests.law import load_law
from tests.shelf import build_entry, content

pytestmark = pytest.mark.django_db
WORD = "公共体育场馆名录"


@pytest.fixture
def world(cast: Cast) -> Disputing:
    load_law()
    return make(cast)


def of(world: Disputing, body: str, *, entry: Entry | None = None, **said: Any) -> list[str]:
    """What disputes have against the content, in words."""
    proposed = standing.Proposed(world.body(body).pk, content(**said), entry)
    return [problem.message for problem in standing.problems([proposed])[0]]


def uncatalogued(world: Disputing, **facts: Any) -> Case:
    item = Item(bodies=(world.body("stranger"),))
    return world.raise_(item=item, other="cq-tyj", element=WORD, **facts)


@pytest.mark.duty("OPN-08", "CAT-20")
def test_while_it_runs_no_party_newly_calls_itself_the_source(world: Disputing) -> None:
    claim = {"name": "公路沿线大气", "items": items(), "opening_type": "not-open"}
    assert not of(world, "requester", **claim)
    case = world.raise_()
    (said,) = of(world, "requester", **claim)
    assert case.number in said and "不能新列为来源" in said and "pm25-day" in said
    assert not of(world, "stranger", **claim)
    assert not of(world, "requester", **{**claim, "items": items(element="traffic-count")})
    # What the provider states already stays, in a change of its entry too.
    assert not of(world, "provider", entry=world.entry, items=items(), opening_type="not-open")


@pytest.mark.duty("OPN-08")
def test_while_it_runs_no_party_newly_opens_the_item(world: Disputing) -> None:
    world.raise_(kind="opening")
    (said,) = of(world, "provider", entry=world.entry, items=items(), opening_type="unconditional")
    assert "不能新开放" in said
    assert not of(
        world,
        "provider",
        entry=world.entry,
        items=items(),
        opening_type="not-open",
        opening_basis="《中华人民共和国数据安全法》第三十八条",
        opening_basis_kind="law",
    )
    (said,) = of(world, "requester", name="公路沿线大气", items=items(), opening_type="unconditional")
    assert "不能新开放" in said
    assert not of(world, "stranger", name="公路沿线大气", items=items(), opening_type="unconditional")


@pytest.mark.duty("OPN-08")
def test_what_is_open_already_stays_open(world: Disputing) -> None:
    opened = build_entry(
        world.body("provider"), code="WATER", at=MONDAY, name="水质监测", items=items("water-ph")
    )
    world.raise_(kind="opening", item=Item(opened, bodies=(opened.provider,)))
    assert not of(world, "provider", entry=opened, name="水质监测", items=items("water-ph"))


@pytest.mark.duty("OPN-08", "CAT-20")
def test_data_named_in_words_is_known_by_element_or_name(world: Disputing) -> None:
    uncatalogued(world)
    rows = items()
    rows[1] |= {"name": WORD, "element": "venue"}
    found = of(world, "requester", name="场馆", items=rows)
    assert len(found) == 2 and "新列为来源" in found[0] and "新开放" in found[1]
    assert of(world, "stranger", name="场馆", items=items(element=WORD))
    assert not of(world, "provider", name="场馆", items=rows)


@pytest.mark.duty("OPN-08")
def test_only_the_item_in_dispute_is_kept_back(world: Disputing) -> None:
    world.raise_(element="细颗粒物", kind="opening")
    rows = items(opening_type="unconditional")
    (said,) = of(world, "provider", entry=world.entry, items=rows, opening_type="unconditional")
    assert "“细颗粒物”" in said
    rows[3]["opening_type"] = "not-open"
    assert not of(world, "provider", entry=world.entry, items=rows, opening_type="unconditional")


@pytest.mark.duty("OPN-08", "CAT-20")
@pytest.mark.parametrize("element", ["细颗粒物", ""])
def test_an_item_without_a_data_element_is_known_by_its_name_in_its_entry(
    world: Disputing, element: str
) -> None:
    bare = build_entry(
        world.body("provider"), code="BARE", at=MONDAY, name="大气补充监测", items=items(element="")
    )
    bare.items.update(opening_type="not-open")
    world.raise_(item=Item(bare, bodies=(bare.provider,)), element=element)
    opened = items(element="", opening_type="not-open")
    opened[3]["opening_type"] = "unconditional"
    said = {"name": "大气补充监测", "opening_type": "unconditional"}
    (found,) = of(world, "provider", entry=bare, items=opened, **said)
    assert "“细颗粒物”" in found and "不能新开放" in found
    # An element given to it meanwhile does not make it another item.
    opened[3]["element"] = "pm25-night"
    assert len(of(world, "provider", entry=bare, items=opened, **said)) == 2
    # Another entry's item of that name is another item.
    assert not of(world, "requester", **{**said, "name": "公路沿线大气", "items": opened})


@pytest.mark.duty("OPN-08", "CAT-20")
def test_afterwards_only_the_body_agreed_on_does(world: Disputing) -> None:
    case = world.raise_()
    world.agree(case, "requester", body="cq-jtysw")
    world.agree(case, "provider", body="cq-jtysw")
    claim = {"name": "公路沿线大气", "items": items()}
    assert not of(world, "requester", **claim)
    (said,) = of(world, "provider", **claim)
    assert "已确定为市交通运输委" in said
    # A later dispute about the same item that is decided otherwise takes its place.
    later = world.raise_(element="细颗粒物")
    world.agree(later, "requester", text=TERMS * 2)
    world.agree(later, "provider", text=TERMS * 2)
    assert not of(world, "provider", **claim)
    assert of(world, "requester", **claim)


@pytest.mark.duty("OPN-08")
def test_a_withdrawn_dispute_leaves_the_item_free(world: Disputing) -> None:
    case = world.raise_()
    world.act(case, "withdraw", "requester", reason="各方另行商定")
    assert of(world, "requester", name="公路沿线大气", items=items())
    world.act(case, "consent", "provider")
    assert not of(world, "requester", name="公路沿线大气", items=items())


@pytest.mark.duty("OPN-08")
def test_opening_asks_the_same_rule(world: Disputing) -> None:
    provider, requester, entry = world.body("provider"), world.body("requester"), world.entry
    assert standing.refusal_to_open(provider, entry) is None
    case = world.referred(kind="opening")
    for body in (provider, requester):
        assert "不能新开放" in (standing.refusal_to_open(body, entry) or "")
    assert standing.refusal_to_open(world.body("stranger"), entry) is None
    assert standing.opening_body(entry) is None
    world.act(case, "decide", "government", body="cq-jtysw", **DECISION)
    assert standing.opening_body(entry) == requester
    assert standing.refusal_to_open(requester, entry) is None
    assert "已确定为市交通运输委" in (standing.refusal_to_open(provider, entry) or "")


@pytest.mark.duty("OPN-08", "CAT-20")
def test_an_update_that_claims_it_is_refused_until_it_is_settled(world: Disputing) -> None:
    city = City(world.cast)
    case = uncatalogued(world)
    rows = items(element=WORD)
    city.draft("stranger", "体育场馆", items=rows)
    city.person("stranger_lead", world.body("stranger"), "lead")
    update = city.note("stranger", cause="own", source="")
    with pytest.raises(Guarded, match="不能新列为来源"):
        city.perform(update, "apply", "stranger", reason="新增场馆名录")
    world.agree(case, "requester", body="cq-tyj")
    world.agree(case, "stranger", body="cq-tyj")
    assert city.apply(update, "stranger").state == "REVIEWING"
    assert city.update(update).state == "UPDATED"


@pytest.mark.duty("OPN-08", "CAT-20")
def test_a_list_that_claims_it_is_refused(world: Disputing) -> None:
    city = City(world.cast)
    uncatalogued(world)
    listed = city.list_of(city.open_round(["requester"]), "requester")
    city.draft("requester", "场馆", items=items(element=WORD))
    with pytest.raises(Guarded, match="不能新列为来源"):
        city.submit(listed, "requester", "requester_lead")


@pytest.mark.duty("OPN-08", "CAT-20")
def test_a_dispute_raised_after_the_application_stops_the_publication(world: Disputing) -> None:
    city = City(world.cast)
    city.draft("requester", "场馆", items=items(element=WORD))
    update = city.apply(city.note("requester", cause="own", source=""), "requester")
    uncatalogued(world)
    with pytest.raises(Guarded, match="不能新列为来源"):
        city.perform(update, "update", "authority")
    change = Change(world.body("requester"), content(name="场馆", items=items(element=WORD)))
    with pytest.raises(BrokenRules, match="不能新列为来源"):
        publish([change], reason="首次发布", at=MONDAY, by=world.cast.actor("authority", MONDAY))


def test_a_thousand_drafts_are_asked_about_at_once(world: Disputing, django_assert_num_queries) -> None:
    proposed = [
        standing.Proposed(world.body("requester").pk, content(name=f"条目 {n}", items=items()))
        for n in range(40)
    ]
    with django_assert_num_queries(1):
        standing.problems(proposed)
    world.raise_()
    with django_assert_num_queries(3):
        assert all(standing.problems(proposed))
