"""Rasa component: logistic regression over the sentence embedding and length-normalised sparse features."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack
from sklearn.preprocessing import normalize

from bot.embedding.regression import Rows, fit, likelihoods


def features(messages: List[Message], sparse_weight: float) -> Rows:
    """Sparse features brought to length `sparse_weight`; the dense ones as they are, and a last one that is always 1.

    Raw counts swamp a unit embedding (accuracy 0.56 instead of 0.84 when this was measured).
    """
    sparse = vstack([csr_matrix(m.get_sparse_features(TEXT)[1].features, dtype=np.float32) for m in messages])
    dense = np.vstack([m.get_dense_features(TEXT)[1].features for m in messages])
    ones = np.ones((len(messages), 1))
    return Rows(normalize(sparse.tocsr()) * np.float32(sparse_weight), np.hstack([dense, ones]).astype(np.float32))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmbeddingIntentClassifier(IntentClassifier, GraphComponent):
    """Predicts the intent; what it learned is two arrays in one .npz file."""

    @classmethod
    def required_components(cls) -> List[type]:
        """Some featurizer comes first."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`C`: how freely weights may grow; `balance`, `steps`: see `fit`; `ranking_length`: intents named."""
        return {"C": 20.0, "sparse_weight": 1.0, "balance": 0.5, "steps": 100, "ranking_length": 5}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier; `load` fills the arrays."""
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._intents: np.ndarray = np.array([], dtype=str)

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmbeddingIntentClassifier:
        """Create the component (Rasa's contract)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the messages that have an intent, and persist."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        self._intents, codes = np.unique([m.get(INTENT) for m in examples], return_inverse=True)
        rows = features(examples, self._config["sparse_weight"])
        self._weights = fit(rows, codes, self._config["C"], self._config["balance"], self._config["steps"])
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "intents.npz", weights=self._weights, intents=self._intents)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmbeddingIntentClassifier:
        """Load what was learned."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            learned = np.load(folder / "intents.npz", allow_pickle=False)
            component._weights, component._intents = learned["weights"], learned["intents"]
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the likeliest intent and the ranking on each message."""
        for message in messages:
            if not message.get(TEXT):
                continue
            ranking = self._ranking(features([message], self._config["sparse_weight"]))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, row: Rows) -> List[Dict[str, Any]]:
        likelihood = likelihoods(row.scores(self._weights))[0]
        order = np.argsort(-likelihood)
        return [{"name": str(self._intents[i]), "confidence": float(likelihood[i])} for i in order]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Predict the training messages too (Rasa's contract for later components)."""
        self.process(training_data.training_examples)
        return training_data
