"""Checks every row of the tables: `python -m helpline.knowledge [folder]`; one sentence names file and row."""

import sys
from pathlib import Path

from helpline.knowledge.knowledge import load
from helpline.knowledge.tables import KnowledgeError
from helpline.knowledge.topics import load_topics


def main(arguments: list[str]) -> int:
    """0 when the tables hold together, else 1."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "data" / "knowledge"
    try:
        knowledge = load(folder)
        topics = load_topics(folder, knowledge)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"The tables hold together: {len(knowledge.substances)} substances, "
        f"{len(knowledge.interactions)} class pairs, {len(knowledge.overrides)} substance pairs, "
        f"{sum(len(texts) for texts in topics.texts.values())} answers to other questions."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
