"""`python -m bot.frontdoor` starts the front door; a wrong setting or table ends it with one sentence."""

from __future__ import annotations

import os
import sys

from dotenv import load_dotenv

from bot.frontdoor import logs
from bot.frontdoor.app import ROOT, build, open_door
from bot.serving import serve
from bot.settings import Settings, SettingsError
from helpline.escalation import ContactError
from helpline.safety import SafetyError
from helpline.sms import SmsError

# What loads in the background yields to an emergency ten times as often as Python's threads usually do.
SWITCH_SECONDS = 0.0005


def main() -> int:
    """Read the environment and serve until told to stop."""
    load_dotenv(ROOT / ".env")
    logs.configure()
    sys.setswitchinterval(SWITCH_SECONDS)
    os.umask(0o077)  # what people wrote is nobody else's on this machine
    try:
        settings = Settings.from_environment(os.environ)
        app = build(open_door(settings))
    except (SettingsError, SafetyError, ContactError, SmsError) as error:
        print(f"front door: {error}", file=sys.stderr)
        return os.EX_CONFIG
    serve(app, settings.front_door_host, settings.front_door_port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
