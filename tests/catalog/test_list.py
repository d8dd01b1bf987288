"""部门目录清单: from the call to adoption, by each way and each way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from accounts.models import Organisation, Role
from deadlines.models import Deadline
from documents.models import Paper
from procedures.models import Act, Case, Turn
from procedures.refusals import BadFacts, Guarded, NoRight, WrongState

from catalog.models import CatalogueList, Draft
from security.models import Lead
from tests.catalog.city import MONDAY, City
from tests.law import load_law

Stage = Draft.Stage


@pytest.fixture
def city(cast) -> City:
    load_law()
    return City(cast)


@pytest.fixture
def called(city: City) -> Case:
    return city.list_of(city.open_round(), "provider")


def stages(body: str = "") -> dict[str, str]:
    return dict(Draft.objects.values_list("name", "stage"))


@pytest.mark.duty("CAT-09")
def test_the_call_reaches_the_body_with_its_date_and_its_paper(city: City, called: Case):
    assert called.state == "COMPILING"
    assert Deadline.objects.get(case=called, clock="LIST").due_on == date(2026, 10, 21)
    assert Deadline.objects.get(case=called, clock="LIST").on_pass == Deadline.OnPass.REMIND
    assert [t.organisation for t in Turn.objects.filter(case=called)] == [city.cast.organisation("provider")]
    paper = Paper.objects.get(case=called, kind="catalogue-call")
    assert "不得瞒报、漏报" in str(paper.content)


@pytest.mark.duty("CAT-03", "CAT-09", "CAT-12")
def test_the_principal_signs_the_whole_list_and_the_case_takes_up_every_draft(city: City, called: Case):
    city.draft("provider", "水质监测")
    city.draft("provider", "噪声监测")
    city.perform(
        called, "submit", "provider", complete=True, demands="机动车登记信息｜机动车排放监管｜市公安局"
    )
    with pytest.raises(NoRight):
        city.sign(called, "provider")
    case = city.sign(called, "provider_lead")
    assert case.state == "CITY_REVIEW"
    assert set(stages().values()) == {Stage.SUBMITTED}
    assert Deadline.objects.get(case=case, clock="LIST").outcome == "met"
    paper = Paper.objects.get(case=case, kind="catalogue-list")
    assert "水质监测（新增）" in str(paper.content) and "机动车登记信息" in str(paper.content)
    assert case.catalogue_list.demands == [
        {"items": "机动车登记信息", "function": "机动车排放监管", "source": "市公安局"}
    ]


@pytest.mark.duty("CAT-09")
def test_a_list_is_refused_without_the_declaration_and_with_unfinished_entries(city: City, called: Case):
    with pytest.raises(BadFacts) as refusal:
        city.perform(called, "submit", "provider")
    assert set(refusal.value.errors) == {"complete", "nothing_new"}
    city.draft("provider", "水质监测", summary="")
    with pytest.raises(Guarded, match="请填写“摘要”"):
        city.perform(called, "submit", "provider", complete=True)
    assert set(stages().values()) == {Stage.EDITING}


def test_what_changed_after_it_was_drafted_is_not_signed(city: City, called: Case):
    city.draft("provider", "水质监测")
    city.perform(called, "submit", "provider", complete=True)
    city.draft("provider", "噪声监测")
    with pytest.raises(BadFacts, match="条目在此期间有改动"):
        city.sign(called, "provider_lead")
    assert set(stages().values()) == {Stage.EDITING}


def test_a_body_with_nothing_new_says_so(city: City, called: Case):
    case = city.submit(called, "provider", "provider_lead", nothing_new="已发布条目仍然完整、准确。")
    assert case.state == "CITY_REVIEW"
    assert city.adopt(case).state == "ADOPTED"


@pytest.fixture
def gathered(city: City) -> tuple[str, Case]:
    """A department of the district, whose list its data authority gathers."""
    authority = city.cast.organisation("district")
    body = Organisation.objects.create(
        code="500103-jw",
        name="渝中区教育委员会",
        short_name="渝中区教委",
        kind=Organisation.Kind.DISTRICT_DEPARTMENT,
        district=authority.district,
    )
    city.cast.organisations["schools"] = body
    city.person("schools", body, Role.OFFICER)
    city.person("schools_lead", body, Role.LEAD, Role.PRINCIPAL)
    city.person("district_lead", authority, Role.LEAD)
    city.draft("schools", "小学学位")
    return "schools", city.list_of(city.open_round(["schools"]), "schools")


@pytest.mark.duty("CAT-06", "CAT-09", "CAT-12")
def test_a_district_department_reports_by_way_of_its_data_authority(city: City, gathered):
    _body, case = gathered
    with pytest.raises(Guarded, match="先报渝中区数据主管部门汇总"):
        city.perform(case, "submit", "schools", complete=True)
    case = city.submit(case, "schools", "schools_lead", step="submit-to-merger")
    assert case.state == "MERGING"
    with pytest.raises(NoRight):
        city.perform(case, "merge", "authority", joined="同意上报")
    city.perform(case, "merge", "district", joined="情况属实，同意上报。")
    case = city.sign(case, "district_lead")
    assert case.state == "CITY_REVIEW"
    assert Paper.objects.get(case=case, kind="catalogue-joined-list").issuer == city.cast.organisation(
        "district"
    )


@pytest.mark.duty("CAT-10")
def test_a_public_service_body_reports_by_way_of_its_sector_department(city: City):
    sector = city.cast.organisation("requester")
    body = Organisation.objects.create(
        code="bus", name="重庆市公共交通公司", short_name="公交公司", kind="public-service", parent=sector
    )
    city.cast.organisations["bus"] = body
    city.person("bus", body, Role.OFFICER)
    city.person("bus_lead", body, Role.PRINCIPAL)
    city.draft("bus", "公交线路")
    from catalog.relations import merger_of

    assert merger_of(body, MONDAY.date()) == sector
    assert merger_of(city.cast.organisation("provider"), MONDAY.date()) is None
    assert merger_of(city.cast.organisation("district"), MONDAY.date()) is None


@pytest.mark.duty("CAT-08", "CAT-09")
def test_the_gathering_authority_sends_back_in_its_own_name(city: City, gathered):
    _body, case = gathered
    case = city.submit(case, "schools", "schools_lead", step="submit-to-merger")
    case = city.perform(
        case,
        "merger-send-back",
        "district",
        exceptions="小学学位｜退回｜信息项类型·pm25｜应为数字",
        until="2026-10-30",
    )
    assert case.state == "COMPILING"
    assert Deadline.objects.filter(case=case, clock="LIST").latest("id").due_on == date(2026, 10, 30)
    draft = Draft.objects.get(name="小学学位")
    assert (draft.stage, draft.case, draft.finding) == (Stage.EDITING, None, Draft.Finding.RETURN)
    assert draft.problems[0] == {
        "field": "items", "message": "审核退回：应为数字", "cites": [], "row": 3, "part": "type"
    }  # fmt: skip
    paper = Paper.objects.get(case=case, kind="catalogue-list-returned-by-merger")
    assert paper.issuer == city.cast.organisation("district") and "应为数字" in str(paper.content)


@pytest.mark.duty("CAT-08", "CAT-09")
def test_only_the_named_drafts_go_back_and_all_when_none_is_named(city: City, called: Case):
    for name in ("水质监测", "噪声监测"):
        city.draft("provider", name)
    case = city.submit(called, "provider", "provider_lead")
    with pytest.raises(BadFacts, match="请写明要改什么"):
        city.perform(case, "send-back", "authority", until="2026-10-30")
    with pytest.raises(BadFacts, match="本件没有名为“大气”的条目"):
        city.perform(case, "send-back", "authority", exceptions="大气｜退回｜摘要｜太短", until="2026-10-30")
    case = city.perform(
        case, "send-back", "authority", exceptions="水质监测｜退回｜摘要｜写明监测项目", until="2026-10-30"
    )
    assert stages() == {"水质监测": Stage.EDITING, "噪声监测": Stage.SUBMITTED}
    case = city.submit(case, "provider", "provider_lead", MONDAY + timedelta(days=1))
    assert set(stages().values()) == {Stage.SUBMITTED}
    city.perform(case, "send-back", "authority", defects="更新周期请统一核实以后再报。", until="2026-10-30")
    assert set(stages().values()) == {Stage.EDITING}


def test_a_body_takes_its_list_back_before_the_decision(city: City, called: Case):
    city.draft("provider", "水质监测")
    case = city.submit(called, "provider", "provider_lead")
    case = city.perform(case, "recall", "provider", reason="补充两项监测数据")
    assert case.state == "COMPILING" and stages() == {"水质监测": Stage.EDITING}
    case = city.submit(case, "provider", "provider_lead", MONDAY + timedelta(hours=2))
    case = city.adopt(case)
    with pytest.raises(WrongState):
        city.perform(case, "recall", "provider", reason="已经纳入以后")


@pytest.mark.duty("CAT-02", "CAT-11", "CAT-18")
def test_adopting_stages_all_but_the_exceptions_each_with_its_reason(city: City, called: Case):
    for name in ("水质监测", "噪声监测", "监测站点保密位置"):
        city.draft("provider", name)
    case = city.submit(called, "provider", "provider_lead")
    lines = "监测站点保密位置｜不纳入｜涉密｜位置信息按保密规定办理\n噪声监测｜退回｜更新周期｜与规范不符"
    case = city.adopt(case, exceptions=lines, opinion="其余同意。")
    assert case.state == "ADOPTED"
    assert stages() == {
        "水质监测": Stage.ADOPTED,
        "噪声监测": Stage.EDITING,
        "监测站点保密位置": Stage.DROPPED,
    }
    left_out = Draft.objects.get(name="监测站点保密位置")
    assert (left_out.finding, left_out.finding_reason) == ("leave-out", "涉密｜位置信息按保密规定办理")
    assert "位置信息按保密规定办理" in str(
        Paper.objects.get(case=case, kind="catalogue-list-adopted").content
    )
    assert Act.objects.get(case=case, step="adopt").facts["exceptions"] == lines


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("水质监测｜不纳入｜重复来源", "四部分用竖线隔开"),
        ("水质监测｜不纳入｜不喜欢｜没有理由", "不纳入的事由写"),
        ("水质监测｜退回｜颜色｜换一种", "没有“颜色”这一要素"),
        ("水质监测｜同意｜整条｜可以", "“同意”不能用在这里"),
    ],
)
def test_a_remark_that_cannot_be_understood_is_refused_with_its_line(city: City, called: Case, line, why):
    city.draft("provider", "水质监测")
    case = city.submit(called, "provider", "provider_lead")
    with pytest.raises(BadFacts, match=f"第 1 行：.*{why}"):
        city.perform(case, "adopt", "authority", exceptions=line)


@pytest.mark.duty("CAT-18", "CAT-20")
def test_what_breaks_a_rule_is_adopted_by_nobody(city: City, called: Case):
    city.draft("provider", "水质监测")
    case = city.submit(called, "provider", "provider_lead")
    draft = Draft.objects.get()
    draft.content = {**draft.content, "sharing_type": "conditional"}
    draft.save()
    with pytest.raises(Guarded, match="有 1 条不能纳入"):
        city.perform(case, "adopt", "authority")


def test_who_reported_a_list_does_not_review_it(city: City):
    round_ = city.open_round(["authority"])
    case = city.list_of(round_, "authority")
    both = city.person("principal", city.cast.organisation("authority"), Role.PRINCIPAL, Role.OFFICER)
    city.draft("authority", "平台运行日志")
    case = city.submit(case, "authority", both)
    for who in ("authority", both):
        with pytest.raises(Guarded, match="须由其他人员审核"):
            city.perform(case, "adopt", who)
    other = city.person("other", city.cast.organisation("authority"), Role.OFFICER)
    city.perform(case, "adopt", other)
    assert city.sign(case, "authority_lead").state == "ADOPTED"


@pytest.mark.duty("CAT-09", "CAT-15")
def test_a_list_that_never_came_is_a_lead_and_its_contents_stay(city: City):
    round_ = city.open_round()
    case = city.list_of(round_, "provider")
    city.draft("provider", "水质监测")
    with pytest.raises(NoRight):
        city.perform(case, "miss", "authority")
    city.perform(round_, "close", "authority")
    city.hear()
    case.refresh_from_db()
    assert case.state == "NOT_SUBMITTED" and case.closed_at is not None
    assert Lead.objects.get(case=case).ground == "GOV19-50(一)"
    assert stages() == {"水质监测": Stage.EDITING}
    assert CatalogueList.objects.get(case=case).round.closed["missing"] == ["市生态环境局"]
