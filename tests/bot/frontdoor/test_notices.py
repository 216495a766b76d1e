"""Somebody abroad or without a voice on the phone is told whom they can reach, emergency or not, and once."""

from collections.abc import Iterator

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, Chat, Event


@pytest.fixture(autouse=True)
def polite(rasa: RasaStandIn) -> Iterator[None]:
    rasa.answer = lambda asked: said(f"echo {asked['text']}")
    rasa.heard.clear()
    yield


def ask(chat: Chat, text: str) -> list[Event]:
    return chat.turn(chat.say(text).json()["seq"])


def test_an_ordinary_answer_gets_one_bubble_more_and_only_once(chat: Chat) -> None:
    answer, abroad = ask(chat, "i live in london and take xanax")
    assert answer["text"].startswith("echo")
    assert "112" in abroad["text"] and "findahelpline.com" in abroad["text"] and abroad["card"] is None
    assert len(ask(chat, "im in london, as i said")) == 1


def test_it_is_not_said_beside_an_answer_that_says_it(chat: Chat, rasa: RasaStandIn) -> None:
    understood = {**said()["understood"], "intent": "outside_us"}
    rasa.answer = lambda asked: said("911 and 988 are for the US and Canada.", understood=understood)
    assert len(ask(chat, "im in london")) == 1


@pytest.mark.parametrize("text", [f"im in london and {OVERDOSE}", f"i live in india and {SUICIDE}"])
def test_an_emergency_card_ends_with_it(chat: Chat, text: str) -> None:
    card = chat.say(text).json()["card"]
    (reply,) = chat.turn(1)
    assert "findahelpline.com" in card["steps"][-1] and "112" in card["steps"][-2]
    assert reply["card"] == card
    assert "findahelpline.com" in reply["text"] and "findahelpline.com" not in reply["text"].splitlines()[0]


def test_the_card_of_a_later_emergency_has_it_too(chat: Chat) -> None:
    ask(chat, "vivo en españa")
    card = chat.say(OVERDOSE).json()["card"]
    assert "findahelpline.com" in card["steps"][-1]


def test_in_spanish(chat: Chat) -> None:
    card = chat.say("estoy en mexico y me quiero morir").json()["card"]
    assert "911 en México" in card["steps"][-2]


def test_who_cannot_speak_is_told_how_to_write(chat: Chat) -> None:
    card = chat.say("cant talk hes in the next room, he is hitting me").json()["card"]
    assert any("text 911" in step for step in card["steps"])


def test_who_cannot_speak_is_told_beside_an_ordinary_answer(chat: Chat) -> None:
    _, silent = ask(chat, "im deaf")
    assert "text 988" in silent["text"] and "711" in silent["text"]


def test_everybody_else_gets_no_such_bubble(chat: Chat) -> None:
    assert len(ask(chat, "my friend from mexico takes xanax")) == 1
    assert "findahelpline" not in str(chat.say(OVERDOSE).json()["card"])
