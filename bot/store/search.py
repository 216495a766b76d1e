"""Search what was said, by words: the newest first, in the redacted copies only.

Triggers keep the index (see migration 0006): in SQLite a table `searched` of words, in PostgreSQL a column of
`searchable`. Whatever somebody types is words and nothing else: it never reaches the database as its query language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, column, func, select, table, text
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from bot.store.filters import Filters
from bot.store.listing import between, conditions, cursor, few, read_cursor
from bot.store.staff_tables import searchable, summaries
from bot.store.tables import entries

WORD = re.compile(r"[^\W_]+")
ASKED = re.compile(r"([^\W_]+)(\*?)")
MOST_WORDS, LONGEST_WORD = 12, 64
AROUND, SNIPPET = 60, 240  # letters before the first hit, and in all
DAYS = 10_000  # conversations of the days that are searched; in more of them the newest hold enough
PAGES = 500  # of the index, merged in one go: some milliseconds
Piece = tuple[str, bool]
Word = tuple[str, bool]  # and whether more letters may follow
searched = table("searched", column("rowid"), column("searched"))


@dataclass(frozen=True)
class FoundRow:
    """A message: `pieces` are its text around the hits, each with whether it is one; `summary` its conversation's."""

    conversation: str
    seq: int
    role: str
    at: int
    pieces: tuple[Piece, ...]
    summary: Row


@dataclass(frozen=True)
class Found:
    """One page of messages, and the cursor after which the next one begins; empty where there is none."""

    rows: list[FoundRow]
    next: str


def found(db: Connection, words: str, filters: Filters, after: str = "", most: int = 50) -> Found:
    """The messages that hold all the words, the newest first, in conversations that the filters leave.

    The last word may go on from its third letter, and every one with a star from its second: "over*" finds "overdose".
    Capitals and accents do not count.
    """
    asked, place = wanted(words), read_cursor(after)
    if not asked or filters.wrong or place is None:
        return Found([], "")
    query = _in_sqlite(asked) if db.dialect.name == "sqlite" else _in_postgres(asked)
    query = query.join(summaries, summaries.c.conversation_id == searchable.c.conversation_id)
    query = query.where(_id(db) < min(place[0], 2**62), *_narrowed(db, filters))
    query = query.order_by(_id(db).desc()).limit(most + 1)
    hits = db.execute(query).all()
    more = len(hits) > most
    return Found(
        _rows(db, hits[:most], asked), cursor(hits[most - 1].id, hits[most - 1].conversation_id) if more else ""
    )


def wanted(words: str) -> list[Word]:
    """The words that somebody looks for, as the index knows them."""
    asked = [
        (word[:LONGEST_WORD], bool(star) and len(word) > 1) for word, star in ASKED.findall(folded(words))[:MOST_WORDS]
    ]
    return [*asked[:-1], (asked[-1][0], asked[-1][1] or len(asked[-1][0]) > 2)] if asked else []


