"""Short talks, for tests of what staff see of them."""

import itertools
from collections.abc import Mapping
from typing import Any

from bot.store import Store, conversation_key
from bot.store.records import Answer, Callback, Message, Turn, Words

ALARM = Words("Call 911 now.", card={"kind": "emergency", "call": ["911"]})
ASKED = Callback("Maria", "+18445578575", "after 5")
_numbers = itertools.count()


def said(store: Store, name: str, text: str, **more: Any) -> Turn:
    """A message of the conversation called so."""
    accepted = store.accept(Message(conversation_key(name), f"m{next(_numbers)}", text, **more), 5).result()
    assert accepted.turn is not None
    return accepted.turn


def talk(store: Store, name: str, text: str = "hello", understood: Mapping[str, Any] | None = None, **more: Any) -> str:
    """A message and its answer; the id of the conversation."""
    told = {part: more.pop(part) for part in ("callback", "context", "concern") if part in more and part != "concern"}
    outcome, reply = more.pop("outcome", "answered"), more.pop("reply", "We hear you.")
    turn = said(store, name, text, **more)
    store.finish(turn, Answer([Words(reply)], outcome, 0.1, understood or {}, **told)).result()
    return turn.conversation


def understood(intent: str = "ask_cost", confidence: float = 0.9, *substances: str, **more: Any) -> dict[str, Any]:
    """What was understood of a message."""
    entities = [{"entity": "substance", "value": name, "certain": True} for name in substances]
    entities += [{"entity": "unknown_substance", "value": name} for name in more.pop("unknown", ())]
    return {"intent": intent, "confidence": confidence, "entities": entities, "fallback": False, **more}
