"""The tables of the staff console: a summary of each conversation, accounts, notes, and who looked at what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.tables import metadata

# One row a conversation, written in the transaction of what it sums up: lists never read the journal.
summaries = Table(
    "summaries",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("language", String(16)),
    Column("started_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("hour", SmallInteger, nullable=False),  # of the day at which it started, in the helpline's time zone
    Column("messages", Integer, nullable=False),  # of the visitor
    Column("concern", String(64), nullable=False),  # the worst one
    Column("urgency", SmallInteger, nullable=False),  # of its level: 0 none, 1 urgent, 2 crisis, 3 emergency
    Column("severity", String(32)),  # the worst one that was answered
    Column("graveness", SmallInteger, nullable=False),  # of that severity, 0 for none
    Column("escalated", Boolean, nullable=False),  # an emergency card or a request to be called back
    Column("fallback", Boolean, nullable=False),  # something was not understood, or not answered
    Column("confidence", Float),  # the least one of an understood message
    Column("tenth", SmallInteger),  # the same in whole tenths, 0 to 9: what lists look it up by
    Column("review", String(16), nullable=False),  # new | in_review | reviewed | follow_up
    Column("assignee", String(64)),
    Index("summaries_by_time", "last_at", "conversation_id"),
    Index("summaries_by_review", "review", "last_at"),
    Index("summaries_by_urgency", "urgency", "last_at"),
    Index("summaries_by_graveness", "graveness", "last_at"),
    Index("summaries_by_channel", "channel", "last_at"),
    Index("summaries_by_assignee", "assignee", "last_at"),
    Index("summaries_by_concern", "concern", "last_at"),
    Index("summaries_by_fallback", "fallback", "last_at"),
    Index("summaries_by_escalated", "escalated", "last_at"),
    Index("summaries_by_language", "language", "last_at"),
    Index("summaries_by_hour", "hour", "last_at"),
    Index("summaries_by_tenth", "tenth", "last_at"),
)


def _its_time(context: Any) -> int:
    """A facet is as new as what it was heard in."""
    return int(context.get_current_parameters()["at"])


# What a conversation can be found by, many a conversation: substance, intent, tag, unknown (a drug we do not know).
facets = Table(
    "facets",
    metadata,
    Column("kind", String(16), nullable=False),
    Column("value", String(128), nullable=False),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("at", BigInteger, nullable=False),  # when it was heard first
    # When somebody wrote in the conversation last.
    Column("last_at", BigInteger, nullable=False, server_default="0", default=_its_time),
    PrimaryKeyConstraint("kind", "value", "conversation_id"),
    Index("facets_by_value", "kind", "value", "last_at"),
    Index("facets_by_conversation", "conversation_id"),
    Index("facets_by_time", "kind", "at"),
)

# What can be searched, in the order in which it was said. Triggers keep it, and the words beside it: see search.py.
searchable = Table(
    "searchable",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    UniqueConstraint("conversation_id", "seq", name="searchable_one_per_entry"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("author", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("text_encrypted", LargeBinary, nullable=False),
    Index("notes_by_conversation", "conversation_id", "id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("name", String(64), primary_key=True),  # what staff sign in with, in small letters
    Column("role", String(16), nullable=False),  # reader | counsellor | supervisor | admin
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("totp_encrypted", LargeBinary),  # empty until it is set up at the first sign-in
    Column("totp_used", BigInteger, nullable=False),  # the last time step that was accepted: a code works once
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", String(64), primary_key=True),  # sha256 of the cookie
    Column("account", String(64), ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("sign_ins_by_account", "account"),
)

# Work that one of staff takes: an item of the night page is claimed once, and done once.
claims = Table(
    "claims",
    metadata,
    Column("kind", String(16), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("account", String(64), nullable=False),
    Column("claimed_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    PrimaryKeyConstraint("kind", "subject"),
)

views = Table(
    "views",
    metadata,
    Column("account", String(64), ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("query", Text, nullable=False),
    PrimaryKeyConstraint("account", "name"),
)

# Conversations that retention must not delete.
holds = Table(
    "holds",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

# Who looked at what, and why. Each row holds the hash of the one before: a changed or missing one is found.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("reason", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_by_who", "who", "id"),
    sqlite_autoincrement=True,
)

# Alarms for staff, on their way: no words of anybody's are in them.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("once", String(160), nullable=False, unique=True),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),  # crisis | callback
    Column("way", String(16), nullable=False),  # webhook | email | text
    Column("created_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),  # queued | sent | failed
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String(64)),
    Index("alerts_by_state", "state", "due_at"),
    Index("alerts_by_conversation", "conversation_id", "kind", "created_at"),
)
