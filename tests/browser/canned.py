"""What the stand-in for Rasa says to a visitor: shaped like Rasa's own answers, with a card from the real tables."""

from __future__ import annotations

from actions.knowledge import knowledge
from helpline.knowledge import answer, check
from tests.bot.frontdoor.rasa_stand_in import Asked, Given, said

MIX = "can i mix xanax, percocet and beer"
TAKEN = {"text": "Have you already taken them together?", "card": None}
YES_OR_NOT_YET = [{"title": "Yes", "choice": "/affirm"}, {"title": "Not yet", "choice": "/deny"}]


def mix() -> Given:
    """What Rasa answers to MIX: the card with its pairs, signs and sources, and the question that follows."""
    told = answer(knowledge(), check(knowledge(), ("alprazolam", "oxycodone/acetaminophen", "alcohol")))
    bubbles = [{"text": text, "buttons": [], "card": None if at else told.card} for at, text in enumerate(told.bubbles)]
    messages = [*bubbles, {**TAKEN, "buttons": YES_OR_NOT_YET}]
    heard = {**said()["understood"], "intent": "ask_interaction", "severity": told.card["severity"]}
    return {**said(), "messages": messages, "understood": heard}


def answered(asked: Asked) -> Given:
    """The mix to a message about one, and an echo to all else."""
    text = str(asked["text"] or asked.get("choice"))
    return mix() if "mix" in text else said(f"echo {text}")
