"""The facts of a dispute: who claims what on which basis, what was agreed, what the government decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Organisation
from django import forms
from django.db.models import QuerySet
from procedures.facts import Facts
from procedures.fields import Basis, Day, Pick, Reason, Words
from procedures.models import Party

from catalog.disputes.relations import CODES
from catalog.disputes.subjects import Item
from catalog.facts.correction import Body, bodies_on
from catalog.models import Dispute

_BODIES = ("first", "other", "third", "fourth")


def parties_of(facts: Facts) -> QuerySet[Organisation]:
    """The bodies that dispute, for a choice among them."""
    of_case = Party.objects.filter(case=facts.setting.case, relation__in=CODES)
    return Organisation.objects.filter(pk__in=of_case.values("organisation")).order_by("name")


def bodies_in(said: Mapping[str, Any], raiser: Organisation | None) -> list[Organisation]:
    """The parties as they are named, the body that raises it first: one that is named is a party where it is a data
    authority, any other always is.
    """
    bodies = [said[name] for name in _BODIES if said.get(name) is not None]
    if raiser is not None and not raiser.is_data_authority:
        bodies.insert(0, raiser)
    return sorted(bodies, key=lambda body: body != raiser)


class DisputeFacts(Facts):
    """What is in dispute, between whom. Of an entry its provider is one of the parties."""

    law = frozenset({"other", "claim"})

    kind = Pick(label="争议类别", choices=Dispute.Kind.choices)
    element = Words(
        label="数据元",
        required=False,
        most=100,
        rows=1,
        help_text="只争其中一项的，写信息项名称或者数据元；整条有争议的不填。",
    )
    first = Body(label="争议一方", required=False)
    other = Body(label="争议另一方")
    third = Body(label="争议第三方", required=False)
    fourth = Body(label="争议第四方", required=False)
    claim = Words(
        label="主张",
        least=10,
        most=2000,
        rows=5,
        help_text="写明应当由谁开放、由谁提供，以及各方现在分别怎样采集、提供。",
    )
    basis = Basis(label="依据", help_text="法律法规或者三定规定，例如《重庆市生态环境局三定规定》第三条")

    def setup(self) -> None:
        item, post = self.setting.subject, self.setting.post
        self.fields["kind"].initial = Dispute.Kind.SOURCE
        if self.setting.actor is None:
            return
        bodies = bodies_on(self)
        for name in _BODIES:
            self.fields[name].queryset = bodies
        likely = list(item.bodies) if isinstance(item, Item) else []
        if post is not None and not post.organisation.is_data_authority:
            del self.fields["first"]
            likely = [body for body in likely if body.pk != post.organisation_id]
        else:
            self.fields["first"].required = True
        for name, body in zip([name for name in _BODIES if name in self.fields], likely, strict=False):
            self.fields[name].initial = body.code
        if isinstance(item, Item):
            self.fields["element"].initial = item.element
            if item.entry is None:
                self.fields["element"].required = True
                self.fields[
                    "element"
                ].help_text = "还没有目录条目的数据，写大家通用的名称，例如：道路运输经营许可信息。"

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        item = self.setting.subject
        post = self.setting.post
        bodies = bodies_in(said, post.organisation if post is not None else None)
        if len(bodies) != len({body.pk for body in bodies}):
            self.add_error("other", "争议各方应是不同的单位，同一单位只写一次")
        if isinstance(item, Item) and item.entry is not None:
            provider = item.entry.provider
            if not self.errors and all(body.pk != provider.pk for body in bodies):
                self.add_error("other", f"“{item.entry.name}”由{provider.name}提供，该单位应是争议一方")
            self._match_element(said, item)
        return said

    def _match_element(self, said: dict[str, Any], item: Item) -> None:
        """Of an entry the element is one of its items, by data element, name or code; kept as the data element."""
        element = said.get("element")
        if not element or item.entry is None:
            return
        for row in item.entry.items.all():
            if element in (row.element, row.name, row.code):
                said["element"] = row.element or row.name
                return
        self.add_error("element", f"“{item.entry.name}”没有“{element}”这一信息项，请核对；整条有争议的不填")


class PositionFacts(Facts):
    position = Words(label="意见", least=10, most=2000, rows=5)
    basis = Basis(label="依据")


class TermsFacts(Facts):
    """What is signed: another body or other words than those on the table are a new text, which all sign anew."""

    law = frozenset({"body"})

    body = Body(label="一致确定的单位")
    text = Words(
        label="一致意见",
        least=10,
        most=4000,
        rows=6,
        help_text="写明由谁提供或者开放、其他单位以后怎样取得。照原文签署的不要改动；改动以后各方须重新签署。",
    )

    def setup(self) -> None:
        if self.setting.case is not None:
            self.fields["body"].queryset = parties_of(self)
        record = self.setting.subject
        if isinstance(record, Dispute) and record.terms:
            self.fields["body"].initial = record.terms["body"]
            self.fields["text"].initial = record.terms["text"]


class EscalateFacts(Facts):
    open_points = Words(label="协商不成的事项", least=10, most=2000, rows=5)


class SettleFacts(Facts):
    """The minutes of the meeting. The body is the one for which all parties have signed."""

    met_on = Day(label="协商日期")
    persons = Words(label="参加人", least=2, most=300, rows=2)
    minutes = Words(label="协商纪要", least=10, most=4000, rows=6)
    body = Body(label="一致确定的单位")

    def setup(self) -> None:
        if self.setting.case is not None:
            self.fields["body"].queryset = parties_of(self)
        record = self.setting.subject
        if isinstance(record, Dispute) and record.terms:
            self.fields["body"].initial = record.terms["body"]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        record, body = self.setting.subject, said.get("body")
        if (
            isinstance(record, Dispute)
            and record.terms
            and body is not None
            and body.code != record.terms["body"]
        ):
            self.add_error("body", f"各方签署的是{record.terms['name']}，与所选单位不同")
        if (day := said.get("met_on")) and day > self.setting.at.date():
            self.add_error("met_on", "协商日期不能晚于今天")
        return said


class ReferFacts(Facts):
    minutes = Words(label="协商纪要", least=10, most=4000, rows=5)
    positions = Words(label="各方意见", least=10, most=6000, rows=6)
    proposal = Words(label="处理建议", least=10, most=2000, rows=4)

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, Dispute):
            self.fields["positions"].initial = "\n".join(
                f"{line['name']}：{line['position']}（{line['basis']}）" for line in record.positions
            )


class DirectFacts(Facts):
    reason = Reason(label="直接受理的理由", help_text="写明本级数据主管部门也是争议一方。")


class DecisionFacts(Facts):
    """Base of what the government decided: its document and its day, which is not after today."""

    law = frozenset({"document", "decided_on", "reasons"})

    document = Words(label="决定文号", least=4, most=100, rows=1, help_text="例如：渝府〔2026〕12 号")
    decided_on = Day(label="决定日期")
    reasons = Reason(label="理由", rows=5)
    prevailing = Basis(
        label="另有规定的法律法规",
        required=False,
        help_text="法律法规对由谁提供、开放另有规定的，写明名称和条款，从其规定。",
    )

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > self.setting.at.date():
            raise forms.ValidationError("决定日期不能晚于今天")
        return day


class DisputeDecisionFacts(DecisionFacts):
    body = Body(label="决定的单位")

    field_order = ("document", "decided_on", "body", "reasons", "prevailing")

    def setup(self) -> None:
        if self.setting.actor is not None:
            self.fields["body"].queryset = bodies_on(self)


class WithdrawFacts(Facts):
    reason = Reason(label="撤回原因", least=5, rows=3, help_text="其他各方同意以后撤回。")
