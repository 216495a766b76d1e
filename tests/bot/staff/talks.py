"""What happened overnight, written through the journal as the front door writes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from actions.knowledge import knowledge
from bot.settings import Settings
from bot.store import Store, conversation_key
from bot.store.records import Answer, Callback, Message, Texts, Words
from helpline.knowledge import answer, check

NUMBER = "+18455578575"
MIX = "can i mix xanax and percocet"
NAMED = "my name is Maria Lopez and i took xanax"
FORGED = "<script>alert('x')</script> what is grapefrute"
OVERDOSE = "my friend is not waking up he took oxys"
ALARM = {"kind": "emergency", "concern": "overdose_other", "call": ["911"], "steps": ["Call 911.", "Give naloxone."]}
YES_NO = ({"title": "Yes", "choice": "/affirm"}, {"title": "Not yet", "choice": "/deny"})


def entity(text: str, word: str, value: str) -> dict[str, Any]:
    """A substance as the recogniser finds it."""
    start = text.find(word)
    return {"entity": "substance", "value": value, "start": start, "end": start + len(word), "certain": True}


def understood(intent: str, confidence: float, entities: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """What Rasa understood."""
    ranking = [{"name": intent, "confidence": confidence}, {"name": "ask_cost", "confidence": 0.04}]
    return {"intent": intent, "confidence": confidence, "ranking": ranking, "entities": entities, **more}


class Night:
    """Writes conversations into a console's database."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def said(self, here: str, text: str, said: Answer, **more: Any) -> int:
        """A message and its answer; the number under which the message stands."""
        message = Message(conversation_key(here), str(uuid.uuid4()), text, **more)
        accepted = self.store.accept(message, 5).result()
        assert accepted.turn is not None
        self.store.finish(accepted.turn, said).result()
        return accepted.seq

    def mix(self, here: str) -> str:
        """A question about a mix, its card, and the button that was pressed then."""
        told = answer(knowledge(), check(knowledge(), ("alprazolam", "oxycodone/acetaminophen")))
        heard = [entity(MIX, "xanax", "alprazolam"), entity(MIX, "percocet", "oxycodone/acetaminophen")]
        words = [Words(told.bubbles[0], card=told.card), Words("Have you taken them?", YES_NO)]
        known = understood("ask_interaction", 0.93, heard, severity=told.card["severity"])
        self.said(here, MIX, Answer(words, "answered", 0.2, known))
        self.said(here, "Not yet", Answer([Words("Good. Call us any time.")], "answered", 0.1), choice="/deny")
        return conversation_key(here)

    def named(self, here: str) -> str:
        """Somebody who gives their name, which redaction takes out."""
        known = understood("tell_taken", 0.71, [entity(NAMED, "xanax", "alprazolam")])
        self.said(here, NAMED, Answer([Words("Thank you for telling us.")], "answered", 0.2, known))
        return conversation_key(here)

    def overdose(self, here: str) -> str:
        """An emergency, answered at once with a card."""
        card = Words("Call 911 now.", card=ALARM)
        heard = {"concern": "overdose_other", "level": "emergency", "evidence": ["not waking up"]}
        self.said(here, OVERDOSE, Answer((), "noted", 0.3, understood("ask_od", 0.9, [])), alarm=card, **heard)
        return conversation_key(here)

    def forged(self, here: str) -> str:
        """A message with a script in it that was not understood, about a drug that nobody knows."""
        unknown = {"entity": "unknown_substance", "value": "grapefrute"}
        known = understood("nlu_fallback", 0.31, [unknown], fallback=True)
        self.said(here, FORGED, Answer([Words("I did not get that.")], "answered", 0.2, known))
        return conversation_key(here)

    def four(self) -> dict[str, str]:
        """One conversation of each kind on the web, by its name."""
        kinds = (Night.mix, Night.named, Night.overdose, Night.forged)
        return {kind.__name__: kind(self, kind.__name__) for kind in kinds}

    def texted(self, number: str = NUMBER) -> str:
        """A conversation by text, of which one text could not go out."""
        message = Message("", str(uuid.uuid4()), "hola necesito ayuda", channel="sms", phone=number)
        accepted = self.store.accept(message, 5).result()
        assert accepted.turn is not None
        words, context = [Words("Estamos aquí.", language="es")], {"language": "es"}
        said = Answer(words, "answered", 0.2, context=context, texts=Texts(["Estamos aquí."]))
        self.store.finish(accepted.turn, said).result()
        text = self.store.claim_texts(10, 10).result()[0]
        self.store.text_failed(text.id, "30003", False).result()
        return accepted.turn.conversation

    def call_me(self, here: str, name: str = "Ana", worried: bool = False) -> str:
        """Somebody who wants to be called."""
        asked = Callback(name, NUMBER, "tonight after nine")
        concern = "pregnancy" if worried else "none"
        words = [Words("Our staff will call you.")]
        self.said(here, "yes", Answer(words, "answered", 0.1, callback=asked), concern=concern)
        return conversation_key(here)


@contextmanager
def journal(settings: Settings) -> Iterator[Store]:
    """The journal as the front door has it, in the database that the settings name."""
    store = Store(settings)
    store.start().result(20)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def night(settings: Settings) -> Iterator[Night]:
    """A night in the database that the settings name."""
    with journal(settings) as store:
        yield Night(store)


def talk(store: Store, *said: str, phone: str = "", answer: str = "We hear you.") -> str:
    """A conversation of messages that were all answered; its name in the database."""
    name = uuid.uuid4().hex * 2
    for text in said:
        message = Message(name, str(uuid.uuid4()), text, channel="sms" if phone else "web", phone=phone)
        turn = store.accept(message, 5).result().turn
        assert turn is not None
        name = turn.conversation
        store.finish(turn, Answer([Words(answer)], "answered", 0.1)).result()
    return name
