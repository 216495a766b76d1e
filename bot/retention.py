"""Delete what the policy (RETENTION_DAYS) says is too old: `python -m bot.retention`; `--dry-run` only counts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot import environment
from bot.store.clock import now
from bot.store.retention import dry_run, kept_since, purge, sweep
from bot.store.staff import StaffStore

BATCH = 500  # conversations: the front door can write in between


def counted(store: StaffStore, before: int) -> str:
    """What a purge would delete, one kind a line."""
    found = store.look(lambda db: dry_run(db, before))
    return "\n".join(f"{count:>9,}  {kind}" for kind, count in sorted(found.items()))


def purged(store: StaffStore, before: int) -> int:
    """Delete everything that is due; how many conversations that were."""
    total = 0
    while deleted := store.change(lambda db: purge(db, before, BATCH)):
        total += deleted
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; 1 where a setting is wrong or deleted words may linger in files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="count what would be deleted, and delete nothing")
    asked = parser.parse_args(arguments)
    settings = environment.settings()
    if settings is None:
        return 1
    store, before = StaffStore(settings), kept_since(settings, now())
    store.prepare()
    if asked.dry_run:
        print(counted(store, before))
        return 0
    print(f"{purged(store, before):,} conversation(s) deleted")
    if sweep(store.engine):
        return 0
    print("the database was in use: files may hold deleted words still; run this again", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
