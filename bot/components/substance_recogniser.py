"""Rasa component: hears the substances in a message, through helpline.knowledge."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from helpline.knowledge import Heard, Recogniser, load

SUBSTANCE = "substance"
UNKNOWN = "unknown_substance"


@lru_cache(maxsize=1)
def recogniser(folder: str) -> Recogniser:
    """The recogniser over the tables in `folder`, built once a process."""
    return Recogniser(load(Path(folder)))


def entities(heard: Heard) -> List[Dict[str, Any]]:
    """Heard substances as Rasa entities; `candidates` and `certain` tell the actions when to ask back."""
    found: List[Dict[str, Any]] = [
        {
            "entity": SUBSTANCE,
            "value": mention.candidates[0],
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "candidates": list(mention.candidates),
            "certain": mention.certain,
            "extractor": "SubstanceRecogniser",
        }
        for mention in heard.mentions
    ]
    found += [{"entity": UNKNOWN, "value": word, "extractor": "SubstanceRecogniser"} for word in heard.unknown]
    return found


# Registered as a featurizer: Rasa leaves entity extractors that learn nothing out of the training graph,
# and the embedding needs to know there too what was heard.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SubstanceRecogniser(GraphComponent):
    """Adds a `substance` entity for each drug heard, an `unknown_substance` for each drug-like word not known."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Where the tables are, relative to the folder Rasa is started in."""
        return {"knowledge": "data/knowledge"}

    @staticmethod
    def required_packages() -> List[str]:
        """The Python packages that the component needs."""
        return ["spacy", "rapidfuzz"]

    def __init__(self, config: Dict[str, Any]) -> None:
        """Load the tables; a bad table stops the start with its file and row."""
        self._recogniser = recogniser(config["knowledge"])

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SubstanceRecogniser:
        """Create the component (Rasa's contract)."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities heard to each message."""
        for message in messages:
            heard = self._recogniser.hear(message.get(TEXT) or "")
            message.set(ENTITIES, (message.get(ENTITIES) or []) + entities(heard), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Hear the training messages too: the featurizer masks what was heard."""
        self.process(training_data.training_examples)
        return training_data
