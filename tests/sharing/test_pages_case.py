"""The case page: where a case stands, what may be done on it, and every way in which doing it can be refused."""

from __future__ import annotations

from datetime import timedelta

import clock
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procedures.models import Act, Attachment, Case, Proposal

from tests.sharing.conftest import MONDAY

REASON = "目录条件限于依法履行职责，本件的用途超出这一范围。"
REFUSAL = {"reason": REASON, "basis": "《重庆市数据条例》第二十五条第三款"}
QUESTION = {
    "unsettled": "增量文件是否属于批量获取",
    "question": "每日增量文件能否提供，需要哪些限制",
    "reason": "目录没有规定增量文件的提供条件",
}


@pytest.fixture
def case(world) -> Case:
    return world.request()


def url(case: Case, rest: str = "") -> str:
    return f"/cases/{case.number}/{rest}"


def take(client, case: Case, step: str, version: int | None = None, **facts):
    data = {"version": case.version if version is None else version, **facts}
    return client.post(url(case, f"steps/{step}/"), data)


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


# who sees it


@pytest.mark.parametrize("name", ["authority", "authority_lead", "requester", "requester_lead", "auditor"])
def test_parties_and_the_auditor_see_it(case, browser, name) -> None:
    assert browser(name).get(url(case)).status_code == 200


@pytest.mark.parametrize("name", ["stranger", "provider", "citizen", "company", "sysadmin"])
def test_it_does_not_exist_for_anybody_else(case, browser, name) -> None:
    """The provider is nobody here until it is consulted."""
    client = browser(name)
    assert client.get(url(case)).status_code == 404
    assert take(client, case, "grant").status_code == 404
    assert client.post(url(case, "note/"), {"text": "看一眼"}).status_code == 404


def test_a_visitor_is_sent_to_sign_in(case, client) -> None:
    response = client.get(url(case))
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_head_says_where_whose_turn_how_long_and_what_next(case, browser) -> None:
    page = text(browser("authority").get(url(case)))
    assert "第 2 步，共 5 步" in page
    assert 'class="turn"' in page
    assert '<span class="n">5</span>个工作日' in page
    assert "同意共享、不同意共享、征求意见" in page


def test_the_other_side_reads_that_it_waits(case, browser) -> None:
    page = text(browser("requester").get(url(case)))
    assert 'class="turn"' not in page
    assert "市大数据局" in page
    assert "撤回后各项期限终止" in page
    assert 'name="reason"' not in page
    assert "同意全部或者部分信息项" not in page


# forms of steps


def test_a_step_opens_without_script(case, browser) -> None:
    page = text(browser("authority").get(url(case), {"step": "refuse"}))
    assert 'id="refuse_reason"' in page
    assert 'id="grant_scope"' not in page


def test_what_follows_names_no_body_that_has_not_joined(world, case, browser) -> None:
    """The provider joins when it is consulted: until then nobody tells it of a refusal or a withdrawal."""

    def follows(name: str, step: str) -> str:
        page = text(browser(name).get(url(case), {"step": step}))
        start = page.index('class="effect"')
        return page[start : page.index("</ul>", start)]

    provider = world.entry.provider.short_name
    assert provider not in follows("authority", "refuse")
    assert provider not in follows("requester", "withdraw")
    world.perform(case, "consult", "authority", MONDAY, **QUESTION)
    assert provider in follows("requester", "withdraw")


