"""Safety in one object: triage of a message, and the reply to what it found."""

from __future__ import annotations

from pathlib import Path

from helpline import escalation
from helpline.safety.concerns import load_concerns
from helpline.safety.errors import SafetyError
from helpline.safety.matcher import Matcher
from helpline.safety.phrases import Book, load_book
from helpline.safety.reading import Reader
from helpline.safety.replies import Replies, Reply, load_replies
from helpline.safety.spelling import Speller
from helpline.safety.spellings import Spellings, load_spellings
from helpline.safety.triage import Rules, Triage


class Safety:
    """Reads messages and speaks the reviewed sentences; holds no state between messages."""

    def __init__(self, rules: Rules, replies: Replies) -> None:
        self._rules = rules
        self._replies = replies

    def triage(self, text: str) -> Triage:
        """What a message is about and how urgent it is; never raises, whatever the text holds."""
        return self._rules.read(text)

    def reply(self, concern: str, language: str = "en") -> Reply:
        """The reply to a concern of concerns.csv, with its card; KeyError for an unknown one."""
        return self._replies.concern(concern, language)

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
    speller = _speller(book, matcher.vocabulary, spellings)
    return Safety(Rules(book, concerns, Reader(spellings, speller), matcher), load_replies(folder, concerns, contacts))


def _speller(book: Book, vocabulary: frozenset[str], spellings: Spellings) -> Speller:
    keys = {words[0] for words in book.groups["key"] if len(words) == 1}
    honest = {words[0] for words in book.groups["honest"]}
    return Speller(vocabulary | spellings.vocabulary | keys, keys, honest)
