"""What a conversation's messages left behind for triage."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("conversations", sa.Column("attention_encrypted", sa.LargeBinary))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("conversations", "attention_encrypted")