def test_a_step_opens_by_itself_for_htmx(case, browser) -> None:
    client = browser("authority")
    part = client.get(url(case, "steps/consult/"), headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in text(part)
    assert 'name="question"' in text(part)
    assert "市生态环境局须在" in text(part)
    assert client.get(url(case, "steps/consult/")).status_code == 302


@pytest.mark.parametrize("step", ["withdraw", "opine", "expire", "submit", "nothing"])
def test_no_form_for_what_is_not_the_persons(case, browser, step) -> None:
    response = browser("authority").get(url(case, f"steps/{step}/"), headers={"HX-Request": "true"})
    assert response.status_code == 404


def test_a_precondition_is_told_instead_of_the_form(open_world, browser) -> None:
    case = open_world.request()
    Case.objects.filter(pk=case.pk).update(state="ANSWERING", closed_at=None)
    page = text(browser("authority").get(url(case), {"step": "consult"}))
    assert "目录已经确定" in page
    assert 'name="question"' not in page


# taking a step


@pytest.mark.duty("SHA-06")
def test_consulting_moves_the_case_and_says_the_new_date(case, browser) -> None:
    client = browser("authority")
    response = take(client, case, "consult", **QUESTION)
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.state == "CONSULTING"
    page = text(client.get(url(case)))
    assert "“征求意见”已办理，本件转为“征求意见”" in page
    assert "9 月 24 日" in page


def test_errors_keep_what_was_typed(case, browser) -> None:
    response = take(browser("authority"), case, "consult", **{**QUESTION, "question": "短"})
    page = text(response)
    assert response.status_code == 422
    assert "有 1 处需要更正" in page
    assert "至少写 5 个字，现在是 1 个字" in page
    assert QUESTION["reason"] in page
    case.refresh_from_db()
    assert case.state == "ANSWERING"


def test_a_stale_page_shows_what_is_new_and_keeps_what_was_typed(world, case, browser) -> None:
    seen = case.version
    world.perform(case, "consult", "authority", MONDAY, **QUESTION)
    response = take(browser("authority"), case, "refuse", version=seen, **REFUSAL)
    page = text(response)
    assert response.status_code == 412
    assert "有了新的进展" in page
    assert REASON in page
    assert "征求意见" in page


def test_a_stale_form_can_be_sent_again(world, case, browser) -> None:
    client = browser("authority")
    seen = case.version
    world.perform(case, "consult", "authority", MONDAY, **QUESTION)
    perform_back(world, case)
    response = take(client, case, "refuse", version=seen, **REFUSAL)
    assert response.status_code == 412
    case.refresh_from_db()
    assert f'name="version" value="{case.version}"' in text(response)
    assert take(client, case, "refuse", **REFUSAL).status_code == 302


def perform_back(world, case: Case) -> None:
    facts = {"opinion": "can", "reason": "可以提供，按现有条件使用。"}
    world.perform(case, "opine", "provider", MONDAY, **facts)
    world.sign(case, "provider_lead", MONDAY)


def test_two_clicks_act_once(case, browser) -> None:
    client = browser("authority")
    assert take(client, case, "consult", **QUESTION).status_code == 302
    assert take(client, case, "consult", **QUESTION).status_code == 412
    assert Act.objects.filter(case=case, step="consult").count() == 1


@pytest.mark.parametrize("version", ["", "x", "1" * 30])
def test_a_form_without_its_version_is_no_form(case, browser, version) -> None:
    assert take(browser("authority"), case, "consult", version=version, **QUESTION).status_code == 404


@pytest.mark.parametrize(
    ("name", "step", "status"),
    [("authority", "withdraw", 403), ("requester", "grant", 403), ("authority", "opine", 409)],
)
def test_what_is_not_the_persons_is_refused(case, browser, name, step, status) -> None:
    response = take(browser(name), case, step, reason="没有岗位也要试一试")
    assert response.status_code == status
    assert "没有办理" in text(response)
    case.refresh_from_db()
    assert case.state == "ANSWERING"


def test_the_systems_steps_are_not_for_people(case, browser) -> None:
    assert take(browser("authority"), case, "no-opinion").status_code == 404


# the second person


@pytest.fixture
def drafted(world, case) -> Case:
    return world.perform(case, "refuse", "authority", MONDAY, **REFUSAL)


def test_the_signer_reads_the_draft_in_full_and_signs(drafted, browser) -> None:
    client = browser("authority_lead")
    page = text(client.get(url(drafted)))
    assert "“不同意共享”的文稿待签发" in page
    assert "不同意的理由" in page
    assert REASON in page
    assert client.post(url(drafted, "sign/"), {"version": drafted.version}).status_code == 302
    drafted.refresh_from_db()
    assert drafted.state == "REFUSED"
    assert "已签发" in text(client.get(url(drafted)))


def test_other_bodies_do_not_read_the_draft(drafted, browser) -> None:
    page = text(browser("requester").get(url(drafted)))
    assert REASON not in page
    assert "送签" not in page


def test_the_drafter_cannot_sign(drafted, browser) -> None:
    client = browser("authority")
    assert "取回修改" in text(client.get(url(drafted)))
    response = client.post(url(drafted, "sign/"), {"version": drafted.version})
    assert response.status_code == 403
    assert "起草人不能签发" in text(response)


def test_sending_back_needs_a_note(drafted, browser) -> None:
    client = browser("authority_lead")
    assert (
        client.post(url(drafted, "send-back/"), {"version": drafted.version, "note": ""}).status_code == 422
    )
    sent = client.post(url(drafted, "send-back/"), {"version": drafted.version, "note": "依据写到款"})
    assert sent.status_code == 302
    assert Proposal.objects.get().closed_how == "sent-back"
    assert "依据写到款" in text(browser("authority").get(url(drafted)))


def test_the_drafter_takes_it_back(drafted, browser) -> None:
    response = browser("authority").post(url(drafted, "send-back/"), {"version": drafted.version})
    assert response.status_code == 302
    assert Proposal.objects.get().closed_how == "recalled"


def test_while_a_draft_waits_other_steps_are_refused(drafted, browser) -> None:
    response = take(browser("authority"), drafted, "consult", **QUESTION)
    assert response.status_code == 409
    assert "正在送签" in text(response)
    assert QUESTION["question"] in text(response)


def test_signing_twice_says_that_nothing_waits(drafted, browser) -> None:
    client = browser("authority_lead")
    client.post(url(drafted, "sign/"), {"version": drafted.version})
    again = client.post(url(drafted, "sign/"), {"version": drafted.version})
    assert again.status_code == 412


# notes, handing over, files


def test_a_note_is_read_by_the_own_body_alone(case, browser) -> None:
    client = browser("authority")
    assert client.post(url(case, "note/"), {"text": "<b>电话核实</b>过用途"}).status_code == 302
    page = text(browser("authority_lead").get(url(case)))
    assert "&lt;b&gt;电话核实&lt;/b&gt;过用途" in page
    assert "本单位可见" in page
    assert "电话核实" not in text(browser("requester").get(url(case)))


def test_an_empty_note_is_refused(case, browser) -> None:
    response = browser("authority").post(url(case, "note/"), {"text": " "})
    assert response.status_code == 422
    assert "2 至 2000 个字" in text(response)


def test_a_lead_gives_the_case_to_one_of_the_body(world, case, browser) -> None:
    second = world.second_officer("authority")
    client = browser("authority_lead")
    assert "转办" in text(client.get(url(case)))
    assert client.post(url(case, "reassign/"), {"to": world.cast.user(second).pk}).status_code == 302
    page = text(browser("authority").get(url(case)))
    assert 'class="turn"' not in page
    assert 'class="turn"' in text(browser(second).get(url(case)))


def test_to_whom_it_may_be_given_is_read_when_it_is_asked(world, case, browser) -> None:
    client, officer = browser("authority_lead"), world.cast.user("authority")
    option = f'<option value="{officer.pk}">'
    assert option not in text(client.get(url(case)))
    assert option in text(client.get(url(case), {"give": 1}))
    part = client.get(url(case, "reassign/"), headers={"HX-Request": "true"})
    assert option in text(part) and "<html" not in text(part)
    assert client.get(url(case, "reassign/"))["Location"] == url(case, "?give=1#give")
    refused = browser("authority")
    assert option not in text(refused.get(url(case), {"give": 1}))
    assert refused.get(url(case, "reassign/"), headers={"HX-Request": "true"}).status_code == 404


def test_an_officer_gives_nothing_away_and_nobody_to_outsiders(world, case, browser) -> None:
    to = {"to": world.cast.user("authority").pk}
    assert browser("authority").post(url(case, "reassign/"), to).status_code == 403
    outsider = {"to": world.cast.user("requester").pk}
    assert browser("authority_lead").post(url(case, "reassign/"), outsider).status_code == 422


def test_a_case_is_not_given_to_somebody_who_cannot_take_its_steps(world, case, browser) -> None:
    client, lead = browser("authority_lead"), world.cast.user("authority_lead")
    assert f'value="{lead.pk}"' not in text(client.get(url(case), {"give": 1}))
    refused = client.post(url(case, "reassign/"), {"to": lead.pk})
    assert refused.status_code == 422 and "没有经办岗位" in text(refused)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_added_and_read_by_the_parties(case, browser, media) -> None:
    upload = SimpleUploadedFile("说明 <b>.pdf", b"%PDF-1.7 text", content_type="text/html")
    assert browser("requester").post(url(case, "attachments/"), {"file": upload}).status_code == 302
    added = Attachment.objects.get()
    assert "说明 &lt;b&gt;.pdf" in text(browser("authority").get(url(case)))
    response = browser("authority").get(url(case, f"attachments/{added.pk}/"))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert browser("stranger").get(url(case, f"attachments/{added.pk}/")).status_code == 404


def test_a_file_that_is_not_what_it_says_is_refused(case, browser, media) -> None:
    upload = SimpleUploadedFile("说明.pdf", b"<script>alert(1)</script>")
    response = browser("requester").post(url(case, "attachments/"), {"file": upload})
    assert response.status_code == 422
    assert "内容与扩展名不符" in text(response)


# what it shows


def test_hostile_and_long_words_are_only_words(world, browser) -> None:
    evil = "<script>alert(1)</script>用于核验、推送和督促维修的全过程" + "长" * 200
    case = world.request(scenario=evil)
    page = text(browser("authority").get(url(case)))
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_persons_are_named_to_their_own_body(case, browser) -> None:
    assert "交通委经办" in text(browser("requester_lead").get(url(case)))
    assert "交通委经办" not in text(browser("authority").get(url(case)))
    assert "市交通运输委 经办人" in text(browser("authority").get(url(case)))


def test_an_overdue_limit_is_counted_and_told(case, browser) -> None:
    with clock.travel(MONDAY + timedelta(days=21)):
        page = text(browser("authority").get(url(case)))
    assert "逾期" in page
    assert 'class="n t-bad"' in page


def test_a_refused_case_leads_to_an_objection(world, drafted, browser) -> None:
    world.sign(drafted, "authority_lead", MONDAY)
    page = text(browser("requester").get(url(drafted)))
    assert f"/file/sharing-objection/{drafted.number}/" in page
    assert "/file/sharing-objection/" not in text(browser("authority").get(url(drafted)))


def test_a_case_in_use_leads_to_a_look_into_it(world, browser) -> None:
    case = world.granted()
    assert case.state == "IN_USE"
    assert f"/file/grant-revocation/{case.number}/" in text(browser("authority").get(url(case)))
    assert f"/file/grant-revocation/{case.number}/" in text(browser("provider").get(url(case)))
    assert "/file/grant-revocation/" not in text(browser("requester").get(url(case)))


def test_the_number_of_queries_does_not_grow_with_the_history(world, case, browser) -> None:
    client = browser("authority")

    def queries() -> int:
        client.get(url(case))
        with CaptureQueriesContext(connection) as asked:
            client.get(url(case))
        return len(asked)

    world.perform(case, "consult", "authority", MONDAY, **QUESTION)
    perform_back(world, case)
    before = queries()
    for number in range(12):
        client.post(url(case, "note/"), {"text": f"第 {number} 次记录"})
    assert queries() == before
    assert before <= 19
