"""Finds the words that stand where a drug would stand and that no table knows."""

from __future__ import annotations

from helpline.knowledge.surroundings import Hit
from helpline.knowledge.words import Word

SHORTEST = 4
SHORT_MESSAGE = 6
_MARKS = frozenset("+&/")
# Verbs of taking that mostly do another's work: "why did Manaphy throw a tantrum".
_OTHER_VERBS = frozenset({"did", "doing", "shoot", "shooting", "dropped", "high"})


def strangers(
    words: tuple[Word, ...], hits: list[Hit], cues: dict[str, frozenset[str]], strange: set[int]
) -> tuple[str, ...]:
    """Those of the `strange` words that are in a drug's place, in their order."""
    taken = {place for hit in hits for place in range(hit.first, hit.last)}
    odd = {place for place in strange - taken if len(words[place].text) >= SHORTEST and words[place].text.isalpha()}
    if not odd or not any(_leads(word, cues) for word in words):
        return ()
    drugs = set(taken)
    # Twice: in "flurbzol and zorbamine with xanax" only the second is next to a drug at first sight.
    for _ in range(2):
        drugs |= {place for place in odd - drugs if _in_place(place, words, drugs, cues)}
    return tuple(dict.fromkeys(words[place].text for place in sorted(odd & drugs)))


def _leads(word: Word, cues: dict[str, frozenset[str]]) -> bool:
    """Whether the word, or a mark before it, can lead to a drug's place."""
    return any(word.text in cues[cue] for cue in ("mix", "take", "join")) or not _MARKS.isdisjoint(word.gap)


def _in_place(place: int, words: tuple[Word, ...], drugs: set[int], cues: dict[str, frozenset[str]]) -> bool:
    before = _skip(place, -1, words, cues)
    if before >= 0:
        text = words[before].text
        if text in cues["mix"] or (text in cues["take"] and text not in _OTHER_VERBS and text not in cues["join"]):
            return True
        if _joins(before, place, words, cues):
            further = _skip(before, -1, words, cues)
            if further in drugs or before in drugs or (text == "with" and len(words) <= SHORT_MESSAGE):
                return True
    after = _skip(place, 1, words, cues)
    if after < len(words) and _joins(after, after, words, cues):
        return _skip(after, 1, words, cues) in drugs
    return False


def _joins(place: int, gap_of: int, words: tuple[Word, ...], cues: dict[str, frozenset[str]]) -> bool:
    return words[place].text in cues["join"] or not _MARKS.isdisjoint(words[gap_of].gap)


def _skip(place: int, step: int, words: tuple[Word, ...], cues: dict[str, frozenset[str]]) -> int:
    """The next place in this direction that is neither a determiner nor a number; -1 or the length at the end."""
    place += step
    while 0 <= place < len(words) and _small(words[place].text, cues):
        place += step
    return place


def _small(text: str, cues: dict[str, frozenset[str]]) -> bool:
    content = text in cues["join"] or text in cues["take"] or text in cues["mix"]
    return not content and (text in cues["determiner"] or text.isdigit())
