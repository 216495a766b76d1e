"""A PostgreSQL of one's own for a test: a private cluster in a folder, on a socket, gone when the tests are."""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

MISSING = "PostgreSQL is not installed: `apt-get install postgresql`, and its initdb is found"
PORT = 5432  # of a socket in a folder of its own: no port of the machine is taken


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
def cluster() -> Iterator[str]:
    """The address of a running server, whose database is called postgres."""
    where = programs()
    assert where is not None, MISSING
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        data = Path(folder) / "data"
        _run(where / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c shared_buffers=256MB"
        _run(where / "pg_ctl", "-D", data, "-w", "-l", Path(folder) / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://postgres@/postgres?host={folder}"
        finally:
            _run(where / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def fresh(address: str, name: str) -> str:
    """The address of a new empty database in a running server."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        db.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return address.replace("@/postgres", f"@/{name}")
