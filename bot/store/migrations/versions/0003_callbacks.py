"""Requests to be called back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "callbacks",
        sa.Column(
            "conversation_id", sa.String(64), sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("name_encrypted", sa.LargeBinary),
        sa.Column("number_encrypted", sa.LargeBinary, nullable=False),
        sa.Column("best_time_encrypted", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.String(128)),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("language", sa.String(16)),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_index("callbacks_by_time", "callbacks", ["created_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("callbacks")
