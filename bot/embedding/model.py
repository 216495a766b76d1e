"""The all-MiniLM-L6-v2 sentence embedding, run by onnxruntime from a pinned local file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import BertWordPieceTokenizer

from bot.embedding.weights import verify

VOCABULARY = Path(__file__).parent / "vocab.txt"
DIMENSIONS = 384
LONGEST = 256  # tokens: what the model was trained on; the rest of a longer text is not read
BATCH = 32


class Embedding:
    """Turns texts into unit vectors of 384 dimensions; near meanings give near vectors."""

    def __init__(self, path: Path, sha256: str) -> None:
        """Load the weights at `path`; raises EmbeddingError unless their sha256 is the one given."""
        verify(path, sha256)
        self.sha256 = sha256
        options = onnxruntime.SessionOptions()
        # One thread: short texts gain nothing from two, and a second busy core slows every other conversation.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
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
