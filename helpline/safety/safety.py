"""Safety in one object: triage of a message, and the reply to what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from helpline import escalation
from helpline.safety.answers import load_answers
from helpline.safety.attention import Attention, Judge
from helpline.safety.concerns import Concern, load_concerns
from helpline.safety.errors import SafetyError
from helpline.safety.guide import Guide, load_guide
from helpline.safety.matcher import Matcher
from helpline.safety.phrases import Book, load_book
from helpline.safety.place import load_notices
from helpline.safety.reading import Reader
from helpline.safety.replies import Replies, Reply, load_replies
from helpline.safety.spelling import Speller
from helpline.safety.spellings import Spellings, load_spellings
from helpline.safety.triage import Rules, Triage


class Safety:
    """Reads messages and speaks the reviewed sentences; holds no state between messages."""

    def __init__(self, rules: Rules, replies: Replies, guide: Guide, concerns: Mapping[str, Concern]) -> None:
        self._rules = rules
        self._replies = replies
        self._judge = Judge(concerns)
        self.guide = guide
        self.concerns = concerns

    def triage(self, text: str) -> Triage:
        """What the rules make of a message by itself; never raises, whatever the text holds."""
        return self._rules.read(text)

    def judge(self, heard: Triage, likely: Mapping[str, float], before: Attention) -> tuple[Triage, Attention]:
        """What to act on by rules, classifier and the conversation so far, and what the message leaves behind."""
        return self._judge.judge(heard, likely, before)

    def reply(self, concern: str, language: str = "en") -> Reply:
        """The reply to a concern of concerns.csv, with its card and the buttons of its guide; KeyError for another."""
        buttons = self.guide.buttons(self.concerns[concern].guide, language)
        return replace(self._replies.concern(concern, language), buttons=buttons)

    def step(self, place: str, language: str = "en") -> Reply:
        """What a guided emergency says at a place; KeyError for an unknown one."""
        if self.guide.speaks(place):
            return self.guide.reply(place, language)
        return self.reply(self.guide.concern(place), language)

    def answers(self, concern: str, place: str) -> bool:
        """Whether the guide's step at a place is an answer to a concern too: as urgent, of the same guide or numbers.

        Somebody who says that an ambulance is coming speaks of an emergency, but not of another one.
        """
        own, other = self.concerns[self.guide.concern(place)], self.concerns[concern]
        if other.rank > own.rank:
            return False
        same = other.guide.partition("/")[0] == place.partition("/")[0]
        return same or self._calls(concern) <= set(self.step(place).card.get("call", ()))

    def _calls(self, concern: str) -> set[str]:
        return set(self.reply(concern).card.get("call", ()))

    def helpline_reply(self, key: str, language: str = "en") -> Reply:
        """The calm sentence for a key such as `no_answer`, with the helpline card; KeyError for an unknown one."""
        return self._replies.helpline(key, language)


def load(folder: Path) -> Safety:
    """Safety from the tables of `folder`; SafetyError with one sentence that names file and row."""
    try:
        contacts = escalation.load(folder)
    except escalation.ContactError as problem:
        raise SafetyError(str(problem)) from None
    concerns, spellings = load_concerns(folder), load_spellings(folder)
    book = load_book(folder, concerns, spellings.rewrite)
    matcher = Matcher(book.patterns, book.anywhere)
    reader = Reader(spellings, _speller(book, matcher.vocabulary, spellings))
    answers = load_answers(folder, reader, book.groups, spellings.rewrite)
    guide = load_guide(folder, concerns, contacts, answers)
    replies = load_replies(folder, concerns, contacts)
    notices = load_notices(folder, book.groups, spellings.rewrite)
    return Safety(Rules(book, concerns, reader, matcher, notices), replies, guide, concerns)


def _speller(book: Book, vocabulary: frozenset[str], spellings: Spellings) -> Speller:
    keys = {words[0] for words in book.groups["key"] if len(words) == 1}
    # The name of a place is no slip of the pen.
    honest = {
        word for group in ("honest", "abroad", "america", "deaf") for words in book.groups[group] for word in words
    }
    return Speller(vocabulary | spellings.vocabulary | keys, keys, honest)
