"""The time as the tables keep it."""

from __future__ import annotations

import time

HOUR = 3600 * 1000  # milliseconds
DAY = 24 * HOUR


def now() -> int:
    """Milliseconds since 1970 UTC."""
    return int(time.time() * 1000)
