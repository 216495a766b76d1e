"""Full-text search, kept by triggers on the entries; lists by hour, language, escalation, confidence and facet."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "summaries_by_escalated": ("summaries", ["escalated", "last_at"]),
    "summaries_by_language": ("summaries", ["language", "last_at"]),
    "summaries_by_hour": ("summaries", ["hour", "last_at"]),
    "summaries_by_tenth": ("summaries", ["tenth", "last_at"]),
    "facets_by_value": ("facets", ["kind", "value", "last_at"]),
}
SPOKEN = "SELECT conversation_id, seq FROM entries WHERE text_redacted IS NOT NULL ORDER BY created_at, seq"
# The index holds words and numbers, not texts. Whoever deletes from it must say what stood there: triggers know.
SQLITE = (
    "CREATE VIRTUAL TABLE searched USING fts5(words, content='', detail=none, columnsize=0, prefix='2 3 4',"
    " tokenize='unicode61 remove_diacritics 2')",
    f"INSERT INTO searchable (conversation_id, seq) {SPOKEN}",
    "INSERT INTO searched (rowid, words) SELECT searchable.id, entries.text_redacted FROM searchable"
    " JOIN entries USING (conversation_id, seq) ORDER BY searchable.id",
    """CREATE TRIGGER searched_new AFTER INSERT ON entries WHEN NEW.text_redacted IS NOT NULL BEGIN
        INSERT INTO searchable (conversation_id, seq) VALUES (NEW.conversation_id, NEW.seq);
        INSERT INTO searched (rowid, words) SELECT id, NEW.text_redacted FROM searchable
            WHERE conversation_id = NEW.conversation_id AND seq = NEW.seq;
    END""",
    """CREATE TRIGGER searched_changed AFTER UPDATE OF text_redacted ON entries
        WHEN OLD.text_redacted IS NOT NULL AND NEW.text_redacted IS NOT OLD.text_redacted BEGIN
        INSERT INTO searched (searched, rowid, words) SELECT 'delete', id, OLD.text_redacted FROM searchable
            WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
        INSERT INTO searched (rowid, words) SELECT id, coalesce(NEW.text_redacted, '') FROM searchable
            WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
    END""",
    """CREATE TRIGGER searched_gone BEFORE DELETE ON entries WHEN OLD.text_redacted IS NOT NULL BEGIN
        INSERT INTO searched (searched, rowid, words) SELECT 'delete', id, OLD.text_redacted FROM searchable
            WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
        DELETE FROM searchable WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
    END""",
)
# As SQLite's tokenizer sees it: no capitals, no marks on Latin letters, and nothing but letters and digits in a word.
FOLDED = (
    "regexp_replace(translate(lower(said), 'áàâäãåéèêëíìîïóòôöõúùûüýÿñçÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÝÑÇ',"
    " 'aaaaaaeeeeiiiiooooouuuuyyncaaaaaaeeeeiiiiooooouuuuync'), U&'[\\0001-/:-`{-\\007F\\00A0-\\00BF\\2010-\\206F]+', ' ', 'g')"
)
POSTGRES = (
    "ALTER TABLE searchable ADD COLUMN words tsvector",
    f"CREATE FUNCTION searched_words(said text) RETURNS tsvector IMMUTABLE LANGUAGE sql AS"
    f" $$ SELECT to_tsvector('simple', {FOLDED}) $$",
    f"INSERT INTO searchable (conversation_id, seq) {SPOKEN}",
    "UPDATE searchable SET words = searched_words(text_redacted) FROM entries"
    " WHERE entries.conversation_id = searchable.conversation_id AND entries.seq = searchable.seq",
    "CREATE INDEX searchable_by_words ON searchable USING gin (words)",
    """CREATE FUNCTION searched_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO searchable (conversation_id, seq, words)
                VALUES (NEW.conversation_id, NEW.seq, searched_words(NEW.text_redacted));
        ELSIF TG_OP = 'UPDATE' THEN
            UPDATE searchable SET words = searched_words(NEW.text_redacted)
                WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
        ELSE
            DELETE FROM searchable WHERE conversation_id = OLD.conversation_id AND seq = OLD.seq;
        END IF;
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER searched_new AFTER INSERT ON entries FOR EACH ROW"
    " WHEN (NEW.text_redacted IS NOT NULL) EXECUTE FUNCTION searched_keep()",
    "CREATE TRIGGER searched_changed AFTER UPDATE OF text_redacted ON entries FOR EACH ROW"
    " WHEN (OLD.text_redacted IS NOT NULL) EXECUTE FUNCTION searched_keep()",
    "CREATE TRIGGER searched_gone AFTER DELETE ON entries FOR EACH ROW"
    " WHEN (OLD.text_redacted IS NOT NULL) EXECUTE FUNCTION searched_keep()",
)
TRIGGERS = ("searched_new", "searched_changed", "searched_gone")


def upgrade() -> None:
    """Create the index, fill it with what was said already, and have triggers keep it."""
    op.add_column("summaries", sa.Column("tenth", sa.SmallInteger(), nullable=True))
    op.add_column("facets", sa.Column("last_at", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "searchable",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id", "seq", name="searchable_one_per_entry"),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Drop it all."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON entries"))
    for statement in ("TABLE searched",) if sqlite else ("FUNCTION searched_keep", "FUNCTION searched_words"):
        op.execute(f"DROP {statement}")
    op.drop_table("searchable")
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
    op.drop_column("facets", "last_at")
    op.drop_column("summaries", "tenth")
