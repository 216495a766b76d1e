"""`python -m bot.staff` starts the staff console; a wrong setting ends it with one sentence."""

from __future__ import annotations

import os
import sys

import uvicorn

from bot import environment
from bot.frontdoor import logs
from bot.settings import Settings, SettingsError
from bot.staff.app import build

STOP_SECONDS = 5


def main() -> int:
    """Read the environment and serve until told to stop."""
    environment.read()
    logs.configure()
    os.umask(0o077)  # what people wrote is nobody else's on this machine
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(f"staff console: {error}", file=sys.stderr)
        return os.EX_CONFIG
    uvicorn.run(
        build(settings),
        host=settings.staff_host,
        port=settings.staff_port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
