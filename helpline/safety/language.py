"""Says in which language a message is written, by its commonest words."""

from __future__ import annotations

from collections.abc import Sequence

from helpline.safety.patterns import BOUNDARY, Groups

ENGLISH, SPANISH, UNCLEAR = "en", "es", ""
# A message of one or two letters, such as y or yo, tells nothing.
SHORTEST_ALONE = 3


class Languages:
    """Tells Spanish from English by the word groups `spanish` and `english`, which share no word."""

    def __init__(self, groups: Groups) -> None:
        self._spanish = frozenset(words[0] for words in groups["spanish"])
        self._english = frozenset(words[0] for words in groups["english"])

    def of(self, words: Sequence[str]) -> str:
        """`es` where at least two words, or all of them, are Spanish and outweigh the English ones.

        `en` where two words are English and outweigh the Spanish ones, else unclear: a name or a yes is of no language.
        """
        spoken = [word for word in words if word != BOUNDARY]
        spanish = sum(word in self._spanish for word in spoken)
        english = sum(word in self._english for word in spoken)
        alone = spanish == len(spoken) > 0 and len(spoken[0]) >= SHORTEST_ALONE
        enough = spanish * 3 >= len(spoken) if spanish > 1 else alone
        if enough and spanish > english:
            return SPANISH
        return ENGLISH if english > max(1, spanish) else UNCLEAR
