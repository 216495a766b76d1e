"""Writes what goes out by text: an answer's words in a text or two, and the link to the web chat."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence

from bot.store.records import Link, Texts, Words
from helpline.sms import Part, Writing

LINK_SECONDS = 900
CODE_BYTES = 16


def code_hash(code: str) -> str:
    """What the database keeps of the code in a link."""
    return hashlib.sha256(code.encode()).hexdigest()


class Scribe:
    """Writes texts. `base_url` is where the links lead, `name` whose helpline it is."""

    def __init__(self, writing: Writing, base_url: str, name: str) -> None:
        self._writing = writing
        self._base_url = base_url
        self._name = name

    def reply(self, words: Sequence[Words], *, first: bool) -> Texts:
        """What is said to a message; the `first` of a conversation leads to the web chat too."""
        language = words[0].language if words else "en"
        url, link = self._link(language) if first else ("", None)
        parts = [Part(each.text or "", tuple(button["title"] for button in each.buttons)) for each in words]
        short = next((each.short for each in words if each.short), None)
        if short is None:
            return Texts([self._writing.answer(parts, language, url)], link=link)
        kind = "alarm" if any((each.card or {}).get("kind") in ("crisis", "emergency") for each in words) else "reply"
        return Texts(self._writing.alarm(short, parts, language, url), kind, link)

    def notice(self, key: str, language: str, kind: str = "reply") -> tuple[Words, Texts]:
        """One of the sentences that only texts say, as the conversation keeps it and as it goes out."""
        url, link = self._link(language) if key in ("link", "invite") else ("", None)
        text = self._writing.say(key, language, link=url, name=self._name)
        # The code in a link is for the person's own eyes.
        kept = self._writing.in_chat(key, language, link="…", name=self._name)
        return Words(kept, language=language), Texts([text], kind, link)

    def from_web(self, said: Sequence[str], language: str) -> Texts:
        """An answer of the web chat, all that was `said` in it, for a visitor who asked for it by text."""
        intro = self._writing.say("text_me", language, name=self._name)
        return Texts([self._writing.answer([Part(text) for text in (intro, *said)], language)], "invite")

    def _link(self, language: str) -> tuple[str, Link]:
        code = secrets.token_urlsafe(CODE_BYTES)
        expires = int((time.time() + LINK_SECONDS) * 1000)
        return f"{self._base_url}/c/{code}", Link(code_hash(code), language, expires)
