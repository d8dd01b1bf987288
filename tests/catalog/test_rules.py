"""What an entry must be: every rule refused beside what it lets through, in the action and in the database."""

from __future__ import annotations

import json

import pytest
from accounts.actors import SYSTEM
from audit.models import Event
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from procedures.refusals import NoRight

from catalog.actions import ConditionFacts, ItemFacts, publish_entry, save_entry, withdraw_entry
from catalog.models import BasisKind, Condition, Entry, EntryItem, EntryVersion, SharingType
from catalog.rules import BrokenRules, SecretMatter
from tests.shelf import AT, build_entry, build_holding

pytestmark = pytest.mark.django_db

LAW = {"sharing_basis": "《中华人民共和国数据安全法》第三十八条", "sharing_basis_kind": BasisKind.LAW}
MANUAL = (ConditionFacts("由经办人判断的条件"),)
ITEM = (ItemFacts("day", "日期", "date"),)


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
    narrow = (ItemFacts("day", "日期", "date", sharing_type=SharingType.CONDITIONAL, **LAW),)
    with pytest.raises(BrokenRules, match="“日期”是基础数据库的基础信息项"):
        build_entry(provider, code="B3", base_database=True, items=narrow)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(
            "UPDATE catalog_entryitem SET sharing_type = 'conditional', sharing_basis = 'x', sharing_basis_kind = 'law'"
        )


@pytest.mark.duty("CAT-18")
def test_an_item_narrower_than_its_entry_names_its_own_basis(provider):
    bare = (ItemFacts("phone", "联系电话", "text", sharing_type=SharingType.NOT_SHARED),)
    with pytest.raises(BrokenRules, match="“联系电话”"):
        build_entry(provider, items=bare)
    based = (ItemFacts("phone", "联系电话", "text", sharing_type=SharingType.NOT_SHARED, **LAW),)
    assert build_entry(provider, items=based).items.get().sharing_basis


@pytest.mark.duty("CAT-02", "SHA-03")
@pytest.mark.parametrize("how", [{"secret": True}, {"name": "涉密工程名录"}, {"security_level": "机密级"}])
def test_secret_matters_are_not_kept_and_leave_no_content_behind(provider, how):
    said = {"code": "S1", "name": "某工程", "summary": "绝不能留下的内容", "provider": provider, **how}
    secret = said.pop("secret", False)
    with pytest.raises(SecretMatter) as refusal:
        save_entry(Entry(**said), items=ITEM, conditions=(), secret=secret, at=AT, by=SYSTEM)
    assert "某工程" not in refusal.value.message and "内容" in refusal.value.message
    assert not Entry.objects.exists()
    assert not Event.objects.filter(body__contains="绝不能留下的内容").exists()
    assert build_entry(provider, name="非涉密计算机密码应用名录")


@pytest.mark.duty("CAT-02", "SHA-03")
def test_the_database_knows_no_secret_level(provider):
    build_entry(provider)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(security_level="secret")


@pytest.mark.duty("CAT-20")
def test_a_data_element_has_one_source(cast, provider):
    items = (ItemFacts("code", "学校标识码", "code", element="school-code"),)
    first = build_entry(provider, items=items)
    with pytest.raises(BrokenRules, match="一数一源") as refusal:
        build_entry(cast.organisation("requester"), code="TWO", items=items)
    assert "重庆市生态环境局" in refusal.value.message
    save_entry(
        first, items=items, conditions=(), reason="改说明", at=AT, by=SYSTEM
    )  # its own element stays its own
    withdraw_entry(first, reason="移交", at=AT, by=SYSTEM)
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
    entry = build_entry(provider, publish=False, **said)
    with pytest.raises(BrokenRules, match=words):
        publish_entry(entry, at=AT, by=SYSTEM)
    entry.refresh_from_db()
    assert entry.status == "draft" and not EntryVersion.objects.exists()


def test_an_entry_and_its_data_have_the_same_items_and_owner(cast, provider):
    holding = build_holding(provider)
    with pytest.raises(BrokenRules, match="没有编目"):
        entry = holding.entry
        save_entry(entry, items=ITEM, conditions=(), reason="减少", at=AT, by=SYSTEM)
    with pytest.raises(BrokenRules, match="相同"):
        build_entry(cast.organisation("requester"), code="X", holding=holding)


