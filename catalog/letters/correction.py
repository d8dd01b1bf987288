"""The papers of a review (matrix D08, D09), in the words in which they are sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.authority import level_authority
from deadlines.forecast import start_day
from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from catalog.corrections.clocks import FIX, REVIEW


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _h(text: str) -> dict[str, str]:
    return {"h": text}


def _p(text: str) -> dict[str, str]:
    return {"p": text}


def _applicant(context: Context) -> str:
    """Whom the letter addresses: the body or the person, and for whom a window filed."""
    body, record = context.parties.get("applicant"), context.record
    name = body.name if body is not None else context.person.name if context.person else ""
    return f"{name}（代{record.on_behalf}）：" if record.on_behalf else f"{name}："


def _what(context: Context) -> str:
    record = context.record
    item = f"中的“{record.item_name}”" if record.item else ""
    return f"“{record.entry.name}”{item}"


def _opening(context: Context) -> str:
    received = _day(context.case.received_on)
    return f"{received}提出的{_what(context)}校核申请（{context.case.number}）收悉。"


def receipt(context: Context) -> dict[str, Any]:
    record = context.record
    last = start_day(REVIEW, rules_on=context.case.received_on, at=context.at)
    return {
        "salutation": _applicant(context),
        "body": [
            _p(f"对{_what(context)}的校核申请已收到，编号{context.case.number}。"),
            _h("一、申请内容"),
            _p(f"记录：{record.record}。"),
            _p(f"疑义或者错误：{record.doubt}"),
            *([_p(f"应当是：{record.claimed}")] if record.claimed else []),
            _p(f"证明材料：{record.proof}"),
            _h("二、校核期限"),
            _p(
                f"依据{cite('GOV19-19.2').text}，自收到申请之日起10个工作日内校核，收到当日不计入，"
                f"最迟为{_day(last)}。经主要负责人同意延长的，另行告知。"
            ),
        ],
    }


def notice(context: Context) -> dict[str, Any]:
    """Shown at a window: it names the data and the rule, and nothing of the person."""
    record = context.record
    service = f"所涉事项：{record.service}。" if record.service else ""
    return {
        "salutation": "各受理单位：",
        "body": [
            _p(
                f"{context.party('provider').name}提供的{_what(context)}中有一条记录已于"
                f"{_day(context.case.received_on)}申请校核，编号{context.case.number}，正在校核。{service}"
            ),
            _p(
                f"依据{cite('GOV19-19.3').text}，校核期间办理业务涉及公民、法人和其他组织的，已经提供合法有效"
                "证明材料的，受理单位应当照常办理，不得拒绝、推诿或者要求办事人办理信息更正手续。"
            ),
            _p("本告知可以凭验证码核验真伪。遇有拒办的，申请人可以在本件上反映。"),
        ],
    }


def redirection(context: Context) -> dict[str, Any]:
    facts = context.facts
    return {
        "salutation": _applicant(context),
        "body": [
            _p(f"{_opening(context)}经核实，该数据由{facts['to'].name}提供，已转该单位校核。"),
            _p(f"理由：{facts['reason']}"),
            _p("校核期限自原收到之日起连续计算，不因转送重新起算。"),
        ],
    }


def extension(context: Context) -> dict[str, Any]:
    facts = context.facts
    signer = context.signed_by.name if context.signed_by is not None else ""
    return {
        "salutation": _applicant(context),
        "body": [
            _p(f"{_opening(context)}现需延长校核期限{facts['days']}个工作日。"),
            _p(f"理由：{facts['reason']}"),
            _p(f"本单位主要负责人{signer}同意延长。依据：{cite('GOV19-19.2').text}。延长以一次为限。"),
        ],
    }


def urging(context: Context) -> dict[str, Any]:
    return {
        "salutation": f"{context.party('provider').name}：",
        "body": [
            _p(f"你单位正在办理的{_what(context)}校核（{context.case.number}），请抓紧办理并及时反馈。"),
            _p(f"督办意见：{context.facts['note']}"),
            _p(f"依据：{cite('GOV19-19.1').text}。"),
        ],
    }


def returned(context: Context) -> dict[str, Any]:
    defects = [line.strip() for line in context.facts["defects"].splitlines() if line.strip()]
    return {
        "salutation": _applicant(context),
        "body": [
            _p(f"{_opening(context)}依现有内容不能认出需要校核的数据，请补正下列内容，现一次告知："),
            *[_p(f"{number}. {text}") for number, text in enumerate(defects, 1)],
            _p("补正后重新提出的为新的一件，校核期限自新收到之日起计算。"),
        ],
    }


def upheld(context: Context) -> dict[str, Any]:
    record = context.record
    fix = start_day(FIX, rules_on=context.case.received_on, at=context.at)
    return {
        "salutation": _applicant(context),
        "body": [
            _p(f"{_opening(context)}经校核，答复如下："),
            _h("一、结论"),
            _p(f"数据有误。{record.finding}"),
            _h("二、原因"),
            _p(record.cause),
            _h("三、正确的内容"),
            _p(record.true_value),
            _h("四、更正"),
            _p(f"本单位将及时更正，预计不晚于{_day(fix)}，更正完成后另行告知。"),
            _p(f"依据：{cite('GOV19-19.2').text}、{cite('REG22-12.2').text}。"),
        ],
    }


def correction(context: Context) -> dict[str, Any]:
    record = context.record
    version = record.corrected_in
    where = f"，自数据第{version.number}版起生效" if version is not None else ""
    return {
        "salutation": _applicant(context),
        "body": [
            _p(f"{_opening(context)}数据已经更正{where}。"),
            _p(f"更正前：{record.before or '无'}"),
            _p(f"更正后：{record.now}"),
            _p(f"已告知取得该数据的单位。依据：{cite('REG22-12.2').text}。"),
        ],
    }


def declined(context: Context) -> dict[str, Any]:
    record = context.record
    authority = level_authority(context.party("provider"), context.at.date())
    return {
        "salutation": _applicant(context),
        "body": [
            _p(f"{_opening(context)}经校核，不予更正。"),
            _h("一、理由"),
            _p(record.finding),
            _h("二、证据"),
            _p(record.evidence),
            _h("三、依据"),
            _p(f"{cite('GOV19-19.2').text}、{cite('REG22-12.2').text}。"),
            _h("四、不同意本答复的"),
            _p(
                f"可以向{authority.name}反映，由其督促校核；有新的证明材料的，可以重新提出校核申请。"
                "法律、法规另有救济途径的，依其规定。"
            ),
        ],
    }


def _kind(
    code: str, title: str, series: str, content: Any, *, issuer: str = "provider", to: str = "applicant",
    matrix: str = "D08", copies: tuple[str, ...] = (),
) -> PaperKind:  # fmt: skip
    return PaperKind(f"correction-{code}", title, matrix, series, issuer, to, content, copies=copies)


LETTERS = {
    "receipt": _kind("receipt", "数据校核申请收件回执", "校核收", receipt),
    "notice": _kind("notice", "数据校核中告知书", "校核告", notice),
    "redirect": _kind(
        "redirect", "数据校核申请转送告知书", "渝数校转", redirection, issuer="authority",
        copies=("provider",),
    ),
    "extend": _kind(
        "extend", "延长校核期限告知书", "校核延", extension, matrix="D09", copies=("authority",)
    ),
    "urge": _kind("urge", "数据校核督办函", "渝数校督", urging, issuer="authority", to="provider"),
    "return": _kind("return", "数据校核申请补正告知书", "校核补", returned),
    "uphold": _kind("uphold", "数据校核答复书", "校核复", upheld, copies=("authority",)),
    "corrected": _kind("corrected", "数据更正告知书", "校核更", correction),
    "decline": _kind("decline", "数据校核答复书", "校核复", declined, copies=("authority",)),
}  # fmt: skip
