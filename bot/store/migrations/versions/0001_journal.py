"""The journal: conversations, entries, turns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("cleared_at", sa.BigInteger),
        sa.Column("language", sa.String(16)),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("context_encrypted", sa.LargeBinary),
    )
    op.create_index("conversations_by_time", "conversations", ["created_at"])
    op.create_table(
        "entries",
        sa.Column(
            "conversation_id", sa.String(64), sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("role", sa.String(16)),
        sa.Column("reply_to", sa.Integer),
        sa.Column("message_id", sa.String(36)),
        sa.Column("text_encrypted", sa.LargeBinary),
        sa.Column("text_redacted", sa.Text),
        sa.Column("payload_encrypted", sa.LargeBinary),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("conversation_id", "message_id", name="entries_one_per_message_id"),
    )
    op.create_table(
        "turns",
        sa.Column("conversation_id", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("alarm", sa.Boolean, nullable=False),
        sa.Column("card_encrypted", sa.LargeBinary),
        sa.Column("concern", sa.String(64)),
        sa.Column("intent", sa.String(128)),
        sa.Column("severity", sa.String(32)),
        sa.Column("understood_encrypted", sa.LargeBinary),
        sa.Column("outcome", sa.String(32)),
        sa.Column("seconds", sa.Float),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"], ["entries.conversation_id", "entries.seq"], ondelete="CASCADE"
        ),
        sa.UniqueConstraint("conversation_id", "message_id", name="turns_one_per_message_id"),
    )
    op.create_index("turns_by_state", "turns", ["state"])


def downgrade() -> None:
    """Drop everything."""
    for table in ("turns", "entries", "conversations"):
        op.drop_table(table)
