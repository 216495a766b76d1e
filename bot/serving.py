"""How both public processes are served: quietly, and stopped in time."""

from __future__ import annotations

import uvicorn
from starlette.types import ASGIApp

STOP_SECONDS = 5


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve until told to stop; no address and no request is logged."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=STOP_SECONDS,
    )
