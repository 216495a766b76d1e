"""The knowledge tables, loaded once for all actions."""

from functools import lru_cache
from pathlib import Path

from helpline.knowledge import Knowledge, load

FOLDER = Path(__file__).parent.parent / "data" / "knowledge"


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The tables in data/knowledge; raises KnowledgeError with file and row."""
    return load(FOLDER)
