"""The tables of what was said and of what texts need; those of the staff console stand in staff_tables.py."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
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
    Column("phone_id", String(64)),  # of the number that writes by text
    Column("continues", String(64)),  # the conversation by text that a link led from
    Column("wrong_digits", Integer),  # how often its visitor did not know the number of that one
    Index("conversations_by_time", "created_at"),
    Index("conversations_by_phone", "phone_id"),
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
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the entry that it answers
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
    Column("state", String(16), nullable=False),  # new | claimed | retry | done
    Column("due_at", BigInteger),  # when staff should have called; empty until somebody settles another time
    Column("claimed_by", String(64)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("outcome", String(32)),  # reached | no_answer | wrong_number | declined
    Column("closed_at", BigInteger),
    Index("callbacks_by_time", "created_at"),
    Index("callbacks_by_state", "state", "due_at"),
)

# Whoever writes or is written to by text, under a keyed hash of the number.
phones = Table(
    "phones",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("number_encrypted", LargeBinary, nullable=False),
    Column("conversation_id", String(64)),  # the newest one
    Column("created_at", BigInteger, nullable=False),
    Column("heard_at", BigInteger),
    Column("invited_at", BigInteger),
    Column("opted_out_at", BigInteger),
)

# The outbox: what is to be sent by text, and how that went. It is written together with what it answers.
texts = Table(
    "texts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("phone_id", String(64), ForeignKey("phones.id", ondelete="CASCADE"), nullable=False),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE")),
    Column("once", String(80), nullable=False, unique=True),  # what makes it one text, however often it is asked for
    Column("kind", String(16), nullable=False),  # alarm | reply | confirmation | invite
    Column("body_encrypted", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),  # queued | sending | sent | delivered | failed | suppressed
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("uncertain", Boolean, nullable=False),  # a former attempt may have reached the provider
    Column("provider_id", String(64), unique=True),
    Column("status", String(16)),  # the provider's own word
    Column("reason", String(64)),  # why it is late or failed
    Column("changed_at", BigInteger, nullable=False),
    Index("texts_by_state", "state", "id"),
    Index("texts_by_phone", "phone_id", "created_at"),
    Index("texts_by_conversation", "conversation_id"),
    sqlite_autoincrement=True,  # a late report about a deleted text must not meet a new one
)

# Links from a text to the web chat. The database knows only a hash of the code in the link.
handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("phone_id", String(64), ForeignKey("phones.id", ondelete="CASCADE"), nullable=False),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE")),
    Column("language", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Index("handoffs_by_conversation", "conversation_id"),
    Index("handoffs_by_phone", "phone_id"),
)
