"""Seal everything again with the first key of STORE_KEYS: `python -m bot.rotate`, while everything runs.

It may be stopped and started again. An old key that it calls unused may be taken out of STORE_KEYS.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from bot import environment
from bot.store.retention import tidy
from bot.store.rotation import Place, rotate, tables
from bot.store.staff import StaffStore

BATCH = 200  # rows in one transaction: messages are written in between
BREATH = 0.01


def rotated(store: StaffStore) -> Counter[str]:
    """Seal every value again; how many values there are under each key id now."""
    used: Counter[str] = Counter()
    for table in tables():
        after: Place | None = None
        while True:
            after, some = store.change(lambda db, t=table, a=after: rotate(db, store.cipher, t, a, BATCH))  # type: ignore[misc]
            used.update(some)
            if after is None:
                break
            time.sleep(BREATH)
    return used


def main() -> int:
    """Rotate; 1 where a setting is wrong, or values are left under a key that nobody has."""
    settings = environment.settings()
    if settings is None:
        return 1
    store = StaffStore(settings)
    store.prepare()
    used = rotated(store)
    tidy(store.engine)
    known = [name for name, _ in settings.store_keys]
    for name in known:
        print(f"key {name}: {f'{used[name]:,} values' if used[name] else 'unused, it may go'}")
    lost = {name: count for name, count in used.items() if name != known[0]}
    for name, count in lost.items():
        print(f"key {name}: {count:,} values could not be read and are left as they were", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
