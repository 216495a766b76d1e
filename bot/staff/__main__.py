"""`python -m bot.staff` starts the staff console; a wrong setting ends it with one sentence."""

from __future__ import annotations

import os
import sys

from bot import environment
from bot.frontdoor import logs
from bot.serving import serve
from bot.settings import Settings, SettingsError
from bot.staff.app import build


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
    serve(build(settings), settings.staff_host, settings.staff_port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
