"""Seal every value again with the first key, a few rows at a time, so that an old key can be thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import and_, select, tuple_, update
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.staff_tables import accounts, notes
from bot.store.tables import callbacks, conversations, entries, phones, texts, turns

About = Callable[[Row], str]
Place = tuple[Any, ...]


def _of(pattern: str) -> About:
    return lambda row: pattern.format(**row._mapping)


LINE = "{conversation_id}:{seq}:"
# What each value is tied to: the same that its writer says.
SEALED: dict[Any, dict[str, About]] = {
    conversations: {"context_encrypted": _of("{id}:context"), "attention_encrypted": _of("{id}:attention")},
    entries: {"text_encrypted": _of(LINE + "text"), "payload_encrypted": _of(LINE + "payload")},
    turns: {"card_encrypted": _of(LINE + "alarm"), "understood_encrypted": _of(LINE + "understood")},
    callbacks: {f"{name}_encrypted": _of(LINE + f"callback_{name}") for name in ("name", "number", "best_time")},
    phones: {"number_encrypted": _of("{id}:number")},
    texts: {"body_encrypted": _of("{once}:body")},
    notes: {"text_encrypted": _of("{conversation_id}:{author}:{at}:note")},
    accounts: {"totp_encrypted": _of("{name}:totp")},
}


def rotate(
    db: Connection, cipher: Cipher, table: Any, after: Place | None, most: int
) -> tuple[Place | None, Counter[str]]:
    """Seal the next rows of a table again: where to go on (None at the end), and how many values each key sealed.

    A value whose key is gone is counted under that key and left as it is.
    """
    rows = db.execute(_next(table, after, most)).all()
    used: Counter[str] = Counter()
    for row in rows:
        used.update(_seal(db, cipher, table, row))
    return (_place(table, rows[-1]) if len(rows) == most else None), used


def tables() -> Iterator[Any]:
    """Every table with sealed values."""
    return iter(SEALED)


def key_of(sealed: bytes) -> str:
    """The id of the key that sealed a value."""
    return bytes(sealed).partition(b":")[0].decode("ascii", "replace")


def _seal(db: Connection, cipher: Cipher, table: Any, row: Row) -> Counter[str]:
    used: Counter[str] = Counter()
    for name, about in SEALED[table].items():
        old = row._mapping[name]
        if old is None:
            continue
        used[_again(db, cipher, table, row, name, about(row))] += 1
    return used


def _again(db: Connection, cipher: Cipher, table: Any, row: Row, name: str, about: str) -> str:
    """Seal one value with the first key, unless somebody wrote it meanwhile; the id of the key it has now."""
    old = row._mapping[name]
    if key_of(old) == cipher.current:
        return cipher.current
    try:
        new = cipher.seal(cipher.open(old, about), about)
    except CipherError:
        return key_of(old)
    key = list(table.primary_key.columns)
    same = and_(*(column == row._mapping[column.name] for column in key), table.c[name] == old)
    db.execute(update(table).where(same).values({name: new}))
    return cipher.current


def _next(table: Any, after: Place | None, most: int) -> Any:
    key = list(table.primary_key.columns)
    query = select(table).order_by(*key).limit(most)
    return query if after is None else query.where(tuple_(*key) > tuple_(*after))


def _place(table: Any, row: Row) -> Place:
    return tuple(row._mapping[column.name] for column in table.primary_key.columns)
