"""The memory of a conversation: worry that adds up and fades, and attention after an alarm."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from helpline import safety
from helpline.safety import Attention, Triage
from helpline.safety.attention import ALARM, ALARM_AFTER, ENOUGH, SOFT, SURE, WATCHFUL
from helpline.safety.concerns import LEVELS

SAFETY = safety.load(Path(__file__).parents[3] / "data" / "safety")
FRESH = Attention()
SUICIDE, OVERDOSE = "i want to kill myself", "my friend is not waking up he took oxys and bars"
# Each says too little by itself: no rule fires, and the classifier is far from sure.
INDIRECT = [
    ("i'm done", {"suicide_passive": 0.25, "suicide_active": 0.1}),
    ("tell my mom i love her", {"suicide_active": 0.2, "suicide_plan": 0.1}),
    ("i have the pills here", {"suicide_plan": 0.25, "suicide_active": 0.1, "overdose_self": 0.05}),
]
CALM: Mapping[str, float] = {"suicide_active": 0.01, "overdose_other": 0.01, "pregnancy": 0.9}


def quiet(text: str = "", *hints: str, language: str = "en") -> Triage:
    return Triage("none", "none", (), language, hints, tuple(text.split()))


def after(turns: list[tuple[Triage, Mapping[str, float]]], before: Attention = FRESH) -> tuple[list[str], Attention]:
    """The concern that was acted on in each turn, and the attention at the end."""
    concerns = []
    for heard, likely in turns:
        triage, before = SAFETY.judge(heard, likely, before)
        concerns.append(triage.concern)
    return concerns, before


def told(*turns: tuple[str, Mapping[str, float]]) -> list[tuple[Triage, Mapping[str, float]]]:
    return [(SAFETY.triage(text), likely) for text, likely in turns]


def test_three_indirect_messages_raise_the_alarm_that_none_of_them_raises_alone() -> None:
    for turn in INDIRECT:
        assert after(told(turn))[0] == ["none"]
    concerns, attention = after(told(*INDIRECT))
    assert concerns[:1] == ["none"] and concerns[-1].startswith("suicide")
    assert (attention.watch, attention.concern) == (WATCHFUL, concerns[-1])


def test_calm_talk_between_lets_the_worry_fade() -> None:
    calm = [("what does detox cost", CALM)] * 6
    concerns, attention = after(told(INDIRECT[0], *calm, INDIRECT[1], *calm, INDIRECT[2]))
    assert set(concerns) == {"none"}
    assert attention.watch == 0


def test_worry_fades_towards_nothing() -> None:
    strains = []
    attention = FRESH
    for text, likely in [INDIRECT[0], *[("hello", {})] * 12]:
        attention = SAFETY.judge(SAFETY.triage(text), likely, attention)[1]
        strains.append(attention.strain)
    assert strains == sorted(strains, reverse=True)
    assert strains[-1] < 0.03


def test_half_phrases_add_up() -> None:
    halves = [(quiet("a", "suicide_passive"), {}), (quiet("b", "suicide_active"), {})]
    assert after(halves[:1])[0] == ["none"]
    assert after(halves * 2)[0][-1].startswith("suicide")
    assert after([(quiet("a", "pregnancy"), {})] * 9)[0] == ["none"] * 9


def test_no_sum_of_small_shares_is_an_alarm_for_ever() -> None:
    faint = {"suicide_active": 0.1}
    concerns, _ = after([(quiet("hm"), faint)] * 200)
    assert set(concerns) == {"none"}


@pytest.mark.parametrize(
    ("likely", "concern"),
    [
        ({"suicide_active": ALARM}, "suicide_active"),
        ({"suicide_active": ALARM - 0.01}, "none"),
        ({"suicide_active": 0.3, "suicide_passive": 0.31, "overdose_other": 0.05}, "suicide_passive"),
        ({"overdose_other": 0.36, "suicide_active": 0.3, "chest_pain": 0.01}, "overdose_other"),
        ({"pregnancy": 0.99}, "none"),
        ({}, "none"),
    ],
)
def test_the_classifier_alone_raises_an_alarm_when_it_is_sure(likely: Mapping[str, float], concern: str) -> None:
    triage, attention = SAFETY.judge(quiet("hm"), likely, FRESH)
    assert triage.concern == concern
    assert bool(triage.evidence) == (concern != "none") == (attention.watch == WATCHFUL)


def test_the_likelier_level_chooses_the_number_to_call() -> None:
    likely = {"overdose_self": 0.3, "suicide_active": 0.25, "suicide_plan": 0.2}
    assert SAFETY.judge(quiet("hm"), likely, FRESH)[0].level == "crisis"


@pytest.mark.parametrize("text", [SUICIDE, OVERDOSE, "me quiero morir"])
@pytest.mark.parametrize("likely", [{}, CALM, {"violence": 0.99}, {"suicide_passive": 0.99}])
@pytest.mark.parametrize("before", [FRESH, Attention(3.9, "violence", WATCHFUL, "", "es", True)])
def test_nothing_lowers_an_alarm_of_the_rules(text: str, likely: Mapping[str, float], before: Attention) -> None:
    ruled = SAFETY.triage(text)
    triage, attention = SAFETY.judge(ruled, likely, before)
    assert not ruled.soft and triage.evidence == ruled.evidence
    assert LEVELS.index(triage.level) >= LEVELS.index(ruled.level)
    # What it is about may be said by the classifier, where it is sure and where that is no less urgent.
    assert triage.concern in (ruled.concern, *(name for name, share in likely.items() if share >= SURE))
    assert (attention.concern, attention.watch) == (triage.concern, WATCHFUL)


def test_soft_phrases_are_overruled_where_the_classifier_finds_them_unlikely() -> None:
    soft = Triage("suicide_passive", "crisis", ("no reason to go on",), soft=True)
    assert SAFETY.judge(soft, {}, FRESH)[0].concern == "suicide_passive"
    assert SAFETY.judge(soft, {"suicide_passive": SOFT}, FRESH)[0].concern == "suicide_passive"
    assert SAFETY.judge(soft, {"suicide_passive": SOFT - 0.01}, FRESH)[0].concern == "none"


def test_an_urgent_concern_of_the_rules_stays_when_nothing_worse_is_heard() -> None:
    ruled = SAFETY.triage("im pregnant and i took a perc yesterday")
    assert ruled.level == "urgent"
    assert SAFETY.judge(ruled, {"suicide_active": 0.2}, FRESH)[0].concern == ruled.concern
    assert SAFETY.judge(ruled, {"suicide_active": 0.8}, FRESH)[0].concern == "suicide_active"


@pytest.mark.parametrize("text", ["hello", "can i mix xanax and percocet", "thanks", ""])
def test_without_a_classifier_the_rules_alone_decide(text: str) -> None:
    triage, attention = SAFETY.judge(SAFETY.triage(text), {}, FRESH)
    assert triage.concern == SAFETY.triage(text).concern
    assert (attention.strain, attention.watch, attention.worried) == (0.0, 0, False)


def test_after_an_alarm_less_is_enough_and_then_no_more() -> None:
    faint = {"suicide_active": ALARM_AFTER}
    assert after([(quiet("hm"), faint)])[0] == ["none"]
    _, alarmed = after(told((OVERDOSE, {})))
    for calm in range(WATCHFUL + 2):
        concerns, attention = after(told(*[("ok", {})] * calm), alarmed)
        assert set(concerns) <= {"none"}
        raised = SAFETY.judge(quiet("hm"), faint, attention)[0].concern
        assert raised == ("suicide_active" if calm < WATCHFUL else "none"), calm


def test_half_a_phrase_is_enough_after_an_alarm() -> None:
    _, alarmed = after(told((SUICIDE, {})))
    assert SAFETY.judge(quiet("a", "suicide_passive"), {}, alarmed)[0].concern == "suicide_passive"


def test_the_place_is_forgotten_with_the_alarm() -> None:
    alarmed = Attention(1.0, "overdose_other", WATCHFUL, "overdose/wait")
    _, attention = after(told(*[("ok", {})] * (WATCHFUL - 1)), alarmed)
    assert (attention.place, attention.watch) == ("overdose/wait", 1)
    _, attention = after(told(("ok", {})), attention)
    assert (attention.place, attention.watch, attention.concern) == ("", 0, "none")


def test_worried_at_most_once_in_a_row() -> None:
    worry = (quiet("hm"), {"suicide_passive": 0.35})
    attention = FRESH
    worried = []
    for _ in range(3):
        _, attention = SAFETY.judge(*worry, attention)
        worried.append(attention.worried)
    assert worried == [True, False, False]
    # What worries less is remembered, and nothing is said of it.
    assert not SAFETY.judge(quiet("hm"), {"suicide_passive": 0.2}, FRESH)[1].worried


def test_never_worried_where_an_alarm_was_just_raised() -> None:
    _, alarmed = after(told((SUICIDE, {})))
    assert not alarmed.worried
    assert not SAFETY.judge(quiet("hm"), {"suicide_passive": 0.2}, alarmed)[1].worried


@pytest.mark.parametrize(
    ("texts", "languages"),
    [
        (["hola necesito ayuda", "xanax", "ok", "no"], ["es", "es", "es", "es"]),
        (["hola necesito ayuda", "i need help in english please"], ["es", "en"]),
        (["can i mix xanax and percocet", "y", "o", "no"], ["en", "en", "en", "en"]),
        (["i need help", "necesito ayuda"], ["en", "es"]),
        (["xanax", "percocet"], ["en", "en"]),
    ],
)
def test_the_language_stays_until_another_one_is_clear(texts: list[str], languages: list[str]) -> None:
    attention, heard = FRESH, []
    for text in texts:
        triage, attention = SAFETY.judge(SAFETY.triage(text), {}, attention)
        assert triage.language == attention.language
        heard.append(attention.language)
    assert heard == languages


def test_stored_and_restored_is_the_same() -> None:
    _, attention = after(told(*INDIRECT, ("hola necesito ayuda", {})))
    for each in (FRESH, attention, Attention(1.25, "overdose_other", 3, "overdose/wait", "es", True)):
        assert Attention.restored(json.loads(json.dumps(each.stored()))) == each


GARBAGE: list[dict[str, Any]] = [
    {},
    {"strain": "much", "watch": 2.5, "place": None, "language": 7, "worried": "yes", "concern": []},
    {"strain": math.nan, "watch": -1, "language": "xx"},
    {"strain": math.inf, "watch": 10**9, "language": ""},
    {"strain": -3.0, "watch": True, "worried": 1},
    {"strain": 1e9, "nobody": "knows", "language": "EN"},
]


@pytest.mark.parametrize("values", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_restored_as_a_beginning(values: dict[str, Any]) -> None:
    assert Attention.restored(values) == FRESH


@pytest.mark.parametrize("place", ["nowhere", "overdose", "guide:overdose/wait", "☃"])
def test_a_place_that_is_gone_leads_nowhere_and_hides_nothing(place: str) -> None:
    before = Attention.restored({"watch": 3, "concern": "gone", "place": place})
    assert SAFETY.guide.hear(before.place, "he woke up") == ""
    assert SAFETY.judge(SAFETY.triage(SUICIDE), {}, before)[0].concern == "suicide_active"
    assert SAFETY.judge(SAFETY.triage("hello"), {}, before)[0].concern == "none"


def test_what_is_not_a_number_is_no_opinion() -> None:
    triage, attention = SAFETY.judge(quiet("hm"), {"suicide_active": math.nan, "overdose_other": 0.9}, FRESH)
    assert (triage.concern, attention) == ("none", FRESH)


def test_the_limits_fit_together() -> None:
    assert 0 < ALARM_AFTER < ALARM < 1 < ENOUGH


@pytest.mark.parametrize(
    ("concern", "place", "is_answer"),
    [
        ("overdose_other", "overdose/called", True),
        ("medical_emergency", "overdose/called", True),
        ("overdose_other", "overdose/awake", False),
        ("suicide_active", "overdose/called", False),
        ("violence", "overdose/called", False),
        ("suicide_active", "took_too_much/wanted_to_die", True),
        ("suicide_active", "suicide/easier", False),
        ("suicide_passive", "suicide/easier", True),
        ("suicide_plan", "suicide/reached", False),
        ("medical_emergency", "withdrawal/now", True),
        ("withdrawal_emergency", "withdrawal/ran_out", False),
    ],
)
def test_a_step_answers_a_concern_only_if_it_is_as_urgent_and_names_its_numbers(
    concern: str, place: str, is_answer: bool
) -> None:
    assert SAFETY.answers(concern, place) is is_answer
