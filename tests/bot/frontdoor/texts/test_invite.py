"""A link for a caller who agreed, and an answer of the web chat by text."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import SUICIDE, Chat, RunningDoor
from tests.bot.sms.phone import Phone

pytestmark = pytest.mark.stack
ADDRESSES = itertools.count(1)


def invite(door: RunningDoor, number: str, key: str | None = None, **more: Any) -> httpx.Response:
    body = {"id": str(uuid.uuid4()), "number": number, "agreed": True, **more}
    headers = {"Authorization": f"Bearer {door.settings.sms_key if key is None else key}"}
    return httpx.post(f"{door.url}/sms/invite", json=body, headers=headers, trust_env=False)


def text_me(chat: Chat, number: str, seq: int, **more: Any) -> httpx.Response:
    """From an address of its own: one address may ask for a few texts in a minute only."""
    body = {"id": str(uuid.uuid4()), "number": number, "agreed": True, "seq": seq, **more}
    headers = {**chat.bearer, "X-Forwarded-For": f"198.51.100.{next(ADDRESSES)}"}
    return chat.http.post("/chat/text", json=body, headers=headers)


def test_a_caller_gets_the_link_once(phone: Phone, door: RunningDoor) -> None:
    once = {"id": str(uuid.uuid4())}
    answer = invite(door, phone.number, **once)
    assert (answer.status_code, answer.json()) == (202, {"state": "queued", "number": f"•••{phone.number[-4:]}"})
    assert invite(door, phone.number, **once).json()["state"] == "known"
    (text,) = phone.receives(1)
    code = re.search(rf"{door.url}/c/([\w-]{{22}})", text)
    assert code and "STOP" in text
    used = httpx.post(f"{door.url}/c/{code[1]}", trust_env=False)
    assert used.status_code == 200 and used.json()["language"] == "en"


def test_a_caller_who_speaks_spanish_gets_it_in_spanish(phone: Phone, door: RunningDoor) -> None:
    invite(door, phone.number, language="es")
    assert "enlace" in phone.receives(1)[0]


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"key": "x"}, 401, "unauthorized"),
        ({"key": "guessed"}, 401, "unauthorized"),
        ({"agreed": False}, 400, "bad_request"),
        ({"agreed": "yes"}, 400, "bad_request"),
        ({"id": "1"}, 400, "bad_request"),
        ({"number": "911"}, 422, "not_textable"),
        ({"number": "(844) 557-8575"}, 422, "not_textable"),
        ({"number": "+44 7911 123456"}, 422, "not_textable"),
        ({"number": 12025550123}, 422, "not_textable"),
        ({"number": "741741"}, 422, "not_textable"),
    ],
)
def test_a_wrong_invitation_is_refused(door: RunningDoor, more: dict[str, Any], status: int, error: str) -> None:
    answer = invite(door, **{"number": "+12025550166", **more})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert "(844) 557-8575" in answer.json()["text"]


def test_who_opted_out_is_not_invited(phone: Phone, door: RunningDoor) -> None:
    phone.text("STOP")
    phone.receives(1)
    assert invite(door, phone.number).json()["error"] == "opted_out"


def test_a_second_invitation_must_wait(phone: Phone, door: RunningDoor) -> None:
    assert invite(door, phone.number).status_code == 202
    assert invite(door, phone.number).status_code == 429


def test_an_answer_of_the_web_chat_goes_to_a_phone(phone: Phone, door: RunningDoor) -> None:
    chat = Chat(door)
    seq = chat.say("what helps").json()["seq"]
    (answer,) = chat.turn(seq)
    asked = text_me(chat, phone.number, answer["seq"])
    assert asked.status_code == 202, asked.text
    (text,) = phone.receives(1)
    assert "echo what helps" in text and "STOP" in text and "Firstlight" in text


def test_an_answer_in_parts_goes_whole(phone: Phone, door: RunningDoor, rasa: RasaStandIn) -> None:
    before, rasa.answer = rasa.answer, lambda asked: said("Do not take these together.", "Call 911 now for any sign.")
    try:
        chat = Chat(door)
        parts = chat.turn(chat.say("xanax and oxy").json()["seq"])
    finally:
        rasa.answer = before
    assert text_me(chat, phone.number, parts[-1]["seq"]).status_code == 202
    (text,) = phone.receives(1)
    assert "Do not take these together." in text and "Call 911 now" in text


def test_an_emergency_goes_to_a_phone_with_what_to_do(phone: Phone, door: RunningDoor) -> None:
    chat = Chat(door)
    seq = chat.say_until_stored(SUICIDE).json()["seq"]
    (answer,) = chat.turn(seq)
    assert text_me(chat, phone.number, answer["seq"]).status_code == 202
    assert "988" in phone.receives(1)[0]


def test_a_refusal_is_in_the_visitors_language(door: RunningDoor) -> None:
    chat = Chat(door)
    (answer,) = chat.turn(chat.say("hola").json()["seq"])
    refusal = text_me(chat, "911", answer["seq"], language="es")
    assert refusal.status_code == 422 and refusal.json()["language"] == "es"


def test_nobody_texts_what_was_not_said_to_them(phone: Phone, door: RunningDoor) -> None:
    theirs, mine = Chat(door), Chat(door)
    seq = theirs.turn(theirs.say("a word of theirs").json()["seq"])[0]["seq"]
    own = mine.say("a word of mine").json()["seq"]
    mine.turn(own)
    assert text_me(mine, phone.number, seq + 40).status_code == 400
    assert text_me(mine, phone.number, own).status_code == 400  # what they wrote themselves
    assert text_me(Chat(door, token="forged"), phone.number, seq).status_code == 401
    assert phone.received() == []


def test_what_a_visitor_filled_in_goes_to_no_phone(phone: Phone, door: RunningDoor, rasa: RasaStandIn) -> None:
    button = {"title": "Yes", "choice": '/answer_callback{"callback_right": "yes"}'}
    before, rasa.answer = rasa.answer, lambda asked: said("", messages=[
        {"text": "Name: I know where you live. Is that right?", "buttons": [button], "card": None}])  # fmt: skip
    try:
        chat = Chat(door)
        (answer,) = chat.turn(chat.say("call me").json()["seq"])
    finally:
        rasa.answer = before
    assert text_me(chat, phone.number, answer["seq"]).status_code == 400


def test_without_a_provider_nothing_is_pretended(new_door: Callable[..., tuple[RunningDoor, RasaStandIn]]) -> None:
    door, _ = new_door()
    door.wait_for_store()
    assert invite(door, "+12063421234").json()["error"] == "no_texts"
    assert invite(door, "+12025550123").status_code == 202
