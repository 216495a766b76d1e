"""The environment of all processes: .env, with the secrets that a first start generates."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from dotenv import load_dotenv, set_key

from bot.settings import Settings, SettingsError, missing_secrets

ROOT = Path(__file__).parent.parent
ENV_FILE = ROOT / ".env"


def prepare() -> list[str]:
    """Read .env, generate the secrets that are still missing and write them into it; returns their names."""
    read()
    generated = missing_secrets(os.environ)
    if generated and not ENV_FILE.exists():
        shutil.copyfile(ROOT / ".env.example", ENV_FILE)
        ENV_FILE.chmod(0o600)
        read()
    for name, value in generated.items():
        set_key(ENV_FILE, name, value, quote_mode="never")
        os.environ[name] = value
    return list(generated)


def settings() -> Settings | None:
    """The settings of a command; None where one is wrong, which is said."""
    read()
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return None


def read() -> None:
    """Read .env into the environment; what is already set there wins."""
    load_dotenv(ENV_FILE)
