"""How quick the staff console's looks are over very many conversations: `python -m tests.bench.staff [--json FILE]`.

Each look next to the plain scan that it would be over a table shaped like Rasa's events, in the same run.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import Connection, Engine

from bot.store.database import migrate, open_engine
from bot.store.filters import Filters
from bot.store.listing import listed
from bot.store.night import night
from bot.store.retention import MOST, purge
from bot.store.search import found
from bot.store.tables import conversations, entries
from tests.bench.filling import APART, LAST, events, fill
from tests.databases import MISSING, cluster, programs

CONVERSATIONS, ROUNDS = 100_000, 20
DAY = 24 * 3600 * 1000
FILTERS: dict[str, list[dict[str, str]]] = {
    "days": [{"since": "2026-03-01", "until": "2026-03-02"}, {"until": "2026-01-31"}],
    "hours": [
        {"hour_from": "3", "hour_to": "4"},
        {"hour_from": "22", "hour_to": "6"},
        {"hour_from": "0", "hour_to": "24"},
    ],
    "channel": [{"channel": "web"}, {"channel": "sms"}, {"channel": "none"}],
    "language": [{"language": "en"}, {"language": "es"}, {"language": "fr"}],
    "concern": [{"concern": "none"}, {"concern": "suicide_passive"}],
    "urgency": [{"urgency": "urgent"}, {"urgency": "emergency"}],
    "severity": [{"severity": "dangerous"}, {"severity": "unknown"}],
    "substance": [{"substance": "alcohol"}, {"substance": "rare"}, {"substance": "none"}],
    "intent": [{"intent": "ask_interaction"}, {"intent": "nlu_fallback"}],
    "tag": [{"tag": "housing"}],
    "unknown": [{"unknown": "strange1"}],
    "fallback": [{"fallback": "yes"}, {"fallback": "no"}],
    "escalated": [{"escalated": "yes"}, {"escalated": "no"}],
    "confidence": [{"confidence": "0.2"}, {"confidence": "1.0"}],
    "review": [{"review": "new"}, {"review": "follow_up"}],
    "assignee": [{"assignee": "ann"}, {"assignee": "-"}, {"assignee": "nobody"}],
    "several": [
        {"substance": "alcohol", "assignee": "ann"},
        {"intent": "ask_interaction", "tag": "housing"},
        {"fallback": "yes", "escalated": "yes", "channel": "sms"},
        {"channel": "sms", "language": "es", "severity": "unknown", "confidence": "0.2"},
        {"since": "2026-01-01", "until": "2026-01-31", "review": "new", "substance": "ketamine"},
    ],
}
# A common word in conversations that are few, and long ago.
NARROWED = (
    ("help", {"assignee": "ann"}),
    ("help", {"unknown": "strange1"}),
    ("i", {"tag": "housing"}),
    ("i", {"since": "2026-01-01", "until": "2026-01-02"}),
    ("i", {"since": "2026-01-01", "until": "2026-01-31"}),
    ("i", {"urgency": "emergency", "language": "es", "channel": "sms"}),
)
SEARCHES = ("help", "mix beer", "zyzzogeton", "zyzz", "i", "insurance medicaid", "pol", "nothing like it")
Look = Callable[[Connection], Any]


def looks(ids: list[str]) -> Iterator[tuple[str, list[Look]]]:
    """What is measured: a name, and ways to ask it, rare and common."""
    yield "list", [lambda db: listed(db, Filters())]
    for name, asked in FILTERS.items():
        yield f"list by {name}", [lambda db, each=each: listed(db, Filters.read(each)) for each in asked]  # type: ignore[misc]
    yield "search", [lambda db, words=words: found(db, words, Filters()) for words in SEARCHES]  # type: ignore[misc]
    yield "search by filter", [lambda db, w=words, f=asked: found(db, w, Filters.read(f)) for words, asked in NARROWED]  # type: ignore[misc]
    yield "night", [lambda db: night(db, LAST - DAY, LAST)]
    one = [select(entries).where(entries.c.conversation_id == each).order_by(entries.c.seq) for each in ids]
    yield "open", [lambda db, query=query: db.execute(query).all() for query in one]  # type: ignore[misc]


def scans(ids: list[str]) -> Iterator[tuple[str, list[Look]]]:
    """The same questions to a table shaped like Rasa's, which has an answer to the last one only."""
    newest = "SELECT sender_id, max(timestamp) FROM rasa_events GROUP BY sender_id ORDER BY 2 DESC LIMIT 50"
    said = "SELECT id, data FROM rasa_events WHERE data LIKE '%insurance%' AND data LIKE '%medicaid%' ORDER BY id DESC"
    yield "scan: list", [lambda db: db.execute(text(newest)).all()]
    yield "scan: search", [lambda db: db.execute(text(said)).all()]
    one = select(events).where(events.c.sender_id == ids[0])
    yield "scan: open", [lambda db: db.execute(one).all()]