def folded(said: str) -> str:
    """A text without capitals and accents."""
    apart = unicodedata.normalize("NFKD", said.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def pieces(said: str, asked: Sequence[Word]) -> tuple[Piece, ...]:
    """A text around its first hit, cut where it is a hit and where it is none."""
    hits = [match.span() for match in WORD.finditer(said) if _hit(folded(match.group()), asked)]
    begin = max(0, hits[0][0] - AROUND) if hits else 0
    end, cut = min(len(said), begin + SNIPPET), begin
    parts: list[Piece] = [("…", False)] if begin else []
    for first, last in hits:
        if last <= end:
            parts += [(said[cut:first], False), (said[first:last], True)]
            cut = last
    parts += [(said[cut:end], False), ("…" if end < len(said) else "", False)]
    return tuple(part for part in parts if part[0])


def sweep(db: Connection, first: bool) -> bool:
    """Merge a little of the index, all of which the `first` call begins with; whether there is more to merge.

    SQLite keeps a deleted word in the older parts of the index until they are merged: after a deletion, call this in
    transactions of its own until nothing is left. PostgreSQL cleans up itself.
    """
    if db.dialect.name != "sqlite":
        return False
    before = db.execute(select(func.total_changes())).scalar_one()
    db.execute(
        text("INSERT INTO searched (searched, rank) VALUES ('merge', :pages)"), {"pages": -PAGES if first else PAGES}
    )
    return bool(db.execute(select(func.total_changes())).scalar_one() - before > 1)


def _narrowed(db: Connection, filters: Filters) -> list[Any]:
    """What the filters ask of a hit. Where they leave few conversations, only their messages are looked through."""
    names = few(db, [*filters.each(), filters] if filters.each() else [])
    if names is None:
        return [*conditions(filters), *_during(db, filters)]
    among = and_(summaries.c.conversation_id.in_(names), *conditions(filters))
    left = db.execute(select(summaries.c.conversation_id).where(among)).scalars().all()
    mine = select(searchable.c.id).where(searchable.c.conversation_id.in_(left))
    if db.dialect.name != "sqlite":
        return [searchable.c.id.in_(mine)]
    first, last = db.execute(mine.with_only_columns(func.min(searchable.c.id), func.max(searchable.c.id))).one()
    # A sum, again: the index of words is quick to read from one id to another, and slow to be asked for each.
    return [searched.c.rowid.between(first or 0, last or 0), (searched.c.rowid + 0).in_(mine)]


def _during(db: Connection, filters: Filters) -> list[Any]:
    """Between which ids all messages lie of the conversations of some days, where those are not too many to ask."""
    when = between(filters, summaries)
    some = select(summaries.c.conversation_id).where(*when).limit(DAYS + 1).subquery()
    if not when or db.execute(select(func.count()).select_from(some)).scalar_one() > DAYS:
        return []
    joined = searchable.join(summaries, summaries.c.conversation_id == searchable.c.conversation_id)
    ends = select(func.min(searchable.c.id), func.max(searchable.c.id)).select_from(joined).where(*when)
    first, last = db.execute(ends).one()
    return [_id(db).between(first or 0, last or 0)]


def _in_sqlite(asked: Sequence[Word]) -> Select:
    said = " ".join(f'"{word}"{"*" if more else ""}' for word, more in asked)
    joined = searched.join(searchable, searchable.c.id == searched.c.rowid)
    return select(searchable).select_from(joined).where(searched.c.searched.op("MATCH")(said))


def _in_postgres(asked: Sequence[Word]) -> Select:
    said = " & ".join(f"'{word}'{':*' if more else ''}" for word, more in asked)
    words: Any = text("searchable.words @@ to_tsquery('simple', :said)").bindparams(said=said)
    return select(searchable).select_from(searchable).where(words)


def _id(db: Connection) -> Any:
    return searched.c.rowid if db.dialect.name == "sqlite" else searchable.c.id


def _rows(db: Connection, hits: Sequence[Row], asked: Sequence[Word]) -> list[FoundRow]:
    ids = [hit.id for hit in hits]
    same = and_(entries.c.conversation_id == searchable.c.conversation_id, entries.c.seq == searchable.c.seq)
    joined = searchable.join(entries, same)
    said = (entries.c.conversation_id, entries.c.seq, entries.c.role, entries.c.created_at, entries.c.text_redacted)
    query = select(*said).select_from(joined).where(searchable.c.id.in_(ids)).order_by(searchable.c.id.desc())
    rows = db.execute(query).all()
    mine = summaries.c.conversation_id.in_({row.conversation_id for row in rows})
    known = {row.conversation_id: row for row in db.execute(select(summaries).where(mine))} if rows else {}
    return [
        FoundRow(
            row.conversation_id,
            row.seq,
            row.role,
            row.created_at,
            pieces(row.text_redacted, asked),
            known[row.conversation_id],
        )
        for row in rows
    ]


def _hit(word: str, asked: Sequence[Word]) -> bool:
    return any(word.startswith(each) if more else word == each for each, more in asked)
