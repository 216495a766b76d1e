"""A request to be called back, as it comes from Rasa: nothing is believed, and an alarm leaves the form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.frontdoor.voice import Voice
from bot.store import Store
from bot.store.records import Callback
from helpline.escalation.hours import parse
from tests.bot.frontdoor.rasa_stand_in import Asked, Given, RasaStandIn, said
from tests.bot.frontdoor.running_door import OVERDOSE, Chat, RunningDoor

NewDoor = Callable[..., tuple[RunningDoor, RasaStandIn]]
DATA = Path(__file__).parents[3] / "data" / "safety"
GOOD = {"name": "Maria", "number": "+18455578575", "best_time": "evening"}
FORM = {"name": "callback_form", "asks": "callback_number", "answers": {"callback_name": "Maria"}}
DONE = "Your request is with our staff."


@pytest.mark.parametrize(
    "asked",
    [
        *("yes", [], {}, {**GOOD, "number": None}, {**GOOD, "number": "911"}, {**GOOD, "number": "+1 845"}),
        *({**GOOD, "number": 8455578575}, {**GOOD, "name": ""}, {**GOOD, "name": 7}, {**GOOD, "best_time": None}),
        *({**GOOD, "best_time": " "}, {**GOOD, "name": "x" * 81}, {"name": None, "number": "+18455578575"}),
    ],
)
def test_a_request_that_cannot_be_read_is_not_said_to_be_there(chat: Chat, rasa: RasaStandIn, asked: Any) -> None:
    rasa.answer = lambda _: said(DONE, callback=asked)
    turn = chat.turn(chat.say("yes").json()["seq"])
    assert DONE not in str(turn)
    assert "(844) 557-8575" in str(turn)


def test_a_good_request_is_said_and_stored(new_door: NewDoor) -> None:
    door, rasa = new_door()
    door.wait_for_store()
    rasa.answer = lambda _: said(DONE, callback=GOOD)
    chat = Chat(door)
    turn = chat.turn(chat.say("yes").json()["seq"])
    assert DONE in str(turn)
    store = Store(door.settings)
    [request] = store.callbacks().result()
    store.close()
    assert request.asked == Callback("Maria", "+18455578575", "evening")
    assert (request.conversation, request.state) == (chat.conversation, "new")


@pytest.mark.parametrize("form", ["callback_form", {"answers": None}, 7])
def test_a_form_that_cannot_be_read_is_not_believed(chat: Chat, rasa: RasaStandIn, form: object) -> None:
    rasa.answer = lambda _: said("What is your name?", context={"form": form})
    assert "What is your name?" not in str(chat.turn(chat.say("call me").json()["seq"]))


def test_an_alarm_leaves_the_form_also_when_rasa_is_away(new_door: NewDoor) -> None:
    door, rasa = new_door()
    door.wait_for_store()
    contexts: list[Any] = []

    def answer(asked: Asked) -> Given | int:
        contexts.append(asked["context"])
        return 500 if asked["concern"] else said("And your number?", context={"form": FORM})

    rasa.answer = answer
    chat = Chat(door)
    chat.turn(chat.say("call me").json()["seq"])
    assert chat.say(OVERDOSE).json()["card"]["kind"] == "emergency"
    chat.turn(chat.say("hello again").json()["seq"])
    assert contexts[-1]["form"] is None


def test_a_question_of_the_form_is_shown_to_those_who_write_spanish(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = lambda _: said("And your number?", context={"form": FORM})
    shown = str(chat.turn(chat.say("hola, necesito ayuda con mi adicción por favor").json()["seq"]))
    assert "español" in shown and "And your number?" in shown


def test_the_hours_are_filled_in() -> None:
    always = Voice(DATA, "(844) 557-8575")
    office = Voice(DATA, "(844) 557-8575", parse("Mon-Fri 09:00-17:00"), parse("Sat 10:00-12:00", "America/Chicago"))
    text = "[phone], [hours]. Staff call back [callback_hours]."
    assert always.fill_text(text) == "(844) 557-8575, day or night. Staff call back day or night."
    assert office.fill_text(text) == (
        "(844) 557-8575, Monday to Friday, 9 a.m. to 5 p.m. Eastern time. "
        "Staff call back Saturday, 10 a.m. to noon Central time."
    )
