"""How much is said at once: a few short bubbles, because nobody in trouble reads more."""

from __future__ import annotations

from typing import Any

MOST = 3
WORDS = 60


def few(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same words in at most three bubbles, where neighbours can be joined into one of at most 60 words.

    The last ones are joined first. A bubble with buttons is joined to what stands before it, never to what follows; a
    card stays where it is.
    """
    said = list(messages)
    while len(said) > MOST:
        place = next((i for i in range(len(said) - 1, 0, -1) if _joinable(said[i - 1], said[i])), None)
        if place is None:
            break
        before, after = said[place - 1], said[place]
        said[place - 1 : place + 1] = [{**after, "text": f"{before['text']} {after['text']}", "card": before["card"]}]
    return said


def _joinable(before: dict[str, Any], after: dict[str, Any]) -> bool:
    both = before["text"] and after["text"] and not before["buttons"] and not after["card"]
    return bool(both) and len(f"{before['text']} {after['text']}".split()) <= WORDS
