"""Verification codes: twelve characters in groups of four, drawn for a paper and read back from what people type."""

from __future__ import annotations

import secrets
import unicodedata

from django.utils.translation import gettext as _

#: Letters and digits that are not mistaken for each other when read aloud or typed from paper.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
EXAMPLE = "7K4P-2D9X-QM3T"
_JOINERS = frozenset(" -\u00a0\u2010\u2011\u2012\u2013\u2014\u2212_·.")


class BadCode(ValueError):
    """What was typed cannot be a code; the text says why and what a code looks like."""


def new_code() -> str:
    """A code like 7K4P-2D9X-QM3T: 60 bits, not to be guessed."""
    return _grouped("".join(secrets.choice(ALPHABET) for _i in range(LENGTH)))


def read_code(typed: str) -> str:
    """The code as it is stored, from what a person typed: small letters, full width, other dashes or none.

    Raises `BadCode`.
    """
    text = unicodedata.normalize("NFKC", typed).upper()
    signs = "".join(sign for sign in text if sign not in _JOINERS and not sign.isspace())
    if not signs:
        raise BadCode(_("请填写验证码，共 12 位，如 %(example)s") % {"example": EXAMPLE})
    strange = "、".join(dict.fromkeys(sign for sign in signs if sign not in ALPHABET))
    if strange:
        raise BadCode(
            _("验证码只用数字 2 至 9 和除 I、O 以外的字母，这里有 %(strange)s。应为 12 位，如 %(example)s")
            % {"strange": strange[:20], "example": EXAMPLE}
        )
    if len(signs) != LENGTH:
        raise BadCode(
            _("验证码应为 12 位，现在是 %(n)s 位，如 %(example)s") % {"n": len(signs), "example": EXAMPLE}
        )
    return _grouped(signs)


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + 4] for start in range(0, LENGTH, 4))
