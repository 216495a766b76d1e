"""Whether a clinician has signed a row, and when it was last looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from helpline.knowledge.tables import Row

UNSIGNED = "not signed"
_SIGNED = re.compile(r"signed: [^,]+(, [^,]+)+, (?P<day>[^,]+)")


@dataclass(frozen=True)
class Signable:
    """What every row that a clinician signs carries."""

    reviewed: str
    status: str

    @property
    def signed(self) -> bool:
        """Whether a clinician has signed it."""
        return self.status != UNSIGNED


def signing(row: Row) -> tuple[str, str]:
    """The cells `reviewed` and `status`; a date turned by a spreadsheet, or half a signature, is refused."""
    reviewed, status = row.needed("reviewed"), row.needed("status")
    if not _is_day(reviewed):
        raise row.wrong(f"reviewed '{reviewed}' is not a date like 2026-11-23")
    if status != UNSIGNED:
        signature = _SIGNED.fullmatch(status)
        if not signature or not _is_day(signature["day"]):
            raise row.wrong(f"status '{status}' is neither '{UNSIGNED}' nor 'signed: name, credential, date'")
    return reviewed, status


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
