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

    @property
    def is_drug(self) -> bool:
        """Whether it stands for a drug beyond doubt, be it open for which of several."""
        return self.certain or (len(self.candidates) > 1 and not self.need)


class Surroundings:
    """One message: its words, the names in it and the cue words; `medicine` says that it speaks of an unnamed one."""

    def __init__(
        self,
        words: tuple[Word, ...],
        hits: list[Hit],
        cues: dict[str, frozenset[str]],
        expecting: bool = False,
        medicine: bool = False,
    ) -> None:
        self._words = words
        self._cues = cues
        self._expecting = expecting
        self._medicine = medicine
        self._hits = hits = [hit for hit in hits if self._placed(hit)]
        self._covered: set[int] = set()
        for hit in hits:
            self._covered.update(range(hit.first, hit.last))
        taking = cues["mix"] | cues["take"] | cues["maybe"] | cues["strong"] | {"with", "on"}
        self._taking = [place for place, word in enumerate(words) if word.text in taking]
        self._links = [place for place, pair in enumerate(pairwise(hits)) if self._linked(*pair)]

    def drugs(self) -> list[Hit]:
        """The hits that are drugs here; what only a weak cue speaks for comes back as not certain."""
        kept: dict[int, Hit] = {place: hit for place, hit in enumerate(self._hits) if not hit.need}
        sure, strong, alone = bool(kept), self._medicine or self._said("strong"), self._alone()
        followed = alone and self._followed()
        for place, hit in enumerate(self._hits):
            if hit.need in ("alone", "context", "state", "ended"):
                before = self._cue_before(hit) if hit.need in ("alone", "context") else ""
                whole = followed or (alone and hit.need == "alone")
                if sure or strong or whole or before == "take" or (is_alcohol(hit) and self._about_taking(hit)):
                    kept[place] = hit
                elif before == "maybe":
                    kept[place] = hit._replace(certain=False)
            elif hit.need == "beside" and len(hit.spelled) > 1 and self._cue_before(hit) == "take":
                kept[place] = hit._replace(certain=False)
        self._feed(kept, alone, followed)
        self._spread(kept)
        return [kept[place] for place in sorted(kept) if not self._poured(place, kept)]

    def _poured(self, place: int, kept: dict[int, Hit]) -> bool:
        """Whether this is the "drink" of "drink green tea" or "drink it", which is no alcohol."""
        hit, other = kept[place], kept.get(place + 1)
        if not is_alcohol(hit) or hit.spelled.partition(" ")[0] not in self._cues["take"]:
            return False
        if hit.last < len(self._words) and self._words[hit.last].text in self._cues["pronoun"]:
            return True
        if not other or is_alcohol(other):
            return False
        between = {self._words[each].text for each in range(hit.last, other.first)}
        return "on" not in between and between <= self._cues["determiner"]

    def _feed(self, kept: dict[int, Hit], alone: bool, followed: bool) -> None:
        """Foods and drinks count beside a drug, where taking or eating is spoken of, or as an answer of their own.

        Two that are taken as a medicine is taken ("iron and calcium") count without one.
        """
        foods = [(place, hit) for place, hit in enumerate(self._hits) if hit.need == "food"]
        if foods and (any(hit.is_drug for hit in kept.values()) or followed):
            said = {word.text for word in self._words}
            taking = self._taking or not said.isdisjoint(self._cues["eat"] | self._cues["maybe"])
            kept.update((place, hit) for place, hit in foods if taking or alone)
        for place in self._links:
            pair = self._hits[place : place + 2]
            if all(hit.need == "food" for hit in pair) and self._word_before(pair[0]) in self._cues["medicine"]:
                kept.update(enumerate(pair, place))

    def _placed(self, hit: Hit) -> bool:
        """Whether a state ("wasted") stands after "I'm", and "had a few" at the end of what is said."""
        if hit.need not in ("state", "ended"):
            return True
        if hit.need == "state" and (hit.first == 0 or self._words[hit.first - 1].text not in self._cues["being"]):
            return False
        if hit.last == len(self._words) or self._words[hit.last].gap.strip():
            return True
        return self._words[hit.last].text in self._cues["later"]

    def _followed(self) -> bool:
        """Whether the message goes on from what was said before ("and ice?", "what about coke") or lists two names."""
        slang = [hit for hit in self._hits if hit.need in ("alone", "context", "beside")]
        if len(slang) > 1 and len(slang) == len(self._hits):
            return True
        first = self._hits[0].first if self._hits else 0
        return self._expecting or any(word.text in self._cues["follow"] for word in self._words[:first])

    def _spread(self, kept: dict[int, Hit]) -> None:
        """A word joined to a drug by "and" or "with" is one too; so are two words that somebody asks to mix."""
        for place in self._links:
            if place not in kept and place + 1 not in kept and self._cue_before(self._hits[place]) == "mix":
                kept[place] = self._hits[place]
        for order in (self._links, reversed(self._links)):
            for place in order:
                if (place in kept) != (place + 1 in kept):
                    other = place if place + 1 in kept else place + 1
                    kept[other] = self._hits[other]
        for place in self._links:
            for one, other in ((place, place + 1), (place + 1, place)):
                if one in kept and other in kept and kept[other].is_drug and self._hits[one].certain:
                    kept[one] = self._hits[one]

    def _linked(self, one: Hit, other: Hit) -> bool:
        if other.first - one.last > MOST_BETWEEN:
            return False
        if other.first == one.last and self._words[one.last].gap == " ":
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
        text = self._word_before(hit)
        if self._hooked(hit):
            return "take"
        return next((cue for cue in ("mix", "take", "maybe") if text in self._cues[cue]), "")

    def _hooked(self, hit: Hit) -> bool:
        """Whether somebody is "back on tina" or "hooked on ice"."""
        before = [word.text for word in self._words[max(hit.first - 2, 0) : hit.first]]
        return len(before) == 2 and before[1] == "on" and before[0] in self._cues["hooked"]

    def _word_before(self, hit: Hit) -> str:
        """The nearest word before it that is neither a determiner nor a number; "" where there is none."""
        place = hit.first - 1
        while place >= 0 and self._skippable(place):
            place -= 1
        return self._words[place].text if place >= 0 else ""

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


def is_alcohol(hit: Hit) -> bool:
    """Whether the word can only mean drinking."""
    return hit.candidates == ("alcohol",)
