"""The second factor: codes of six digits from an app, set up with a QR code that no other server draws."""

from __future__ import annotations

import hmac
import time

import pyotp
import segno

STEP_SECONDS = 30
DRIFT = (0, -1, 1)  # the clock of a phone may be one step off


def fresh_secret() -> str:
    """A new secret."""
    return pyotp.random_base32()


def step_of(secret: str, code: str) -> int | None:
    """The time step that a code belongs to; None when it is wrong or too old."""
    given = code.replace(" ", "").encode("utf-8", "replace")
    current = int(time.time()) // STEP_SECONDS
    for step in (current + drift for drift in DRIFT):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * STEP_SECONDS).encode(), given):
            return step
    return None


def picture(secret: str, name: str, issuer: str) -> str:
    """The QR code that an app reads, as SVG to stand in a page."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    return segno.make(address, micro=False).svg_inline(scale=5, border=4, light="white", omitsize=True)
