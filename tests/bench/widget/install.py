"""The peers, as npm has them: fetched when they are measured, in exactly one version, and never run at install."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.stack import ROOT

FOLDER = ROOT / "var" / "peers"
NPM = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--legacy-peer-deps")
SECONDS = 600


class NotInstalled(Exception):
    """Says in one sentence why a package is not there."""


def installed(package: str, version: str) -> Path:
    """The folder of an npm package in this version; installs it when it is not there yet."""
    home = FOLDER / f"{package.replace('/', '+')}-{version}"
    folder = home / "node_modules" / package
    if _version(folder) != version:
        home.mkdir(parents=True, exist_ok=True)
        _npm(home, f"{package}@{version}")
    if _version(folder) != version:
        raise NotInstalled(f"npm installed no {package} {version}.")
    return folder


def _version(folder: Path) -> str | None:
    file = folder / "package.json"
    return str(json.loads(file.read_text())["version"]) if file.is_file() else None


def _npm(home: Path, wanted: str) -> None:
    try:
        done = subprocess.run([*NPM, "--prefix", home, wanted], capture_output=True, text=True, timeout=SECONDS)
    except FileNotFoundError:
        raise NotInstalled("npm is not on the PATH.") from None
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"npm was not done within {SECONDS} seconds.") from None
    if done.returncode:
        said = [line.removeprefix("npm error ") for line in done.stderr.splitlines() if line.startswith("npm error ")]
        raise NotInstalled(f"npm said: {'; '.join(said[:2]).rstrip('.') or done.returncode}.")
