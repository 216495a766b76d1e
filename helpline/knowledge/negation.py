"""Finds the names that a message mentions only to say that they are not part of it ("no alcohol", "not on xanax")."""

from __future__ import annotations

from helpline.knowledge.surroundings import Hit
from helpline.knowledge.words import Word

_ENDS = frozenset(".!?;,:\n")
# How many words before "without" or after what is negated still belong to the same thought.
LOOK_AROUND = 12
_CHAIN = frozenset("/,")


class Negation:
    """One message: its words, everything that could be a substance in it, and the rules of negations.csv."""

    def __init__(self, words: tuple[Word, ...], hits: list[Hit], rules: dict[str, frozenset[str]]) -> None:
        self._words = words
        self._at = {hit.first: hit for hit in hits}
        self._rules = rules
        again = [place for place in range(len(words)) if self._is(place, "again")]
        self._again = max(
            (place for place in again if self._is(place - 1, "verb") or self._is(place - 1, "together")), default=-1
        )

    def negated(self) -> frozenset[int]:
        """The first word of each hit that is negated; in doubt a hit stays part of the mix."""
        found: set[int] = set()
        if self._at:
            for place in range(len(self._words)):
                group = self._group(place)
                if group and not self._together(group[-1].last):
                    found.update(hit.first for hit in group)
        return frozenset(found)

    def _group(self, place: int) -> list[Hit]:
        """The hits that the word at `place` negates, in their order."""
        if self._is(place, "none") and self._closed(place + 1) and not self._doubled(place):
            return self._chained(self._skip(place + 1, "between"))
        if self._is(place, "not") or self._is(place, "said_of"):
            return self._denied(place)
        return []

    def _denied(self, place: int) -> list[Hit]:
        subject = place - 1 - self._is(place - 1, "helper") if self._is(place, "not") else place - 1
        while self._is(subject, "adverb"):
            subject -= 1
        said_of = self._is(subject, "subject") and not self._is(subject - 1, "modal")
        spoken_of = self._is(place, "said_of") or self._is(place - 1, "helper")
        if (spoken_of and not said_of) or self._is(place + 1, "partly"):
            return []
        if any(self._is(place - back, "modal") for back in (1, 2)):
            return []
        return self._object(place, said_of)

    def _object(self, place: int, said_of: bool) -> list[Hit]:
        """What stands after a denial: "not xanax", "(did) not take any xanax", "(do) not drink"."""
        at = self._skip(place + 1, "adverb")
        if at in self._at:
            bare = "'" not in self._words[place].text and len(self._words[place].text) <= len("never")
            return self._chained(at) if bare or said_of or self._is(at, "verb") else []
        verbs = 0
        while self._is(at, "verb") and at not in self._at and verbs < 2:
            at, verbs = at + 1, verbs + 1
        return self._chained(self._skip(at, "between")) if verbs and self._closed(at) else []

    def _chained(self, at: int) -> list[Hit]:
        """The hit at `at` and those joined to it: "no xanax, percocet or beer"."""
        group: list[Hit] = []
        waiting: list[Hit] = []
        while at in self._at:
            hit = self._at[at]
            waiting.append(hit)
            if not group or self._words[at].gap in (" ", "-") or self._words[at].gap.strip() == "/":
                group, waiting = group + waiting, []
            at = self._next(hit)
        return group

    def _next(self, hit: Hit) -> int:
        at = hit.last
        if at >= len(self._words):
            return -1
        either = self._is(at, "also")
        if either or self._is(at, "and"):
            at = self._skip(at + 1, "between")
            # "not xanax and drank wine": a verb of its own after "and" begins what was taken.
            if self._is(at, "verb") and (not either or at not in self._at):
                return self._skip(at + 1, "between") if either else -1
            return at
        if set(self._words[at].gap.strip()) <= _CHAIN and (self._words[at].gap.strip() or self._is(hit.first, "verb")):
            return self._skip(at, "between")
        return -1

    def _together(self, after: int) -> bool:
        """Whether what follows shows that the mix itself is meant: "never took xanax with beer", "not taken it yet"."""
        if self._is(after, "together") and self._words[after].gap == " ":
            return True
        if self._again >= after:
            return True
        clause = after
        while clause < after + LOOK_AROUND and self._closed(clause):
            if self._is(clause, "later"):
                return True
            clause += 1
        return False

    def _doubled(self, place: int) -> bool:
        """Whether "without" stands after another denial: "I can't sleep without xanax"."""
        first = max(place - LOOK_AROUND, 0)
        while place > first and self._closed(place):
            place -= 1
            if self._is(place, "double"):
                return True
        return False

    def _closed(self, place: int) -> bool:
        """Whether no mark stands between this word and the one before it."""
        return place < len(self._words) and _ENDS.isdisjoint(self._words[place].gap)

    def _skip(self, place: int, kind: str) -> int:
        while self._is(place, kind) and place not in self._at and self._closed(place):
            place += 1
        return place

    def _is(self, place: int, kind: str) -> bool:
        return 0 <= place < len(self._words) and self._words[place].text in self._rules[kind]
