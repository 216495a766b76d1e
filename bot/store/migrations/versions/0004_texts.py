"""Text messages: numbers, the outbox, links to the web chat, and who looked at a number."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.add_column("conversations", sa.Column("phone_id", sa.String(64)))
    op.add_column("conversations", sa.Column("continues", sa.String(64)))
    op.add_column("conversations", sa.Column("wrong_digits", sa.Integer))
    op.create_table(
        "phones",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("number_encrypted", sa.LargeBinary, nullable=False),
        sa.Column("conversation_id", sa.String(64)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("heard_at", sa.BigInteger),
        sa.Column("invited_at", sa.BigInteger),
        sa.Column("opted_out_at", sa.BigInteger),
    )
    op.create_table(
        "texts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("phone_id", sa.String(64), sa.ForeignKey("phones.id", ondelete="CASCADE"), nullable=False),
        sa.Column("conversation_id", sa.String(64), sa.ForeignKey("conversations.id", ondelete="CASCADE")),
        sa.Column("once", sa.String(80), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body_encrypted", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("provider_id", sa.String(64), unique=True),
        sa.Column("status", sa.String(16)),
        sa.Column("reason", sa.String(64)),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("texts_by_state", "texts", ["state", "id"])
    op.create_index("texts_by_phone", "texts", ["phone_id", "created_at"])
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("phone_id", sa.String(64), sa.ForeignKey("phones.id", ondelete="CASCADE"), nullable=False),
        sa.Column("conversation_id", sa.String(64), sa.ForeignKey("conversations.id", ondelete="CASCADE")),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("audit", "handoffs", "texts", "phones"):
        op.drop_table(table)
    for column in ("wrong_digits", "continues", "phone_id"):
        op.drop_column("conversations", column)
