"""The papers of sharing (matrix D11 to D14), in the words in which they are sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.context import Context
from procedures.declare import PaperKind
from statutes.law import cite

from sharing.facts.application import MODES


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _h(text: str) -> dict[str, str]:
    return {"h": text}


def _p(text: str) -> dict[str, str]:
    return {"p": text}


def _names(context: Context, codes: list[str]) -> str:
    names = {item.code: item.name for item in context.record.entry.items.all()}
    return "、".join(names.get(code, code) for code in codes)


def _opening(context: Context) -> str:
    received = context.case.received_on
    entry = context.record.entry
    return (
        f"你单位{_day(received)}提出的“{entry.name}”共享申请（{context.case.number}），本机关于当日收到。"
        f"该数据由{entry.provider.name}提供，目录第{context.record.entry_version}版确定为{entry.get_sharing_type_display()}。"
    )


def _reviewed(context: Context) -> str:
    """On what the answer rests: the catalogue, and the provider's opinion where it was asked for and given."""
    consulted = f"，并征求了{context.record.entry.provider.name}意见" if context.record.opinion else ""
    return f"本机关依据{cite('REG22-26.1').text}，对照目录审查{consulted}，现答复如下："


USE = (
    "共享获取的数据只能用于本单位依法履行职责或者提供公共服务，不得超出使用范围或者用于其他目的，"
    "不得以任何形式提供给第三方。平台记录每次读取，违反要求的，停止提供并依法处理。"
)
ONWARD = "对本答复有异议的，可以在平台提出共享异议，由数据主管部门会同数据提供部门协调处理。"


def receipt(context: Context) -> dict[str, Any]:
    record, facts = context.record, context.facts
    return {
        "salutation": f"{context.party('requester').name}：",
        "body": [
            _p(f"你单位提出的“{record.entry.name}”共享申请已收到，编号{context.case.number}。"),
            _h("一、申请内容"),
            _p(f"应用场景：{record.scenario}"),
            _p(
                f"使用目的：{record.get_purpose_display()}；对应职能：{record.function.name}；依据：{record.purpose_basis}。"
            ),
            _p(
                f"信息项：{_names(context, record.items)}。提供方式：{'、'.join(MODES[m] for m in record.modes)}。"
            ),
            _p(f"使用范围：{record.scope}。使用期限：自{_day(record.first_day)}至{_day(record.last_day)}。"),
            _p(f"联系人：{facts['contact']}。"),
            _h("二、答复期限"),
            _p(
                f"依据{cite('REG22-26.1').text}，自收到之日起五个工作日内答复；收到当日不计入。办理进展和截止日可以随时在平台查看。"
            ),
        ],
    }


def answer(context: Context) -> dict[str, Any]:
    record = context.record
    left_out = [code for code in record.items if code not in record.granted_items]
    modes = "、".join(MODES[mode] for mode in record.granted_modes)
    body = [
        _p(_opening(context) + _reviewed(context)),
        _h("一、同意共享的部分"),
        _p(
            f"同意以{modes}方式共享{_names(context, record.granted_items)}，"
            f"共{len(record.granted_items)}项。使用范围：{record.granted_scope}。"
            f"使用期限自{_day(record.granted_first_day)}至{_day(record.granted_last_day)}。"
        ),
    ]
    if record.use_conditions:
        body.append(_p(f"附加条件：{record.use_conditions}"))
    headings = iter(("二", "三", "四"))
    if left_out:
        body += [
            _h(f"{next(headings)}、不同意共享的部分"),
            _p(f"不同意共享{_names(context, left_out)}，共{len(left_out)}项。"),
            _p(f"理由：{record.refused_reason}"),
            _p(f"依据：{record.refused_basis}"),
        ]
    body += [_h(f"{next(headings)}、使用要求"), _p(USE), _h(f"{next(headings)}、异议"), _p(ONWARD)]
    return {"salutation": f"{context.party('requester').name}：", "body": body}


def refusal(context: Context) -> dict[str, Any]:
    record = context.record
    return {
        "salutation": f"{context.party('requester').name}：",
        "body": [
            _p(_opening(context) + _reviewed(context)),
            _h("一、决定"),
            _p("不同意共享。"),
            _h("二、理由"),
            _p(record.refused_reason),
            _h("三、依据"),
            _p(record.refused_basis),
            _h("四、异议"),
            _p(ONWARD),
        ],
    }


def consultation(context: Context) -> dict[str, Any]:
    record, facts = context.record, context.facts
    return {
        "salutation": f"{record.entry.provider.name}：",
        "body": [
            _p(
                f"{context.party('requester').name}于{_day(context.case.received_on)}申请共享你单位提供的"
                f"“{record.entry.name}”（{context.case.number}）。依据目录不能确定能否共享，现征求你单位意见。"
            ),
            _h("一、目录不能确定的事项"),
            _p(facts["unsettled"]),
            _h("二、请答复"),
            _p(facts["question"]),
            _h("三、期限"),
            _p(f"依据{cite('REG22-26.2').text}，请在收到之日起三个工作日内答复；收到当日不计入。"),
            _h("四、申请情况"),
            _p(f"应用场景：{record.scenario}"),
            _p(f"申请的信息项：{_names(context, record.items)}。"),
        ],
        "attachments": ["共享申请书"],
    }


