"""The classifier beside the rules: loaded in the background, asked with a time limit, and never waited for in vain."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from helpline.safety import Triage

if TYPE_CHECKING:
    from bot.embedding.model import Embedding

SECONDS = 0.15  # of the 0.3 s in which an emergency card is due
WAITING = 32  # questions that may wait; with more of them every answer would come too late
AGAIN_SECONDS = 2.0
LONGEST = 2000  # characters that are read; the rules read the rest
Version = tuple[int, int, int]  # of a file: its number, when it was written, its size
log = logging.getLogger(__name__)


class Classifier(Protocol):
    """What is asked: see `bot.triage.classifier`."""

    def read(self, text: str, heard: Triage) -> dict[str, float]:
        """How likely each concern is."""


def load_classifier(model: Path, config: Path) -> Classifier:
    """The trained classifier with its embedding. Imported here, because the big packages may be installed later."""
    from bot.embedding.weights import packaged_weights, pinned_sha256
    from bot.triage.classifier import ConcernClassifier, learned

    arrays = learned(model)
    return ConcernClassifier(_embedding(packaged_weights(), pinned_sha256(config)), arrays)


@lru_cache(maxsize=1)
def _embedding(weights: Path, sha256: str) -> Embedding:
    """Loaded once, whatever happens to the trained file."""
    from bot.embedding.model import Embedding

    return Embedding(weights, sha256, aside=True)


class SecondOpinion:
    """Asks the classifier once there is one."""

    def __init__(self, model: Path, load: Callable[[], Classifier]) -> None:
        """`load` is tried again until it works, and again when the file `model` has changed."""
        self._load_trouble: str | None = "the classifier of concerns is being loaded"
        self._read_trouble: str | None = None
        self._model = model
        self._load = load
        self._classifier: Classifier | None = None
        self._loaded: Version | None = None
        self._asked: set[Future[dict[str, float]]] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="second-opinion")
        self._closing = threading.Event()

    @property
    def trouble(self) -> str | None:
        """Why there is no classifier, or not the one in the file, or why it does not answer; for /health/ready."""
        return self._load_trouble or self._read_trouble

    def start(self) -> None:
        """Begin to load."""
        threading.Thread(target=self._keep_loaded, name="load-classifier", daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._closing.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def read(self, text: str, heard: Triage, seconds: float | None = None) -> Mapping[str, float] | None:
        """How likely each concern is; empty where there is no classifier or it fails, None after so many `seconds`."""
        classifier = self._classifier
        if classifier is None or self._closing.is_set():
            return {}
        if len(self._asked) >= WAITING:
            return None
        asked = self._thread.submit(classifier.read, text[:LONGEST], heard)
        self._asked.add(asked)
        asked.add_done_callback(self._answered)
        try:
            # In time or not at all: a question that is still waiting is withdrawn, and holds up no other.
            return await asyncio.wait_for(asyncio.wrap_future(asked), seconds or SECONDS)
        except asyncio.TimeoutError:
            self._read_trouble = "the classifier of concerns answered too late"
            return None
        except Exception as error:
            log.error("the classifier failed", exc_info=error)
            self._read_trouble = f"the classifier of concerns failed ({type(error).__name__})"
        return {}

    def _answered(self, asked: Future[dict[str, float]]) -> None:
        self._asked.discard(asked)
        if not asked.cancelled() and not asked.exception() and not self._asked:
            self._read_trouble = None

    def _keep_loaded(self) -> None:
        while not self._closing.is_set():
            found = self._found()
            if found is None:
                kept = "" if self._classifier is None else "; the one that was loaded before goes on"
                self._load_trouble = f"{self._model.name} is missing: it is not trained yet{kept}"
            elif found != self._loaded:
                self._try_to_load(found)
            else:
                self._load_trouble = None
            self._closing.wait(AGAIN_SECONDS)

    def _found(self) -> Version | None:
        """Which file is there now, if any."""
        try:
            there = self._model.stat()
        except OSError:
            return None
        return there.st_ino, there.st_mtime_ns, there.st_size

    def _try_to_load(self, found: Version) -> None:
        try:
            classifier = self._load()
            likely = classifier.read("is it working", Triage("none", "none", ()))
            if not all(0 <= share <= 1 for share in likely.values()):
                raise ValueError(f"{self._model.name} answers with what is no likelihood")
        except Exception as error:  # whatever it is, the rules go on alone and readiness says so
            if self._load_trouble != str(error):
                log.warning("no classifier of concerns: %s", error)
            self._load_trouble = str(error) or type(error).__name__
            return
        self._classifier, self._loaded, self._load_trouble, self._read_trouble = classifier, found, None, None
