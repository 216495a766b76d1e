"""Embeds training messages once: most are the same as in the last training, and embedding is most of the time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from bot.embedding.model import Embedding


def embed_once(texts: Sequence[str], embedding: Embedding, kept: Path) -> np.ndarray[Any, Any]:
    """One row a text; those that `kept` holds from the last training are not computed again, which is most of the time.

    A file that cannot be read, or that other weights made, is as good as none.
    """
    known: dict[str, Any] = {}
    try:
        with np.load(kept, allow_pickle=False) as last:
            if str(last["sha256"]) == embedding.sha256:
                known = dict(zip(last["texts"].tolist(), last["rows"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        known = {}
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if new:
        known.update(zip(new, embedding.embed(new), strict=True))
    used = list(dict.fromkeys(texts))
    rows = np.array([known[text] for text in used], dtype=np.float32)
    np.savez(kept, sha256=np.array(embedding.sha256), texts=np.array(used), rows=rows)
    return np.array([known[text] for text in texts], dtype=np.float32)
