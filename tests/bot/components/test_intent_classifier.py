"""What the intent classifier sees of a message, and what it keeps of what it learned."""

import numpy as np
import pytest
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent_classifier import SIGN, Lookups, Reading, words

FIELDS = {"pregnancy": ["pregnant", "due in june"], "law": ["probation", "court date"]}


def message(text: str) -> Message:
    made = Message({TEXT: text})
    for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
        made.add_features(Features(np.ones((1, 2)), kind, TEXT, "test"))
    return made


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("I'm due in June!", ["i'm", "due", "in", "june", "!"]),
        ("can’t :( 10mg", ["can't", ":", "(", "10mg"]),
        ("", []),
    ],
)
def test_words(text: str, spoken: list[str]) -> None:
    assert words(text) == spoken


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("im pregnant", [1, 0]),
        ("due in june, on probation", [1, 1]),
        ("due in july", [0, 0]),
        ("my court date", [0, 1]),
        ("", [0, 0]),
    ],
)
def test_one_sign_for_each_field_of_words(text: str, fields: list[int]) -> None:
    assert Lookups(FIELDS).signs(words(text)).tolist() == [SIGN * each for each in fields]


def test_what_was_learned_reads_the_same_after_it_was_kept() -> None:
    texts = ["im pregnant and on subs", "im on probation", "im on subs"]
    learned = Reading.learn(texts, FIELDS)
    kept = Reading.of(learned.arrays())
    for text in (*texts, "never seen before", "😀"):
        before, after = learned.rows([message(text)]), kept.rows([message(text)])
        assert (before.sparse != after.sparse).nnz == 0
        assert before.dense.tolist() == after.dense.tolist()
        assert before.dense.shape[1] == 2 + len(FIELDS) + 1 and before.dense[0, -1] == 1.0


def test_a_pipeline_without_lookup_tables_works() -> None:
    learned = Reading.learn(["a b", "a c"], {})
    assert Reading.of(learned.arrays()).rows([message("a b")]).dense.tolist() == [[1.0, 1.0, 1.0]]
