"""Questions that are not about a mix: what is told, what is remembered, what is left open."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.substances import CheckSubstance
from actions.topics import TOPICS, TellTopic
from tests.actions.test_actions import BEER, PERCOCET, XANAX, Entity, heard, run, severity, unknown, unsure

RULES = Path(__file__).parents[2] / "data" / "rules" / "topics.yml"


def said(messages: list[dict[str, Any]]) -> str:
    return " ".join(message["custom"]["text"] for message in messages)


@pytest.mark.parametrize("intent", sorted(TOPICS))
def test_every_topic_answers_with_sources_and_the_number(intent: str) -> None:
    messages, now = run(TellTopic(), [heard("buprenorphine/naloxone")], intent=intent)
    assert "[phone]" in said(messages) and "Sources: " in said(messages)
    assert now == {
        "substances": ["buprenorphine/naloxone"],
        "open_question": "did_it_help",
        "asked_if_it_helped": True,
    }


def test_every_rule_has_its_topic() -> None:
    ruled = {rule["steps"][0]["intent"] for rule in yaml.safe_load(RULES.read_text())["rules"]}
    assert ruled == set(TOPICS)


TOLD = [
    # intent, entities, remembered, words that are said
    ("ask_withdrawal", [XANAX], [], "Don't stop a benzo suddenly"),
    ("ask_withdrawal", [], ["alprazolam"], "Don't stop a benzo suddenly"),  # "what if i stop it"
    ("ask_withdrawal", [BEER], ["alprazolam"], "if you drink every day"),  # a new name replaces the old ones
    ("ask_withdrawal", [unknown("flurbzol")], ["alprazolam"], "Don't stop alcohol, benzos"),
    ("ask_withdrawal", [unsure("cannabis", "tianeptine")], [], "Don't stop alcohol, benzos"),
    ("ask_withdrawal", [], [], "Don't stop alcohol, benzos"),
    ("ask_naloxone", [heard("naloxone"), XANAX], [], "does not undo a benzo"),
    ("ask_treatment_medicine", [heard("methadone"), XANAX], [], "does not rule out treatment"),
    ("ask_avoid_list", [heard("methadone")], [], "benzos"),
    ("ask_avoid_list", [], ["oxycodone/acetaminophen"], "Don't mix oxycodone"),
    ("ask_counterfeit", [], [], "Test strips"),
    ("ask_dosing", [PERCOCET], [], "I can't give amounts"),
]


@pytest.mark.parametrize(("intent", "entities", "remembered", "words"), TOLD)
def test_what_is_told(intent: str, entities: list[Entity], remembered: list[str], words: str) -> None:
    messages, _ = run(TellTopic(), entities, {"substances": remembered}, intent=intent)
    assert words in said(messages)


def test_a_list_without_a_name_asks_for_it_and_the_name_gets_it() -> None:
    messages, now = run(TellTopic(), [], intent="ask_avoid_list")
    assert messages == [] and now["open_question"] == "avoid_what"
    messages, now = run(CheckSubstance(), [heard("methadone")], now, intent="ask_substance")
    assert "Don't mix methadone" in said(messages) and now["open_question"] == "did_it_help"


def test_one_substance_is_told_before_we_ask_what_else() -> None:
    messages, now = run(CheckSubstance(), [heard("kratom")], intent="ask_substance")
    assert "plant that acts like an opioid" in said(messages)
    assert (now["substances"], now["unsure"], now["open_question"]) == (["kratom"], [], "with_what")


@pytest.mark.parametrize(
    "entities",
    [[heard("vitamin")], [], [unsure("cannabis", "tianeptine")], [heard("kratom"), unsure("codeine", "cocaine")]],
)
def test_what_has_no_text_or_is_not_sure_is_not_told(entities: list[Entity]) -> None:
    messages, _ = run(CheckSubstance(), entities, intent="ask_substance")
    assert "plant that acts like an opioid" not in str(messages)
    assert severity(messages) == ("dangerous" if len(entities) > 1 else None)


def test_two_substances_are_a_mix_and_nothing_else() -> None:
    messages, _ = run(CheckSubstance(), [XANAX, PERCOCET], intent="ask_substance")
    assert severity(messages) == "dangerous" and "are calming" not in said(messages)


def test_a_topic_that_names_a_mix_warns_of_the_mix_first() -> None:
    messages, now = run(TellTopic(), [heard("buprenorphine/naloxone"), XANAX], intent="ask_treatment_medicine")
    assert severity(messages) == "dangerous" and len(messages) == 3 and now["open_question"] == "did_it_help"
    assert "keep taking them" in str(messages[0]) and "911" in str(messages[1])
    said_first, _ = run(TellTopic(), [XANAX, PERCOCET], intent="cannot_stop")
    assert "don't have to do this alone" in str(said_first[0]) and "naloxone" in str(said_first[2])
    messages, _ = run(TellTopic(), [heard("kratom")], intent="ask_withdrawal")
    assert severity(messages) is None


def test_whether_it_helped_is_asked_once_in_a_visit() -> None:
    _, now = run(TellTopic(), [], {"asked_if_it_helped": True}, intent="ask_tolerance")
    assert now["open_question"] is None and "asked_if_it_helped" not in now


def test_what_if_it_is_only_one_is_about_the_mix_named_before() -> None:
    remembered = {"substances": ["alprazolam", "oxycodone/acetaminophen"]}
    messages, _ = run(TellTopic(), [], remembered, intent="ask_dosing", text="what if its only one")
    assert severity(messages) == "dangerous" and "I can't give amounts" in said(messages)
    messages, _ = run(TellTopic(), [], remembered, intent="ask_tolerance")
    assert severity(messages) is None


def test_a_list_for_it_with_one_more_name_is_a_mix() -> None:
    remembered = {"substances": ["codeine"]}
    messages, now = run(
        TellTopic(), [heard("diazepam")], remembered, intent="ask_avoid_list", text="can i have it with valium"
    )
    assert severity(messages) == "dangerous" and now["substances"] == ["codeine", "diazepam"]
