"""Trains the model when what it is made from has changed: `python -m bot.train [--force | --validate]`."""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.embedding.weights import EmbeddingError, packaged_weights

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "models" / "firstlight.tar.gz"
FINGERPRINT = ROOT / "models" / "firstlight.sha256"
# Rasa's own freshness check takes 14 s, passes without a model, and cannot see tables or weights.
INPUTS = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/rules",
    "data/knowledge",
    "helpline/knowledge",
    "bot/components",
    "bot/embedding",
    "uv.lock",
)
RASA = [sys.executable, "-m", "rasa"]
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


def input_files() -> Iterator[Path]:
    """Every file that the model depends on, in a fixed order."""
    for name in INPUTS:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        yield from (f for f in files if "__pycache__" not in f.parts)
    yield packaged_weights()


def fingerprint() -> str:
    """A hash over all inputs: names and contents."""
    whole = hashlib.sha256()
    for path in input_files():
        whole.update(f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def fresh() -> bool:
    """Whether a model exists that was trained from exactly these inputs."""
    return MODEL.is_file() and FINGERPRINT.is_file() and FINGERPRINT.read_text().strip() == fingerprint()


def train() -> bool:
    """Train and remember from what; tells its progress on standard output. False when training failed."""
    inputs, started = fingerprint(), time.monotonic()
    # `make check` validates, and fails where this would only warn; here it would cost a quarter of the time.
    how = ["--force", "--skip-validation", "--fixed-model-name", "firstlight", "--out", "models"]
    command = [*RASA, "train", *how]
    log = ROOT / "var" / "train.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **QUIET}, stdout=output, stderr=output)
        while process.poll() is None:
            time.sleep(1)
            show_progress(time.monotonic() - started)
    if process.returncode != 0:
        print(f"\nTraining failed; {log.relative_to(ROOT)} says why. Its last lines:", flush=True)
        print("\n".join(log.read_text(errors="replace").splitlines()[-12:]), flush=True)
        return False
    FINGERPRINT.write_text(inputs + "\n")
    print(f"\rThe model is trained ({time.monotonic() - started:.0f} s).{' ' * 30}", flush=True)
    return True


def show_progress(seconds: float) -> None:
    """One line that counts on a terminal; a line every 10 s elsewhere."""
    if sys.stdout.isatty():
        print(f"\rTraining the model (about 50 s): {seconds:.0f} s", end="", flush=True)
    elif int(seconds) % 10 == 0:
        print(f"Training the model (about 50 s): {seconds:.0f} s", flush=True)


def validate() -> int:
    """Rasa's own check of domain, rules and training data; warnings fail it."""
    command = [*RASA, "data", "validate", "--fail-on-warnings"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout[-4000:] + done.stderr[-4000:])
    return done.returncode


def main() -> int:
    """Train if needed (or `--force`), or only `--validate`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even when the model is fresh")
    parser.add_argument("--validate", action="store_true", help="only check the training data")
    arguments = parser.parse_args()
    if arguments.validate:
        return validate()
    try:
        if not arguments.force and fresh():
            print("The model is fresh.")
            return 0
        return 0 if train() else 1
    except EmbeddingError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