def opinion(context: Context) -> dict[str, Any]:
    facts = context.facts
    words = {"can": "可以共享。", "cannot": "不能共享。", "conditions": "附条件可以共享。"}
    body = [
        _p(
            f"关于{context.party('requester').name}申请共享“{context.record.entry.name}”（{context.case.number}）的征求意见函收悉，答复如下："
        ),
        _h("一、意见"),
        _p(words[facts["opinion"]]),
        _h("二、理由"),
        _p(facts["reason"]),
    ]
    if facts["basis"]:
        body += [_h("三、依据"), _p(facts["basis"])]
    if facts["conditions"]:
        body += [_h("四、条件" if facts["basis"] else "三、条件"), _p(facts["conditions"])]
    return {"salutation": f"{context.party('authority').name}：", "body": body}


def returned(context: Context) -> dict[str, Any]:
    defects = [line.strip() for line in context.facts["defects"].splitlines() if line.strip()]
    return {
        "salutation": f"{context.party('requester').name}：",
        "body": [
            _p(_opening(context) + "申请中下列内容需要补正，现一次告知："),
            *[_p(f"{number}. {text}") for number, text in enumerate(defects, 1)],
            _p(
                "补正后请重新提交。重新提交的为新的一件，答复期限自新收到之日起计算。已填写的内容保留在您的草稿中。"
            ),
        ],
    }


LETTERS = {
    "receipt": PaperKind(
        "sharing-receipt", "公共数据共享申请收件回执", "D11", "渝数共收", "authority", "requester", receipt
    ),
    "answer": PaperKind(
        "sharing-answer",
        "公共数据共享申请答复书",
        "D12",
        "渝数共答",
        "authority",
        "requester",
        answer,
        copies=("provider",),
        version="2",
    ),
    "refusal": PaperKind(
        "sharing-refusal",
        "公共数据共享申请答复书",
        "D12",
        "渝数共答",
        "authority",
        "requester",
        refusal,
        version="2",
    ),
    "consultation": PaperKind(
        "sharing-consultation", "征求意见函", "D13", "渝数共询", "authority", "provider", consultation
    ),
    "opinion": PaperKind(
        "sharing-opinion", "关于征求意见的答复", "D13", "共享意见", "provider", "authority", opinion
    ),
    "return": PaperKind(
        "sharing-return", "补正通知书", "D12", "渝数共补", "authority", "requester", returned
    ),
}


def objection_record(context: Context) -> dict[str, Any]:
    record = context.record
    about = f"（{record.about.number}）" if record.about_id else ""
    return {
        "salutation": f"{context.party('authority').name}：",
        "body": [
            _p(f"我单位对“{record.entry.name}”{about}的{record.get_matter_display()}有异议。"),
            _h("一、主张"),
            _p(record.claim),
            _h("二、依据"),
            _p(record.basis),
            _p(f"依据{cite('GOV19-27').text}，请会同数据提供部门协调处理。"),
        ],
    }


def settlement(context: Context) -> dict[str, Any]:
    record, facts = context.record, context.facts
    return {
        "salutation": f"{context.party('requester').name}：",
        "body": [
            _p(
                f"你单位对“{record.entry.name}”的共享异议（{context.case.number}），本机关会同{record.entry.provider.name}协调处理如下："
            ),
            _h("一、处理结果"),
            _p(f"{record.get_result_display()}。"),
            _h("二、理由"),
            _p(facts["reason"]),
            _h("三、依据"),
            _p(facts["basis"]),
            _h("四、提供部门意见"),
            _p(record.position),
        ],
    }


def demand(context: Context) -> dict[str, Any]:
    record = context.record
    return {
        "salutation": f"{context.party('requester').name}：",
        "body": [
            _p(
                f"经核查（{context.case.number}），你单位使用“{record.grant.holding.name}”共享数据存在下列情况：{record.facts}"
            ),
            _h("一、整改要求"),
            _p(record.demand),
            _h("二、期限"),
            _p(f"请在{_day(record.rectify_by)}前整改并报告。逾期未报告的，依法处理。"),
            _h("三、依据"),
            _p(f"{cite('REG22-25.3').text}、{cite('GOV19-40').text}。"),
        ],
    }


def revocation_decision(context: Context) -> dict[str, Any]:
    record = context.record
    word = {"revoke": "撤销授权", "narrow": "缩减授权范围", "restore": "恢复授权"}[context.step.code]
    body = [
        _p(
            f"本机关对你单位使用“{record.grant.holding.name}”共享数据的情况进行了核查（{context.case.number}），决定如下："
        ),
        _h("一、决定"),
        _p(f"{word}。" + (f"自{_day(record.effective_on)}起生效。" if record.effective_on else "")),
        _h("二、理由"),
        _p(record.decision),
    ]
    if record.decision_basis:
        body += [_h("三、依据"), _p(record.decision_basis)]
    body.append(_p(ONWARD))
    return {"salutation": f"{context.party('requester').name}：", "body": body}


OBJECTION_LETTERS = {
    "raise": PaperKind(
        "sharing-objection",
        "共享异议书",
        "D14",
        "共享异议",
        "requester",
        "authority",
        objection_record,
        copies=("provider",),
    ),
    "settle": PaperKind(
        "sharing-settlement",
        "共享异议处理决定书",
        "D14",
        "渝数共处",
        "authority",
        "requester",
        settlement,
        copies=("provider",),
    ),
}
REVOCATION_LETTERS = {
    "demand": PaperKind("sharing-demand", "整改要求书", "D27", "渝数共改", "authority", "requester", demand),
    "decision": PaperKind(
        "sharing-revocation",
        "共享授权核查决定书",
        "D27",
        "渝数共决",
        "authority",
        "requester",
        revocation_decision,
        copies=("provider",),
    ),
}
