"""How much is said at once: a few short bubbles, because nobody in trouble reads more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.store.records import Words

MOST = 3
WORDS = 60


def few(words: Sequence[Words]) -> list[Words]:
    """The same words in at most three bubbles, as far as neighbours can be joined into one of at most 60 words.

    The last ones are joined first. A bubble with buttons is joined to what stands before it, never to what follows; a
    card stays where it is.
    """
    said = list(words)
    while len(said) > MOST:
        place = next((i for i in range(len(said) - 1, 0, -1) if _joined(said[i - 1], said[i])), None)
        if place is None:
            break
        said[place - 1 : place + 1] = [*filter(None, [_joined(said[place - 1], said[place])])]
    return said


def _joined(before: Words, after: Words) -> Words | None:
    """Both in one bubble, or None where they stay apart."""
    text = f"{before.text} {after.text}"
    if not before.text or not after.text or before.buttons or after.card or len(text.split()) > WORDS:
        return None
    return replace(after, text=text, card=before.card)
