"""The examples on the component sheet: made by the same code as the pages, over one fixed autumn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from clock import SHANGHAI
from deadlines.count import Span
from deadlines.explain import Part, Working, work_out
from deadlines.models import Term
from deadlines.workdays import Calendar, Special
from django import forms
from django.utils.safestring import SafeString

from web import strip
from web.due import Due, State
from web.forms import Form
from web.icons import PATHS

TODAY = date(2026, 9, 17)
NOTICE = "国办发明电〔2025〕7 号"
AUTUMN = Calendar(
    version=1,
    special={
        date(2026, 9, 20): Special(False, "国庆节", NOTICE),
        **{date(2026, 9, day): Special(True, "中秋节", NOTICE) for day in (25, 26, 27)},
        **{date(2026, 10, day): Special(True, "国庆节", NOTICE) for day in range(1, 8)},
        date(2027, 1, 1): Special(True, "元旦", ""),
        date(2026, 10, 10): Special(False, "国庆节", NOTICE),
    },
    covered=frozenset({2026}),
)
_FIVE = Part(Span(5, Term.Unit.WORKDAYS), "REG22-26.1")
_MORE = Part(Span(5, Term.Unit.WORKDAYS), "REG22-26.2", "目录不能确定能否共享")


def _working(started: datetime, *parts: Part) -> Working:
    return work_out(AUTUMN, started, parts, rules_on=started.date(), term="共享申请答复", event="收到申请")


def _strip(working: Working, today: date, label: str, **more: Any) -> SafeString:
    return strip.draw(list(strip.cells(working, today, calendar=AUTUMN, **more)), label)


def strips() -> list[tuple[str, SafeString]]:
    """Every state of the strip, with its caption."""
    received = datetime(2026, 9, 14, 16, 42, tzinfo=SHANGHAI)
    five, ten = _working(received, _FIVE), _working(received, _FIVE, _MORE)
    late = _working(datetime(2026, 9, 4, 9, 30, tzinfo=SHANGHAI), _FIVE)
    winter = _working(datetime(2026, 12, 28, 10, 0, tzinfo=SHANGHAI), _FIVE)
    sixty = _working(received, Part(Span(60, Term.Unit.WORKDAYS), "REG22-26.1"))
    return [
        ("进行中，可延长", _strip(five, TODAY, "进行中示例", possible=ten)),
        ("已延长", _strip(ten, date(2026, 9, 22), "已延长示例")),
        ("按时办结", _strip(five, TODAY, "按时办结示例", closed_on=date(2026, 9, 17))),
        ("逾期", _strip(late, TODAY, "逾期示例")),
        ("暂定", _strip(winter, date(2026, 12, 28), "暂定示例")),
        ("很长的期限", _strip(sixty, TODAY, "很长的期限示例")),
    ]


class Example(Form):
    """A form with every kind of control."""

    name = forms.CharField(label="数据名称", help_text="写全称，不用简称。", max_length=60)
    code = forms.CharField(label="统一社会信用代码", help_text="18 位，例：11500000009275780L")
    purpose = forms.CharField(
        label="应用场景",
        help_text="写明用这些数据办什么事、由谁用、用后有什么结果。",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    basis = forms.ChoiceField(
        label="履职依据",
        choices=[("", "请选择职能"), ("1", "道路运输车辆技术管理"), ("2", "机动车排放污染防治")],
    )
    mode = forms.ChoiceField(
        label="提供方式",
        choices=[("api", "服务接口"), ("file", "文件下载")],
        widget=forms.RadioSelect,
    )
    items = forms.MultipleChoiceField(
        label="信息项",
        choices=[("a", "号牌号码"), ("b", "检验日期"), ("c", "检验结果判定")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    until = forms.DateField(label="使用至", help_text="不超过 2 年。")
    paper = forms.FileField(label="应用场景说明", required=False, help_text="PDF 或 DOCX，不超过 20 MB。")
    agreed = forms.BooleanField(label="申请单位承诺只按申请的用途使用")


def _wrong() -> Example:
    form = Example(
        {"bad-name": "机动车排放检验结果信息", "bad-code": "1150000000927578", "bad-mode": "api"},
        prefix="bad",
    )
    form.add_error("code", "统一社会信用代码应为 18 位，现在是 16 位")
    return form


def context() -> dict[str, Any]:
    """Everything the sheet shows."""
    working = _working(datetime(2026, 9, 14, 16, 42, tzinfo=SHANGHAI), _FIVE)
    return {
        "until": date(2026, 9, 20),
        "strips": strips(),
        "working": working,
        "dues": [
            Due.running(-3),
            Due.running(0),
            Due.running(2),
            Due.running(9),
            Due.running(6, provisional=True),
            Due(State.PAUSED, 4),
            Due(State.MET, 3),
            Due(State.MET, 0),
            Due(State.LATE, 1),
            Due(State.ENDED),
        ],
        "form": Example(),
        "wrong": _wrong(),
        "facts": [
            ("应用场景", "对检验不合格的营运货车，推送所在区县运输管理机构督促维修。"),
            ("信息项", ["号牌号码", "检验日期", "检验结果判定"]),
            ("使用范围", "本单位 12 个授权账号"),
        ],
        "entries": [
            {
                "at": datetime(2026, 9, 17, 8, tzinfo=SHANGHAI),
                "who": "系统",
                "what": "提醒",
                "text": "剩 2 个工作日，已提醒经办人和处负责人。",
            },
            {
                "at": datetime(2026, 9, 14, 16, 42, tzinfo=SHANGHAI),
                "who": "市交通运输委",
                "what": "提交",
                "text": "平台收到，答复期限自 9 月 15 日起算。",
                "cites": ["REG22-25.2"],
                "key": True,
            },
        ],
        "papers": [
            {"title": "共享申请书", "href": "#papers", "about": "9 月 14 日，已生成", "form": "PDF，3 页"},
            {"title": "共享答复书", "href": "", "about": "答复时生成，须处负责人签发"},
        ],
        "checks": [
            {"condition": "使用期限不超过 2 年", "fact": "2026-10-01 至 2028-09-30", "result": "ok"},
            {
                "condition": "按号牌单车查询；批量获取须说明必要性",
                "fact": "另申请每日增量文件",
                "result": "ask",
                "note": "目录未写明增量文件是否属于批量获取",
            },
            {"condition": "不含车主姓名", "fact": "申请 14 项，含“车主姓名”", "result": "no"},
        ],
        "verdict": {"state": "ask", "head": "1 项目录不能确定", "text": "1 项符合，1 项不符。"},
        "pager": {
            "previous": "#pager",
            "next": "#pager",
            "pages": [(1, "#pager", False), (2, "#pager", True), (3, "#pager", False)],
            "of": "第 51–100 件，共 140 件",
        },
        "steps": [
            {"label": "起草", "state": "done", "note": "市交通运输委，9 月 14 日提交"},
            {"label": "审核", "state": "now", "note": "轮到您，剩 2 个工作日"},
            {"label": "征求意见（可选）", "state": "can", "note": "答复期限延长 5 个工作日"},
            {"label": "使用中，到期或停用", "state": "later"},
        ],
        "acts": [
            {
                "key": "grant",
                "label": "同意共享",
                "summary": "开通接口与文件，生成答复书",
                "action": "#act",
                "button": "同意共享",
                "form": Example(auto_id="grant_%s"),
                "effects": ["申请单位今天起可以使用", "答复书送申请单位，抄送数据提供部门"],
                "cites": ["REG22-26.1"],
            },
            {
                "key": "refuse",
                "label": "不同意共享",
                "summary": "须说明理由，并提供依据",
                "action": "#act",
                "button": "不同意共享",
                "grave": True,
                "form": None,
                "effects": [],
                "cites": ["REG22-26.1"],
            },
        ],
        "crumbs": [("首页", "/"), ("组件与状态", "")],
        "swatches": [
            ("ink", "正文 16.5:1"),
            ("ink-2", "次要 8.3:1"),
            ("ink-3", "元信息 5.9:1"),
            ("edge", "控件边框 3.9:1"),
            ("line", "分隔线"),
            ("bg", "工作台底"),
            ("accent", "链接、主按钮 7.3:1"),
            ("accent-2", "选中、已过"),
            ("ok", "按时、达标、有效"),
            ("warn", "临近、不能确定"),
            ("bad", "逾期、错误、无效"),
            ("seal", "只用于文书"),
        ],
        "icons": sorted(PATHS),
    }
