"""Rasa component: a message that names drugs is never answered as small talk or not understood."""

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


def decide(intent: str, substances: int) -> Optional[str]:
    """The intent that the number of different substances heard forces, or None where the classifier's stands."""
    if intent in SMALL_TALK and substances >= 2:
        return "ask_interaction"
    if intent == "nlu_fallback" and substances == 1:
        return "ask_substance"
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SubstanceIntent(GraphComponent, IntentClassifier):
    """Two substances with no better understanding are a question about mixing them; one is a question about it."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Nothing to configure."""
        return {}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SubstanceIntent:
        """Create the component (Rasa's contract)."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Replace the intent where the substances heard force another."""
        for message in messages:
            heard = {e["value"] for e in message.get(ENTITIES) or [] if e.get("entity") == SUBSTANCE}
            intent = message.get(INTENT) or {}
            forced = decide(intent.get("name") or "", len(heard))
            if forced:
                message.set(INTENT, {"name": forced, "confidence": intent["confidence"]}, add_to_output=True)
        return messages
