"""What staff add to a conversation: notes, tags, whose it is, and how far it was reviewed."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.store.cipher import Cipher, CipherError
from bot.store.clock import now
from bot.store.filters import REVIEWS
from bot.store.staff_tables import accounts, facets, notes, summaries
from bot.store.tables import conversations

TAG = "tag"
LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Note:
    """What one of staff wrote; `text` is None where its key is gone."""

    author: str
    at: int
    text: str | None = field(repr=False)


def exists(db: Connection, conversation: str) -> bool:
    """Whether there is such a conversation, which its visitor did not clear."""
    here = and_(conversations.c.id == conversation, conversations.c.cleared_at.is_(None))
    return db.execute(select(conversations.c.id).where(here)).first() is not None


def add_note(db: Connection, cipher: Cipher, conversation: str, author: str, text: str) -> None:
    """Keep a note, encrypted under the conversation, its author and the time."""
    at = now()
    sealed = cipher.seal(text, _about(conversation, author, at))
    db.execute(insert(notes).values(conversation_id=conversation, author=author, at=at, text_encrypted=sealed))


def notes_of(db: Connection, cipher: Cipher, conversation: str) -> tuple[Note, ...]:
    """The notes on a conversation, in order."""
    rows = db.execute(select(notes).where(notes.c.conversation_id == conversation).order_by(notes.c.id))
    return tuple(Note(row.author, row.at, _text(cipher, row)) for row in rows)


def tags_of(db: Connection, conversation: str) -> tuple[str, ...]:
    """The tags of a conversation, by name."""
    here = and_(facets.c.conversation_id == conversation, facets.c.kind == TAG)
    return tuple(row.value for row in db.execute(select(facets.c.value).where(here).order_by(facets.c.value)))


def all_tags(db: Connection, most: int = 100) -> tuple[str, ...]:
    """The tags that are in use, by name."""
    used = select(facets.c.value).where(facets.c.kind == TAG).distinct().order_by(facets.c.value).limit(most)
    return tuple(row.value for row in db.execute(used))


def add_tag(db: Connection, conversation: str, tag: str) -> None:
    """Put a tag on a conversation, once; lists find it where the conversation itself stands."""
    if tag not in tags_of(db, conversation):
        last = select(summaries.c.last_at).where(summaries.c.conversation_id == conversation)
        row = {"kind": TAG, "value": tag, "conversation_id": conversation, "at": now()}
        db.execute(insert(facets).values(**row, last_at=db.execute(last).scalar() or row["at"]))


def remove_tag(db: Connection, conversation: str, tag: str) -> None:
    """Take a tag off a conversation."""
    here = and_(facets.c.kind == TAG, facets.c.value == tag, facets.c.conversation_id == conversation)
    db.execute(delete(facets).where(here))


def assign(db: Connection, conversation: str, account: str | None) -> bool:
    """Make a conversation somebody's, or nobody's; False where there is no such account."""
    if account is not None and account not in colleagues(db):
        return False
    db.execute(update(summaries).where(summaries.c.conversation_id == conversation).values(assignee=account))
    return True


def colleagues(db: Connection) -> tuple[str, ...]:
    """Who can be given a conversation, by name."""
    active = select(accounts.c.name).where(accounts.c.disabled_at.is_(None)).order_by(accounts.c.name)
    return tuple(row.name for row in db.execute(active))


def review(db: Connection, conversation: str, state: str) -> bool:
    """Say how far a conversation was reviewed; False for a state that is none of REVIEWS."""
    if state not in REVIEWS:
        return False
    db.execute(update(summaries).where(summaries.c.conversation_id == conversation).values(review=state))
    return True


def _text(cipher: Cipher, row: Row) -> str | None:
    try:
        return cipher.open(row.text_encrypted, _about(row.conversation_id, row.author, row.at))
    except CipherError:
        return None


def _about(conversation: str, author: str, at: int) -> str:
    return f"{conversation}:{author}:{at}:note"
