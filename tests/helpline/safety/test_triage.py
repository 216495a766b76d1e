"""What triage hears in real people's ways of writing, and what it leaves alone; all written for this test."""

import csv
from functools import partial
from pathlib import Path

import pytest

from helpline import safety
from helpline.safety.concerns import LEVELS, load_concerns
from tests.pace import fastest

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data" / "safety"
SAFETY = safety.load(DATA)
CONCERNS = load_concerns(DATA)
HEARD = [(r["text"], r["concern"]) for r in csv.DictReader((HERE / "heard.csv").open(encoding="utf-8"))]
ALARMS = [(r["text"], r["at_least"]) for r in csv.DictReader((HERE / "alarms.csv").open(encoding="utf-8"))]
NEAR = [tuple(r.values()) for r in csv.DictReader((HERE / "near.csv").open(encoding="utf-8"))]
QUIET = (HERE / "quiet.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("text", "concern"), HEARD)
def test_hears_the_concern(text: str, concern: str) -> None:
    heard = SAFETY.triage(text)
    assert (heard.concern, heard.level) == (concern, CONCERNS[concern].level), heard.evidence
    assert heard.evidence


@pytest.mark.parametrize(("text", "level"), ALARMS)
def test_alarms(text: str, level: str) -> None:
    heard = SAFETY.triage(text)
    assert LEVELS.index(heard.level) >= LEVELS.index(level), heard


@pytest.mark.parametrize(("concern", "raises", "text"), NEAR)
def test_tells_ordinary_talk_from_what_sounds_like_it(concern: str, raises: str, text: str) -> None:
    """`yes` is heard as the concern; `no` is not, unless softly: the classifier may overrule that."""
    heard = SAFETY.triage(text)
    if raises == "yes":
        assert heard.concern == concern, heard.evidence
    else:
        assert heard.concern != concern or heard.soft, heard.evidence


@pytest.mark.parametrize("text", QUIET)
def test_raises_no_alarm(text: str) -> None:
    heard = SAFETY.triage(text)
    assert heard.level in ("none", "urgent"), heard


DISGUISES = [
    "I want to kill myself",
    "i want to k1ll myself",
    "i want to k i l l myself",
    "i want to k.i.l.l myself",
    "i want to kiiill myself",
    "i want to killmyself",
    "i want to kіll myself",
    "i want to k\u200bill myself",
    "i want to ki\u0301ll myself",
    "ｉ ｗａｎｔ ｔｏ ｋｉｌｌ ｍｙｓｅｌｆ",
    "𝓲 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓴𝓲𝓵𝓵 𝓶𝔂𝓼𝓮𝓵𝓯",
    "i want to k*ll myself",
    "i_want_to_kill_myself",
    "i want to killl mysellf",
    "\ud800i want to kill myself\udfff",
    "\x00i want to kill myself",
    "🔪🔪 i want to kill myself 😭",
]


@pytest.mark.parametrize("text", DISGUISES)
def test_reads_through_disguises(text: str) -> None:
    assert SAFETY.triage(text).concern == "suicide_active"


def test_emergency_beats_crisis_beats_urgent() -> None:
    assert SAFETY.triage("i want to die. my friend is not breathing").level == "emergency"
    assert SAFETY.triage("im pregnant and on percs and i want to kill myself").level == "crisis"


def test_says_the_language_it_heard() -> None:
    assert SAFETY.triage("me quiero morir").language == "es"
    assert SAFETY.triage("i want to die").language == "en"


def test_reads_the_beginning_and_the_end_of_a_huge_message() -> None:
    assert SAFETY.triage("my friend is not breathing " + "x" * 1_000_000).level == "emergency"
    assert SAFETY.triage("x" * 1_000_000 + " my friend is not breathing").level == "emergency"


HOSTILE = [
    *(
        "kms ",
        "i want to die ",
        "not ",
        "i ",
        "i do not want to kill myself ",
        "if he is not breathing ",
        "a",
        "!",
        "k.",
    ),
    *(
        "k i l l ",
        "took too many pills ",
        "killmyself",
        "kіll ",
        "i* ",
        "'",
        "1 ",
        "\u0301",
        "\u200b",
        "my mom says she ",
    ),
    *(
        "used to want to die ",
        "zanyx suicyde ovrdose ",
        "@!$",
        "💀",
        "wake up not ",
        "xk*lq ",
        "no one would care if i died ",
    ),
]


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_message_takes_bounded_time(part: str) -> None:
    text = (part * (2000 // len(part) + 1))[:2000]
    best = fastest(partial(SAFETY.triage, text), rounds=5)
    assert best < 0.05, f"{best * 1000:.1f} ms"


ORDINARY = """
Hi, I have been on my medicine for about six years now and my doctor is retiring next month. The new clinic
says they want to change everything and I am not sure what that means for me. I work nights at a warehouse, so
I sleep during the day, and my wife takes the kids to school. We moved here in the spring and we do not know
many people yet. What I would like to find out is whether the program takes our insurance, how long the first
visit is, and if I can bring my daughter along, because there is nobody to watch her on Tuesdays. Also my
brother used to drink a lot and he got help at your place; he said the people were kind. He has a job now and
a dog called Biscuit. I do get tired in the afternoon, maybe from the pills, maybe from the shift, and my back
hurts when it rains. Can you tell me who to ask about a letter for work? They need one by Friday. Thank you
for reading all of this, I know it is long, I just never know where to start with these things!
"""


def test_ordinary_messages_of_2000_characters_take_under_5_ms() -> None:
    words = ORDINARY.split() * 4
    texts = [" ".join(words[start:])[:2000] for start in range(0, 160, 2)]
    times = sorted(fastest(partial(SAFETY.triage, text), rounds=8) for text in texts)
    assert times[int(len(times) * 0.99)] < 0.005, f"{times[-1] * 1000:.1f} ms"


def test_the_densest_messages_of_2000_characters_take_bounded_time() -> None:
    texts = [" ".join(QUIET[start:] + QUIET[:start])[:2000] for start in range(0, len(QUIET), 20)]
    assert max(fastest(partial(SAFETY.triage, text), rounds=3) for text in texts) < 0.05
