"""The facts of a suggestion: the attribute that data should have, the answer, what was decided."""

from __future__ import annotations

from typing import Any, ClassVar

from procedures.facts import Facts
from procedures.fields import Basis, Pick, PickSome, Reason, Words

from catalog.disputes import attributes
from catalog.facts.dispute import DecisionFacts
from catalog.models import AttributeSuggestion, BasisKind, Entry, OpeningType
from catalog.norm.vocabularies import vocabulary

_KINDS = [(kind.value, kind.label) for kind in BasisKind if kind != BasisKind.NONE]


class AttributeFacts(Facts):
    """Base of the steps that name an attribute, held to the rules of the catalogue (CAT-17, CAT-18, CAT-19)."""

    #: The fields of the form by the elements that they fill.
    FIELDS: ClassVar[dict[str, str]] = {"opening_basis": "basis", "opening_basis_kind": "basis_kind"}
    STARTS = ""  # which attribute of the record the form begins with

    opening_type = Pick(label="开放类型", choices=OpeningType.choices)
    opening_conditions = Words(
        label="开放条件", required=False, most=1000, rows=3, help_text="有条件开放的须写明；其他类型不填。"
    )
    opening_delivery = PickSome(label="开放方式", required=False)
    basis = Basis(
        label="依据",
        help_text="有条件、不予开放的，须是法律、行政法规或者国家有关规定；无条件开放的，写明开放的依据。",
    )
    basis_kind = Pick(
        label="依据类别", choices=_KINDS, required=False, help_text="有条件、不予开放的须选择。"
    )
    treatment = Words(
        label="脱敏、清洗、加工记录或者权利人同意",
        required=False,
        most=1000,
        rows=2,
        help_text="含个人信息而开放的须写明。",
    )

    def setup(self) -> None:
        self.fields["opening_delivery"].choices = vocabulary("delivery").choices(self.setting.at.date())
        entry = self.entry
        if entry is None:
            return
        record = self.setting.subject
        start = getattr(record, self.STARTS) if self.STARTS else attributes.of_entry(entry)
        for name in attributes.ELEMENTS:
            self.fields[self.FIELDS.get(name, name)].initial = start[name] or None
        if isinstance(record, AttributeSuggestion) and not start["opening_basis"]:
            self.fields["basis"].initial = record.basis

    @property
    def entry(self) -> Entry | None:
        subject = self.setting.subject
        if isinstance(subject, Entry):
            return subject
        return subject.entry if isinstance(subject, AttributeSuggestion) else None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.entry is not None and not self.errors:
            for problem in attributes.problems(self.entry, self.attribute(said)):
                self.add_error(self.FIELDS.get(problem.field, problem.field), problem.message)
        return said

    @staticmethod
    def attribute(said: dict[str, Any]) -> dict[str, Any]:
        """The attribute in the elements of the norm; an unconditional opening has no basis to state."""
        free = said["opening_type"] == OpeningType.UNCONDITIONAL
        return {
            "opening_type": said["opening_type"],
            "opening_conditions": said["opening_conditions"],
            "opening_delivery": list(said["opening_delivery"]),
            "opening_basis": "" if free else said["basis"],
            "opening_basis_kind": "" if free else said["basis_kind"],
            "treatment": said["treatment"],
        }


class SuggestFacts(AttributeFacts):
    law = frozenset({"opening_type", "reasons", "basis"})

    reasons = Reason(label="建议的理由", rows=5)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        entry = self.entry
        if entry is None or self.errors:
            return said
        if not attributes.differs(self.attribute(said), attributes.of_entry(entry)):
            self.add_error("opening_type", "与现在的开放类型、条件和方式都相同，没有要修改的")
        return said


class AcceptFacts(AttributeFacts):
    """Accepting takes the type that was suggested; conditions, way and basis are the body's to word."""

    law = frozenset({"opening_type", "basis"})
    STARTS = "suggested"

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        record, chosen = self.setting.subject, said.get("opening_type")
        if isinstance(record, AttributeSuggestion) and chosen not in (None, record.suggested["opening_type"]):
            wanted = attributes.label(record.suggested)
            self.add_error("opening_type", f"采纳的，应为所建议的“{wanted}”；不采纳的请用“不同意”")
        return said


class ObjectFacts(Facts):
    reasons = Reason(label="不同意的理由", rows=5)
    basis = Basis(label="依据")


class KeepFacts(Facts):
    reasons = Reason(label="不再坚持的理由")


class ReferralFacts(Facts):
    """Both positions, as they are reported."""

    referral = Words(label="双方意见", least=10, most=6000, rows=8)

    def setup(self) -> None:
        record = self.setting.subject
        if isinstance(record, AttributeSuggestion):
            answer = record.answer_reasons or f"{record.get_answer_display()}。"
            self.fields["referral"].initial = f"本局建议：{record.reasons}\n该单位：{answer}"


class AttributeDecisionFacts(AttributeFacts, DecisionFacts):
    """The attribute that the government fixed; the present one where it changed nothing."""

    STARTS = "suggested"

    field_order = (
        "document", "decided_on", "opening_type", "opening_conditions", "opening_delivery", "basis", "basis_kind",
        "treatment", "reasons", "prevailing",
    )  # fmt: skip
