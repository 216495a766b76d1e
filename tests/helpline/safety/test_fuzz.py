"""Whatever is typed, triage, the memory and the guide answer at once and never raise."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from helpline import safety
from helpline.safety import Attention
from helpline.safety.attention import STRONGEST, WATCHFUL
from tests.pace import fastest

DATA = Path(__file__).parents[3] / "data" / "safety"
SAFETY = safety.load(DATA)
PLACES = ("overdose/start", "overdose/wait", "took_too_much/start", "suicide/write_here", "withdrawal/start")
LONGEST, BOUND, SEED = 2000, 0.05, 20261125
WORDS = sorted(
    {
        word.strip("?*^$@")
        for file in ("phrases.csv", "context.csv", "guide_answers.csv")
        for word in (DATA / file)
        .read_text(encoding="utf-8")
        .replace("|", " ")
        .replace(";", " ")
        .replace(",", " ")
        .split()
    }
)
ALPHABETS = {
    "marks": "!?.,;:'\"@$*+-_/\\|()[]{}<>#&%^~`",
    "disguises": "k1i!l@a$s*o0dеаоіᴋ𝓲ｋ",
    "invisible": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u0301\u0336\u202e\u2066 a",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029\ud800\udfff\x00",
    "letters": "abcdefghijklmnopqrstuvwxyz",
    "digits": "0123456789 .",
    "emoji": "😭💀🔪🙏❤️‍🔥👩‍👧🏳️‍🌈🇺🇸",
    "scripts": "日本語русскийالعربيةहिन्दीελληνικάไทย",
    "ligatures": "ﷺﬁ㎏Ⅷ½①ǅ",
    "spaces": " \t\n\r\v\f\u00a0\u2003\u3000",
    "anything": "".join(map(chr, range(0x20, 0x2FFF, 7))),
}


def characters(dice: random.Random, alphabet: str) -> str:
    return "".join(dice.choice(alphabet) for _ in range(LONGEST))


def words(dice: random.Random) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(LONGEST))[:LONGEST]


def mistyped(dice: random.Random) -> str:
    return " ".join(_slip(dice, dice.choice(WORDS)) for _ in range(LONGEST))[:LONGEST]


def _slip(dice: random.Random, word: str) -> str:
    at = dice.randrange(len(word) + 1)
    return word[:at] + dice.choice(["", "x", "1", "*", "'", "ii", "\u200b", " "]) + word[at + dice.randrange(2) :]


def repeated(dice: random.Random) -> str:
    few = " ".join(dice.choice(WORDS) for _ in range(dice.randrange(1, 5)))
    return (few + dice.choice([" ", "", ". ", "-", "\n"])) * (LONGEST // max(1, len(few)))


def everything(text: str) -> None:
    """All that the front door does with a message before it answers."""
    heard = SAFETY.triage(text)
    triage, after = SAFETY.judge(heard, {}, Attention(1.0, "overdose_other", 3, "overdose/wait"))
    assert triage.concern in SAFETY.concerns and triage.language in ("en", "es")
    assert 0 <= after.strain <= STRONGEST and 0 <= after.watch <= WATCHFUL
    assert Attention.restored(after.stored()) == after
    for place in PLACES:
        to = SAFETY.guide.hear(place, text)
        assert to == "" or SAFETY.guide.speaks(to)


def timed(once: Callable[[], object]) -> None:
    took = fastest(once, rounds=3)
    assert took < BOUND, f"{took * 1000:.1f} ms"


@pytest.mark.parametrize("name", ALPHABETS)
def test_hostile_alphabets(name: str) -> None:
    text = characters(random.Random(SEED), ALPHABETS[name])
    everything(text)
    timed(partial(SAFETY.triage, text))
    timed(partial(SAFETY.guide.hear, "overdose/wait", text))


@pytest.mark.parametrize("make", [words, mistyped, repeated])
@pytest.mark.parametrize("seed", range(4))
def test_known_words_in_any_order(make: Callable[[random.Random], str], seed: int) -> None:
    text = make(random.Random(SEED + seed))[:LONGEST]
    everything(text)
    timed(partial(SAFETY.triage, text))
    timed(partial(SAFETY.guide.hear, "overdose/wait", text))


@pytest.mark.parametrize("seed", range(3))
def test_many_short_messages(seed: int) -> None:
    dice = random.Random(SEED - seed)
    for _ in range(60):
        alphabet = dice.choice(list(ALPHABETS.values()))
        everything("".join(dice.choice(alphabet) for _ in range(dice.randrange(12))))
        everything(_slip(dice, " ".join(dice.choice(WORDS) for _ in range(dice.randrange(1, 9)))))


@pytest.mark.parametrize("noise", ["😭" * 300, "ha" * 900, " . " * 600, "\u200b" * 1500, "no " * 600, "x" * 1900])
@pytest.mark.parametrize("text", ["my friend is not breathing", "i want to kill myself"])
def test_noise_before_or_after_hides_no_emergency(text: str, noise: str) -> None:
    for shown in (f"{noise}\n{text}", f"{text}\n{noise}"):
        assert SAFETY.triage(shown).level in ("crisis", "emergency")
