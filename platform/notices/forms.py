from __future__ import annotations

import re
from typing import Any

import clock
from accounts.actors import Actor
from accounts.models import Organisation
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notices import partners, queries
from notices.models import Preference, Subscription

_TOPIC = re.compile(r"[a-z][a-z0-9-]*:([a-z][a-z0-9-]*|\*)")


class PlaceForm(forms.Form):
    """Where a page of the box goes on from."""

    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ["mail"]


class SubscriptionForm(forms.Form):
    """A partner system, for one of the bodies that the person may speak for."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("机构"))
    url = forms.CharField(
        label=_("接收地址"), max_length=500, help_text=_("以 https:// 开头，例：https://example.cn/yushu")
    )
    topics = forms.CharField(
        label=_("主题"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个。sharing-request:grant 是一种通知，sharing-request:* 是共享申请的全部通知"),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organisation.objects.on(clock.today()).order_by("code")
        allowed = bodies if queries.may_run(actor) else bodies.filter(pk__in=queries.led_by(actor))
        self.fields["organisation"].queryset = allowed  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            partners.split(url)
        except partners.Refused as refused:
            raise ValidationError(str(refused)) from refused
        return url

    def clean_topics(self) -> list[str]:
        topics = list(dict.fromkeys(self.cleaned_data["topics"].split()))
        for topic in topics:
            if not _TOPIC.fullmatch(topic):
                raise ValidationError(
                    _("主题应写作 来源:事项 或 来源:*，现在是 %(topic)s"), params={"topic": topic}
                )
        if len(topics) > 100:
            raise ValidationError(_("主题最多 100 个，现在是 %(n)s 个"), params={"n": len(topics)})
        return topics

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        if Subscription.objects.filter(
            organisation=facts.get("organisation"), url=facts.get("url", "")
        ).exists():
            self.add_error(
                "url", _("这个机构已经订阅到这个地址。要改主题，请先停用原来的订阅，再用另一个地址新建")
            )
        return facts

    def facts(self) -> dict[str, Any]:
        """What `actions.subscribe` takes."""
        return {name: self.cleaned_data[name] for name in ("organisation", "url", "topics")}