@pytest.mark.duty("SHA-02", "CAT-07")
def test_each_publication_is_a_version_that_stays(cast, provider):
    entry = build_entry(provider)
    assert (entry.version, entry.published_at) == (1, AT)
    save_entry(entry, items=ITEM, conditions=(), reason="职能变更", at=AT, by=cast.actor("authority", AT))
    assert [v.number for v in entry.versions.all()] == [2, 1]
    first, second = EntryVersion.objects.order_by("number")
    assert len(first.content["items"]) == 5 and len(second.content["items"]) == 1
    assert second.reason == "职能变更" and first.content["sharing_type"] == "unconditional"
    for change in ("UPDATE catalog_entryversion SET number = 9", "DELETE FROM catalog_entryversion"):
        with pytest.raises(IntegrityError, match="不能更改"), transaction.atomic():
            connection.cursor().execute(change)


def test_changing_a_published_entry_needs_a_reason(provider):
    entry = build_entry(provider)
    with pytest.raises(BrokenRules, match="原因"):
        save_entry(entry, items=ITEM, conditions=(), reason=" ", at=AT, by=SYSTEM)
    assert EntryItem.objects.count() == 5


def test_who_may_edit_publish_and_withdraw(cast, provider):
    draft = build_entry(provider, publish=False)
    for name in ("provider", "provider_lead", "authority"):
        save_entry(draft, items=ITEM, conditions=(), at=AT, by=cast.actor(name, AT))
    for name in ("requester", "stranger", "auditor", "sysadmin", "company", "citizen"):
        with pytest.raises(NoRight):
            save_entry(draft, items=ITEM, conditions=(), at=AT, by=cast.actor(name, AT))
    for name in ("provider", "sysadmin"):
        with pytest.raises(NoRight, match="市数据主管部门"):
            publish_entry(draft, at=AT, by=cast.actor(name, AT))
    publish_entry(draft, at=AT, by=cast.actor("authority", AT))
    draft.refresh_from_db()
    with pytest.raises(NoRight):
        save_entry(draft, items=ITEM, conditions=(), reason="x", at=AT, by=cast.actor("provider", AT))
    draft.status = "draft"  # said by a form, not by the row
    with pytest.raises(NoRight):
        save_entry(draft, items=ITEM, conditions=(), reason="x", at=AT, by=cast.actor("provider", AT))
    with pytest.raises(NoRight):
        withdraw_entry(draft, reason="x", at=AT, by=cast.actor("provider", AT))


def test_withdrawing_needs_a_reason_and_a_published_entry(provider):
    entry = build_entry(provider)
    with pytest.raises(ValidationError, match="原因"):
        withdraw_entry(entry, reason="", at=AT, by=SYSTEM)
    withdraw_entry(entry, reason="停止采集", at=AT, by=SYSTEM)
    with pytest.raises(ValidationError, match="没有发布"):
        withdraw_entry(entry, reason="再撤", at=AT, by=SYSTEM)
    assert publish_entry(entry, reason="恢复", at=AT, by=SYSTEM).number == 2
    with pytest.raises(ValidationError, match="已经发布"):
        publish_entry(entry, at=AT, by=SYSTEM)


def test_every_change_is_in_the_trail_with_before_and_after(provider):
    entry = build_entry(provider)
    save_entry(entry, items=ITEM, conditions=(), reason="精简", at=AT, by=SYSTEM)
    events = [json.loads(e.body) for e in Event.objects.filter(object_kind="entry").order_by("id")]
    assert [e["action"] for e in events] == ["entry:save", "entry:publish", "entry:update"]
    assert len(events[2]["before"]["items"]) == 5 and len(events[2]["after"]["items"]) == 1


def test_a_code_that_could_break_an_address_is_refused(provider):
    for code in ("a/b", "../x", "甲", "a b", "<x>"):
        with pytest.raises(ValidationError):
            build_entry(provider, code=code)
    assert Condition.objects.count() == 0
