"""Encrypt what people write, so that a copied database or backup gives nobody a conversation."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class CipherError(Exception):
    """A value cannot be read: its key is gone, or it was changed or moved to another row."""


class Cipher:
    """AES-GCM with key ids: the first key encrypts, every key decrypts. `about` ties a value to its row and column."""

    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        self._current = keys[0][0].encode()
        self._keys = {key_id.encode(): AESGCM(key) for key_id, key in keys}

    @property
    def current(self) -> str:
        """The id of the key that encrypts."""
        return self._current.decode()

    def seal(self, plain: str, about: str) -> bytes:
        """Encrypt plain; only `open` with the same `about` gives it back."""
        nonce = os.urandom(NONCE)
        sealed = self._keys[self._current].encrypt(nonce, plain.encode(), about.encode())
        return self._current + b":" + nonce + sealed

    def open(self, sealed: bytes, about: str) -> str:
        """Decrypt what `seal` made; raise CipherError when that cannot be."""
        key_id, _, rest = bytes(sealed).partition(b":")
        key = self._keys.get(key_id)
        if key is None:
            raise CipherError("a stored value was encrypted with a key that STORE_KEYS does not hold")
        try:
            return key.decrypt(rest[:NONCE], rest[NONCE:], about.encode()).decode()
        except InvalidTag:
            raise CipherError("a stored value does not belong to its row or was changed") from None

    def seal_json(self, value: object, about: str) -> bytes:
        """Encrypt a JSON value."""
        return self.seal(json.dumps(value, separators=(",", ":")), about)

    def open_json(self, sealed: bytes, about: str) -> object:
        """Decrypt a JSON value."""
        value: object = json.loads(self.open(sealed, about))
        return value
