"""Checks the resources against today's date: `python -m helpline.escalation`; `--docs` writes docs/resources.md."""

import sys
from datetime import date
from pathlib import Path

from helpline.escalation.errors import ContactError
from helpline.escalation.upkeep import GOOD_FOR_DAYS, check, document

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """0 when every resource was verified lately, else 1."""
    folder = ROOT / "data" / "safety"
    if "--docs" in arguments:
        (ROOT / "docs" / "resources.md").write_text(document(folder), encoding="utf-8")
    try:
        count = check(folder, date.today())
    except ContactError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"All {count} resources were verified in the last {GOOD_FOR_DAYS} days.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