def measured(engine: Engine, ways: list[Look], rounds: int) -> list[tuple[float, float]]:
    """The milliseconds of each look, and those of them in which this thread worked, in a transaction of its own."""
    taken = []
    for _ in range(rounds):
        for way in ways:
            started, worked = time.perf_counter(), time.thread_time()
            with engine.execution_options(reads=True).begin() as db:
                way(db)
            taken.append(((time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000))
    return taken


def percentile(taken: Sequence[float], share: float) -> float:
    """The time that so many looks did not take longer than."""
    return sorted(taken)[math.ceil(len(taken) * share) - 1]


def measure(address: str, count: int, rounds: int = ROUNDS) -> dict[str, tuple[float, ...]]:
    """p50 and p95 of every look in milliseconds, and p95 of this thread's work, after filling an empty database."""
    engine = open_engine(address, busy_seconds=30)
    migrate(engine)
    fill(engine, count)
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":  # which does so by itself; nobody does it to SQLite
            db.execute(text("ANALYZE"))
        ids = random.Random(1).sample([row.id for row in db.execute(select(conversations.c.id))], 20)
    taken = {name: measured(engine, ways, rounds) for name, ways in looks(ids)}
    taken |= {name: measured(engine, ways, 3) for name, ways in scans(ids)}
    taken["purge of a tenth"] = [_purged(engine, LAST - (count - count // 10) * APART)]
    engine.dispose()
    return {name: _figures(each) for name, each in taken.items()}


def _purged(engine: Engine, before: int) -> tuple[float, float]:
    """The milliseconds in which all that is older is deleted, so many conversations in a transaction."""
    started, worked = time.perf_counter(), time.thread_time()
    left = MOST
    while left == MOST:
        with engine.begin() as db:
            left = purge(db, before, MOST)
    return (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000


def _figures(taken: list[tuple[float, float]]) -> tuple[float, ...]:
    walls, works = zip(*taken, strict=True)
    return statistics.median(walls), percentile(walls, 0.95), percentile(works, 0.95)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """An empty database of each kind that can be had."""
    with tempfile.TemporaryDirectory() as folder:
        sqlite = {"sqlite": f"sqlite:///{Path(folder) / 'bench.db'}"}
        if programs() is None:
            print(MISSING, file=sys.stderr)
            yield sqlite
            return
        with cluster() as address:
            yield {**sqlite, "postgres": address}


def main() -> None:
    """Measure on both databases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    asked = parser.parse_args()
    with databases() as addresses:
        kinds = {kind: each for kind, each in addresses.items() if asked.only in (None, kind)}
        figures = {kind: measure(address, asked.conversations) for kind, address in kinds.items()}
    print(f"{asked.conversations} conversations; milliseconds, p50 / p95 (p95 of the work of this process)")
    for name in next(iter(figures.values())):
        shown = "   ".join(
            f"{kind} {each[name][0]:8.2f} / {each[name][1]:8.2f} ({each[name][2]:7.2f})"
            for kind, each in figures.items()
        )
        print(f"{name:20} {shown}")
    if asked.json:
        asked.json.write_text(json.dumps({"conversations": asked.conversations, "figures": figures}, indent=1) + "\n")


if __name__ == "__main__":
    main()
