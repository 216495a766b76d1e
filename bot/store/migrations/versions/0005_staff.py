"""The staff console: summaries, facets, notes, accounts, sign-ins, claims, views, holds and alerts; call-backs grow."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("totp_used", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "claims",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("once", sa.String(length=160), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
    )
    op.create_index("alerts_by_state", "alerts", ["state", "due_at"], unique=False)
    op.create_table(
        "facets",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "value", "conversation_id"),
    )
    op.create_index("facets_by_conversation", "facets", ["conversation_id"], unique=False)
    op.create_index("facets_by_time", "facets", ["kind", "at"], unique=False)
    op.create_table(
        "holds",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text_encrypted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notes_by_conversation", "notes", ["conversation_id", "id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sign_ins_by_account", "sign_ins", ["account"], unique=False)
    op.create_table(
        "summaries",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(length=64), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=True),
        sa.Column("graveness", sa.SmallInteger(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("fallback", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("review", sa.String(length=16), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_index("summaries_by_assignee", "summaries", ["assignee", "last_at"], unique=False)
    op.create_index("summaries_by_channel", "summaries", ["channel", "last_at"], unique=False)
    op.create_index("summaries_by_concern", "summaries", ["concern", "last_at"], unique=False)
    op.create_index("summaries_by_fallback", "summaries", ["fallback", "last_at"], unique=False)
    op.create_index("summaries_by_graveness", "summaries", ["graveness", "last_at"], unique=False)
    op.create_index("summaries_by_review", "summaries", ["review", "last_at"], unique=False)
    op.create_index("summaries_by_time", "summaries", ["last_at", "conversation_id"], unique=False)
    op.create_index("summaries_by_urgency", "summaries", ["urgency", "last_at"], unique=False)
    op.create_table(
        "views",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account", "name"),
    )
    op.add_column("callbacks", sa.Column("due_at", sa.BigInteger(), nullable=True))
    op.add_column("callbacks", sa.Column("claimed_by", sa.String(length=64), nullable=True))
    op.add_column("callbacks", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.add_column("callbacks", sa.Column("outcome", sa.String(length=32), nullable=True))
    op.add_column("callbacks", sa.Column("closed_at", sa.BigInteger(), nullable=True))
    op.create_index("callbacks_by_state", "callbacks", ["state", "due_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("callbacks_by_state", table_name="callbacks")
    op.drop_column("callbacks", "closed_at")
    op.drop_column("callbacks", "outcome")
    op.drop_column("callbacks", "attempts")
    op.drop_column("callbacks", "claimed_by")
    op.drop_column("callbacks", "due_at")
    op.drop_table("views")
    op.drop_index("summaries_by_urgency", table_name="summaries")
    op.drop_index("summaries_by_time", table_name="summaries")
    op.drop_index("summaries_by_review", table_name="summaries")
    op.drop_index("summaries_by_graveness", table_name="summaries")
    op.drop_index("summaries_by_fallback", table_name="summaries")
    op.drop_index("summaries_by_concern", table_name="summaries")
    op.drop_index("summaries_by_channel", table_name="summaries")
    op.drop_index("summaries_by_assignee", table_name="summaries")
    op.drop_table("summaries")
    op.drop_index("sign_ins_by_account", table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index("notes_by_conversation", table_name="notes")
    op.drop_table("notes")
    op.drop_table("holds")
    op.drop_index("facets_by_time", table_name="facets")
    op.drop_index("facets_by_conversation", table_name="facets")
    op.drop_table("facets")
    op.drop_index("alerts_by_state", table_name="alerts")
    op.drop_table("alerts")
    op.drop_table("claims")
    op.drop_table("accounts")
