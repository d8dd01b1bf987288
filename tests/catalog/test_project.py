"""政务信息化项目, stage by stage: the sequence of the law, and beside each step what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from accounts.actors import SYSTEM
from accounts.authority import level_authority, office_for
from accounts.models import District, Organisation
from clock import SHANGHAI
from datacentre.actions import ItemSpec, create_holding, load_version
from datacentre.models import HoldingItem
from deadlines.models import Deadline
from deadlines.sweep import sweep
from documents.models import Paper
from procedures.filing import file
from procedures.models import Case, Turn
from procedures.perform import perform, sign
from procedures.refusals import BadFacts, Guarded, NoRight, WrongState
from procedures.tasks import take_step

from catalog import drafts
from catalog.models import AuditFinding, Draft, LegacySystem, Project
from catalog.procedures.project import PROJECT
from catalog.projects import actions, items, queries
from catalog.publishing import publish
from tests.cast import Cast
from tests.catalog.offices import Duty, offices
from tests.law import load_law
from tests.shelf import SAID

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 9, 28, 11, 0, tzinfo=SHANGHAI)
LAW = "《重庆市政务数据资源管理暂行办法》第四十八条"
WORDS = "写得足够长的一段话，说明情况、理由和处理办法。"


@dataclass
class World:
    cast: Cast

    def act(self, case: Case, step: str, who: str, **facts: Any) -> Case:
        return perform(case, step, by=self.cast.actor(who, MONDAY), at=MONDAY, facts=facts)

    def sign(self, case: Case, who: str) -> Case:
        return sign(case, by=self.cast.actor(who, MONDAY), at=MONDAY)

    def both(self, case: Case, step: str, who: str, second: str, **facts: Any) -> Case:
        self.act(case, step, who, **facts)
        return self.sign(case, second)

    def open(self, kind: str = "build", who: str = "provider") -> Case:
        actor = self.cast.actor(who, MONDAY)
        return file(
            PROJECT,
            by=actor,
            at=MONDAY,
            facts={"name": "生态环境监测一体化平台", "kind": kind},
            subject=actor.posts[0].organisation,
        )

    def submitted(self, kind: str = "build", **changes: Any) -> Case:
        case = self.open(kind)
        self.both(case, "submit", "provider", "provider_lead", **{**SUBMIT, **changes})
        case.refresh_from_db()
        return case

    def listed(self, kind: str = "build", **changes: Any) -> Case:
        case = self.submitted(kind, **changes)
        return self.both(case, "list", "authority", "authority_lead", **LIST)

    def draft(self, name: str = "水质监测数据", **said: Any) -> Draft:
        provider = self.cast.organisation("provider")
        by = self.cast.actor("provider", MONDAY)
        return drafts.keep(provider, {**SAID, "name": name, **said}, at=MONDAY, by=by)

    def planned(self, name: str = "水质监测数据") -> Case:
        self.draft(name)
        case = self.listed()
        return self.both(
            case, "apply-plan", "provider", "provider_lead", plan="建设方案（报批稿）", items=name
        )

    def built(self) -> Case:
        case = self.planned()
        self.both(
            case,
            "approve-plan",
            "planning",
            "planning_lead",
            number="发改批〔2026〕1号",
            approved_on="2026-09-28",
        )
        self.both(
            case,
            "submit-design",
            "provider",
            "provider_lead",
            design="初步设计（报审稿）",
            items="水质监测数据",
        )
        self.both(case, "approve-design", "authority", "authority_lead", opinion="接口和目录清单符合要求。")
        self.act(case, "fund", "finance", **FUND)
        return case

    def publish(self, name: str = "水质监测数据", *, data: bool = True) -> None:
        """What an update of the catalogue does to the draft, and a load after it."""
        draft = Draft.objects.get(name=name)
        provider = self.cast.organisation("provider")
        specs = [ItemSpec(i["code"], i["name"], HoldingItem.Type(i["type"])) for i in SAID["items"]]
        draft.holding = create_holding(
            code="WATER", name=name, owner=provider, items=specs, at=MONDAY, by=SYSTEM
        )
        entry = publish([drafts.change_of(draft)], reason="建成", at=MONDAY, by=SYSTEM).entries[0]
        draft.entry, draft.stage = entry, Draft.Stage.PUBLISHED
        draft.save()
        if data:
            rows = [{"station": "1", "name": "甲", "day": "2026-09-01", "pm25": "1", "hours": "2"}]
            load_version(draft.holding, rows=rows, at=MONDAY, by=SYSTEM)


SUBMIT: dict[str, Any] = {
    "need": WORDS,
    "amount": 860,
    "cloud": "city-cloud",
    "network": "government",
    "platform": "none",
    "shared_data": "机动车检验结果可以通过共享取得",
}
LIST = {
    "year": 2026,
    "evaluation": WORDS,
    "no_duplicate": True,
    "cloud_met": True,
    "network_met": True,
    "sharing_met": True,
}
FUND = {"year": 2027, "amount": 800, "budget_line": "信息化建设"}


@pytest.fixture
def world(cast: Cast) -> World:
    """The cast with the offices of planning, money and audit."""
    load_law()
    offices(cast)
    return World(cast)


def state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def turn_of(case: Case) -> list[tuple[str, str]]:
    return [(turn.organisation.short_name, turn.role) for turn in Turn.objects.filter(case=case)]


@pytest.mark.duty("CAT-37")
def test_the_whole_way_of_a_project_to_build(world: World) -> None:
    case = world.built()
    assert state(case) == "BUILDING"
    assert turn_of(case) == [("市生态环境局", "officer")]
    world.publish()
    world.both(case, "apply-acceptance", "provider", "provider_lead", finished_on="2026-09-27", summary=WORDS)
    assert Project.objects.get(case=case).completion["done"] == 1
    world.both(
        case, "accept", "authority", "authority_lead", accepted_by="市生态环境局", accepted_on="2026-09-28",
        opinion="清单已经完成。",
    )  # fmt: skip
    assert state(case) == "ACCEPTED"
    kinds = list(Paper.objects.filter(case=case).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["project-sheet", "project-list", "project-accept"]


@pytest.mark.duty("CAT-37")
def test_upkeep_goes_from_the_list_to_the_money(world: World) -> None:
    case = world.listed("upkeep")
    assert turn_of(case) == [("市财政局", "officer")]
    with pytest.raises(Guarded, match="运行维护项目"):
        world.act(case, "apply-plan", "provider", plan="建设方案（报批稿）", items="")
    world.act(case, "fund-upkeep", "finance", **FUND)
    assert state(case) == "FUNDED"


def test_money_for_building_waits_for_plan_and_design(world: World) -> None:
    case = world.listed()
    assert turn_of(case) == [("市生态环境局", "officer")]
    with pytest.raises(NoRight):
        world.act(case, "fund-upkeep", "finance", **FUND)
    with pytest.raises(WrongState):
        world.act(case, "fund", "finance", **FUND)


def test_only_own_projects_and_only_of_public_bodies(world: World) -> None:
    with pytest.raises(NoRight, match="政务部门"):
        world.open(who="company")
    with pytest.raises(Guarded, match="不能代"):
        file(
            PROJECT,
            by=world.cast.actor("provider", MONDAY),
            at=MONDAY,
            facts={"name": "别人的项目", "kind": "build"},
            subject=world.cast.organisation("requester"),
        )


# what an application says of cloud, network and platforms


@pytest.mark.duty("CAT-25")
@pytest.mark.duty("CAT-26")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cloud": "other"}, "cloud_reason"),
        ({"network": "state"}, "network_basis"),
        ({"items": "没有这一条"}, "items"),
        ({"amount": 0}, "amount"),
    ],
)
def test_an_application_says_where_it_runs(world: World, changes: dict, field: str) -> None:
    case = world.open()
    with pytest.raises(BadFacts) as refused:
        world.act(case, "submit", "provider", **{**SUBMIT, **changes})
    assert field in refused.value.errors


@pytest.mark.duty("CAT-41")
@pytest.mark.duty("CAT-26")
@pytest.mark.parametrize(
    ("changes", "refusal"), [({"platform": "new"}, "不得新建"), ({"network": "new"}, "不再新建业务专网")]
)
def test_a_new_platform_or_network_is_not_listed(world: World, changes: dict, refusal: str) -> None:
    case = world.submitted(**changes)
    with pytest.raises(Guarded, match=refusal):
        world.act(case, "list", "authority", **LIST)
    world.both(case, "not-list", "authority", "authority_lead", reason=WORDS, basis=LAW)
    assert state(case) == "NOT_LISTED"


def test_listing_states_each_finding_and_the_commission(world: World) -> None:
    case = world.submitted(contractor=True)
    with pytest.raises(BadFacts) as refused:
        world.act(case, "list", "authority", year=2026, evaluation=WORDS)
    assert set(refused.value.errors) == {
        "no_duplicate",
        "cloud_met",
        "network_met",
        "sharing_met",
        "commission",
    }
    world.both(case, "list", "authority", "authority_lead", commission="渝数委〔2026〕3号", **LIST)
    assert [project.name for project in queries.listed(2026)] == ["生态环境监测一体化平台"]


def test_returned_for_completion_and_withdrawn_from_the_list(world: World) -> None:
    case = world.submitted()
    world.act(case, "return", "authority", defects="没有写明替代的系统")
    assert state(case) == "PREPARING"
    world.both(case, "submit", "provider", "provider_lead", **SUBMIT)
    world.both(case, "list", "authority", "authority_lead", **LIST)
    assert queries.listed().exists()
    world.act(case, "withdraw", "provider", reason="暂缓建设")
    assert state(case) == "WITHDRAWN" and not queries.listed().exists()


# T63: the list before the plan, and at acceptance


@pytest.mark.duty("CAT-38")
def test_no_plan_without_a_complete_list(world: World) -> None:
    case = world.listed()
    with pytest.raises(Guarded, match="还没有预编制"):
        world.act(case, "apply-plan", "provider", plan="建设方案（报批稿）", items="")
    world.draft("不完整的条目", update_cycle="", gathered="")
    with pytest.raises(Guarded, match="没有填写完整"):
        world.act(case, "apply-plan", "provider", plan="建设方案（报批稿）", items="不完整的条目")
    world.draft()
    world.act(case, "apply-plan", "provider", plan="建设方案（报批稿）", items="水质监测数据")
    world.sign(case, "provider_lead")
    assert state(case) == "PLAN_REVIEW"


@pytest.mark.duty("CAT-38")
def test_the_case_holds_the_drafts_while_their_list_is_reviewed(world: World) -> None:
    case = world.planned()
    draft = Draft.objects.get()
    assert (draft.case, draft.stage) == (case, Draft.Stage.SUBMITTED)
    with pytest.raises(drafts.DraftRefused):
        world.draft()
    world.act(case, "return-plan", "planning", defects="补充数据流向图")
    draft.refresh_from_db()
    assert (draft.case, draft.stage, state(case)) == (None, Draft.Stage.EDITING, "LISTED")


def test_a_plan_that_is_refused_ends_it(world: World) -> None:
    case = world.planned()
    world.both(case, "refuse-plan", "planning", "planning_lead", reason=WORDS, basis=LAW)
    assert state(case) == "REFUSED"
    assert Draft.objects.get().case is None


def test_a_design_that_is_returned(world: World) -> None:
    case = world.planned()
    world.both(
        case,
        "approve-plan",
        "planning",
        "planning_lead",
        number="发改批〔2026〕1号",
        approved_on="2026-09-28",
    )
    assert Draft.objects.get().stage == Draft.Stage.EDITING
    world.both(case, "submit-design", "provider", "provider_lead", design="初步设计（报审稿）")
    assert Draft.objects.get().case == case
    world.both(case, "return-design", "authority", "authority_lead", defects="接口没有写明")
    assert state(case) == "DESIGNING"


@pytest.mark.duty("CAT-38")
def test_accepted_only_when_every_entry_is_live(world: World) -> None:
    case = world.built()
    world.both(case, "apply-acceptance", "provider", "provider_lead", finished_on="2026-09-27", summary=WORDS)
    said = {"accepted_by": "市生态环境局", "accepted_on": "2026-09-28", "opinion": "清单已经核对。"}
    with pytest.raises(Guarded, match="还有 1 条没有完成.*未完成"):
        world.act(case, "accept", "authority", **said)
    world.both(case, "fail-acceptance", "authority", "authority_lead", missing="水质监测数据没有发布")
    assert state(case) == "BUILDING"
    world.publish(data=False)
    world.both(case, "apply-acceptance", "provider", "provider_lead", finished_on="2026-09-27", summary=WORDS)
    with pytest.raises(Guarded, match="已发布，数据未汇聚"):
        world.act(case, "accept", "authority", **said)


@pytest.mark.duty("CAT-38")
def test_or_let_off_with_a_reason(world: World) -> None:
    case = world.built()
    world.both(case, "apply-acceptance", "provider", "provider_lead", finished_on="2026-09-27", summary=WORDS)
    said = {"accepted_by": "市生态环境局", "accepted_on": "2026-09-28", "opinion": "清单已经核对。"}
    for wrong in ("别的条目：理由", "水质监测数据"):
        with pytest.raises(BadFacts) as refused:
            world.act(case, "accept", "authority", exemptions=wrong, **said)
        assert "exemptions" in refused.value.errors
    world.both(case, "accept", "authority", "authority_lead", exemptions="水质监测数据：职能已划出", **said)
    (row,) = items.completion(Project.objects.get(case=case))
    assert (row.word, row.item.exempted) == ("不要求", "职能已划出")


# ends, limits, who signs


def test_terminated_with_the_authoritys_consent(world: World) -> None:
    case = world.planned()
    world.act(case, "terminate", "provider", reason=WORDS, collected="无")
    assert ("市大数据局", "lead") in turn_of(case)
    with pytest.raises(NoRight):
        world.sign(case, "provider_lead")
    world.sign(case, "authority_lead")
    assert state(case) == "TERMINATED"
    assert Draft.objects.get().case is None
    assert not Deadline.objects.filter(case=case, outcome="open").exists()


@pytest.mark.duty("CAT-37")
def test_a_stage_that_takes_too_long_only_reminds(world: World) -> None:
    case = world.submitted()
    row = Deadline.objects.get(case=case)
    assert (row.clock, row.on_pass) == ("ASSESS", Deadline.OnPass.REMIND)
    sweep(row.due_at + timedelta(hours=1), take_step=take_step)
    row.refresh_from_db()
    assert row.breached_at is None


def test_each_level_has_its_own_offices(world: World) -> None:
    district = District.objects.get(code="500103")
    kind = Organisation.Kind.DISTRICT_DEPARTMENT
    body = Organisation.objects.create(
        code="d-1", name="渝中区教委", short_name="渝中区教委", kind=kind, district=district
    )
    money = Organisation.objects.create(
        code="d-2",
        name="渝中区财政局",
        short_name="渝中区财政局",
        kind=kind,
        district=district,
        duty=Duty.FINANCE,
    )
    on = MONDAY.date()
    assert office_for(Duty.FINANCE, body, on) == money
    assert office_for(Duty.FINANCE, world.cast.organisation("provider"), on).short_name == "市财政局"
    assert office_for(Duty.PLANNING, body, on).short_name == "市发展改革委"
    assert level_authority(body, on) == world.cast.organisation("district")
    assert level_authority(world.cast.organisation("provider"), on) == world.cast.organisation("authority")


# what stands beside projects


@pytest.mark.duty("CAT-41")
def test_legacy_systems_are_kept_by_the_city_authority(world: World) -> None:
    said = {
        "owner": world.cast.organisation("provider"),
        "name": "环境数据共享平台",
        "kind": "sharing",
        "data": "空气、水质",
        "merge_by": date(2026, 12, 31),
        "status": "apart",
    }
    with pytest.raises(NoRight):
        actions.register_system(said, at=MONDAY, by=world.cast.actor("provider", MONDAY))
    by = world.cast.actor("authority", MONDAY)
    system = actions.register_system(said, at=MONDAY, by=by)
    actions.move_system(system, status="merging", on=date(2026, 9, 28), note="数据迁移", at=MONDAY, by=by)
    (row,) = queries.with_status(LegacySystem.objects.all())
    assert (row.status, row.status_note, system.statuses.count()) == ("merging", "数据迁移", 2)


@pytest.mark.duty("CAT-39")
def test_money_is_given_in_view_of_what_auditors_found(world: World) -> None:
    said = {
        "body": world.cast.organisation("provider"),
        "project": None,
        "auditor": "重庆市审计局",
        "document": "审计报告〔2026〕9号",
        "issued_on": date(2026, 8, 1),
        "result": "open",
        "finding": "上一项目有两条目录没有发布。",
    }
    with pytest.raises(NoRight):
        actions.enter_audit(said, at=MONDAY, by=world.cast.actor("provider", MONDAY))
    row = actions.enter_audit(said, at=MONDAY, by=world.cast.actor("audit", MONDAY))
    assert row.entered_for.short_name == "市审计局"
    assert list(queries.audits(world.cast.actor("provider", MONDAY))) == [row]
    assert list(queries.audits(world.cast.actor("finance", MONDAY))) == [row]
    assert not queries.audits(world.cast.actor("requester", MONDAY)).exists()
    case = world.listed("upkeep")
    with pytest.raises(BadFacts) as refused:
        world.act(case, "fund-upkeep", "finance", **FUND)
    assert "审计报告〔2026〕9号" in refused.value.errors["audit"][0]
    world.act(case, "fund-upkeep", "finance", audit="核减一成，整改后补足。", **FUND)
    assert AuditFinding.objects.count() == 1 and state(case) == "FUNDED"
