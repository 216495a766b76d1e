"""The closed list of severities, and which of two is worse."""

from __future__ import annotations

# "reversal" (give the rescue medicine) stands above "serious" so that it is never hidden by a lesser pair, and
# below "dangerous" so that naloxone in the same question never softens a dangerous mix.
ORDER = ("unknown", "check", "caution", "serious", "reversal", "dangerous")
RANK = {severity: rank for rank, severity in enumerate(ORDER)}
IN_TABLES = frozenset(ORDER) - {"unknown"}


def worse(one: str, other: str) -> str:
    """Whichever of the two is worse."""
    return one if RANK[one] >= RANK[other] else other
