"""The classifier beside the rules: loaded in the background, asked with a time limit, and never waited for in vain."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from helpline.safety import Triage

SECONDS = 0.15  # of the 0.3 s in which an emergency card is due
WAITING = 32  # questions that may wait; with more of them every answer would come too late
AGAIN_SECONDS = 2.0
LONGEST = 2000  # characters that are read; the rules read the rest
log = logging.getLogger(__name__)


class Classifier(Protocol):
    """What is asked: see `bot.triage.classifier`."""

    def read(self, text: str, heard: Triage) -> dict[str, float]:
        """How likely each concern is."""


def load_classifier(model: Path, config: Path) -> Classifier:
    """The trained classifier with its embedding. Imported here, because the big packages may be installed later."""
    from bot.embedding.model import Embedding
    from bot.embedding.weights import packaged_weights, pinned_sha256
    from bot.triage.classifier import ConcernClassifier

    return ConcernClassifier.load(model, Embedding(packaged_weights(), pinned_sha256(config)))


class SecondOpinion:
    """Asks the classifier once there is one. `trouble` says why there is none, for /health/ready."""

    def __init__(self, model: Path, load: Callable[[], Classifier]) -> None:
        """`load` is tried again until it works, and again when the file `model` has changed."""
        self.trouble: str | None = "the classifier of concerns is being loaded"
        self._model = model
        self._load = load
        self._classifier: Classifier | None = None
        self._loaded = 0.0
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="second-opinion")
        self._closing = threading.Event()

    def start(self) -> None:
        """Begin to load."""
        threading.Thread(target=self._keep_loaded, name="load-classifier", daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._closing.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def read(self, text: str, heard: Triage) -> Mapping[str, float]:
        """How likely each concern is; empty when the classifier is missing, fails or is too late."""
        classifier = self._classifier
        if classifier is None or self._waiting >= WAITING or self._closing.is_set():
            return {}
        self._waiting += 1
        asked = asyncio.get_running_loop().run_in_executor(self._thread, classifier.read, text[:LONGEST], heard)
        asked.add_done_callback(self._answered)
        try:
            return await asyncio.wait_for(asyncio.shield(asked), SECONDS)
        except asyncio.TimeoutError:
            self.trouble = "the classifier of concerns answered too late"
        except Exception as error:
            log.error("the classifier failed", exc_info=error)
            self.trouble = f"the classifier of concerns failed ({type(error).__name__})"
        return {}

    def _answered(self, asked: asyncio.Future[dict[str, float]]) -> None:
        self._waiting -= 1
        if not asked.cancelled() and not asked.exception() and self._waiting == 0:
            self.trouble = None

    def _keep_loaded(self) -> None:
        while not self._closing.is_set():
            changed = self._changed()
            if changed and changed != self._loaded:
                self._try_to_load(changed)
            elif not changed and self._classifier is None:
                self.trouble = f"{self._model.name} is not trained yet"
            self._closing.wait(AGAIN_SECONDS)

    def _changed(self) -> float:
        try:
            return self._model.stat().st_mtime
        except OSError:
            return 0.0

    def _try_to_load(self, changed: float) -> None:
        try:
            classifier = self._load()
            classifier.read("is it working", Triage("none", "none", ()))
        except Exception as error:  # whatever it is, the rules go on alone and readiness says so
            if self.trouble != str(error):
                log.warning("no classifier of concerns: %s", error)
            self.trouble = str(error) or type(error).__name__
            return
        self._classifier, self._loaded, self.trouble = classifier, changed, None
