"""Logging that cannot give anybody away: no message text, phone number or token reaches a log."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

# These print addresses, headers or whole requests below WARNING.
QUIET = ("httpx", "httpcore", "uvicorn.access", "alembic", "sqlalchemy", "sse_starlette", "asyncio")


class Discreet(logging.Formatter):
    """Writes an exception as its class and the places it passed: its message may quote what somebody wrote."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """The class of the exception and the lines it came through."""
        kind, _, trace = ei
        if kind is None:
            return ""
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([f"  {kind.__name__}", *(f"    at {place}" for place in reversed(places))])


def configure() -> None:
    """Send every log line to stderr through the discreet formatter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
