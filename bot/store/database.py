"""Open the database so that a commit is durable, and bring its tables up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_SECONDS = 0.2


def open_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine that never waits longer than busy_seconds for a lock. It opens no file yet."""
    where = make_url(url)
    # hide_parameters: an exception must not carry what somebody wrote into a log.
    if where.get_backend_name() != "sqlite":
        return create_engine(where, future=True, hide_parameters=True, pool_pre_ping=True, pool_size=10)
    if where.database and where.database != ":memory:":
        file = ROOT / where.database
        where = where.set(database=str(file))
    arguments = {"timeout": busy_seconds, "check_same_thread": False}
    engine = create_engine(
        where, future=True, hide_parameters=True, poolclass=QueuePool, pool_size=10, connect_args=arguments
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    # Python's sqlite3 begins transactions by guesswork, which breaks BEGIN IMMEDIATE and savepoints.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # a cleared chat must not linger in free pages


def _on_begin(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another wrote meanwhile: lock at the start.
    # One that only reads sees everything as it was at its first look.
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables in one transaction; a kill in the middle leaves the old ones."""
    if engine.dialect.name == "sqlite":
        _use_wal(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _use_wal(engine: Engine) -> None:
    """Switch to a write-ahead log, which lets readers read while one writes; the file remembers it."""
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pooled = engine.raw_connection()
    try:
        pooled.execute("PRAGMA journal_mode=WAL")
    finally:
        pooled.close()
