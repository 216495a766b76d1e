"""What goes into the journal and what comes out of it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Card = Mapping[str, Any]


class StoreError(Exception):
    """The base of everything that the store refuses or cannot do."""


class StoreBusy(StoreError):
    """The database could not be written or read in the time allowed; nothing is known to be stored."""


class ConversationCleared(StoreError):
    """The visitor cleared this conversation: its token is worth nothing any more."""


@dataclass(frozen=True)
class Words:
    """One thing said in a conversation, in `language`: text, buttons and a card, each of which may be missing.

    `short` is what a text message says first, where it is an alarm; it is neither streamed nor stored.
    """

    text: str | None
    buttons: Sequence[Mapping[str, str]] = ()
    card: Card | None = None
    role: str = "bot"
    language: str = "en"
    short: str | None = None


@dataclass(frozen=True)
class Link:
    """A link from a text to the web chat, of which the store keeps no more than a hash; milliseconds since 1970."""

    code_hash: str
    language: str
    expires_at: int


@dataclass(frozen=True)
class Texts:
    """What goes out by text together with what is stored: alarm, reply, confirmation of an opt-out, or invite."""

    bodies: Sequence[str] = field(repr=False)
    kind: str = "reply"
    link: Link | None = None


@dataclass(frozen=True)
class Text:
    """One text of the outbox that was claimed to be sent; `attempts` counts this one, `created_at` is milliseconds.

    It is `uncertain` when a former attempt may have reached the provider.
    """

    id: int
    number: str = field(repr=False)
    body: str = field(repr=False)
    kind: str
    attempts: int
    created_at: int
    uncertain: bool


@dataclass(frozen=True)
class QueuedText:
    """A text of the outbox in whatever state, with its words; `created_at` is milliseconds."""

    id: int
    kind: str
    state: str
    body: str = field(repr=False)
    created_at: int


@dataclass(frozen=True)
class UnsentText:
    """A text that did not arrive, as staff see it: the number by its last four digits, and why."""

    id: int
    conversation: str | None
    number: str
    kind: str
    state: str
    reason: str | None
    attempts: int
    created_at: int


@dataclass(frozen=True)
class Texter:
    """What is known of a number that writes by text; `conversation` is None where its next message begins a new one.

    `offers` are the buttons of the last answer, in the order in which the text numbered them.
    """

    conversation: str | None = None
    opted_out: bool = False
    language: str = ""
    offers: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Message:
    """A visitor's message as it is accepted.

    `alarm` is what the front door said to it at once, if anything: an emergency card or a step of a guided one.
    `attention` is what the conversation keeps for triage; one that is not `certain` was made without knowing what the
    store keeps already, and replaces that only for an alarm.

    A message by text comes from a `phone`, whose conversation the store finds; it `opts` out of texts, in, or neither.
    One that is `closed` (the outcome of its turn) is not for Rasa: `answer` is all that is said to it. `texts` go out.
    """

    conversation: str
    message_id: str
    text: str
    choice: str | None = None
    concern: str = "none"
    level: str = "none"
    evidence: Sequence[str] = ()
    alarm: Words | None = None
    attention: Mapping[str, Any] = field(default_factory=dict)
    certain: bool = True
    channel: str = "web"
    phone: str = field(default="", repr=False)
    opts: str = ""
    closed: str = ""
    answer: Words | None = None
    texts: Texts | None = None


@dataclass(frozen=True)
class Event:
    """One numbered entry as the event stream sends it."""

    seq: int
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Turn:
    """An accepted message that still has to be answered or, after an alarm, told to Rasa.

    `context` is what Rasa asked us to remember when the message was accepted, `attention` what triage did.
    """

    conversation: str
    seq: int
    message_id: str
    text: str | None
    choice: str | None
    concern: str
    alarm: bool
    context: Mapping[str, Any] = field(default_factory=dict)
    attention: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "web"


@dataclass(frozen=True)
class Accepted:
    """The answer to an accepted message; `turn` is None when it was accepted before, or is answered already."""

    seq: int
    card: Card | None
    turn: Turn | None
    events: Sequence[Event] = ()


@dataclass(frozen=True)
class Callback:
    """What a visitor who wants to be called gave and confirmed; `name` is None where none was given."""

    name: str | None = field(repr=False)
    number: str = field(repr=False)
    best_time: str = field(repr=False)


@dataclass(frozen=True)
class CallbackRequest:
    """A request to be called back as staff read it; `urgency` is urgent or routine, `created_at` in milliseconds."""

    conversation: str
    seq: int
    created_at: int
    asked: Callback
    reason: str | None
    urgency: str
    language: str | None
    state: str


@dataclass(frozen=True)
class Answer:
    """How a turn ended: what is said, how it came about, and what was understood on the way.

    `callback` is stored together with the words, which say that it was.
    """

    words: Sequence[Words]
    outcome: str
    seconds: float
    understood: Mapping[str, Any] = field(default_factory=dict)
    concern: str | None = None
    context: Mapping[str, Any] | None = None
    callback: Callback | None = None
    texts: Texts | None = None


def message_event(seq: int, words: Words, reply_to: int | None, message_id: str | None, at: int) -> Event:
    """Something said at a time (milliseconds), as the event stream sends it.

    A visitor's message carries the id under which it was sent, and every other one the language that it is in.
    """
    data = {
        "seq": seq,
        "at": at,
        **({"language": words.language} if words.role != "user" else {}),
        **({"id": message_id} if message_id else {}),
        "reply_to": reply_to,
        "role": words.role,
        "text": words.text,
        "buttons": [] if words.role == "user" else list(words.buttons),
        "card": words.card,
    }
    return Event(seq, data)


def turn_done_event(seq: int, reply_to: int) -> Event:
    """The end of a turn, as the event stream sends it."""
    return Event(seq, {"kind": "turn_done", "reply_to": reply_to})
