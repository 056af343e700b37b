"""Codes of authenticator apps (RFC 6238: six digits, half a minute each), a step early or late, none twice (pure)."""

import hmac
from datetime import datetime

import pyotp

STEP = 30
AROUND = 1
"""Steps that a clock may be off."""


def matching_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The step whose code this is, if it is near now and newer than the last that was taken."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdecimal():
        return None
    present, generator = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
    for step in range(max(present - AROUND, last_step + 1), present + AROUND + 1):
        if hmac.compare_digest(generator.generate_otp(step), digits):
            return step
    return None


def address_of(secret: str, email: str, organisation: str) -> str:
    """The otpauth: address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Muster {organisation}".strip())
