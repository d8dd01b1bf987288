"""What an entry must be: every rule refused beside what it lets through, in the action and in the database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from accounts.actors import SYSTEM, Actor
from audit.models import Event
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from procedures.refusals import NoRight

from catalog import drafts
from catalog.models import BasisKind, Draft, Entry, EntryItem, EntryVersion, Publication, SharingType
from catalog.publishing import Change, publish, withdraw
from catalog.rules import BrokenRules, SecretMatter
from tests.shelf import AT, SAID, build_entry, build_holding, content, item, term

pytestmark = pytest.mark.django_db

LAW = {"sharing_basis": "《中华人民共和国数据安全法》第三十八条", "sharing_basis_kind": BasisKind.LAW}
MANUAL = (term("由经办人判断的条件"),)
ITEM = (item("day", "日期", "date"),)


def change(entry: Entry, *, reason: str = "职能变更", by: Actor = SYSTEM, **said: Any) -> Publication:
    """The next version of a published entry."""
    return publish(
        [Change(entry.provider, content(**said), entry=entry)], reason=reason, at=AT, by=by
    ).publication


@pytest.fixture
def provider(cast):
    return cast.organisation("provider")


@pytest.mark.duty("SHA-01", "CAT-17")
def test_a_new_entry_is_unconditional_unless_it_says_why(provider):
    assert Entry().sharing_type == EntryItem().sharing_type == SharingType.UNCONDITIONAL
    assert build_entry(provider, sharing_type=SharingType.UNCONDITIONAL).status == "published"


@pytest.mark.duty("CAT-17", "CAT-18", "SHA-01")
@pytest.mark.parametrize("narrower", [SharingType.CONDITIONAL, SharingType.NOT_SHARED])
@pytest.mark.parametrize(
    ("basis", "kind", "suffices"),
    [
        ("《中华人民共和国数据安全法》第三十八条", "law", True),
        ("《中华人民共和国政府信息公开条例》第十五条", "administrative-regulation", True),
        ("国发〔2016〕51号第九条", "national-provision", True),
        ("《城市房地产开发经营管理条例》第三条", "administrative-regulation", True),
        ("《重庆市数据条例》第二十四条和《中华人民共和国数据安全法》第三十八条", "law", True),
        ("", "law", False),
        ("《中华人民共和国数据安全法》第三十八条", "", False),
        ("《重庆市数据条例》第二十四条", "local-regulation", False),
        ("《重庆市数据条例》第二十四条", "law", False),
        ("《四川省数据条例》", "national-provision", False),
    ],
)
def test_a_narrower_type_rests_on_national_law(provider, narrower, basis, kind, suffices):
    terms = {"conditions": MANUAL} if narrower == SharingType.CONDITIONAL else {}
    said = {"sharing_type": narrower, "sharing_basis": basis, "sharing_basis_kind": kind, **terms}
    if suffices:
        assert build_entry(provider, **said).sharing_type == narrower
        return
    with pytest.raises(BrokenRules) as refusal:
        build_entry(provider, **said)
    assert "REG22-24.3" in refusal.value.cites
    assert not Entry.objects.exists()


@pytest.mark.duty("CAT-18")
def test_the_database_refuses_a_narrower_type_without_basis(provider):
    build_entry(provider)
    for change in (
        "UPDATE catalog_entry SET sharing_type = 'conditional'",
        "UPDATE catalog_entry SET sharing_type = 'conditional', sharing_basis = '某条例',"
        " sharing_basis_kind = 'local-regulation'",
        "UPDATE catalog_entryitem SET sharing_type = 'conditional'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(change)


@pytest.mark.duty("CAT-29")
def test_basic_items_of_base_databases_are_unconditional(provider):
    assert build_entry(provider, base_database=True).base_database
    with pytest.raises(BrokenRules, match="应当无条件共享"):
        build_entry(
            provider,
            code="B2",
            base_database=True,
            sharing_type=SharingType.CONDITIONAL,
            conditions=MANUAL,
            **LAW,
        )
    narrow = (item("day", "日期", "date", sharing_type=SharingType.CONDITIONAL, **LAW),)
    with pytest.raises(BrokenRules, match="“日期”是基础数据库的基础信息项"):
        build_entry(provider, code="B3", base_database=True, items=narrow)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(
            "UPDATE catalog_entryitem SET sharing_type = 'conditional', sharing_basis = 'x', sharing_basis_kind = 'law'"
        )


@pytest.mark.duty("CAT-18")
def test_an_item_narrower_than_its_entry_names_its_own_basis(provider):
    bare = (item("phone", "联系电话", "text", sharing_type=SharingType.NOT_SHARED),)
    with pytest.raises(BrokenRules, match="“联系电话”"):
        build_entry(provider, items=bare)
    based = (item("phone", "联系电话", "text", sharing_type=SharingType.NOT_SHARED, **LAW),)
    assert build_entry(provider, items=based).items.get().sharing_basis


@pytest.mark.duty("CAT-02", "SHA-03")
@pytest.mark.parametrize("how", [{"secret": True}, {"name": "涉密工程名录"}, {"name": "工程名录（机密级）"}])
def test_secret_matters_are_not_kept_and_leave_no_content_behind(provider, how):
    said = {**SAID, "name": "某工程", "summary": "绝不能留下的内容", **how}
    secret = said.pop("secret", False)
    with pytest.raises(SecretMatter) as refusal:
        drafts.keep(provider, said, secret=secret, at=AT, by=SYSTEM)
    assert "某工程" not in refusal.value.message and "内容" in refusal.value.message
    assert not Draft.objects.exists() and not Entry.objects.exists()
    assert not Event.objects.filter(body__contains="绝不能留下的内容").exists()
    assert build_entry(provider, name="非涉密计算机密码应用名录")
    with pytest.raises(SecretMatter):
        build_entry(provider, code="S2", name="涉密工程名录")


@pytest.mark.duty("CAT-02", "SHA-03")
def test_the_database_knows_no_secret_level(provider):
    build_entry(provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(security_level="secret")


@pytest.mark.duty("CAT-20")
def test_a_data_element_has_one_source(cast, provider):
    items = (item("code", "学校标识码", "code", element="school-code"),)
    first = build_entry(provider, items=items)
    with pytest.raises(BrokenRules, match="一数一源") as refusal:
        build_entry(cast.organisation("requester"), code="TWO", items=items)
    assert "重庆市生态环境局" in refusal.value.message
    change(first, items=items, summary="改了的说明")  # its own element stays its own
    both = [Change(provider, content(name=name, items=[item("x", "甲", element="e-1")])) for name in "甲乙"]
    with pytest.raises(BrokenRules, match="只在一处列为来源"):
        publish(both, reason="发布", at=AT, by=SYSTEM)
    withdraw(first, reason="移交", at=AT, by=SYSTEM)
    assert build_entry(cast.organisation("requester"), code="TWO", items=items)


def test_a_doubled_item_code_is_refused(provider):
    with pytest.raises(BrokenRules, match="代码重复：day"):
        build_entry(provider, items=ITEM + ITEM)


@pytest.mark.duty("CAT-07")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"gathered": " "}, "汇聚范围"),
        ({"update_cycle": ""}, "更新周期"),
        ({"use_requirements": ""}, "使用要求"),
        ({"delivery": []}, "提供方式"),
        ({"sharing_type": SharingType.CONDITIONAL, **LAW}, "至少一个条件"),
        ({"conditions": MANUAL}, "无条件共享不附条件"),
    ],
)
def test_publishing_needs_the_law_facts_of_an_entry(provider, said, words):
    with pytest.raises(BrokenRules, match=words):
        build_entry(provider, **said)
    assert not Entry.objects.exists() and not EntryVersion.objects.exists()
    draft = drafts.keep(provider, {**SAID, **said}, at=AT, by=SYSTEM)
    assert any(words in problem["message"] for problem in draft.problems)


def test_an_entry_and_its_data_have_the_same_items_and_owner(cast, provider):
    holding = build_holding(provider)
    with pytest.raises(BrokenRules, match="没有编目"):
        change(holding.entry, items=ITEM)
    with pytest.raises(BrokenRules, match="相同"):
        build_entry(cast.organisation("requester"), code="X", holding=holding)


@pytest.mark.duty("SHA-02", "CAT-07", "CAT-11")
def test_each_publication_is_a_version_that_stays(cast, provider):
    entry = build_entry(provider)
    assert (entry.version, entry.published_at) == (1, AT)
    second = change(entry, items=ITEM, by=cast.actor("authority", AT))
    assert (second.number, second.added, second.changed, second.withdrawn) == (2, 0, 1, 0)
    assert [v.number for v in entry.versions.all()] == [2, 1]
    first, second = EntryVersion.objects.order_by("number")
    assert len(first.content["items"]) == 5 and len(second.content["items"]) == 1
    assert second.reason == "职能变更" and first.content["sharing_type"] == "unconditional"
    for statement in (
        "UPDATE catalog_entryversion SET number = 9",
        "DELETE FROM catalog_entryversion",
        "UPDATE catalog_publication SET reason = 'x'",
        "DELETE FROM catalog_publication",
    ):
        with pytest.raises(IntegrityError, match="不能更改"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_publication_is_whole_or_nothing(provider):
    entry = build_entry(provider)
    changes = [Change(provider, content(name="新的")), Change(provider, content(summary=""), entry=entry)]
    with pytest.raises(BrokenRules, match="“大气监测数据”：请填写“摘要”"):
        publish(changes, reason="更新", at=AT, by=SYSTEM)
    entry.refresh_from_db()
    assert Entry.objects.count() == 1 and (entry.version, Publication.objects.count()) == (1, 1)


def test_changing_and_withdrawing_need_a_reason_and_withdrawing_a_published_entry(provider):
    entry = build_entry(provider)
    for reason in ("", " "):
        with pytest.raises(ValidationError, match="原因"):
            change(entry, items=ITEM, reason=reason)
        with pytest.raises(ValidationError, match="原因"):
            withdraw(entry, reason=reason, at=AT, by=SYSTEM)
    assert EntryItem.objects.count() == 5
    withdraw(entry, reason="停止采集", at=AT, by=SYSTEM)
    entry.refresh_from_db()
    assert (entry.status, entry.version, entry.items.count()) == ("withdrawn", 2, 5)
    with pytest.raises(ValidationError, match="已发布的"):
        withdraw(entry, reason="再撤", at=AT, by=SYSTEM)
    assert change(entry, reason="恢复").number == 3


def test_only_the_city_authority_publishes(cast, provider):
    for name in (
        "provider",
        "provider_lead",
        "requester",
        "stranger",
        "auditor",
        "sysadmin",
        "company",
        "citizen",
    ):
        with pytest.raises(NoRight, match="市数据主管部门"):
            publish([Change(provider, content())], reason="发布", at=AT, by=cast.actor(name, AT))
    assert publish(
        [Change(provider, content())], reason="发布", at=AT, by=cast.actor("authority", AT)
    ).entries


def test_who_may_compile_for_a_body(cast, provider):
    for number, name in enumerate(("provider", "provider_lead", "authority")):
        drafts.keep(provider, {**SAID, "name": f"条目 {number}"}, at=AT, by=cast.actor(name, AT))
    draft = Draft.objects.first()
    for name in ("requester", "stranger", "auditor", "sysadmin", "company", "citizen"):
        actor = cast.actor(name, AT)
        with pytest.raises(NoRight):
            drafts.keep(provider, SAID, at=AT, by=actor)
        with pytest.raises(NoRight):
            drafts.discard(draft, at=AT, by=actor)
        assert not Draft.objects.visible_to(actor).exists()
    assert Draft.objects.visible_to(cast.actor("provider", AT)).count() == 3
    assert Draft.objects.visible_to(cast.actor("authority", AT)).count() == 3


def test_every_change_is_in_the_trail_with_before_and_after(provider):
    entry = build_entry(provider)
    change(entry, items=ITEM)
    withdraw(entry, reason="停止", at=AT, by=SYSTEM)
    events = [json.loads(e.body) for e in Event.objects.filter(object_kind="entry").order_by("id")]
    assert [e["action"] for e in events] == ["entry:publish", "entry:update", "entry:withdraw"]
    assert len(events[1]["before"]["items"]) == 5 and len(events[1]["after"]["items"]) == 1


@pytest.mark.duty("CAT-08")
def test_codes_are_issued_by_class_and_body_without_gaps_and_never_again(cast, provider):
    other = cast.organisation("requester")
    made = publish(
        [
            Change(provider, content(name="甲")),
            Change(provider, content(name="乙")),
            Change(other, content(name="丙")),
            Change(provider, content(name="丁", resource_class="103", database="geography")),
        ],
        reason="首次发布", at=AT, by=SYSTEM,
    )  # fmt: skip
    one, two, three, base = (entry.code for entry in made.entries)
    assert one == "307500000001/000001" and two == "307500000001/000002"
    assert three == "307500000002/000001" and base == "103500/000001"
    withdraw(made.entries[1], reason="停止", at=AT, by=SYSTEM)
    with pytest.raises(BrokenRules):
        publish([Change(provider, content(name="戊", summary=""))], reason="x", at=AT, by=SYSTEM)
    again = publish([Change(provider, content(name="己"))], reason="x", at=AT, by=SYSTEM).entries[0]
    assert again.code == "307500000001/000003"


def test_a_code_that_could_break_an_address_is_refused(provider):
    for code in ("a/b", "../x", "甲", "a b", "<x>"):
        with pytest.raises(IntegrityError), transaction.atomic():
            build_entry(provider, code=code)
    assert not Entry.objects.exists()
