"""What visitors see when Rasa, the database or the front door itself fails."""

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said, slowly
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, Chat, RunningDoor, is_done

pytestmark = pytest.mark.stack  # really kills and locks: minutes, not seconds

NewDoor = Callable[..., tuple[RunningDoor, RasaStandIn]]
CARD = {"kind": "helpline", "phone": "(844) 557-8575"}
POOR: dict[str, object] = {
    "500": 500,
    "404": 404,
    "not json": b"<html>",
    "array": b"[]",
    "empty object": b"{}",
    "no messages": said(),
    "blank message": said(" "),
    "messages are a number": b'{"messages": 7}',
    "message is a string": b'{"messages": ["hello"]}',
    "button without title": b'{"messages": [{"text": "a", "buttons": [{}]}]}',
    "deep": b"[" * 50_000,
    "failed": said(failed=True),
}


@pytest.mark.parametrize("name", POOR)
def test_a_poor_answer_becomes_the_helpline_card(chat: Chat, rasa: RasaStandIn, name: str) -> None:
    rasa.answer = lambda asked: POOR[name]  # type: ignore[assignment,return-value]
    (reply,) = chat.turn(chat.say("hello").json()["seq"])
    assert reply["card"] == CARD and reply["text"]


def test_a_failed_turn_keeps_what_was_said(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: said("Half an answer.", failed=True)
    first, second = chat.turn(chat.say("hello").json()["seq"])
    assert first["text"] == "Half an answer." and second["card"] == CARD


def test_strange_characters_from_rasa_do_no_harm(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: said("a\0b\ud800c", context={"x": "\ud800"})
    (reply,) = chat.turn(chat.say("hello").json()["seq"])
    assert reply["text"] == "ab?c"


def test_a_late_answer_comes_after_the_card(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = slowly(1.6, said("Sorry, that took long."))
    started = time.monotonic()
    seq = chat.say("hello").json()["seq"]
    (card,) = chat.turn(seq)
    assert 0.9 < time.monotonic() - started < 1.5
    assert card["card"] == CARD
    late = chat.events(lambda found: found[-1].get("text") == "Sorry, that took long.")[-1]
    assert late["reply_to"] == seq and late["at"] == seq + 3


def test_a_late_answer_is_dropped_after_a_newer_message(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: slowly(1.6 if asked["text"] == "slow" else 0, said(f"echo {asked['text']}"))(asked)
    first = chat.say("slow").json()["seq"]
    chat.turn(first)
    second = chat.say("quick").json()["seq"]
    texts = [event.get("text") for event in chat.events(lambda found: is_done(found[-1], second))]
    assert "echo quick" in texts and "echo slow" not in texts
    assert not rasa.overlapped


def test_an_emergency_does_not_wait_for_its_conversation(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = slowly(1.5, said("late"))
    for _ in range(5):
        chat.say("hello")
    started = time.monotonic()
    answer = chat.say(OVERDOSE)
    seq = answer.json()["seq"]
    assert answer.json()["card"]["kind"] == "emergency"
    found = chat.events(lambda events: any(event.get("reply_to") == seq for event in events))
    assert found[-1]["card"]["kind"] == "emergency"
    assert time.monotonic() - started < 0.8


def test_every_waiting_message_gets_its_card_in_time(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = slowly(4, said("late"))
    started = time.monotonic()
    last = [chat.say(f"hello {n}").json()["seq"] for n in range(4)][-1]
    chat.events(lambda found: is_done(found[-1], last))
    assert time.monotonic() - started < 2
    rasa.answer = lambda asked: said("quick")


def test_with_rasa_dead_the_card_comes_at_once_and_the_answer_after_it_is_back(new_door: NewDoor) -> None:
    door, rasa = new_door()
    rasa.stop()
    chat = Chat(door)
    started = time.monotonic()
    seq = chat.say("can i mix xanax and percocet").json()["seq"]
    (card,) = chat.turn(seq)
    assert card["card"] == CARD and time.monotonic() - started < 1
    assert chat.http.get("/health/ready").json()["conversation"] is False
    assert chat.say(SUICIDE).json()["card"]["kind"] == "crisis"
    seq = chat.say("and with beer").json()["seq"]
    chat.turn(seq)
    rasa.start()
    late = chat.events(lambda found: found[-1].get("text") == "echo and with beer")[-1]
    assert late["reply_to"] == seq
    assert chat.http.get("/health/ready").json()["conversation"] is True


@contextmanager
def locked(door: RunningDoor, how: str = "IMMEDIATE") -> Iterator[None]:
    """Somebody else holds the database."""
    other = sqlite3.connect(door.database, isolation_level=None)
    other.execute(f"BEGIN {how}")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_locked_database_stops_no_emergency(new_door: NewDoor) -> None:
    door, _ = new_door()
    chats = [Chat(door) for _ in range(8)]
    chats[0].turn(chats[0].say("hello").json()["seq"])
    with locked(door):
        with ThreadPoolExecutor(8) as pool:
            busy = [pool.submit(chat.say, "an ordinary message") for chat in chats]
            time.sleep(0.1)
            seconds = []
            for text in (OVERDOSE, SUICIDE) * 10:
                newcomer = Chat(door)  # a new session needs no database either
                started = time.monotonic()
                answer = newcomer.say(text)
                seconds.append(time.monotonic() - started)
                assert answer.status_code == 503
                assert answer.json()["error"] == "not_stored"
                assert answer.json()["card"]["kind"] in ("emergency", "crisis")
            refused = [future.result() for future in busy]
        assert sorted(seconds)[-2] <= 0.3, seconds
        for answer in refused:
            assert (answer.status_code, answer.json()["error"]) == (503, "not_stored")
            assert answer.json()["card"] == CARD
        ready = chats[0].http.get("/health/ready")
        assert ready.status_code == 200 and "store" in ready.json()["degraded"]
    again = chats[0].say("an ordinary message")
    assert again.status_code == 202
    assert chats[0].turn(again.json()["seq"])
    assert "store" not in chats[0].http.get("/health/ready").json()["degraded"]


def test_a_short_lock_is_waited_for(new_door: NewDoor) -> None:
    door, _ = new_door()
    chat = Chat(door)
    chat.turn(chat.say("hello").json()["seq"])
    with ThreadPoolExecutor(1) as pool:
        with locked(door):
            answer = pool.submit(chat.say, "wait for me")
            time.sleep(0.8)
        assert answer.result().status_code == 202


def test_an_answer_waits_for_a_locked_database(new_door: NewDoor) -> None:
    door, rasa = new_door(TURN_SECONDS="3")
    rasa.answer = slowly(0.4, said("here I am"))
    chat = Chat(door)
    seq = chat.say("hello").json()["seq"]
    with locked(door):
        time.sleep(1.5)
    (reply,) = chat.turn(seq)
    assert reply["text"] == "here I am"


def test_the_front_door_starts_with_a_locked_database(new_door: NewDoor) -> None:
    door, _ = new_door()
    Chat(door).say("hello")
    door.stop()
    with locked(door, "EXCLUSIVE"):
        door.start()
        assert Chat(door).say(SUICIDE).json()["card"]["kind"] == "crisis"
    chat = Chat(door)
    for _ in range(20):
        answer = chat.say("hello")
        if answer.status_code == 202:
            break
        time.sleep(0.2)
    assert chat.turn(answer.json()["seq"])


def test_kill_in_the_middle_of_turns_loses_and_doubles_nothing(new_door: NewDoor) -> None:
    door, rasa = new_door(TURN_SECONDS="5")
    rasa.answer = lambda asked: slowly(0.3, said(f"echo {asked['text']}"))(asked)
    chats = [Chat(door) for _ in range(3)]
    accepted: list[tuple[Chat, str, str, int]] = []
    for n in range(4):
        for chat in chats:
            message_id, text = str(uuid.uuid4()), f"message {n}"
            accepted.append((chat, message_id, text, chat.say(text, message_id).json()["seq"]))
        time.sleep(0.17 * n)
        door.kill()
        door.start()
    for chat, message_id, text, seq in accepted:
        assert chat.say(text, message_id).json()["seq"] == seq
    for chat in chats:
        mine = [seq for other, _, _, seq in accepted if other is chat]
        events = chat.events(lambda found, mine=mine: is_done(found[-1], mine[-1]))  # type: ignore[misc]
        done = [event["reply_to"] for event in events if event.get("kind") == "turn_done"]
        said_by_bot = [(event["reply_to"], event["text"]) for event in events if event.get("role") == "bot"]
        assert sorted(done) == mine
        assert sorted(said_by_bot) == [(seq, f"echo message {n}") for n, seq in enumerate(mine)]
        assert [event["at"] for event in events] == list(range(1, len(events) + 1))


def test_an_alarm_and_a_button_survive_a_kill(new_door: NewDoor) -> None:
    door, rasa = new_door(TURN_SECONDS="5")
    rasa.answer = lambda asked: said(messages=[{"text": "?", "buttons": [{"title": "Yes", "choice": "/affirm"}]}])
    chat = Chat(door)
    chat.turn(chat.say("hello").json()["seq"])
    rasa.answer = slowly(3, said("never"))
    alarm_id = str(uuid.uuid4())
    alarm = chat.say_until_stored(OVERDOSE, alarm_id).json()
    pressed = chat.post({"id": str(uuid.uuid4()), "choice": "/affirm"}).json()
    door.kill()
    rasa.heard.clear()
    rasa.answer = lambda asked: said("welcome back")
    door.start()
    assert chat.say_until_stored(OVERDOSE, alarm_id).json() == alarm
    (reply,) = chat.turn(pressed["seq"])
    assert reply["text"] == "welcome back"
    assert {(asked["choice"], asked["concern"]) for asked in rasa.heard} == {
        ("/affirm", None),
        (None, alarm["card"]["concern"]),
    }
    assert len(chat.turn(alarm["seq"])) == 1


def test_it_stops_quickly_with_open_streams(new_door: NewDoor) -> None:
    door, _ = new_door()
    chat = Chat(door)
    with ThreadPoolExecutor(1) as pool:

        def listen() -> bool:
            with chat.http.stream("GET", "/chat/events", headers=chat.bearer) as stream:
                return all(line.startswith((":", "")) for line in stream.iter_lines())

        listening = pool.submit(listen)
        time.sleep(0.5)
        assert door.stop() < 4
        assert listening.result(5)  # a clean end, no cut connection
