"""Indexes by which what belongs to a conversation or a number is found when it is deleted."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = {
    "conversations_by_phone": ("conversations", ["phone_id"]),
    "texts_by_conversation": ("texts", ["conversation_id"]),
    "handoffs_by_conversation": ("handoffs", ["conversation_id"]),
    "handoffs_by_phone": ("handoffs", ["phone_id"]),
    "alerts_by_conversation": ("alerts", ["conversation_id", "kind", "created_at"]),
}


def upgrade() -> None:
    """Create the indexes."""
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Drop them again."""
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
