"""Rasa component: logistic regression over the sentence embedding, counted words and the lookup tables."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence, Tuple

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
from scipy.sparse import hstack

from bot.embedding.counting import Counting, pieces, terms
from bot.embedding.regression import Rows, counted, fit, likelihoods

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
LONGEST = 4  # words of a phrase in a lookup table
SIGN = 0.5  # how much a lookup table weighs beside an embedding of length 1
# What is counted, in how many messages it has to occur, and how much it weighs.
COUNTED: Dict[str, Tuple[Callable[[Sequence[str]], Iterator[str]], int, float]] = {
    "terms": (terms, 2, 0.7),
    "pieces": (pieces, 2, 1.0),
}


def words(text: str) -> List[str]:
    """The words and signs of a text in small letters."""
    return WORD.findall(text.lower().replace("’", "'"))


class Lookups:
    """Rasa's lookup tables: fields of words. A message gets one sign for each field of which it holds a word."""

    def __init__(self, fields: Dict[str, Sequence[str]]) -> None:
        """`fields`: the words and phrases of each table, by its name."""
        self.fields = fields
        self._of: Dict[str, List[int]] = {}
        for place, phrases in enumerate(fields.values()):
            for phrase in phrases:
                self._of.setdefault(" ".join(words(phrase)), []).append(place)

    def signs(self, spoken: Sequence[str]) -> np.ndarray:
        """One number a field."""
        found = np.zeros(len(self.fields), dtype=np.float32)
        for size in range(1, LONGEST + 1):
            for at in range(len(spoken) - size + 1):
                found[self._of.get(" ".join(spoken[at : at + size]), [])] = SIGN
        return found


class Reading:
    """What the classifier sees of a message: its dense features, what is counted in it, and the lookup tables."""

    def __init__(self, countings: Dict[str, Counting], lookups: Lookups) -> None:
        self.countings = countings
        self.lookups = lookups

    @classmethod
    def learn(cls, texts: Sequence[str], fields: Dict[str, Sequence[str]]) -> Reading:
        """Learn from the training messages what counts."""
        spoken = [words(text) for text in texts]
        found = {kind: [list(read(each)) for each in spoken] for kind, (read, _, _) in COUNTED.items()}
        return cls({kind: Counting.of(found[kind], COUNTED[kind][1]) for kind in COUNTED}, Lookups(fields))

    def rows(self, messages: List[Message]) -> Rows:
        """One row a message; the last dense feature is always 1."""
        spoken = [words(m.get(TEXT)) for m in messages]
        sparse = [
            counted(self.countings[kind], [list(read(each)) for each in spoken]) * np.float32(weight)
            for kind, (read, _, weight) in COUNTED.items()
        ]
        dense = np.vstack([m.get_dense_features(TEXT)[1].features for m in messages])
        signs = np.vstack([self.lookups.signs(each) for each in spoken])
        ones = np.ones((len(messages), 1))
        return Rows(hstack(sparse).tocsr(), np.hstack([dense, signs, ones]).astype(np.float32))

    def arrays(self) -> Dict[str, np.ndarray]:
        """For a file without pickles."""
        fields = self.lookups.fields
        learned = {"fields": np.array(list(fields), dtype=str)}
        learned.update({f"field {name}": np.array(phrases, dtype=str) for name, phrases in fields.items()})
        for kind, counting in self.countings.items():
            learned.update({kind: np.array(counting.names, dtype=str), f"{kind} rareness": counting.rareness})
        return learned

    @classmethod
    def of(cls, learned: Mapping[str, np.ndarray]) -> Reading:
        """What `arrays` gave."""
        countings = {kind: Counting(learned[kind].tolist(), learned[f"{kind} rareness"]) for kind in COUNTED}
        fields = {name: learned[f"field {name}"].tolist() for name in learned["fields"].tolist()}
        return cls(countings, Lookups(fields))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmbeddingIntentClassifier(IntentClassifier, GraphComponent):
    """Predicts the intent; what it learned is two arrays in one .npz file."""

    @classmethod
    def required_components(cls) -> List[type]:
        """Some featurizer comes first."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`C`: how freely weights may grow; `balance`, `steps`: see `fit`; `ranking_length`: intents named; `prior`: by
        what the likelihood of an intent is multiplied, where messages of it are commoner than among the examples.
        """
        return {"C": 10.0, "balance": 0.5, "steps": 100, "ranking_length": 5, "prior": {}}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier; `load` fills the arrays."""
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._intents: np.ndarray = np.array([], dtype=str)
        self._reading = Reading({}, Lookups({}))

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
        fields = {table["name"]: table["elements"] for table in training_data.lookup_tables}
        self._reading = Reading.learn([m.get(TEXT) for m in examples], fields)
        rows = self._reading.rows(examples)
        self._weights = fit(rows, codes, self._config["C"], self._config["balance"], self._config["steps"])
        learned = {"weights": self._weights, "intents": self._intents, **self._reading.arrays()}
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / "intents.npz", **learned)
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
            component._reading = Reading.of(learned)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the likeliest intent and the ranking on each message."""
        for message in messages:
            if not message.get(TEXT):
                continue
            ranking = self._ranking(self._reading.rows([message]))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, row: Rows) -> List[Dict[str, Any]]:
        prior = np.array([self._config["prior"].get(intent, 1.0) for intent in self._intents])
        likelihood = likelihoods(row.scores(self._weights))[0] * prior
        likelihood /= likelihood.sum()
        order = np.argsort(-likelihood)
        return [{"name": str(self._intents[i]), "confidence": float(likelihood[i])} for i in order]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after it learns from what it would say of the training messages."""
        return training_data
