"""What is done with a message that was not understood, and with the wish to begin anew."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.scope import LEAST_LIKELY, MOST, AskWhatWasMeant, meanings
from actions.start_over import FORGOTTEN, StartOver
from tests.actions.test_actions import XANAX, Entity


def not_understood(
    ranking: dict[str, float], before: str = "greet", entities: list[Entity] | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(messages, slots set) where the message before was understood as `before`."""
    likely = [{"name": name, "confidence": confidence} for name, confidence in ranking.items()]
    message = {"intent": {"name": "nlu_fallback"}, "intent_ranking": likely, "entities": entities or [], "text": "hm"}
    events = [{"event": "user", "parse_data": {"intent": {"name": name}}} for name in (before, "nlu_fallback")]
    tracker = Tracker("t", {}, message, events, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    set_now = AskWhatWasMeant().run(dispatcher, tracker, {})
    return dispatcher.messages, {e["name"]: e["value"] for e in set_now}


RANKING = {
    "nlu_fallback": 0.4,
    "ask_cost": 0.25,
    "chitchat": 0.2,
    "relapse": 0.1,
    "lonely": LEAST_LIKELY,
    "grief": 0.01,
}


def test_the_likeliest_meanings_are_offered() -> None:
    (asked,), now = not_understood(RANKING)
    assert [button["payload"] for button in asked["buttons"]] == ["/ask_cost", "/relapse", "/lonely"]
    assert now == {"open_question": "meant", "offered": ["/ask_cost", "/relapse", "/lonely"]}
    assert len(asked["buttons"]) <= MOST


def test_a_second_time_nothing_is_offered() -> None:
    assert not_understood(RANKING, before="nlu_fallback") == ([], {"open_question": None})


def test_nothing_likely_is_not_guessed_at() -> None:
    assert not_understood({"nlu_fallback": 0.9, "ask_cost": 0.05}) == ([], {"open_question": None})


def test_what_was_named_is_kept_for_the_meaning_that_is_picked() -> None:
    _, now = not_understood(RANKING, entities=[XANAX])
    assert now["substances"] == ["alprazolam"]


@pytest.mark.parametrize(("intent", "title"), meanings().items())
def test_a_title_fits_on_a_button(intent: str, title: str) -> None:
    assert 3 <= len(title) <= 28 and title[0].isupper(), intent


def test_beginning_anew_forgets_the_talk_and_leaves_a_form() -> None:
    slots = {**dict.fromkeys(FORGOTTEN, "x"), "concern": "suicide_passive", "callback_name": "Sam"}
    tracker = Tracker("t", slots, {}, [], False, None, {"name": "callback_form"}, "action_listen")
    domain = {"forms": {"callback_form": {"required_slots": ["callback_name"]}}}
    events = StartOver().run(CollectingDispatcher(), tracker, domain)
    slots_set = {e["name"]: e["value"] for e in events if e["event"] == "slot"}
    assert slots_set == dict.fromkeys((*FORGOTTEN, "callback_name", "requested_slot"))
    assert any(e["event"] == "active_loop" and e["name"] is None for e in events)
