"""The form that arranges a call-back: what is taken for an answer to which question, and what is not."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.callback import PROBLEMS, SLOTS, FinishCallback, ValidateCallbackForm
from actions.concern import RaiseConcern
from helpline.escalation import callback

NAME, NUMBER, TIME, CONSENT, RIGHT = SLOTS
NUMBER_SHOWN = "(845) 557-8575"
XANAX = {"entity": "substance", "value": "alprazolam", "candidates": ["alprazolam"], "certain": True}
FORM = {"name": "callback_form"}
DOMAIN = {"forms": {"callback_form": {"required_slots": list(SLOTS)}}}


def tracker(
    text: str,
    asked: str | None = None,
    intent: str = "nlu_fallback",
    confidence: float = 0.9,
    entities: tuple[dict[str, Any], ...] = (),
    events: tuple[str, ...] = (),
    **slots: Any,
) -> Tracker:
    message = {"intent": {"name": intent, "confidence": confidence}, "entities": list(entities), "text": text}
    happened = [{"event": "user"}, *({"event": each} for each in events)]
    return Tracker("t", {"requested_slot": asked, **slots}, message, happened, False, None, FORM, "action_listen")


def validate(*args: Any, **more: Any) -> tuple[dict[str, Any], list[str]]:
    """The slots that a message sets, and the responses that are said."""
    dispatcher = CollectingDispatcher()
    events = ValidateCallbackForm().run(dispatcher, tracker(*args, **more), {})
    return {e["name"]: e["value"] for e in events}, [m["response"] for m in dispatcher.messages]


def press(slot: str, value: str, asked: str) -> dict[str, Any]:
    """The slots that a button of the form sets."""
    entity = {"entity": slot, "value": value}
    return validate(f'/answer_callback{{"{slot}": "{value}"}}', asked, "answer_callback", 1.0, (entity,))[0]


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        (NAME, "maria", "Maria"),
        (NAME, "no name", "none"),
        (NAME, "nope", "none"),
        (NUMBER, "it is 844 557 1234, wait 845-557-8575", NUMBER_SHOWN),
        (TIME, "tomorrow after 5", "tomorrow after 5"),
        (TIME, "when the kids sleep", "when the kids sleep"),
        (CONSENT, "yes that's fine", True),
        (RIGHT, "that's right", True),
    ],
)
def test_an_answer_fills_its_slot_and_closes_other_questions(asked: str, text: str, value: object) -> None:
    slots, said = validate(text, asked, open_question="with_what")
    assert (slots[asked], slots["open_question"], said) == (value, None, [])


@pytest.mark.parametrize("asked", SLOTS)
@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [
        ("is it free", "ask_cost", ()),
        ("who reads this", "ask_privacy", ()),
        ("can i mix xanax and percocet", "ask_interaction", (XANAX,)),
        ("xanax", "ask_substance", (XANAX,)),
        ("i use alone tonight", "using_alone", ()),
        ("i am 14", "minor", ()),
        ("", "crisis_noted", ()),
        ("/ask_helpline", "ask_helpline", ()),
        ("/affirm", "affirm", ()),
        ("/deny", "deny", ()),
    ],
)
def test_a_topic_is_no_answer(asked: str, text: str, intent: str, entities: tuple[dict[str, Any], ...]) -> None:
    assert validate(text, asked, intent, 0.9, entities) == ({}, [])


@pytest.mark.parametrize("asked", [NAME, CONSENT, RIGHT])
@pytest.mark.parametrize("question", ["already_taken", "how_is_it"])
@pytest.mark.parametrize("text", ["yes", "no"])
def test_a_yes_belongs_first_to_what_was_taken(asked: str, question: str, text: str) -> None:
    assert validate(text, asked, "affirm", open_question=question) == ({}, [])


def test_after_another_answer_the_message_is_not_read_again() -> None:
    assert validate("yes", CONSENT, "affirm", events=("action_execution_rejected", "action")) == ({}, [])


@pytest.mark.parametrize("asked", SLOTS)
@pytest.mark.parametrize(
    ("text", "intent"), [("never mind", "nlu_fallback"), ("/cancel", "cancel"), ("scrap the call", "cancel")]
)
def test_a_cancel_at_any_question_keeps_nothing(asked: str, text: str, intent: str) -> None:
    slots, _ = validate(text, asked, intent)
    assert slots.pop("callback_outcome") == "cancelled"
    assert slots == dict.fromkeys((*SLOTS, "open_question", "requested_slot"))


@pytest.mark.parametrize("no", ["no", "nope"])
def test_no_consent_keeps_nothing(no: str) -> None:
    slots, _ = validate(no, CONSENT, "deny")
    assert slots.pop("callback_outcome") == "no_consent"
    assert slots == dict.fromkeys((*SLOTS, "open_question", "requested_slot"))
    assert press(CONSENT, "no", CONSENT)["callback_outcome"] == "no_consent"


@pytest.mark.parametrize("text", ["yes but don't text me", "ok if nobody leaves a message"])
def test_half_a_consent_is_none(text: str) -> None:
    slots, said = validate(text, CONSENT, "affirm")
    assert (slots, said) == ({CONSENT: None}, ["utter_callback_yes_or_no"])


@pytest.mark.parametrize(
    ("problem", "text"),
    list(zip(PROBLEMS, ["988", "72345", "557-8575", "845557857512345", "123 456 7890"], strict=True)),
)
def test_why_a_number_cannot_be_called(problem: str, text: str) -> None:
    assert validate(text, NUMBER) == ({NUMBER: None}, [PROBLEMS[problem]])


def test_every_problem_has_its_sentence() -> None:
    assert tuple(PROBLEMS) == callback.PROBLEMS


def test_a_few_digits_in_a_sentence_are_no_number() -> None:
    assert validate("i took 20 of them", NUMBER, "already_took", 0.4) == ({}, [])


@pytest.mark.parametrize("asked", [TIME, CONSENT, RIGHT])
def test_a_number_corrects_the_one_before(asked: str) -> None:
    slots, _ = validate("wait it is 845-557-8575", asked)
    assert slots == {NUMBER: NUMBER_SHOWN, "open_question": None, asked: None}
    assert validate("wait it is 123 456 7890", asked) == ({asked: None}, ["utter_callback_not_callable"])


def test_name_and_number_in_one_message() -> None:
    slots, _ = validate("maria 845-557-8575", NAME)
    assert (slots[NAME], slots[NUMBER]) == ("Maria", NUMBER_SHOWN)
    slots, _ = validate("845-557-8575", NAME)
    assert (slots[NAME], slots[NUMBER]) == (None, NUMBER_SHOWN)


def test_a_name_that_is_a_street_name_too() -> None:
    molly = {**XANAX, "value": "mdma"}
    assert validate("Molly", NAME, "ask_substance", 0.9, (molly,))[0][NAME] == "Molly"
    assert validate("my name is Xander", NAME, "greet", 0.9, (XANAX,))[0][NAME] == "Xander"


@pytest.mark.parametrize(
    ("text", "slot"), [("the number is wrong", NUMBER), ("change my name", NAME), ("a different time", TIME)]
)
def test_a_change_at_the_read_back(text: str, slot: str) -> None:
    assert validate(text, RIGHT)[0] == {slot: None, "open_question": None, RIGHT: None}


def test_a_no_at_the_read_back_asks_what_to_change() -> None:
    assert validate("no", RIGHT, "deny") == ({RIGHT: None}, ["utter_callback_change_what"])


def test_buttons() -> None:
    assert press(NAME, "none", NAME)[NAME] == "none"
    assert press(TIME, "evening", TIME)[TIME] == "evening"
    assert press(CONSENT, "yes", CONSENT)[CONSENT] is True
    assert press(RIGHT, "yes", RIGHT)[RIGHT] is True
    assert press(RIGHT, "change_number", RIGHT) == {NUMBER: None, "open_question": None, RIGHT: None}


def test_buttons_of_an_earlier_question() -> None:
    assert press(TIME, "morning", RIGHT) == {TIME: "morning", "open_question": None, RIGHT: None}
    assert press(RIGHT, "yes", NUMBER) == {NUMBER: None}  # not while something is missing
    assert press(CONSENT, "yes", NUMBER) == {NUMBER: None}
    assert press(CONSENT, "no", RIGHT)["callback_outcome"] == "no_consent"  # a no counts at any time
    assert validate("/ask_callback", TIME, "ask_callback")[0] == {TIME: None}


@pytest.mark.parametrize(
    ("text", "number"), [("call me at 845-557-8575", NUMBER_SHOWN), ("call me", None), ("/ask_callback", None)]
)
def test_a_form_begins_fresh(text: str, number: str | None) -> None:
    slots, said = validate(text, None, "ask_callback", callback_name="Old", open_question="already_taken")
    assert slots == {**dict.fromkeys((*SLOTS, "callback_outcome", "open_question")), NUMBER: number}
    assert said == []


def finish(**slots: Any) -> tuple[list[Any], dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    events = FinishCallback().run(dispatcher, tracker("yes", None, "affirm", **slots), {})
    return [m["custom"] for m in dispatcher.messages], {e["name"]: e["value"] for e in events}


def test_what_was_agreed_is_handed_over_and_forgotten() -> None:
    full = {NAME: "Maria", NUMBER: NUMBER_SHOWN, TIME: "evening", CONSENT: True, RIGHT: True}
    handed, slots = finish(**full)
    assert handed == [{"callback": {"name": "Maria", "number": "+18455578575", "best_time": "evening"}}]
    assert slots == {**dict.fromkeys(SLOTS), "callback_outcome": "stored"}
    assert finish(**{**full, NAME: "none"})[0][0]["callback"]["name"] is None


@pytest.mark.parametrize("missing", [CONSENT, RIGHT])
def test_nothing_is_handed_over_without_a_yes(missing: str) -> None:
    full = {NAME: "Maria", NUMBER: NUMBER_SHOWN, TIME: "evening", CONSENT: True, RIGHT: True}
    assert finish(**{**full, missing: None}) == ([], dict.fromkeys(SLOTS))


def test_a_concern_leaves_the_form() -> None:
    message = tracker("i am 14", NUMBER, "minor")
    events = RaiseConcern().run(CollectingDispatcher(), message, DOMAIN)
    assert {"event": "active_loop", "name": None, "timestamp": None} in events
    assert {e["name"]: e["value"] for e in events if e["event"] == "slot"} == {
        "concern": "minor",
        "open_question": None,
        **dict.fromkeys((*SLOTS, "requested_slot")),
    }


@pytest.mark.parametrize("asked", [NAME, NUMBER, TIME])
def test_the_wish_to_be_called_once_more_asks_the_open_question_again(asked: str) -> None:
    assert validate("can somebody call me back please", asked, "ask_callback", 0.9) == ({asked: None}, [])


@pytest.mark.parametrize("asked", [NAME, NUMBER, TIME, CONSENT, RIGHT])
@pytest.mark.parametrize(
    "text", ["actually forget the call, she may pick up", "nevermind about the call my dad is coming"]
)
def test_a_wish_to_stop_may_have_its_reason(asked: str, text: str) -> None:
    slots, _ = validate(text, asked, "ask_privacy", 0.5)
    assert slots["callback_outcome"] == "cancelled" and slots[asked] is None


def test_a_no_to_consent_may_have_its_reason() -> None:
    assert (
        validate("no way. my daughter reads my texts", CONSENT, "ask_privacy", 0.9)[0]["callback_outcome"]
        == "no_consent"
    )
