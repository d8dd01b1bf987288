"""Filing: what may not be filed is said before anything is filled in, and nothing filled in is ever lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procedures.models import Attachment, Case, Draft

from catalog.models import Entry
from tests.sharing.conftest import MONDAY

APPLY = "/file/sharing-request/CAR/"
CLAIM = {
    "matter": "refusal",
    "claim": "本单位履行法定职责确有需要，请求予以共享。",
    "basis": "《重庆市数据条例》第二十五条第一款",
}


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def send(client, address: str, facts: dict, do: str = "file", **more):
    return client.post(address, {**facts, "do": do, "once": "a1", **more})


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# the form


def test_the_form_says_what_it_is_about_and_how_long_it_takes(world, browser) -> None:
    page = text(browser("requester").get(APPLY))
    assert "市交通运输委申请共享“机动车排放检验结果信息”" in page
    assert "使用期限不超过 2 年" in page
    assert "9 月 29 日" in page
    assert "道路运输车辆技术管理" in page
    assert "为什么是这一天" in page


def test_the_catalogues_address_leads_here(world, browser) -> None:
    response = browser("requester").get("/sharing/apply/CAR/")
    assert response.status_code == 302
    assert response["Location"] == APPLY


@pytest.mark.parametrize(
    "address",
    [
        "/file/sharing-request/NOTHING/",
        "/file/nothing/CAR/",
        "/file/grant-revocation/99999999999999999999/",
        "/file/grant-revocation/x/",
    ],
)
def test_what_does_not_exist_is_not_found(world, browser, address) -> None:
    assert browser("requester").get(address).status_code == 404


def test_a_visitor_is_sent_to_sign_in(world, client) -> None:
    assert client.get(APPLY).status_code == 302


# refused before anything is filled in


def barred(world, browser, name: str = "requester"):
    response = browser(name).get(APPLY)
    page = text(response)
    assert "不能提交共享申请" in page
    assert 'name="scenario"' not in page
    return response, page


def test_an_unpublished_entry(world, browser) -> None:
    Entry.objects.filter(code="CAR").update(status=Entry.Status.WITHDRAWN)
    response, page = barred(world, browser)
    assert response.status_code == 409
    assert "没有发布" in page


def test_ones_own_data(world, browser) -> None:
    _response, page = barred(world, browser, "provider")
    assert "本单位提供的数据" in page


def test_an_entry_that_is_not_shared_leads_to_an_objection(world, browser) -> None:
    Entry.objects.filter(code="CAR").update(sharing_type="not-shared")
    _response, page = barred(world, browser)
    assert "不予共享" in page
    assert "/file/sharing-objection/CAR/" in page


@pytest.mark.parametrize("name", ["company", "citizen", "auditor", "requester_lead"])
def test_those_who_may_not_ask_are_told_so_kindly(world, browser, name) -> None:
    response, page = barred(world, browser, name)
    assert response.status_code == 403
    assert "所申请的数据" not in page


def test_a_filing_that_is_barred_is_refused_when_sent_too(world, browser) -> None:
    Entry.objects.filter(code="CAR").update(status=Entry.Status.WITHDRAWN)
    response = send(browser("requester"), APPLY, world.facts())
    assert response.status_code == 409
    assert "督促维修" in text(response)
    assert not Case.objects.exists()


# filing


@pytest.mark.duty("SHA-04")
def test_it_is_filed_and_says_by_when_it_is_answered(world, browser) -> None:
    client = browser("requester")
    response = send(client, APPLY, world.facts())
    case = Case.objects.get()
    assert response["Location"] == f"/cases/{case.number}/"
    page = text(client.get(response["Location"]))
    assert f"已提交，编号 {case.number}，9 月 29 日（星期二）24:00 前答复" in page


def test_the_same_sending_files_once(world, browser) -> None:
    client = browser("requester")
    first = send(client, APPLY, world.facts())
    second = send(client, APPLY, world.facts())
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_another_persons_sending_is_another_filing(world, browser) -> None:
    send(browser("requester"), APPLY, world.facts())
    second = world.second_officer("requester")
    send(browser(second), APPLY, world.facts())
    assert Case.objects.count() == 2


def test_errors_stand_above_and_beside_and_keep_the_rest(world, browser) -> None:
    response = send(browser("requester"), APPLY, world.facts(scenario="太短", last_day="2026-10-01"))
    page = text(response)
    assert response.status_code == 422
    assert "有 2 处需要更正" in page
    assert page.count("至少写 20 个字，现在是 2 个字") == 2
    assert "道路运输处 12 个账号" in page
    assert 'value="plate" class="" checked' in page or 'value="plate"' in page
    assert not Case.objects.exists()


def test_hostile_words_come_back_as_words(world, browser) -> None:
    page = text(send(browser("requester"), APPLY, world.facts(contact="<img src=x>", scenario="短")))
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


# drafts


@pytest.fixture
def draft(world, browser) -> Draft:
    send(browser("requester"), APPLY, {"scenario": "写到一半"}, "save")
    return Draft.objects.get()


def test_a_draft_is_kept_however_incomplete_and_resumed(world, browser, draft) -> None:
    client = browser("requester")
    page = text(client.get(f"/drafts/{draft.pk}/"))
    assert "写到一半" in page
    response = send(client, f"/drafts/{draft.pk}/", world.facts())
    assert response["Location"] == f"/cases/{Case.objects.get().number}/"
    assert not Draft.objects.exists()


def test_a_draft_stands_in_the_list(world, browser, draft) -> None:
    page = text(browser("requester").get("/work/", {"tab": "drafts"}))
    assert f"/drafts/{draft.pk}/" in page


@pytest.mark.parametrize("name", ["requester_lead", "authority", "stranger", "citizen"])
def test_a_draft_is_its_writers_own(world, browser, draft, name) -> None:
    client = browser(name)
    assert client.get(f"/drafts/{draft.pk}/").status_code == 404
    assert send(client, f"/drafts/{draft.pk}/", world.facts()).status_code == 404
    client.post(f"/drafts/{draft.pk}/discard/")
    assert Draft.objects.exists()


def test_a_draft_is_thrown_away(world, browser, draft) -> None:
    client = browser("requester")
    assert client.post(f"/drafts/{draft.pk}/discard/").status_code == 302
    assert not Draft.objects.exists()
    assert client.post(f"/drafts/{draft.pk}/discard/").status_code == 302


def test_a_draft_whose_entry_is_gone_can_still_be_read(world, browser, draft) -> None:
    Entry.objects.filter(code="CAR").update(status=Entry.Status.WITHDRAWN)
    page = text(browser("requester").get(f"/drafts/{draft.pk}/"))
    assert "没有发布" in page
    assert "写到一半" in page


def test_files_go_with_the_draft_into_the_case(world, browser, media) -> None:
    client = browser("requester")
    upload = SimpleUploadedFile("场景.pdf", b"%PDF-1.7 scene")
    assert send(client, APPLY, world.facts(), "file", files=upload).status_code == 302
    assert Attachment.objects.get().case == Case.objects.get()


def test_a_wrong_file_keeps_everything_else(world, browser, media) -> None:
    upload = SimpleUploadedFile("场景.exe", b"MZ")
    response = send(browser("requester"), APPLY, world.facts(), "file", files=upload)
    page = text(response)
    assert response.status_code == 422
    assert "类型不能接收" in page
    assert "督促维修" in page
    assert not Case.objects.exists()


# filing by two people


@pytest.fixture
def refused(world) -> Case:
    case = world.request()
    facts = {"reason": "超出履行职责所必需的范围。", "basis": "《重庆市数据条例》第二十五条第三款"}
    world.perform(case, "refuse", "authority", MONDAY, **facts)
    return world.sign(case, "authority_lead", MONDAY)


@pytest.fixture
def sent(world, refused, browser) -> Draft:
    response = send(browser("requester"), f"/file/sharing-objection/{refused.number}/", CLAIM, "send")
    assert response.status_code == 302
    return Draft.objects.get()


@pytest.mark.duty("SHA-14")
def test_an_objection_is_signed_by_the_lead(world, browser, sent) -> None:
    client = browser("requester_lead")
    assert "待您签发" in text(client.get("/work/", {"tab": "drafts"}))
    page = text(client.get(f"/drafts/{sent.pk}/"))
    assert CLAIM["claim"] in page
    assert "不同意共享的答复" in page
    response = client.post(f"/drafts/{sent.pk}/sign/")
    case = Case.objects.get(kind="sharing-objection")
    assert response["Location"] == f"/cases/{case.number}/"
    assert client.post(f"/drafts/{sent.pk}/sign/")["Location"] == "/work/?tab=drafts"


def test_it_cannot_be_filed_without_the_lead(world, refused, browser) -> None:
    response = send(browser("requester"), f"/file/sharing-objection/{refused.number}/", CLAIM, "file")
    assert response.status_code == 409
    assert CLAIM["claim"] in text(response)
    assert not Case.objects.filter(kind="sharing-objection").exists()


def test_an_incomplete_draft_is_not_sent_and_not_lost(world, refused, browser) -> None:
    address = f"/file/sharing-objection/{refused.number}/"
    response = send(browser("requester"), address, {**CLAIM, "basis": ""}, "send")
    assert response.status_code == 422
    assert Draft.objects.get().sent_at is None


def test_the_drafter_does_not_sign(world, browser, sent) -> None:
    response = browser("requester").post(f"/drafts/{sent.pk}/sign/")
    assert response.status_code == 403
    assert "您没有这一岗位" in text(response)


def test_it_is_sent_back_with_a_note_and_mended(world, browser, sent) -> None:
    lead = browser("requester_lead")
    assert lead.post(f"/drafts/{sent.pk}/send-back/", {"note": ""}).status_code == 422
    assert lead.post(f"/drafts/{sent.pk}/send-back/", {"note": "写清职责依据"}).status_code == 302
    assert "写清职责依据" in text(browser("requester").get(f"/drafts/{sent.pk}/"))


def test_the_drafter_takes_it_back(world, browser, sent) -> None:
    assert browser("requester").post(f"/drafts/{sent.pk}/send-back/").status_code == 302
    sent.refresh_from_db()
    assert sent.sent_at is None


@pytest.mark.parametrize("name", ["authority", "authority_lead", "stranger"])
def test_a_sent_draft_is_read_by_nobody_else(world, browser, sent, name) -> None:
    client = browser(name)
    assert client.get(f"/drafts/{sent.pk}/").status_code == 404
    client.post(f"/drafts/{sent.pk}/sign/")
    assert not Case.objects.filter(kind="sharing-objection").exists()


def test_nobody_objects_to_an_answer_to_somebody_else(world, refused, browser) -> None:
    address = f"/file/sharing-objection/{refused.number}/"
    assert browser("stranger").get(address).status_code == 404
    response = browser("authority").get(address)
    assert response.status_code == 409
    assert "不是本单位的申请" in text(response)


# again after a return


@pytest.fixture
def returned(world) -> Case:
    case = world.request()
    defects = "信息项：缺少必要性说明，请逐项补充。"
    return world.perform(case, "return", "authority", MONDAY, defects=defects)


def test_a_returned_request_is_filed_again_with_what_was_said(world, returned, browser) -> None:
    client = browser("requester")
    address = f"{APPLY}?previous={returned.number}"
    assert address in text(client.get(f"/cases/{returned.number}/"))
    page = text(client.get(address))
    assert "督促维修" in page
    assert "道路运输处 12 个账号" in page
    send(client, APPLY, world.facts(), previous=returned.number)
    assert Case.objects.get(previous=returned).state == "ANSWERING"


def test_only_ones_own_returned_request_is_followed(world, returned, browser) -> None:
    page = text(browser("district").get(f"{APPLY}?previous={returned.number}"))
    assert "督促维修" not in page
    assert returned.number not in page


# a look into a grant


def test_a_look_into_a_grant_begins_from_its_case(world, browser) -> None:
    case = world.granted()
    client = browser("provider")
    page = text(client.get(f"/file/grant-revocation/{case.number}/"))
    assert "所核查的授权" in page
    facts = {"ground": "scope", "facts": "夜间集中调用，账号多于申请时所说。", "log_extract": ""}
    assert send(client, f"/file/grant-revocation/{case.number}/", facts).status_code == 302
    assert Case.objects.get(kind="grant-revocation").state == "EXAMINING"


def test_the_body_that_is_looked_into_does_not_open_it(world, browser) -> None:
    case = world.granted(MONDAY - timedelta(days=1))
    response = browser("requester").get(f"/file/grant-revocation/{case.number}/")
    assert response.status_code == 403
