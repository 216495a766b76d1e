"""Trains what has to be trained when what it is made from has changed: `python -m bot.train [--force | --validate]`."""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.embedding.weights import EmbeddingError, packaged_weights

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"
RASA = [sys.executable, "-m", "rasa"]
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True)
class Model:
    """A trained file, the files and folders that it is made from, and the command that makes it.

    Rasa's own freshness check takes 14 s, passes without a model, and cannot see tables or weights.
    """

    name: str
    file: Path
    inputs: Sequence[str]
    command: Sequence[str]

    @property
    def mark(self) -> Path:
        """Holds the fingerprint of what the file was made from."""
        return self.file.with_name(self.file.name.partition(".")[0] + ".sha256")

    def input_files(self) -> Iterator[Path]:
        """Every file that it depends on, in a fixed order."""
        for name in self.inputs:
            path = ROOT / name
            files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
            yield from (f for f in files if "__pycache__" not in f.parts)
        yield packaged_weights()

    def fingerprint(self) -> str:
        """A hash over all inputs: names and contents."""
        whole = hashlib.sha256()
        for path in self.input_files():
            whole.update(f"{path.name}:{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
        return whole.hexdigest()

    def fresh(self) -> bool:
        """Whether it exists and was made from exactly these inputs."""
        return self.file.is_file() and self.mark.is_file() and self.mark.read_text().strip() == self.fingerprint()


CONVERSATION = Model(
    "conversation",
    MODELS / "firstlight.tar.gz",
    (
        *("config.yml", "domain.yml", "uv.lock", "data/nlu", "data/rules", "data/knowledge"),
        *("helpline/knowledge", "bot/components", "bot/embedding"),
    ),
    # `make check` validates, and fails where this would only warn; here it would cost a quarter of the time.
    [*RASA, "train", "--force", "--skip-validation", "--fixed-model-name", "firstlight", "--out", "models"],
)
CONCERNS = Model(
    "concerns",
    MODELS / "concerns.npz",
    ("config.yml", "data/safety", "data/nlu", "helpline/safety", "bot/triage", "bot/embedding", "uv.lock"),
    [sys.executable, "-m", "bot.triage.training"],
)
# The classifier of concerns first: it is the quicker one and the more urgent.
TRAINED = (CONCERNS, CONVERSATION)


def train(models: Sequence[Model]) -> bool:
    """Train these models side by side and remember from what; tells its progress. False when one failed."""
    started, made = time.monotonic(), {model.name: model.fingerprint() for model in models}
    running = {model.name: start(model) for model in models}
    while any(process.poll() is None for process in running.values()):
        time.sleep(1)
        show_progress(time.monotonic() - started)
    failed = [model for model in models if running[model.name].returncode != 0]
    for model in models:
        if model in failed:
            print(f"\nTraining the {model.name} model failed; {log(model).relative_to(ROOT)} says why:", flush=True)
            print("\n".join(log(model).read_text(errors="replace").splitlines()[-12:]), flush=True)
        else:
            model.mark.write_text(made[model.name] + "\n")
    if not failed:
        names = " and ".join(model.name for model in models)
        print(f"\rTrained in {time.monotonic() - started:.0f} s: {names}.{' ' * 30}", flush=True)
    return not failed


def log(model: Model) -> Path:
    """Where the output of a training goes."""
    return ROOT / "var" / f"train-{model.name}.log"


def start(model: Model) -> subprocess.Popen[bytes]:
    """Begin to train one model."""
    log(model).parent.mkdir(exist_ok=True)
    with log(model).open("w") as output:
        return subprocess.Popen(model.command, cwd=ROOT, env={**os.environ, **QUIET}, stdout=output, stderr=output)


def show_progress(seconds: float) -> None:
    """One line that counts on a terminal; a line every 10 s elsewhere."""
    if sys.stdout.isatty():
        print(f"\rTraining the models (about 60 s): {seconds:.0f} s", end="", flush=True)
    elif int(seconds) % 10 == 0:
        print(f"Training the models (about 60 s): {seconds:.0f} s", flush=True)


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
        stale = [model for model in TRAINED if arguments.force or not model.fresh()]
        if not stale:
            print("The models are fresh.")
            return 0
        return 0 if train(stale) else 1
    except EmbeddingError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
