"""Training on a tiny folder with a stand-in for the embedding: what is learned can be kept, loaded and read."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from bot.embedding.counting import Counting, pieces, terms
from bot.embedding.kept import embed_once
from bot.embedding.model import Embedding
from bot.embedding.regression import counted
from bot.triage import training
from bot.triage.classifier import ClassifierError, ConcernClassifier, signs
from bot.triage.training import train
from helpline import safety
from helpline.safety import Triage

DATA = Path(__file__).parents[3] / "data" / "safety"
RULES = safety.load(DATA)
WHO = ("my brother", "my friend", "the guy next door", "my wife")
CRISIS = [
    f"{i} {what}"
    for i, what in product(("i", "honestly i", "tonight i"), ("see no way out", "want the end", "feel done with it"))
]
OVERDOSE = [f"{who} {how}" for who, how in product(WHO, ("turned blue", "makes gurgling sounds", "lies there limp"))]
ASKED = [
    f"{ask} {what}"
    for ask, what in product(("how much is", "do you take", "where is"), ("the clinic", "medicaid", "a bed"))
]


class Letters:
    """Stands in for the embedding: vectors by letters, and a count of the texts that were computed."""

    def __init__(self, sha256: str = "a" * 64) -> None:
        self.sha256 = sha256
        self.computed: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        self.computed += texts
        return np.array([self._vector(text) for text in texts], dtype=np.float32)

    @staticmethod
    def _vector(text: str) -> np.ndarray[Any, Any]:
        vector = np.zeros(16)
        for word in text.split():
            vector[hashlib.sha256(word.encode()).digest()[0] % 16] += 1.0
        return vector / max(1e-9, float(np.linalg.norm(vector)))


def letters(sha256: str = "a" * 64) -> tuple[Letters, Embedding]:
    stand_in = Letters(sha256)
    return stand_in, cast(Embedding, stand_in)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copytree(DATA, folder / "safety", ignore=shutil.ignore_patterns("examples"))
    (folder / "safety" / "examples").mkdir()
    for label, texts in {"suicide_active": CRISIS, "overdose_other": OVERDOSE, "none-asked": ASKED}.items():
        (folder / "safety" / "examples" / f"{label}.txt").write_text("\n".join(texts), encoding="utf-8")
    (folder / "nlu").mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(training, "EMBEDDED", folder / "embedded.npz")
        yield folder


@pytest.fixture(scope="module")
def learned(folder: Path) -> dict[str, Any]:
    return train(folder / "safety", folder / "nlu", letters()[1])


def test_what_was_learned_is_kept_and_tells_the_labels_apart(folder: Path, learned: dict[str, Any]) -> None:
    np.savez(folder / "concerns.npz", **learned)
    embedding = letters()[1]
    kept = ConcernClassifier.load(folder / "concerns.npz", embedding)
    fresh = ConcernClassifier(embedding, learned)
    for text, label in (("my wife lies there limp", "overdose_other"), ("tonight i see no way out", "suicide_active")):
        heard = RULES.triage(text)
        likely = kept.read(text, heard)
        assert likely == fresh.read(text, heard)
        assert max(likely, key=lambda name: likely[name]) == label and likely[label] > 0.6
        assert set(likely) == {"overdose_other", "suicide_active"}
    asked = kept.read("how much is a bed", RULES.triage("how much is a bed"))
    assert sum(asked.values()) < 0.4


@pytest.mark.parametrize("text", ["", "...", "日本語", "x" * 2000, "\ud800", "nothing that it knows"])
def test_any_text_gives_shares_of_one(learned: dict[str, Any], text: str) -> None:
    classifier = ConcernClassifier(letters()[1], learned)
    likely = classifier.read(text.encode("utf-8", "replace").decode(), RULES.triage(text))
    assert all(0 <= share <= 1 for share in likely.values()) and sum(likely.values()) <= 1.0001


def test_training_twice_learns_the_same(folder: Path, learned: dict[str, Any]) -> None:
    again = train(folder / "safety", folder / "nlu", letters()[1])
    assert set(again) == set(learned)
    assert all(np.array_equal(again[name], learned[name]) for name in learned)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "is not trained yet"),
        (b"", "cannot be read"),
        (b"not an archive", "cannot be read"),
        ({}, "holds no 'labels'"),
    ],
)
def test_a_file_that_is_no_good_is_told(tmp_path: Path, content: bytes | dict[str, Any] | None, problem: str) -> None:
    path = tmp_path / "concerns.npz"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        np.savez(path, **content)
    with pytest.raises(ClassifierError, match=f"concerns.npz {problem}"):
        ConcernClassifier.load(path, letters()[1])


def test_a_text_is_computed_once_and_then_kept(tmp_path: Path) -> None:
    kept = tmp_path / "embedded.npz"
    stand_in, embedding = letters()
    first = embed_once(["a", "b", "a"], embedding, kept)
    assert stand_in.computed == ["a", "b"] and first.shape == (3, 16)
    stand_in.computed.clear()
    second = embed_once(["b", "c"], embedding, kept)
    assert stand_in.computed == ["c"]
    assert np.array_equal(second[0], first[1])
    stand_in.computed.clear()
    embed_once(["a", "b", "c"], embedding, kept)
    assert stand_in.computed == ["a"]  # what the last training did not use is forgotten


def test_other_weights_and_a_broken_file_are_as_good_as_none(tmp_path: Path) -> None:
    kept = tmp_path / "embedded.npz"
    embed_once(["a"], letters()[1], kept)
    other, embedding = letters("b" * 64)
    embed_once(["a"], embedding, kept)
    assert other.computed == ["a"]
    for broken in (b"", b"PK\x03\x04 broken", kept.read_bytes()[:-200]):
        kept.write_bytes(broken)
        stand_in, embedding = letters("b" * 64)
        embed_once(["a"], embedding, kept)
        assert stand_in.computed == ["a"]


def triage(*words: str, contexts: tuple[str, ...] = (), level: str = "none", hints: tuple[str, ...] = ()) -> Triage:
    return Triage("none", level, (), hints=hints, words=words, contexts=contexts)


def test_what_is_counted() -> None:
    heard = triage(".", "not", "ok", ".")
    assert list(terms(heard.words)) == [".", "not", "ok", ".", ". not", "not ok", "ok ."]
    assert list(pieces(["not"])) == ["_no", "not", "ot_", "_not", "not_"]
    assert signs(triage(contexts=("past",), hints=("a",)), ("negated", "past")) == [0.0, 0.3, 0.0, 0.3, 1.0]


def test_rare_things_are_left_out_and_rows_have_length_one() -> None:
    found = [["a", "b"], ["a"], ["c"]]
    counting = Counting.of(found, 2)
    assert counting.names == ("a",)
    rows = counted(counting, found)
    lengths = np.sqrt(rows.multiply(rows).sum(axis=1)).ravel().tolist()[0]
    assert lengths == pytest.approx([1.0, 1.0, 0.0])
