"""A sharing request from the catalogue to the data and back, by its people, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import clock
import pytest

from tests.journeys.site import Person

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.xdist_group("sharing-journey")]

ENTRY = "307500000001/000001"
SCENARIO = "复盘 2020 年疫情期间各区县应急物资调度与病例增长的关系，形成物资储备布局建议，供局内决策使用。"
LAW = "《重庆市突发事件应对条例》第十二条"
WORDS = "演练用的文字，写得足够长，说明情况、理由和处理办法。"


def file_request(requester: Person) -> str:
    """From the catalogue to a filed request, with a form that was first sent empty."""
    requester.go("/catalog/")
    requester.look("catalogue")
    requester.go(f"/catalog/{ENTRY}/")
    requester.look("entry")
    requester.page.click("text=申请共享 >> nth=0")
    requester.page.wait_for_load_state("networkidle")
    requester.submit("form.form", "提交")
    assert requester.page.locator(".errsum").is_visible()
    requester.look("filing-errors")
    first = clock.today()
    items = requester.page.locator("form.form [name=items]").evaluate_all("all => all.map(e => e.value)")
    functions = requester.page.locator("form.form [name=function] option").evaluate_all(
        "all => all.map(e => e.value).filter(Boolean)"
    )
    requester.fill(
        "form.form",
        scenario=SCENARIO,
        purpose="duty",
        function=functions[0],
        purpose_basis=LAW,
        items=items,
        scope="应急指挥处 4 个账号",
        modes=["file", "api"],
        first_day=first.isoformat(),
        last_day=(first + timedelta(days=300)).isoformat(),
        contact="陈静",
        contact_phone="023-12345678",
    )
    requester.submit("form.form", "提交")
    return requester.number()


def test_from_the_request_through_consultation_to_the_data_and_back(
    person: Callable[[str], Person], tmp_path: Path
):
    requester, authority, provider = person("requester"), person("authority"), person("provider")
    number = file_request(requester)
    requester.look("case-requester")

    authority.go("/work/")
    authority.look("worklist")
    assert number in authority.text()
    authority.step(
        number,
        "consult",
        "发出征求意见函",
        unsettled=WORDS,
        question="1. 能否使用分区县每日数据？",
        reason=WORDS,
    )
    authority.look("case-consulting")
    assert "征求意见" in authority.text()

    provider.step(number, "opine", "送处负责人签发", opinion="can", reason=WORDS)
    provider.look("case-provider-drafted")
    person("provider-lead").sign(number)
    person("provider-lead").look("case-provider-signed")

    authority.go(f"/cases/{number}/?step=grant")
    authority.look("case-authority")
    authority.submit("form[action$='/steps/grant/']", "送处负责人签发")
    person("authority-lead").go(f"/cases/{number}/")
    person("authority-lead").look("case-to-sign")
    person("authority-lead").sign(number)
    assert "使用中" in person("authority-lead").text()

    requester.go(f"/cases/{number}/")
    requester.look("case-in-use")
    requester.go(f"/datacentre/grants/{number}/")
    requester.look("grant")
    rows = download(requester, number, tmp_path)
    assert len(rows) > 100 and "区县" in rows[0]
    assert call(requester, number)["results"]
    requester.step(number, "relinquish", "停用并报告处置", last_use=WORDS, copies=WORDS)
    requester.look("case-relinquished")
    assert "主动停用" in requester.text()
    requester.go(f"/datacentre/grants/{number}/")
    assert requester.page.locator(".files a").count() == 0


def download(requester: Person, number: str, folder: Path) -> list[str]:
    """The lines of the file that the page of the grant hands out."""
    with requester.page.expect_download() as started:
        requester.page.click(f"a[href='/datacentre/grants/{number}/csv/']")
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path.read_text("utf-8-sig").splitlines()


def call(requester: Person, number: str) -> dict:
    """What the interface answers to a token made on the page of tokens."""
    requester.go("/account/tokens/")
    requester.look("tokens")
    requester.fill("main form", name="台账系统", scopes=["read", "data:read"])
    requester.page.locator("main form:has([name=name]) button[type=submit]").click()
    requester.page.wait_for_load_state("networkidle")
    token = requester.page.locator(".note--ok code").first.inner_text().strip()
    answer = requester.page.request.get(
        f"{requester.site}/api/v1/grants/{number}/data/?limit=5", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status == 200, answer.text()
    return answer.json()


def test_a_refusal_is_disputed_by_two_people(person: Callable[[str], Person]):
    requester, lead = person("requester"), person("requester-lead")
    number = file_request(requester)
    person("authority").step(number, "refuse", "送处负责人签发", reason=WORDS, basis=LAW)
    person("authority-lead").sign(number)
    requester.go(f"/cases/{number}/")
    assert "不同意" in requester.text()
    requester.look("case-refused")
    requester.page.click("text=提出共享异议")
    requester.page.wait_for_load_state("networkidle")
    requester.fill("form.form", matter="refusal", claim=WORDS, basis=LAW)
    requester.submit("form.form", "送处负责人签发")
    requester.look("draft-sent")
    draft = requester.page.url
    lead.go(draft)
    lead.look("draft-to-sign")
    lead.page.locator("form[action$='/sign/'] button").click()
    lead.page.wait_for_load_state("networkidle")
    assert "协调中" in lead.text()
    lead.look("case-objection")


def test_a_step_by_keyboard_alone(person: Callable[[str], Person]):
    """From the top of the page to a taken step without a pointer: every stop can be seen, none is a trap."""
    authority = person("authority")
    number = file_request(person("requester"))
    authority.go(f"/cases/{number}/?step=return")
    page = authority.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "defects":
            break
        assert page.evaluate(_SEEN), page.evaluate("document.activeElement.outerHTML")
    page.keyboard.type(WORDS)
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert "退回补正" in authority.text()


#: Whether what has the focus lies on the page and shows it by an outline, a shadow or a border of its own.
_SEEN = """(() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return e === document.body || box.width > 0 && box.height > 0
    && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
})()"""


@pytest.mark.parametrize(
    ("account", "paths"),
    [
        (
            "requester",
            [
                "/",
                "/notices/",
                "/account/",
                "/datacentre/grants/",
                "/procedures/",
                "/law/",
                "/workdays/",
                "/verify/",
            ],
        ),
        ("authority", ["/work/", "/oversight/", "/oversight/overdue/", "/oversight/leads/"]),
        ("provider", ["/datacentre/holdings/"]),
        ("auditor", ["/audit/", "/audit/verify/", "/audit/export/"]),
        ("sysadmin", ["/people/", "/notices/undelivered/"]),
    ],
)
def test_other_pages_of_the_desks(person: Callable[[str], Person], account: str, paths: list[str]):
    for path in paths:
        person(account).go(path)
        person(account).look(f"{account}{path.replace('/', '-').rstrip('-')}")
