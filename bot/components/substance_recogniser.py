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

from helpline.knowledge import Heard, Knowledge, Mention, Recogniser, load

SUBSTANCE = "substance"
NEGATED = "negated_substance"
UNKNOWN = "unknown_substance"
VAGUE = "vague_substance"
EXPECTING = "expecting"  # in a message's metadata: we asked for a name, so "bars" alone is one


@lru_cache(maxsize=1)
def tables(folder: str) -> Knowledge:
    """The tables in `folder`, read once a process."""
    return load(Path(folder))


@lru_cache(maxsize=1)
def recogniser(folder: str) -> Recogniser:
    """The recogniser over the tables in `folder`, built once a process."""
    return Recogniser(tables(folder))


def spoken(mention: Mention, entity: str) -> Dict[str, Any]:
    """A mention as a Rasa entity; `candidates` and `certain` tell the actions when to ask back."""
    return {
        "entity": entity,
        "value": mention.candidates[0],
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "candidates": list(mention.candidates),
        "certain": mention.certain,
        "extractor": "SubstanceRecogniser",
    }


def entities(heard: Heard) -> List[Dict[str, Any]]:
    """Everything heard: substances, those said not to be taken, words not known, and words too vague to look up."""
    found = [spoken(mention, SUBSTANCE) for mention in heard.mentions]
    found += [spoken(mention, NEGATED) for mention in heard.negated]
    words = [(UNKNOWN, word) for word in heard.unknown] + [(VAGUE, word) for word in heard.vague]
    return found + [{"entity": entity, "value": word, "extractor": "SubstanceRecogniser"} for entity, word in words]


# Registered as a featurizer: Rasa leaves entity extractors that learn nothing out of the training graph,
# and the embedding needs to know there too what was heard.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SubstanceRecogniser(GraphComponent):
    """Adds an entity for each drug heard, and for each word in a drug's place that is not known or too vague."""

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
            expecting = bool((message.get("metadata") or {}).get(EXPECTING))
            heard = self._recogniser.hear(message.get(TEXT) or "", expecting=expecting)
            message.set(ENTITIES, (message.get(ENTITIES) or []) + entities(heard), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Hear the training messages too: the featurizer masks what was heard."""
        self.process(training_data.training_examples)
        return training_data
