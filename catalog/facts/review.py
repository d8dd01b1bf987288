"""What a reviewer states of the drafts that a case holds, and the seal by which a signer signs exactly those."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from procedures.facts import Facts
from procedures.fields import Words

from catalog import findings
from catalog.effects.look import fingerprint, held
from catalog.models import Draft

Finding = Draft.Finding


class Seal(forms.CharField):
    """Which drafts, as counts and digest. Computed when it is not sent; drafts that changed since are refused."""

    def __init__(self) -> None:
        super().__init__(label="所涉条目", required=False, max_length=120, widget=forms.HiddenInput)

    @staticmethod
    def check(form: Facts, cleaned: dict[str, Any], drafts: QuerySet[Draft], name: str = "drafts") -> None:
        now = fingerprint(drafts)
        if cleaned.get(name) and cleaned[name] != now:
            form.add_error(name, f"条目在此期间有改动，现为：{now}。请看过最新内容再办理")
        cleaned[name] = now


class ReviewFacts(Facts):
    """Base of the deciding steps: the exceptions, line by line. What is not named is accepted."""

    allowed: tuple[str, ...] = (Finding.LEAVE_OUT, Finding.RETURN)

    exceptions = Words(
        label="例外的条目",
        required=False,
        most=500_000,
        rows=5,
        help_text="没有写在这里的一律纳入。每行一条：“名称｜不纳入｜事由｜理由”，或者“名称｜退回｜要素｜要改什么”。"
        "在上面的条目清单中标注的已经填入。",
    )
    drafts = Seal()

    def setup(self) -> None:
        case = self.setting.case
        if case is None:
            return
        self.fields["exceptions"].initial = marks(case, self.allowed)
        self.fields["drafts"].initial = fingerprint(held(case))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        case = self.setting.case
        if case is None:
            return cleaned
        if self.data.get("exceptions") is None:
            cleaned["exceptions"] = self.fields["exceptions"].initial
        _remarks, wrong = self.remarks(cleaned.get("exceptions", ""))
        for line in wrong[:20]:
            self.add_error("exceptions", line)
        Seal.check(self, cleaned, held(case))
        return cleaned

    def remarks(self, text: str) -> tuple[list[findings.Remark], list[str]]:
        names = held(self.setting.case).values_list("name", flat=True)
        return findings.read(text, names, allowed=self.allowed)


def marks(case: Any, allowed: tuple[str, ...]) -> str:
    """The lines that the marks on the case's drafts already say."""
    return findings.marked(held(case).filter(finding__in=allowed).order_by("name"))


def remarks_of(case: Any, text: str) -> list[findings.Remark]:
    """The remarks of facts that were found right."""
    names = held(case).values_list("name", flat=True)
    both = (Finding.LEAVE_OUT, Finding.RETURN)
    return findings.read(text, names, allowed=both)[0]
