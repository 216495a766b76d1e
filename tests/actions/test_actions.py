"""Each action, given what was heard and what is remembered: what it says and what it leaves open."""

from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.concern import RaiseConcern
from actions.interactions import CheckInteraction
from actions.substances import CheckSubstance
from actions.taken import Affirm, Deny, NoteTaken

Entity = dict[str, Any]


def heard(name: str) -> Entity:
    return {"entity": "substance", "value": name, "candidates": [name], "certain": True}


def unsure(*names: str) -> Entity:
    return {"entity": "substance", "value": names[0], "candidates": list(names), "certain": False}


def unknown(word: str) -> Entity:
    return {"entity": "unknown_substance", "value": word}


def run(
    action: Action,
    entities: list[Entity],
    slots: dict[str, Any] | None = None,
    intent: str = "ask_interaction",
    text: str = "",
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(messages, slots set) of one run."""
    message = {"intent": {"name": intent}, "entities": entities, "text": text}
    tracker = Tracker("t", slots or {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, tracker, {})
    return dispatcher.messages, {e["name"]: e["value"] for e in events}


def severity(messages: list[dict[str, Any]]) -> str | None:
    cards = [m["custom"]["card"] for m in messages if m.get("custom") and m["custom"].get("card")]
    return cards[0]["severity"] if cards else None


XANAX, PERCOCET, BEER = heard("alprazolam"), heard("oxycodone/acetaminophen"), heard("alcohol")

ASKED = [
    # entities, remembered, substances then, open question then, severity
    ([XANAX, PERCOCET], {}, ["alprazolam", "oxycodone/acetaminophen"], "already_taken", "dangerous"),
    ([BEER], {"substances": ["alprazolam"]}, ["alprazolam", "alcohol"], "already_taken", "dangerous"),
    # a whole new question replaces the old one
    ([XANAX, BEER], {"substances": ["cocaine"]}, ["alprazolam", "alcohol"], "already_taken", "dangerous"),
    ([XANAX], {}, ["alprazolam"], "with_what", None),
    ([heard("speedball")], {}, ["speedball"], "already_taken", "dangerous"),
    ([], {}, [], "what", None),
    ([XANAX, unknown("flurbzol")], {"substances": ["cocaine"]}, ["alprazolam"], "spelling", "unknown"),
]


@pytest.mark.parametrize(("entities", "slots", "substances", "question", "worst"), ASKED)
def test_a_question_about_a_mix(
    entities: list[Entity], slots: dict[str, Any], substances: list[str], question: str, worst: str | None
) -> None:
    messages, now = run(CheckInteraction(), entities, slots)
    assert (now["substances"], now["open_question"], severity(messages)) == (substances, question, worst)


def test_an_unknown_name_is_said() -> None:
    messages, _ = run(CheckInteraction(), [XANAX, unknown("flurbzol")])
    assert "flurbzol" in str(messages)


def test_what_may_mean_several_things_is_asked_back_one_after_the_other() -> None:
    first, now = run(
        CheckInteraction(), [unsure("amphetamine", "benzodiazepine"), unsure("cannabis", "nicotine"), BEER]
    )
    # The worst that may be meant is said before it is asked what is.
    assert severity(first) == "dangerous" and "benzodiazepine" in str(first[0]).lower()
    assert [b["payload"] for b in first[1]["buttons"]] == [
        '/ask_interaction{"substance": "amphetamine"}',
        '/ask_interaction{"substance": "benzodiazepine"}',
    ]
    assert now["substances"] == ["alcohol"] and now["unsure"] == [["cannabis", "nicotine"]]
    assert now["open_question"] == "which"
    second, now = run(CheckInteraction(), [heard("amphetamine")], now)
    assert "cannabis" in second[-1]["buttons"][0]["payload"]
    last, now = run(CheckInteraction(), [heard("cannabis")], now)
    assert severity(last) and now["substances"] == ["alcohol", "amphetamine", "cannabis"] and now["unsure"] == []


def test_a_medicine_without_a_name_beside_a_drug_is_not_left_unanswered() -> None:
    vague = {"entity": "vague_substance", "value": "antibiotics"}
    messages, now = run(CheckInteraction(), [BEER, vague])
    assert severity(messages) == "unknown" and "does not mean it is safe" in str(messages)
    assert now["open_question"] == "which_medicine"


def test_one_substance_answers_our_question_but_does_not_join_an_old_mix() -> None:
    mix = {"substances": ["alprazolam", "alcohol"], "open_question": "already_taken"}
    assert run(CheckSubstance(), [heard("kratom")], mix)[1]["substances"] == ["kratom"]
    asked = {"substances": ["alprazolam"], "open_question": "with_what"}
    messages, now = run(CheckSubstance(), [PERCOCET], asked)
    assert severity(messages) == "dangerous" and now["open_question"] == "already_taken"


def test_taken_leads_to_how_it_is() -> None:
    messages, now = run(NoteTaken(), [XANAX, PERCOCET], intent="already_took")
    assert severity(messages) == "dangerous"
    assert now["taken"] is True and now["open_question"] == "how_is_it"


@pytest.mark.parametrize(
    ("action", "text", "question", "person"),
    [
        (CheckInteraction(), "can i mix xanax and percocet", "already_taken", "self"),
        (CheckInteraction(), "can my son mix xanax and percocet", "have_they_taken", "other"),
        (CheckInteraction(), "i took xanax yesterday can i take percocet", "one_taken", "self"),
        (NoteTaken(), "just took xanax and percocet", "how_is_it", None),
        (NoteTaken(), "i took xanax and percocet yesterday", "taken_earlier", "self"),
        (NoteTaken(), "my son mixed xanax and percocet", "how_are_they", "other"),
    ],
)
def test_tense_and_person_decide_what_is_asked(action: Action, text: str, question: str, person: str | None) -> None:
    messages, now = run(action, [XANAX, PERCOCET], text=text)
    assert severity(messages) == "dangerous"
    assert (now["open_question"], now["person"]) == (question, person)


def test_the_person_is_remembered() -> None:
    slots = {"person": "other", "open_question": "have_they_taken"}
    assert run(Affirm(), [], slots)[1]["open_question"] == "how_are_they"
    assert run(Deny(), [], slots)[1]["open_question"] == "they_have_not"
    assert run(Deny(), [], {"open_question": "how_are_they"})[1]["open_question"] == "stay_watchful"


@pytest.mark.parametrize(
    ("action", "asked", "then"),
    [
        (Affirm(), "already_taken", {"taken": True, "open_question": "how_is_it"}),
        (Affirm(), None, {"open_question": None}),
        (Deny(), "already_taken", {"taken": False, "open_question": "not_taken"}),
        (Deny(), "how_is_it", {"open_question": "stay_watchful"}),
        (Deny(), None, {"open_question": None}),
        (Affirm(), "did_it_help", {"open_question": "helped"}),
        (Deny(), "did_it_help", {"open_question": "did_not_help"}),
    ],
)
def test_yes_and_no_mean_what_was_asked(action: Action, asked: str | None, then: dict[str, Any]) -> None:
    assert run(action, [], {"open_question": asked})[1] == then


@pytest.mark.parametrize("concern", ["using_alone", "minor", "child_at_risk"])
def test_an_urgent_concern_heard_by_rasa_comes_without_words(concern: str) -> None:
    messages, now = run(RaiseConcern(), [], intent=concern, text="im 14")
    assert messages == [] and now["concern"] == concern


def test_a_concern_found_by_triage_is_taken_over() -> None:
    _, now = run(RaiseConcern(), [{"entity": "concern", "value": "child_ingestion"}], intent="crisis_noted")
    assert now == {"concern": "child_ingestion", "open_question": None}


def test_what_a_card_leaves_open() -> None:
    asked = {"open_question": "have_they_taken", "person": "other"}
    _, now = run(RaiseConcern(), [{"entity": "concern", "value": "overdose_other"}], asked, intent="crisis_noted")
    assert now["open_question"] == "how_are_they"
    _, then = run(Deny(), [], {**asked, **now}, text="no shes watching tv")
    assert then["open_question"] == "stay_watchful"


@pytest.mark.parametrize(("person", "concern"), [("other", "overdose_other"), (None, "mixed_sleepy")])
def test_a_typed_yes_to_how_it_is_raises_the_alarm(person: str | None, concern: str) -> None:
    slots = {"open_question": "how_are_they" if person else "how_is_it", "person": person}
    assert run(Affirm(), [], slots)[1] == {"concern": concern, "open_question": None}


def test_somebody_else_was_meant() -> None:
    _, now = run(Deny(), [], {"open_question": "already_taken"}, intent="deny", text="i meant my brother, not me")
    assert now == {"person": "other", "open_question": "have_they_taken"}


CORRECTIONS = [
    # said, heard, remembered, question open before, substances then
    ("no, klonopin", "clonazepam", ["alprazolam", "oxycodone/acetaminophen"], "already_taken",
     ["clonazepam", "oxycodone/acetaminophen"]),
    ("sorry i meant norco", "hydrocodone/acetaminophen", ["alprazolam", "oxycodone/acetaminophen"], "already_taken",
     ["alprazolam", "hydrocodone/acetaminophen"]),
    ("no klonopin", "clonazepam", ["alprazolam"], None, ["clonazepam"]),
    # it answers our question "what else is it taken with?"
    ("no, just a beer", "alcohol", ["alprazolam"], "with_what", ["alprazolam", "alcohol"]),
]  # fmt: skip
ADDITIONS = [
    # it adds: nothing is taken away
    ("wait, beer too", "alcohol", ["alprazolam", "oxycodone/acetaminophen"], "already_taken",
     ["alprazolam", "oxycodone/acetaminophen", "alcohol"]),
    ("and with alcohol?", "alcohol", ["alprazolam", "oxycodone/acetaminophen"], "already_taken",
     ["alprazolam", "oxycodone/acetaminophen", "alcohol"]),
]  # fmt: skip


@pytest.mark.parametrize("action", [CheckInteraction(), CheckSubstance()])
@pytest.mark.parametrize(("said", "name", "before", "question", "then"), CORRECTIONS)
def test_a_correction_replaces_what_is_most_like_it(
    action: Action, said: str, name: str, before: list[str], question: str | None, then: list[str]
) -> None:
    _, now = run(action, [heard(name)], {"substances": before, "open_question": question}, text=said)
    assert now["substances"] == then


@pytest.mark.parametrize(("said", "name", "before", "question", "then"), ADDITIONS)
def test_an_addition_takes_nothing_away(
    said: str, name: str, before: list[str], question: str | None, then: list[str]
) -> None:
    _, now = run(CheckInteraction(), [heard(name)], {"substances": before, "open_question": question}, text=said)
    assert now["substances"] == then


@pytest.mark.parametrize("action", [CheckInteraction(), CheckSubstance()])
def test_what_is_taken_back_leaves_the_rest(action: Action) -> None:
    entities = [{"entity": "negated_substance", "value": "diphenhydramine"}, heard("melatonin")]
    before = {"substances": ["temazepam", "diphenhydramine"]}
    _, now = run(action, entities, before, text="sorry not benadryl, melatonin")
    assert now["substances"] == ["temazepam", "melatonin"]
