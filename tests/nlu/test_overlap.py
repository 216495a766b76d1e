"""The held-back messages share no wording with the training data; both and docs/intents.md name the same intents.

What fails names the training message, never the held-back one: nobody who writes training messages should read those.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from tests.nlu.messages import BORDERS, bordered, held_back, normal, training

LEAST = 20  # messages an intent
NEAR = 92  # rapidfuzz ratio from which a message of more than SHORT words is a near-copy
SHORT = 3
Messages = Sequence[tuple[str, str]]

HELD_BACK, TRAINING = held_back(), training()


def sorted_words(text: str) -> str:
    """Its words in the order of the alphabet."""
    return " ".join(sorted(normal(text).split()))


def letters(text: str) -> str:
    """Its letters and digits without a gap: "can not" is "cannot"."""
    return normal(text).replace(" ", "")


def copied(held: Messages, trained: Messages, form: Callable[[str], str]) -> set[tuple[str, str]]:
    """The training messages that some held-back one equals in this form."""
    forms = {form(text) for _, text in held}
    return {(intent, text) for intent, text in trained if form(text) in forms}


def nearly_copied(held: Messages, trained: Messages) -> set[tuple[str, str]]:
    """The training messages that some longer held-back one of the same intent nearly equals."""
    longer: dict[str, list[str]] = defaultdict(list)
    for intent, text in held:
        if len(normal(text).split()) > SHORT:
            longer[intent].append(normal(text))
    near: set[tuple[str, str]] = set()
    for intent, texts in longer.items():
        own = [text for other, text in trained if other == intent]
        scores = process.cdist(texts, [normal(text) for text in own], scorer=fuzz.ratio, score_cutoff=NEAR)
        near |= {(intent, own[i]) for i in np.flatnonzero(scores.max(axis=0, initial=0))}
    return near


@pytest.mark.parametrize("form", [letters, sorted_words])
def test_no_message_is_in_both(form: Callable[[str], str]) -> None:
    assert sorted(copied(HELD_BACK, TRAINING, form)) == []


def test_no_message_is_nearly_in_both() -> None:
    assert sorted(nearly_copied(HELD_BACK, TRAINING)) == []


def test_no_training_message_has_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for intent, text in TRAINING:
        intents.setdefault(text.lower(), set()).add(intent)
    assert {t: i for t, i in intents.items() if len(i) > 1} == {}


def test_every_intent_is_held_back_often_enough() -> None:
    counts = Counter(intent for intent, _ in HELD_BACK)
    assert {intent: count for intent, count in counts.items() if count < LEAST} == {}


def test_held_back_training_and_borders_name_the_same_intents() -> None:
    trained = {intent for intent, _ in TRAINING}
    assert {intent for intent, _ in HELD_BACK} == trained
    assert sorted(bordered(BORDERS.read_text("utf-8"))) == sorted(trained)


TRAINED = [("quit", "how do I stop drinking for good"), ("quit", "no more"), ("greet", "hi there")]


@pytest.mark.parametrize(
    ("held", "form", "found"),
    [
        ("No more!!", letters, {("quit", "no more")}),
        ("nomore", letters, {("quit", "no more")}),
        ("there, hi", letters, set()),
        ("there, hi", sorted_words, {("greet", "hi there")}),
        ("hi", sorted_words, set()),
    ],
)
def test_a_copy_is_found(held: str, form: Callable[[str], str], found: set[tuple[str, str]]) -> None:
    assert copied([("greet", held)], TRAINED, form) == found


@pytest.mark.parametrize(
    ("intent", "held", "found"),
    [
        ("quit", "how do i stop drinkin for good?", {("quit", "how do I stop drinking for good")}),
        ("greet", "how do i stop drinkin for good?", set()),  # another intent
        ("quit", "no morre", set()),  # too short to tell
        ("quit", "what would help me to stop drinking", set()),
        ("cost", "is there anything to pay", set()),  # no training message at all
    ],
)
def test_a_near_copy_is_found(intent: str, held: str, found: set[tuple[str, str]]) -> None:
    assert nearly_copied([(intent, held)], TRAINED) == found


def test_the_borders_are_read_from_tables() -> None:
    page = "| intent | what |\n|---|---|\n| **People** | | |\n| greet, thanks | nothing else |\nask_cost | x\n"
    assert bordered(page) == ["greet", "thanks"]
