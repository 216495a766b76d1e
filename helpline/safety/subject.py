"""Says whose story a phrase tells: the speaker's own, somebody else's, or the reader's."""

from __future__ import annotations

from collections.abc import Sequence

from helpline.safety.matcher import Hit
from helpline.safety.patterns import BOUNDARY, Groups

# Who is spoken of stands close before the verb; further back it is somebody of another thought.
FURTHEST = 7
# Words of words.csv that decide; `own` are reflexives such as "myself", which leave no doubt.
PERSONS = (("self", "i"), ("other", "they"), ("you", "you"))
REFLEXIVES = (("self", "reflex_self"), ("other", "reflex_other"), ("you", "reflex_you"))


class Subjects:
    """Finds the person of a phrase by the word groups `i`, `they`, `you` and their reflexives."""

    def __init__(self, groups: Groups) -> None:
        self._persons = {words[0]: person for person, group in PERSONS for words in groups[group]}
        self._reflexives = {words[0]: person for person, group in REFLEXIVES for words in groups[group]}

    def person(self, words: Sequence[str], hit: Hit) -> str:
        """`self`, `other`, `you`, or an empty text where nobody is named."""
        inside = words[hit.start : hit.end]
        for word in inside:
            if word in self._reflexives:
                return self._reflexives[word]
        if inside[0] in self._persons:
            return self._persons[inside[0]]
        named = {self._persons[word] for word in inside if word in self._persons}
        if "self" in named:
            return "self"
        for word in reversed(words[max(0, hit.start - FURTHEST) : hit.start]):
            if word == BOUNDARY:
                break
            if word in self._persons:
                return self._persons[word]
        return "other" if "other" in named else "you" if named else ""
