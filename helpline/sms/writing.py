"""Writes an answer as one text message, and an alarm as one or two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpline.sms.alarm import afterwards
from helpline.sms.layout import Layout
from helpline.sms.leaving_out import chosen, count, lines
from helpline.sms.sayings import Sayings, load_sayings
from helpline.sms.segments import MOST, SINGLE, plain, septets
from helpline.sms.sentences import OF_THE_WEB, Sentence, Worth, sentences, split

MOST_OPTIONS = 9
MOST_OF_A_SECOND = 2  # segments


@dataclass(frozen=True)
class Part:
    """One bubble, and the titles of its quick replies."""

    text: str
    options: tuple[str, ...] = ()


def offered(parts: Sequence[Part]) -> tuple[str, ...]:
    """The quick replies of all parts in order, as many as a text numbers: only these can be picked."""
    return tuple(" ".join(plain(title).split()) for part in parts for title in part.options)[:MOST_OPTIONS]


class Writing:
    """Writes texts in plain letters; the same parts make the same text."""

    def __init__(self, sayings: Sayings) -> None:
        self._sayings = sayings

    def say(self, key: str, language: str, **fields: str) -> str:
        """A sentence of sms.csv, its fields and placeholders written out; KeyError where a field is not given."""
        return self._sayings.say(key, language, **fields)

    def in_chat(self, key: str, language: str, **fields: str) -> str:
        """The same sentence for a screen, which shows every letter."""
        return self._sayings.in_chat(key, language, **fields)

    def answer(self, parts: Sequence[Part], language: str, link: str = "") -> str:
        """All parts in one text of at most MOST segments, with every option; LINK brings what is left out."""
        said = self._sentences(parts)
        kept = [each for each in said if each.worth < Worth.NOT_IN_A_TEXT]
        clear = any(OF_THE_WEB.search(each.text) for each in said)
        layout = Layout(self._sayings, language, MOST, offered(parts), link, rest="clear" if clear else "more")
        if layout.fits(lines(kept), len(kept) < len(said)):
            return layout.write(lines(kept), len(kept) < len(said))
        found = self._chosen(layout, kept)
        if link and count(found, Worth.NALOXONE) < count(kept, Worth.NALOXONE):
            layout = replace(layout, link="")
            found = self._chosen(layout, kept)
        return layout.write(lines(found), True) if found else layout.cut(kept[0].text if kept else "")

    def alarm(self, short: str, parts: Sequence[Part], language: str, link: str = "") -> tuple[str, ...]:
        """What to do first in one segment, then in at most two what it does not say, and the options.

        Without a short text, as at a step of a guided emergency, it is an answer.
        """
        if not short:
            return (self.answer(parts, language, link),)
        first = _one_segment(plain(self._sayings.fill(short)))
        layout = Layout(self._sayings, language, MOST_OF_A_SECOND, offered(parts), said_before=first)
        # The first line of an alarm is what its short text begins with.
        return (first, *afterwards(layout, self._lines(parts)[1:], link))

    def _chosen(self, layout: Layout, said: Sequence[Sentence]) -> list[Sentence]:
        return chosen(said, self._sayings.phone, lambda some: layout.fits(lines(some), True))

    def _sentences(self, parts: Sequence[Part]) -> list[Sentence]:
        texts = [self._sayings.fill(part.text) for part in parts]
        return sentences(texts, [bool(part.options) for part in parts], self._sayings.phone)

    def _lines(self, parts: Sequence[Part]) -> list[str]:
        return [line for part in parts for line in plain(self._sayings.fill(part.text)).split("\n")]


def load_writing(folder: Path, fill: Callable[[str], str]) -> Writing:
    """Writing with the sentences of `folder`; `fill` writes placeholders out; SmsError names file and row."""
    return Writing(load_sayings(folder, fill))


def _one_segment(text: str) -> str:
    """The text, without its last sentences where it is longer than one segment."""
    kept = split(text)
    while len(kept) > 1 and septets(" ".join(kept)) > SINGLE:
        kept.pop()
    return " ".join(kept)
