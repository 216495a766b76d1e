"""Rasa component: one sentence embedding a message, with every drug name masked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import ENTITIES, FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.substance_recogniser import NEGATED, SUBSTANCE, UNKNOWN, VAGUE, SubstanceRecogniser, tables
from bot.embedding.kept import embed_once
from bot.embedding.model import Embedding
from bot.embedding.weights import packaged_weights

MASK = "drug"
# Two kinds keep a word of their own, by class: people ask other things about them than about any other drug.
KINDS = {
    "opioid_reversal": "naloxone",
    "methadone": "methadone",
    "buprenorphine": "methadone",
    "naltrexone": "methadone",
    "disulfiram": "methadone",
    "acamprosate": "methadone",
}
COUNTED = 3  # substances: "three or more" is one case


@lru_cache(maxsize=1)
def embedding(sha256: str) -> Embedding:
    """The embedding with these weights, loaded once a process."""
    return Embedding(packaged_weights(), sha256)


@lru_cache(maxsize=1)
def masks(folder: str) -> Dict[str, str]:
    """The word for each substance of a kind that keeps its own; every other is MASK."""
    substances = tables(folder).substances.items()
    return {name: KINDS[each] for name, substance in substances for each in substance.classes if each in KINDS}


def mask(message: Message, words: Dict[str, str]) -> str:
    """The message's text with each substance heard replaced: 'zanax on my subs' -> 'drug on my methadone'."""
    text = message.get(TEXT) or ""
    spans = [e for e in message.get(ENTITIES) or [] if e.get("entity") in (SUBSTANCE, NEGATED)]
    for span in sorted(spans, key=lambda e: e["start"], reverse=True):
        text = text[: span["start"]] + words.get(span["value"], MASK) + text[span["end"] :]
    return text


def counts(message: Message) -> np.ndarray:
    """How many substances were heard (one-hot 0, 1, 2, 3 or more), and whether a drug's place holds an unclear word."""
    found = message.get(ENTITIES) or []
    number = min(COUNTED, len({e["value"] for e in found if e.get("entity") == SUBSTANCE}))
    vector = np.zeros(COUNTED + 2, dtype=np.float32)
    vector[number] = 1.0
    vector[-1] = float(any(e.get("entity") in (UNKNOWN, VAGUE) for e in found))
    return vector


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddingFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds a sentence feature: the embedding of the masked text, then how many substances were heard."""

    @classmethod
    def required_components(cls) -> List[type]:
        """The recogniser comes first: its entities are masked."""
        return [SubstanceRecogniser]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`weights_sha256` pins the weights; `count_weight` scales the substance counts against the embedding; `kept`
        is the file with what the last training embedded.
        """
        default = DenseFeaturizer.get_default_config()
        return {
            **default,
            "weights_sha256": "",
            "count_weight": 0.5,
            "knowledge": "data/knowledge",
            "kept": "models/embedded-intents.npz",
        }

    @staticmethod
    def required_packages() -> List[str]:
        """The Python packages that the component needs."""
        return ["onnxruntime", "tokenizers"]

    def __init__(self, config: Dict[str, Any], name: str) -> None:
        """Load the pinned weights; other weights stop the start."""
        super().__init__(name, config)
        self._embedding = embedding(self._config["weights_sha256"])
        self._masks = masks(self._config["knowledge"])

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddingFeaturizer:
        """Create the component (Rasa's contract)."""
        return cls(config, execution_context.node_name)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the features to each message that has text."""
        with_text = [m for m in messages if m.get(TEXT)]
        self._add(with_text, self._embedding.embed([mask(m, self._masks) for m in with_text]))
        return messages

    def _add(self, messages: List[Message], vectors: np.ndarray) -> None:
        for message, vector in zip(messages, vectors, strict=True):
            sentence = np.concatenate([vector, self._config["count_weight"] * counts(message)])[None, :]
            # Rasa's feature helpers expect both kinds; our classifier reads the sentence only.
            for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
                self.add_features_to_message(sentence, message, kind)

    def add_features_to_message(self, features: np.ndarray, message: Message, kind: str) -> None:
        """Attach `features` of this kind to the message's text."""
        message.add_features(Features(features, kind, TEXT, self._identifier))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to the training messages."""
        with_text = [m for m in training_data.training_examples if m.get(TEXT)]
        texts = [mask(m, self._masks) for m in with_text]
        self._add(with_text, embed_once(texts, self._embedding, Path(self._config["kept"])))
        return training_data

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Refuse a pipeline that does not pin its weights."""
        if len(config.get("weights_sha256", "")) != 64:
            raise ValueError("config.yml: SentenceEmbeddingFeaturizer needs weights_sha256, 64 hexadecimal digits.")
