"""Decides from the words around it whether an everyday word ("bars", "ice", "x") is a drug this time."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from helpline.knowledge.words import Word

MOST_BETWEEN = 4
_STOPS = frozenset(".!?;")
_MARKS = frozenset("+&/,")


class Hit(NamedTuple):
    """A name found at words `first` up to `last`; `need` is what its surroundings must offer."""

    first: int
    last: int
    spelled: str
    candidates: tuple[str, ...]
    need: str
    how: str
    certain: bool


class Surroundings:
    """One message: its words, the names found in it, and the cue words of the tables."""

    def __init__(self, words: tuple[Word, ...], hits: list[Hit], cues: dict[str, frozenset[str]]) -> None:
        self._words = words
        self._hits = hits
        self._cues = cues
        self._covered = {place for hit in hits for place in range(hit.first, hit.last)}
        taking = cues["mix"] | cues["take"] | cues["maybe"] | cues["strong"] | {"with", "on"}
        self._taking = [place for place, word in enumerate(words) if word.text in taking]
        self._links = [self._linked(one, other) for one, other in pairwise(hits)]

    def drugs(self) -> list[Hit]:
        """The hits that are drugs here; what only a weak cue speaks for comes back as not certain."""
        kept: dict[int, Hit] = {place: hit for place, hit in enumerate(self._hits) if not hit.need}
        sure, strong, alone = bool(kept), self._said("strong"), self._alone()
        for place, hit in enumerate(self._hits):
            if hit.need == "context":
                before = self._cue_before(hit)
                if sure or strong or alone or before == "take" or (_alcohol(hit) and self._about_taking(hit)):
                    kept[place] = hit
                elif before == "maybe":
                    kept[place] = hit._replace(certain=False)
            elif hit.need == "beside" and len(hit.spelled) > 1 and self._cue_before(hit) == "take":
                kept[place] = hit._replace(certain=False)
        self._spread(kept)
        return [kept[place] for place in sorted(kept)]

    def _spread(self, kept: dict[int, Hit]) -> None:
        """A word joined to a drug by "and" or "with" is one too; so are two words that somebody asks to mix."""
        for place, linked in enumerate(self._links):
            if linked and place not in kept and place + 1 not in kept and self._cue_before(self._hits[place]) == "mix":
                kept[place] = self._hits[place]
        for order in (range(len(self._links)), reversed(range(len(self._links)))):
            for place in order:
                if self._links[place] and (place in kept) != (place + 1 in kept):
                    other = place if place + 1 in kept else place + 1
                    kept[other] = self._hits[other]
        for place, linked in enumerate(self._links):
            for one, other in ((place, place + 1), (place + 1, place)):
                if linked and one in kept and other in kept and kept[other].certain and self._hits[one].certain:
                    kept[one] = self._hits[one]

    def _linked(self, one: Hit, other: Hit) -> bool:
        if other.first - one.last > MOST_BETWEEN:
            return False
        joined = False
        for place in range(one.last, other.first + 1):
            word = self._words[place]
            if word.gap != " ":
                if not _STOPS.isdisjoint(word.gap):
                    return False
                joined = joined or not _MARKS.isdisjoint(word.gap)
            if place < other.first:
                joins = word.text in self._cues["join"]
                if not (joins or word.text in self._cues["determiner"] or word.text.isdigit()):
                    return False
                joined = joined or joins
        return joined

    def _cue_before(self, hit: Hit) -> str:
        place = hit.first - 1
        while place >= 0 and self._skippable(place):
            place -= 1
        if place < 0:
            return ""
        text = self._words[place].text
        return next((cue for cue in ("mix", "take", "maybe") if text in self._cues[cue]), "")

    def _skippable(self, place: int) -> bool:
        text = self._words[place].text
        taking = text in self._cues["take"] or text in self._cues["mix"]
        return not taking and (text in self._cues["determiner"] or text.isdigit())

    def _said(self, cue: str) -> bool:
        return any(word.text in self._cues[cue] for place, word in enumerate(self._words) if place not in self._covered)

    def _about_taking(self, hit: Hit) -> bool:
        return any(not hit.first <= place < hit.last for place in self._taking)

    def _alone(self) -> bool:
        rest = (word.text for place, word in enumerate(self._words) if place not in self._covered)
        small = self._cues["filler"] | self._cues["join"] | self._cues["determiner"]
        return all(text in small or text.isdigit() for text in rest)


def _alcohol(hit: Hit) -> bool:
    return hit.candidates == ("alcohol",)
