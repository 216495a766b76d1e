"""Checks every row of the tables: `python -m helpline.knowledge [folder]`; one sentence names file and row."""

import sys
from pathlib import Path

from helpline.knowledge.knowledge import load
from helpline.knowledge.tables import KnowledgeError


def main(arguments: list[str]) -> int:
    """0 when the tables hold together, else 1."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "data" / "knowledge"
    try:
        knowledge = load(folder)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"The tables hold together: {len(knowledge.substances)} substances, "
        f"{len(knowledge.interactions)} class pairs, {len(knowledge.overrides)} substance pairs."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
