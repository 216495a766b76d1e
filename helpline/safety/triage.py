"""Words to concern: reads a message by rules alone and says what it is about and how urgent that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from helpline.safety.concerns import NONE, Concern
from helpline.safety.context import Surroundings
from helpline.safety.language import Languages
from helpline.safety.matcher import Found, Hit, Matcher
from helpline.safety.phrases import HALF, SOFT, Book, Phrase
from helpline.safety.place import ABROAD, Notices
from helpline.safety.reading import Reader
from helpline.safety.subject import Subjects

MOST_EVIDENCE = 3


@dataclass(frozen=True)
class Triage:
    """What a message is about; `evidence` are the plain words that said so, the strongest first.

    `soft` is whether only soft phrases said so, which a classifier may overrule.
    `hints` are concerns that half a phrase speaks of: too little by itself, but not nothing in a conversation.
    `language` is empty where the words do not tell it.
    `notices` are the replies that how or from where the person writes calls for: `abroad`, `cannot_speak`.
    `words` are the plain words of the message, and `contexts` the kinds of context words in it: what a classifier sees.
    """

    concern: str
    level: str
    evidence: tuple[str, ...]
    language: str = ""
    hints: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=(), compare=False, repr=False)
    contexts: tuple[str, ...] = field(default=(), compare=False, repr=False)
    soft: bool = False
    notices: tuple[str, ...] = ()

    @property
    def abroad(self) -> bool:
        """Whether the person says that they are outside the US and Canada."""
        return ABROAD in self.notices


@dataclass(frozen=True)
class _Heard:
    concern: Concern
    phrase: Phrase
    hit: Hit


class Rules:
    """The rules, ready to read messages; pure, and linear in the length of the message."""

    def __init__(
        self, book: Book, concerns: Mapping[str, Concern], reader: Reader, matcher: Matcher, notices: Notices
    ) -> None:
        self._book = book
        self._concerns = concerns
        self._reader = reader
        self._matcher = matcher
        self._notices = notices
        self._subjects = Subjects(book.groups)
        self._language = Languages(book.groups)

    def read(self, text: str) -> Triage:
        """The worst concern that the message speaks of, `none` where it speaks of none."""
        words = self._reader.words(text)
        triage = self._read(words)
        notices = self._notices.of(words, urgent=self._concerns[triage.concern].alarm)
        return replace(triage, notices=notices) if notices else triage

    def _read(self, words: tuple[str, ...]) -> Triage:
        found = self._matcher.find(words)
        everything = list(self._heard(words, found))
        hints = tuple(dict.fromkeys(each.concern.name for each in everything if each.phrase.weight == HALF))
        rules = self._book.rules
        contexts = tuple(sorted({rules[number].category for number in found.present if number in rules}))
        language = self._language.of(words)
        quiet = Triage(NONE, NONE, (), language, hints, words, contexts)
        heard = self._counted(everything)
        if not heard:
            return quiet
        worst = max(heard, key=lambda each: each.concern.rank).concern
        own = [each for each in heard if each.concern is worst]
        evidence = dict.fromkeys(" ".join(words[each.hit.start : each.hit.end]).strip(". ") for each in own)
        spanish = any(each.phrase.language == "es" for each in own)
        return replace(
            quiet,
            concern=worst.name,
            level=worst.level,
            evidence=tuple(evidence)[:MOST_EVIDENCE],
            language="es" if spanish else language,
            soft=all(each.phrase.weight == SOFT for each in heard if each.concern.level == worst.level),
        )

    def _heard(self, words: Sequence[str], found: Found) -> Iterator[_Heard]:
        possible = [(phrase, end) for end in found.ends if (phrase := self._possible(end[0], found.present))]
        if not possible:
            return
        known = self._book.rules
        around = Surroundings(words, [(known[end[0]], found.locate(*end)) for end in found.ends if end[0] in known])
        for phrase, end in possible:
            hit = found.locate(*end)
            if not any(around.reaches(each, hit) for each in phrase.contexts):
                concern = self._about(phrase, words, hit)
                if concern:
                    yield _Heard(concern, phrase, hit)

    def _possible(self, number: int, present: frozenset[int]) -> Phrase | None:
        """The phrase of this number where all it needs, and nothing it must be without, is in the message."""
        phrase = self._book.phrases.get(number)
        if phrase is None or (phrase.needs and present.isdisjoint(phrase.needs)):
            return None
        return phrase if present.isdisjoint(phrase.unless) else None

    def _about(self, phrase: Phrase, words: Sequence[str], hit: Hit) -> Concern | None:
        """The phrase's concern, the one it has about somebody else, or None where it is about the wrong person."""
        concern = self._concerns[phrase.concern]
        if phrase.person == "any":
            return concern
        person = self._subjects.person(words, hit)
        if phrase.person == "other":
            return None if person in ("self", "you") else concern
        if person == "other":
            return self._concerns.get(concern.about_other)
        return None if person == "you" else concern

    @staticmethod
    def _counted(heard: list[_Heard]) -> list[_Heard]:
        """Without a half phrase that stands alone: two different ones, not overlapping, make a whole."""
        halves = [each for each in heard if each.phrase.weight == HALF]
        enough = any(
            a.hit.pattern != b.hit.pattern and (a.hit.end <= b.hit.start or b.hit.end <= a.hit.start)
            for place, a in enumerate(halves[:20])
            for b in halves[place + 1 : 20]
        )
        return heard if enough else [each for each in heard if each.phrase.weight != HALF]
