"""Check that nobody touched the record of who looked at what: `python -m bot.audit`.

It prints an anchor. Keep that somewhere else: `--anchor` tells later whether the rows up to it are still there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bot import environment
from bot.store.audit import anchor, broken, holds_anchor
from bot.store.staff import StaffStore


def verdict(store: StaffStore, kept: str) -> tuple[str, int]:
    """What is said about the record, and the code to end with."""
    row = store.look(broken)
    if row is not None:
        return f"row {row} does not follow from the one before: it, or one before it, was touched", 1
    if kept and not store.look(lambda db: holds_anchor(db, kept)):
        return "the record does not hold that anchor: rows were cut off at its end, or it was written anew", 1
    return f"whole, up to {store.look(anchor)}", 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; 1 where the record was touched, or cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--anchor", default="", help="the anchor that an earlier run printed")
    asked = parser.parse_args(arguments)
    settings = environment.settings()
    if settings is None:
        return 1
    said, code = verdict(StaffStore(settings), asked.anchor.strip())
    print(said, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
