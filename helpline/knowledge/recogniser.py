"""Hears which substances a message names, through brands, street names, plurals and slips of the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from helpline.knowledge.glued import Glue
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.names import NEEDS
from helpline.knowledge.negation import Negation
from helpline.knowledge.readings import NOTHING, STRANGE, Reader, Reading
from helpline.knowledge.strangers import strangers
from helpline.knowledge.surroundings import Hit, Surroundings, is_alcohol
from helpline.knowledge.vague import VagueWords
from helpline.knowledge.words import Word, words

# Stands for every word that is in no name. spaCy remembers each string it ever saw for as long as the process
# lives: without this a visitor's words would pile up in memory.
_OTHER = "-"
# Names as they are written are always all found; this bounds only the search for misspelled ones, in which a hostile
# message could keep everybody waiting. 2,000 letters of ordinary talk hold fewer strange words than this.
MOST_GUESSES = 40


class Mention(NamedTuple):
    """A name in the message; act on it when it is `certain` and has one candidate, otherwise ask back."""

    text: str
    start: int
    end: int
    candidates: tuple[str, ...]
    how: str
    certain: bool


@dataclass(frozen=True)
class Heard:
    """What a message names; `unknown` are words in a drug's place that no table knows.

    `vague` are words for a medicine that do not name it ("meds" in "can I drink on my meds"): ask which one.
    `negated` is named only to be ruled out ("no alcohol", "I did not take xanax") and is no part of the mix.
    """

    mentions: tuple[Mention, ...]
    unknown: tuple[str, ...]
    vague: tuple[str, ...] = ()
    negated: tuple[Mention, ...] = ()


class Recogniser:
    """Made once from the tables; `hear` keeps nothing of what it was told."""

    def __init__(self, knowledge: Knowledge) -> None:
        # The front door reads the same tables and is installed without spaCy.
        import spacy
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc

        self._names = knowledge.names
        self._meant = {
            name: (tuple(each.substance for each in meant), min((each.need for each in meant), key=NEEDS.index))
            for name, meant in knowledge.names.spoken.items()
        }
        self._glue = Glue(knowledge.names.spoken, knowledge.names.common_words)
        self._reader = Reader(knowledge.names)
        self._vague = VagueWords(knowledge.names.vague, knowledge.names.cues)
        self._vocab = spacy.blank("en").vocab
        self._doc = Doc
        self._matcher = PhraseMatcher(self._vocab, attr="LOWER")
        phrases = (*self._names.spoken, *(phrase for phrase in self._names.not_names if " " in phrase))
        self._matcher.add("NAME", [Doc(self._vocab, words=phrase.split()) for phrase in phrases])
        self._parts = frozenset(part for phrase in phrases for part in phrase.split())

    def hear(self, text: str, expecting: bool = False) -> Heard:
        """Every substance named in `text`, in its order, with the places where it stands.

        `expecting` says that the visitor was just asked for a substance: then "ice" as the whole message is one.
        """
        spoken = tuple(self._glue.dissolve(words(text)))
        readings = self._read(spoken)
        hits = self._hits(spoken, readings)
        vague = self._vague.hear(spoken, hits)
        hits = [hit for hit in hits if not any(each.first <= hit.first < each.last for each in vague)]
        drugs = Surroundings(spoken, hits, self._names.cues, expecting, bool(vague)).drugs()
        denied = self._denied(spoken, hits, drugs, vague)
        strange = {place for place, reading in enumerate(readings) if reading is STRANGE}
        strange.difference_update(place for each in vague for place in range(each.first, each.last))
        return Heard(
            mentions=tuple(self._mention(text, spoken, hit) for hit in drugs if hit.first not in denied),
            unknown=strangers(spoken, [*hits, *vague], self._names.cues, strange),
            vague=tuple(dict.fromkeys(each.spelled for each in vague if each.first not in denied)),
            negated=tuple(self._mention(text, spoken, hit) for hit in denied.values() if hit.candidates),
        )

    def _denied(self, spoken: tuple[Word, ...], hits: list[Hit], drugs: list[Hit], vague: list[Hit]) -> dict[int, Hit]:
        """What is negated, by its first word; "I don't drink" counts although nothing else speaks of drugs."""
        kept = {hit.first for hit in drugs}
        listed = [*drugs, *vague, *(hit for hit in hits if is_alcohol(hit) and hit.first not in kept)]
        listed.sort(key=lambda hit: hit.first)
        denied = Negation(spoken, listed, self._names.negations).negated()
        return {hit.first: hit for hit in listed if hit.first in denied}

    def _read(self, spoken: tuple[Word, ...]) -> list[Reading]:
        known: dict[str, Reading] = {}
        guesses = 0
        for word in spoken:
            if word.text not in known:
                reading = self._reader.read(word.text, guess=guesses < MOST_GUESSES)
                guesses += reading is STRANGE or reading.how == "fuzzy"
                known[word.text] = reading
        return [known[word.text] for word in spoken]

    def _hits(self, spoken: tuple[Word, ...], readings: list[Reading]) -> list[Hit]:
        taken: set[int] = set()
        hits: list[Hit] = []
        for first, last, phrase in self._phrases(spoken, readings):
            if first not in taken and (last - first == 1 or taken.isdisjoint(range(first, last))):
                hit = self._hit(first, last, phrase, readings)
                if hit:
                    taken.update(range(first, last))
                    hits.append(hit)
        return sorted(hits)

    def _phrases(self, spoken: tuple[Word, ...], readings: list[Reading]) -> list[tuple[int, int, str]]:
        """Every name, longest first; what stands in a phrase that is no name is left out."""
        tokens = [self._token(word.text, reading) for word, reading in zip(spoken, readings, strict=True)]
        one: list[tuple[int, int, str]] = []
        many: list[tuple[int, int, str]] = []
        for _, first, last in self._matcher(self._doc(self._vocab, words=tokens)):
            if last - first == 1:
                if len(tokens[first]) == 1 and _spelled_out(spoken, first):
                    continue
                one.append((first, last, tokens[first]))
            elif _together(spoken, first, last):
                many.append((first, last, " ".join(tokens[first:last])))
        never = [each for each in many if each[2] in self._names.not_names and each[2] not in self._names.spoken]
        many = [each for each in many if each[2] in self._names.spoken] + list(self._split(spoken, readings))
        one += [(place, place + 1, reading.word) for place, reading in enumerate(readings) if reading.candidates]
        if never:
            one = [each for each in one if not self._inside(each, never)]
            many = [each for each in many if not self._inside(each, never)]
        return sorted(many, key=lambda each: (each[0] - each[1], each[0])) + one

    def _token(self, text: str, reading: Reading) -> str:
        """What the matcher gets to see: the known word meant, and never a word of the visitor's own."""
        return reading.word or (text if text in self._parts else _OTHER)

    def _inside(self, name: tuple[int, int, str], never: list[tuple[int, int, str]]) -> bool:
        return any(
            first <= name[0] and name[1] <= last and self._names.not_names[phrase] in ("", name[2])
            for first, last, phrase in never
        )

    def _split(self, spoken: tuple[Word, ...], readings: list[Reading]) -> Iterator[tuple[int, int, str]]:
        for place in range(len(spoken) - 1):
            if spoken[place + 1].gap in (" ", "-"):
                name = self._reader.joined(spoken[place].text, spoken[place + 1].text)
                if name:
                    yield place, place + 2, name

    def _hit(self, first: int, last: int, phrase: str, readings: list[Reading]) -> Hit | None:
        named, need = self._meant.get(phrase, ((), ""))
        if named and last - first == 1 and readings[first].how == "exact":
            return Hit(first, last, phrase, named, need, "exact", len(named) == 1)
        reading = readings[first] if last - first == 1 else NOTHING
        candidates = reading.candidates or named
        if not candidates:
            return None
        fuzzy = any(readings[place].how == "fuzzy" for place in range(first, last))
        slipped = all(readings[place].certain or not readings[place].word for place in range(first, last))
        certain = len(candidates) == 1 and slipped
        return Hit(first, last, phrase, candidates, need, "fuzzy" if fuzzy else "exact", certain)

    def _mention(self, text: str, spoken: tuple[Word, ...], hit: Hit) -> Mention:
        start, end = spoken[hit.first].start, spoken[hit.last - 1].end
        return Mention(text[start:end], start, end, hit.candidates, hit.how, hit.certain)


def _spelled_out(spoken: tuple[Word, ...], place: int) -> bool:
    """Whether a letter stands between letters ("x k g m"), where it is beside nothing that makes it a drug."""
    if not 0 < place < len(spoken) - 1 or spoken[place].gap != " " or spoken[place + 1].gap != " ":
        return False
    return len(spoken[place - 1].text) == len(spoken[place + 1].text) == 1


def _together(spoken: tuple[Word, ...], first: int, last: int) -> bool:
    """Whether nothing but spaces, hyphens and the like stands between the words of a name."""
    gaps = (spoken[place].gap for place in range(first + 1, last))
    return all(len(gap) <= 3 and not gap.strip(" -/.&'#\t") for gap in gaps)
