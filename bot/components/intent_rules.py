"""Rasa component: what the intent classifier may not decide alone."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.components.substance_recogniser import SUBSTANCE, UNKNOWN

NEVER_OF_TWO = {"ask_avoid_list", "ask_substance"}
SMALL_TALK = {
    *("nlu_fallback", "out_of_scope", "greet", "thanks", "goodbye", "affirm", "deny", "chitchat", "cancel"),
    *("start_over", "returning"),
}


def decide(intent: str, confidence: float, named: int, doubt: float, denial_doubt: float) -> Optional[str]:
    """The intent to act on instead, or None where the classifier's stands.

    `named` counts the different substances, and words in a drug's place that nobody knows. Two are a question about
    mixing them, unless a topic was understood beyond `doubt`; one is a question about it, and beside a yes or a no it
    joins what was named before or puts it right ("no, klonopin"). A denial of being in a crisis
    that is not heard beyond `denial_doubt` leads to the helpline: to take a wish to die for a denial would be the worst
    mistake of all.
    """
    if intent == "not_in_crisis":
        return None if confidence >= denial_doubt else "ask_helpline"
    doubtful = confidence < doubt
    if intent == "ask_callback" and doubtful and not named:
        return "ask_helpline"  # which offers the call-back too, and asks nothing
    if intent in ("ask_interaction", "already_took", "cannot_stop"):
        return None
    if named >= 2 and (doubtful or intent in SMALL_TALK | NEVER_OF_TWO):
        return "ask_interaction"
    if named == 1 and intent in ("affirm", "deny"):
        return "ask_interaction"
    return "ask_substance" if intent == "nlu_fallback" and named == 1 else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentRules(GraphComponent, IntentClassifier):
    """Applies `decide` to each message."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Confidences below which a topic is not acted on where two drugs were named, and a denial not at all."""
        return {"doubt": 0.5, "denial_doubt": 0.7}

    def __init__(self, config: Dict[str, Any]) -> None:
        """Nothing is learned."""
        self._doubt = float(config["doubt"])
        self._denial_doubt = float(config["denial_doubt"])

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentRules:
        """Create the component (Rasa's contract)."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Replace the intent where the rules ask for another."""
        for message in messages:
            named = {e["value"] for e in message.get(ENTITIES) or [] if e.get("entity") in (SUBSTANCE, UNKNOWN)}
            intent = message.get(INTENT) or {}
            confidence = intent.get("confidence") or 0.0
            other = decide(intent.get("name") or "", confidence, len(named), self._doubt, self._denial_doubt)
            if other:
                message.set(INTENT, {"name": other, "confidence": confidence}, add_to_output=True)
        return messages
