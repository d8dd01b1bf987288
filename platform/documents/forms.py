"""What a visitor hands in to have a paper checked: a file, or its SM3."""

from __future__ import annotations

import re
from typing import Any

from audit.sm3 import sm3
from django import forms
from django.utils.translation import gettext_lazy as _

#: A letter has about 100 kB; up to this size an upload stays in memory and is never written anywhere.
MOST_BYTES = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BETWEEN = re.compile(r"[\s:：\-]+")


class FileCheck(forms.Form):
    """A file or a digest; `cleaned_data["digest"]` is the SM3 either way, as 64 hexadecimal digits."""

    file = forms.FileField(
        label=_("文书文件"),
        required=False,
        help_text=_("平台下载的 PDF，不超过 1 MB。只在内存里计算摘要，不保存。"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    sm3 = forms.CharField(
        label=_("SM3 摘要"),
        required=False,
        max_length=200,
        help_text=_("64 位十六进制数：文件的摘要，或者印在文书末页的正文摘要。"),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload and upload.size > MOST_BYTES:
            raise forms.ValidationError(
                _("文件不超过 1 MB，这个文件是 %(size).1f MB。平台的文书约 0.1 MB，请核对是否选错文件"),
                params={"size": upload.size / 1024 / 1024},
            )
        return upload

    def clean_sm3(self) -> str:
        typed = _BETWEEN.sub("", self.cleaned_data["sm3"].lower().removeprefix("sm3"))
        if typed and not _DIGEST.fullmatch(typed):
            raise forms.ValidationError(
                _("SM3 摘要应为 64 位，只含 0 至 9 和 a 至 f，现在是 %(n)s 位"), params={"n": len(typed)}
            )
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        upload, digest = cleaned.get("file"), cleaned.get("sm3")
        if bool(upload) == bool(digest):
            raise forms.ValidationError(_("请选择文件或者填写 SM3 摘要，两者取一"))
        cleaned["digest"] = sm3(upload.read()).hex() if upload else digest
        return cleaned
