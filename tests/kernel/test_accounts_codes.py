from __future__ import annotations

import pytest
from accounts.codes import (
    check_identity_number,
    check_uscc,
    identity_check_digit,
    uscc_check_digit,
    validate_uscc,
)
from accounts.models import Organisation
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    "code",
    [
        "91110000600037341L",
        "11500000009275780L",
        "11500000MB1670604W",
        "11500109552015745B",
        "N2500101MF0000000M",  # a rural collective: letters stand where others have digits
    ],
)
def test_real_codes_pass(code: str) -> None:
    assert check_uscc(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("9150000MA000000X", "应为 18 位，现在是 16 位"),
        ("9111000060003734IL", "第 17 位是“I”"),
        ("91110000600037341X", "校验位应为 L，现在是 X"),
        ("", "应为 18 位，现在是 0 位"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(code: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_uscc(code)


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(body: str, place: int, other: str) -> None:
    code = body + uscc_check_digit(body)
    assert check_uscc(code) == code
    changed = code[:place] + other + code[place + 1 :]
    if changed != code:
        with pytest.raises(ValueError, match="校验位"):
            check_uscc(changed)


def test_identity_numbers_are_checked_without_their_region() -> None:
    assert (
        check_identity_number("500112198808081233") == "500112198808081233"
    )  # a district younger than the person
    assert check_identity_number("50010119900101001x".replace("x", identity_check_digit("50010119900101001")))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("50011219880808123", "应为 18 位，现在是 17 位"),
        ("500112198808081234", "校验位应为 3，现在是 4"),
        ("500112198802301233", "不是一个日期"),
        ("5001121988O8081233", "第 11 位是“O”"),
    ],
)
def test_a_wrong_identity_number_says_what_is_wrong(code: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_identity_number(code)


@given(st.integers(0, 10**17 - 1))
def test_the_identity_checksum_is_iso_7064_mod_11_2(number: int) -> None:
    body = f"{number:017d}"
    code = body + identity_check_digit(body)
    total = sum((10 if c == "X" else int(c)) * 2 ** (17 - i) for i, c in enumerate(code))
    assert total % 11 == 1


def test_the_field_refuses_a_wrong_code_and_takes_none() -> None:
    Organisation(code="x", name="x", short_name="x", kind="enterprise").clean_fields()
    with pytest.raises(ValidationError, match="校验位应为 L"):
        Organisation(
            code="x", name="x", short_name="x", kind="enterprise", uscc="91110000600037341X"
        ).clean_fields()
    with pytest.raises(ValidationError, match="应写作"):
        validate_uscc("91110000600037341l")
