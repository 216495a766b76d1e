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

from bot.components.substance_recogniser import SUBSTANCE

SMALL_TALK = {"nlu_fallback", "out_of_scope", "greet", "thanks", "goodbye", "affirm", "deny"}


def decide(intent: str, confidence: float, substances: int, crisis_threshold: float) -> Optional[str]:
    """The intent to act on instead, or None where the classifier's stands.

    Two substances are a question about mixing them, whatever else was not understood; one is a question about it.
    A crisis heard with doubt leads to the helpline: triage, in front of Rasa, hears the plain ones.
    """
    if intent in SMALL_TALK and substances >= 2:
        return "ask_interaction"
    if intent == "nlu_fallback" and substances == 1:
        return "ask_substance"
    if intent.startswith("crisis_") and confidence < crisis_threshold:
        return "ask_helpline"
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentRules(GraphComponent, IntentClassifier):
    """Applies `decide` to each message."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`crisis_threshold`: the confidence from which a crisis heard by the classifier is acted on."""
        return {"crisis_threshold": 0.6}

    def __init__(self, config: Dict[str, Any]) -> None:
        """Nothing is learned."""
        self._crisis_threshold = float(config["crisis_threshold"])

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
            heard = {e["value"] for e in message.get(ENTITIES) or [] if e.get("entity") == SUBSTANCE}
            intent = message.get(INTENT) or {}
            confidence = intent.get("confidence") or 0.0
            other = decide(intent.get("name") or "", confidence, len(heard), self._crisis_threshold)
            if other:
                message.set(INTENT, {"name": other, "confidence": confidence}, add_to_output=True)
        return messages
