"""The all-MiniLM-L6-v2 sentence embedding, run by onnxruntime from a pinned local file."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
from tokenizers import BertWordPieceTokenizer

from bot.embedding.weights import verify

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY = Path(__file__).parent / "vocab.txt"
DIMENSIONS = 384
LONGEST = 256  # tokens: what the model was trained on; the rest of a longer text is not read
BATCH = 32
ASIDE_SECONDS = 60


class Embedding:
    """Turns texts into unit vectors of 384 dimensions; near meanings give near vectors."""

    def __init__(self, path: Path, sha256: str, *, aside: bool = False) -> None:
        """Load the weights at `path`; raises EmbeddingError unless their sha256 is the one given.

        `aside` lets another process do most of it: loading stops every thread of this one, for half a second.
        """
        verify(path, sha256)
        self.sha256 = sha256
        self._session = _session_aside(path) if aside else _session(path)
        self._tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """One row of 384 floats for each text, in order, each of length 1."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        # Texts of like length together: a batch is padded to its longest.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._embed_batch([texts[i] for i in batch])
        return vectors

    def _embed_batch(self, texts: Sequence[str]) -> np.ndarray:
        tokens = self._tokenizer.encode_batch(list(texts))
        mask = np.array([t.attention_mask for t in tokens], dtype=np.int64)
        ids = np.array([t.ids for t in tokens], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(None, inputs)
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
        return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)


def _session(path: Path, *, optimised: Path | None = None, plain: bool = False) -> onnxruntime.InferenceSession:
    """The model, rewritten to run fast and on request written to `optimised`; `plain` for one that is that already."""
    options = onnxruntime.SessionOptions()
    # One thread: short texts gain nothing from two, and a second busy core slows every other conversation.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # it warns that the rewritten model fits this machine only, which is where it runs
    if plain:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    if optimised:
        options.optimized_model_filepath = str(optimised)
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _session_aside(path: Path) -> onnxruntime.InferenceSession:
    """The same, rewritten by another process; by this one where that fails."""
    with TemporaryDirectory() as folder:
        optimised = Path(folder) / "model.onnx"
        try:
            command = [sys.executable, "-m", "bot.embedding.model", str(path), str(optimised)]
            subprocess.run(command, cwd=ROOT, check=True, timeout=ASIDE_SECONDS, capture_output=True)
            return _session(optimised, plain=True)
        except (OSError, subprocess.SubprocessError):
            return _session(path)


if __name__ == "__main__":
    _session(Path(sys.argv[1]), optimised=Path(sys.argv[2]))
