"""Rasa component: logistic regression over the sentence embedding and length-normalised sparse features."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Tuple

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
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack
from sklearn.preprocessing import normalize


class Rows(NamedTuple):
    """One row a message. Kept apart, because a dense block inside a sparse matrix makes fitting four times as slow."""

    sparse: csr_matrix
    dense: np.ndarray

    def scores(self, weights: np.ndarray) -> np.ndarray:
        """One column an intent; `weights` has a line for each sparse and then for each dense feature."""
        split = self.sparse.shape[1]
        return self.sparse @ weights[:split] + self.dense @ weights[split:]


def features(messages: List[Message], sparse_weight: float) -> Rows:
    """Sparse features brought to length `sparse_weight`; the dense ones as they are, and a last one that is always 1.

    Raw counts swamp a unit embedding (accuracy 0.56 instead of 0.84 when this was measured).
    """
    sparse = vstack([csr_matrix(m.get_sparse_features(TEXT)[1].features, dtype=np.float32) for m in messages])
    dense = np.vstack([m.get_dense_features(TEXT)[1].features for m in messages])
    ones = np.ones((len(messages), 1))
    return Rows(normalize(sparse.tocsr()) * np.float32(sparse_weight), np.hstack([dense, ones]).astype(np.float32))


def fit(rows: Rows, codes: np.ndarray, strength: float, balance: float, steps: int) -> np.ndarray:
    """Weights of the multinomial logistic regression: a line a feature, a column an intent.

    `balance` is how far an intent with few examples is made to count as much as the others: 0 not at all, 1 in full.
    `steps` bounds the search: more than 100 of them changed nothing that could be measured.
    """
    counted = np.bincount(codes)
    share = ((codes.size / counted.size / counted) ** balance)[codes].astype(np.float32)
    shape = (rows.sparse.shape[1] + rows.dense.shape[1], counted.size)
    places, turned = np.arange(codes.size), rows.sparse.T.tocsr()

    def loss(flat: np.ndarray) -> Tuple[float, np.ndarray]:
        weights = flat.reshape(shape).astype(np.float32)
        scores = rows.scores(weights)
        scores -= scores.max(axis=1, keepdims=True)
        likelihood = np.exp(scores)
        total = likelihood.sum(axis=1, keepdims=True)
        missed = share * (np.log(total[:, 0]) - scores[places, codes])
        likelihood /= total
        likelihood[places, codes] -= 1.0
        likelihood *= share[:, None]
        weights[-1] = 0.0  # what goes with the feature that is always 1 is not held small
        slope = np.vstack([turned @ likelihood, rows.dense.T @ likelihood]) + weights / strength
        held = float((weights * weights).sum()) / (2.0 * strength)
        return float(missed.sum()) + held, slope.ravel().astype(np.float64)

    options = {"maxiter": steps, "gtol": 1e-2}
    found = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(shape).astype(np.float32)


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
        scores = row.scores(self._weights)[0]
        likelihood = np.exp(scores - scores.max())
        likelihood /= likelihood.sum()
        order = np.argsort(-likelihood)
        return [{"name": str(self._intents[i]), "confidence": float(likelihood[i])} for i in order]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Predict the training messages too (Rasa's contract for later components)."""
        self.process(training_data.training_examples)
        return training_data
