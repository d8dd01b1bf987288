"""The second factor (等保三级 8.1.4.1 d): who has to show one, and the devices that prove it."""

from __future__ import annotations

import base64
from datetime import datetime
from urllib.parse import quote

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django_otp import login as otp_login
from django_otp import user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.actions.sessions import rotate_key
from accounts.actors import Actor
from accounts.models import Role, User
from accounts.recording import recorded

RECOVERY_CODES = 10
HAS_DEVICE = "has_second_factor"


def required_of(actor: Actor) -> bool:
    """Whether the posts held call for a second factor (and the demonstration does not waive it)."""
    return not settings.SECOND_FACTOR_WAIVED and actor.holds(
        *(Role(role) for role in settings.SECOND_FACTOR_ROLES)
    )


def note_at_sign_in(request: HttpRequest, user: User) -> None:
    """Keep in the session whether the person has a device, so that no request has to ask the database."""
    request.session[HAS_DEVICE] = user_has_device(user, confirmed=True)


def pending_device(user: User) -> TOTPDevice:
    """The device being enrolled: one a person, replaced when enrolment begins anew after it was confirmed."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="动态口令", confirmed=False)


def secret_of(device: TOTPDevice) -> str:
    """The secret as people type it into an app: base32 in groups of four."""
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def picture_of(device: TOTPDevice) -> str:
    """The QR code as a data address of an SVG image."""
    label = quote(f"渝数:{device.user.get_username()}")
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    url = f"otpauth://totp/{label}?secret={secret}&issuer={quote('渝数')}&algorithm=SHA1&digits=6&period=30"
    return str(segno.make(url, error="m").svg_data_uri(scale=5, border=4, light="#fff"))


@transaction.atomic
def confirm(
    request: HttpRequest, device: TOTPDevice, token: str, *, by: Actor, at: datetime
) -> list[str] | None:
    """Finish the enrolment with a first code; returns the recovery codes (shown once), or None for a wrong code.

    Older devices and codes of the person cease: a lost telephone opens nothing.
    """
    if not device.verify_token(token):
        return None
    TOTPDevice.objects.filter(user=device.user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    codes = _fresh_codes(device.user)
    _pass(request, device)
    _record("account:enrol-second-factor", device.user, by, at)
    return codes


@transaction.atomic
def verify(request: HttpRequest, user: User, token: str, *, by: Actor, at: datetime) -> bool:
    """Accept a code of the device, or a recovery code (each works once). Wrong codes slow the next try down."""
    device = _matching_device(user, token.strip().replace(" ", "").lower())
    if device is None:
        _record("account:second-factor-refused", user, by, at)
        return False
    _pass(request, device)
    kind = "recovery-code" if isinstance(device, StaticDevice) else "totp"
    _record("account:second-factor", user, by, at, kind)
    return True


@transaction.atomic
def remove_for(user: User, *, by: Actor, at: datetime, reason: str) -> None:
    """Forget the devices of a person who lost them all; the next sign-in enrols a new one."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    _record("account:reset-second-factor", user, by, at, reason)


def locked_until(user: User) -> datetime | None:
    """Until when the person's devices take no code after wrong ones; None when they do."""
    moments = [
        why["locked_until"]
        for model in (TOTPDevice, StaticDevice)
        for device in model.objects.filter(user=user, confirmed=True)
        for allowed, why in [device.verify_is_allowed()]
        if not allowed and why and why.get("locked_until")
    ]
    return max(moments, default=None)


def _matching_device(user: User, token: str) -> TOTPDevice | StaticDevice | None:
    # Six digits are a code of the app, anything else a recovery code: a wrong one slows down only its own kind.
    model = TOTPDevice if len(token) == 6 and token.isdigit() else StaticDevice
    for device in model.objects.select_for_update().filter(user=user, confirmed=True):
        if device.verify_token(token):
            return device
    return None


def _fresh_codes(user: User) -> list[str]:
    device, _ = StaticDevice.objects.get_or_create(user=user, name="备用码")
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def _pass(request: HttpRequest, device: TOTPDevice | StaticDevice) -> None:
    otp_login(request, device)
    rotate_key(request)
    request.session[HAS_DEVICE] = True


def _record(action: str, user: User, by: Actor, at: datetime, note: str = "") -> None:
    recorded(action, by=by, at=at, kind="account", key=user.username, after={"note": note} if note else None)
