"""The tables of the journal: conversations, their numbered entries, the turns that answer them, and call-backs."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# Times are milliseconds since 1970 UTC: the same number in SQLite and Postgres, with no time zone to get wrong.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),  # sha256 of the id in the token: the database gives nobody a token
    Column("channel", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("cleared_at", BigInteger),
    Column("language", String(16)),
    Column("last_seq", Integer, nullable=False),
    Column("context_encrypted", LargeBinary),
    Column("attention_encrypted", LargeBinary),  # what its messages left behind for triage
    Index("conversations_by_time", "created_at"),
)

entries = Table(
    "entries",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),  # message | turn_done
    Column("role", String(16)),  # user | bot | staff | system
    Column("reply_to", Integer),
    Column("message_id", String(36)),
    Column("text_encrypted", LargeBinary),
    Column("text_redacted", Text),
    Column("payload_encrypted", LargeBinary),  # buttons, card, choice
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("conversation_id", "message_id", name="entries_one_per_message_id"),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("message_id", String(36), nullable=False),
    Column("state", String(16), nullable=False),  # accepted | done
    Column("alarm", Boolean, nullable=False),
    Column("card_encrypted", LargeBinary),  # the emergency card that went out with the answer to the POST
    Column("concern", String(64)),
    Column("intent", String(128)),
    Column("severity", String(32)),
    Column("understood_encrypted", LargeBinary),
    Column("outcome", String(32)),
    Column("seconds", Float),
    ForeignKeyConstraint(["conversation_id", "seq"], ["entries.conversation_id", "entries.seq"], ondelete="CASCADE"),
    UniqueConstraint("conversation_id", "message_id", name="turns_one_per_message_id"),
    Index("turns_by_state", "state"),
)

callbacks = Table(
    "callbacks",
    metadata,
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the turn in which it was confirmed
    Column("created_at", BigInteger, nullable=False),
    Column("name_encrypted", LargeBinary),
    Column("number_encrypted", LargeBinary, nullable=False),
    Column("best_time_encrypted", LargeBinary, nullable=False),
    Column("reason", String(128)),  # the last intent that names a topic, never text
    Column("urgency", String(16), nullable=False),  # urgent | routine
    Column("language", String(16)),
    Column("state", String(16), nullable=False),  # new
    Index("callbacks_by_time", "created_at"),
)
