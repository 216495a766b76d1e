"""Databases of one's own for a test: SQLite in its folder, or a private PostgreSQL on a socket, gone with the test.

Their tables are made once and copied.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from bot.store.database import migrate, open_engine

MISSING = "PostgreSQL is not installed: `apt-get install postgresql`, and its initdb is found"
NUMBERS = itertools.count()


@functools.lru_cache(maxsize=1)
def programs() -> Path | None:
    """The folder of initdb and pg_ctl, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def _run(*command: str | Path) -> None:
    """Run one of its programs, which refuse to be root."""
    as_whom = {"user": "postgres"} if os.geteuid() == 0 else {}
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, cwd="/tmp", **as_whom)  # type: ignore[call-overload]


@contextmanager
def cluster(*, durable: bool = True) -> Iterator[str]:
    """The address of a running server, whose database is called postgres; one that is not durable makes haste."""
    where = programs()
    assert where is not None, MISSING
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        data = Path(folder) / "data"
        _run(where / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c shared_buffers=256MB"
        options += "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        _run(where / "pg_ctl", "-D", data, "-w", "-l", Path(folder) / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://postgres@/postgres?host={folder}"
        finally:
            _run(where / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def fresh(address: str) -> str:
    """The address of a new database in a running server, with tables, and nothing in them."""
    with _administrator(address) as db:
        if not db.execute(text("SELECT 1 FROM pg_database WHERE datname = 'made'")).scalar():
            db.execute(text("CREATE DATABASE made"))
            _make(address.replace("@/postgres", "@/made"))
        name = f"helpline{next(NUMBERS)}"
        db.execute(text(f"CREATE DATABASE {name} TEMPLATE made"))
    return address.replace("@/postgres", f"@/{name}")


def sqlite(folder: Path) -> str:
    """The address of the SQLite database in a folder, which gets its tables where it is not there."""
    file = folder / "journal.db"
    if not file.exists():
        shutil.copyfile(_made(), file)
    return f"sqlite:///{file}"


@functools.lru_cache(maxsize=1)
def _made() -> Path:
    folder = tempfile.mkdtemp(prefix="tables")
    atexit.register(shutil.rmtree, folder)
    _make(f"sqlite:///{folder}/made.db")
    return Path(folder) / "made.db"


def _make(address: str) -> None:
    engine = open_engine(address)
    migrate(engine)
    engine.dispose()


@contextmanager
def _administrator(address: str) -> Iterator[Connection]:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        yield db
    engine.dispose()
