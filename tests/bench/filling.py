"""Very many conversations, written in bulk: the same rows that talks would have left."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text, func, insert, literal, select
from sqlalchemy.engine import Connection, Engine

from bot.store.staff_tables import facets, summaries
from bot.store.summaries import SAFETY
from bot.store.tables import callbacks, conversations, entries, turns
from helpline.knowledge.severity import ORDER, RANK
from helpline.safety.concerns import LEVELS, load_concerns

TURNS = 6  # of two entries each
LAST = 1_790_000_000_000
APART = 300_000  # milliseconds from one conversation to the next
BATCH = 1000
SUBSTANCES = ("alcohol", "alprazolam", "oxycodone", "heroin", "fentanyl", "cocaine", "ketamine", "rare")
SEALED = b"k:" + b"x" * 80
# Shaped like the table in which Rasa keeps what happened: an index on the sender, and JSON text.
events = Table(
    "rasa_events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False, index=True),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", BigInteger),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)


def fill(engine: Engine, count: int, seed: int = 1) -> None:
    """So many conversations of a dozen entries, and the same as Rasa's events: the newest, and copies of older days."""
    chance, concerns = random.Random(seed), load_concerns_by_level()
    events.metadata.create_all(engine)
    made = [_conversation(chance, concerns, n, BATCH) for n in range(BATCH)]
    for copy in range(count // BATCH - 1, 0, -1):
        with engine.begin() as db:
            if copy == count // BATCH - 1:
                _write(db, made)
            for table in TABLES:
                db.execute(_copied(db, table, copy))
        print(f"{count - copy * BATCH} of {count} conversations", file=sys.stderr, flush=True)


TABLES = (conversations, entries, turns, callbacks, summaries, facets, events)


def _write(db: Connection, made: list[dict[str, Any]]) -> None:
    for table in TABLES:
        for shape in {tuple(sorted(row)) for each in made for row in each.get(table.name, ())}:
            rows = [row for each in made for row in each.get(table.name, ()) if tuple(sorted(row)) == shape]
            db.execute(insert(table), rows)


def _copied(db: Connection, table: Table, copy: int) -> Any:
    """The newest conversations once more, under names of their own and so many times before."""
    here = table.c.get("conversation_id", table.c.get("sender_id", table.c.get("id")))
    taken = [column for column in table.c if not (table is events and column.name == "id")]
    shift = copy * BATCH * APART
    values = [
        func.concat(f"{copy:04x}", func.substr(column, 5))
        if column is here and db.dialect.name != "sqlite"
        else literal(f"{copy:04x}") + func.substr(column, 5)
        if column is here
        else column - shift
        if isinstance(column.type, BigInteger)
        else column
        for column in taken
    ]
    return insert(table).from_select([column.name for column in taken], select(*values).where(here.like("0000%")))


def load_concerns_by_level() -> dict[str, list[str]]:
    """The names of concerns at each level."""
    table = load_concerns(SAFETY)
    return {level: [name for name, each in table.items() if each.level == level] for level in LEVELS}


def _conversation(chance: random.Random, concerns: dict[str, list[str]], number: int, count: int) -> dict[str, Any]:
    here, at = "0000" + hashlib.sha256(str(number).encode()).hexdigest()[4:], LAST - (count - number) * APART
    level = chance.choices(LEVELS, (80, 14, 4, 2))[0]
    severity = chance.choices((None, *ORDER), (60, 5, 5, 10, 10, 2, 8))[0]
    tenth = min(9, int(chance.betavariate(6, 2) * 10))
    names = {chance.choices(SUBSTANCES, (40, 20, 15, 10, 8, 4, 2, 0.02))[0] for _ in range(2)}
    unknown = [f"strange{chance.randrange(500)}"] if chance.random() < 0.02 else []
    intent = chance.choices(("ask_interaction", "ask_cost", "family_support", "nlu_fallback"), (50, 30, 15, 5))[0]
    found = [("substance", name) for name in names] + [("intent", intent)] + [("unknown", name) for name in unknown]
    found += [("tag", "housing")] if number == 7 else []
    rows: dict[str, Any] = {
        "conversations": [{"id": here, "channel": "web", "created_at": at, "last_seq": 3 * TURNS, "language": "en"}],
        "summaries": [
            {
                "conversation_id": here,
                "channel": "sms" if chance.random() < 0.1 else "web",
                "language": "es" if chance.random() < 0.05 else "en",
                "started_at": at,
                "last_at": at,
                "hour": at // 3_600_000 % 24,
                "messages": TURNS,
                "concern": chance.choice(concerns[level]),
                "urgency": LEVELS.index(level),
                "severity": severity,
                "graveness": RANK[severity] + 1 if severity else 0,
                "escalated": level in ("crisis", "emergency"),
                "fallback": chance.random() < 0.1,
                "confidence": tenth / 10 + 0.05,
                "tenth": tenth,
                "review": chance.choices(("new", "reviewed", "in_review", "follow_up"), (90, 8, 1.9, 0.1))[0],
                "assignee": "ann" if chance.random() < 0.001 else None,
            }
        ],
        "facets": [{"kind": k, "value": v, "conversation_id": here, "at": at, "last_at": at} for k, v in found],
    }
    rows |= {"entries": [], "turns": [], "rasa_events": list(_events(here, at, chance))}
    for turn in range(TURNS):
        _turn(rows, here, turn * 3 + 1, at, chance, number)
    if number % 50 == 0:
        wish = {"conversation_id": here, "seq": 1, "created_at": at, "number_encrypted": SEALED, "language": "en"}
        done = "new" if number > count - 500 else "done"
        rows["callbacks"] = [{**wish, "best_time_encrypted": SEALED, "urgency": "routine", "state": done}]
    return rows


WORDS = (
    "can i mix these with beer how much is treatment my son will not stop drinking i feel sick help me please is there "
    "a bed free tonight what does insurance pay do you take medicaid i relapsed again and i am ashamed of it nobody "
    "knows where do i go when it gets worse what happens if they call the police my mother found the pills"
).split()


def _said(chance: random.Random, number: int) -> str:
    rare = " zyzzogeton" if number == 9 else ""
    return " ".join(chance.choices(WORDS, k=chance.randrange(4, 16))) + rare


def _turn(rows: dict[str, Any], here: str, seq: int, at: int, chance: random.Random, number: int) -> None:
    said = {"conversation_id": here, "kind": "message", "created_at": at, "text_encrypted": SEALED}
    for place, role in ((seq, "user"), (seq + 1, "bot")):
        words = {"seq": place, "role": role, "text_redacted": _said(chance, number)}
        rows["entries"].append({**said, **words, "message_id": f"m{seq}" if role == "user" else None})
    turn = {"conversation_id": here, "seq": seq, "message_id": f"m{seq}", "state": "done", "alarm": False}
    rows["turns"].append({**turn, "concern": "none", "understood_encrypted": SEALED, "outcome": "answered"})


def _events(here: str, at: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for _ in range(TURNS):
        for kind in ("user", "bot"):
            data = json.dumps({"event": kind, "timestamp": at, "text": _said(chance, 1), "parse_data": {}})
            yield {"sender_id": here, "type_name": kind, "timestamp": at, "intent_name": "x", "data": data}
