"""A front door that is killed in the middle of an emergency still knows where its guide stands."""

import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import OVERDOSE, Chat, RunningDoor

pytestmark = pytest.mark.stack
STILL = "still not waking up"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningDoor]:
    rasa = RasaStandIn()
    running = RunningDoor(tmp_path, rasa.port).start()
    running.wait_for_store()
    yield running
    running.stop()
    rasa.stop()


def waiting_for_naloxone(door: RunningDoor) -> Chat:
    """Somebody who raised an alarm, gave naloxone and waits; how it goes on without a restart is the yardstick."""
    chat = Chat(door)
    assert chat.say(OVERDOSE).json()["card"]["kind"] == "emergency"
    step = chat.say("i gave him narcan").json()
    assert step["card"]["timer"] == 150
    return chat


def steps(answer: dict[str, object]) -> object:
    """What its card tells to do."""
    card = answer["card"]
    assert isinstance(card, dict)
    return card["steps"]


def test_the_guide_goes_on_after_a_kill(door: RunningDoor) -> None:
    undisturbed = steps(waiting_for_naloxone(door).say(STILL).json())
    fresh = steps(Chat(door).say(OVERDOSE).json())
    chats = [waiting_for_naloxone(door) for _ in range(3)]
    for chat in chats:
        door.kill()
        door.start()
        message_id = str(uuid.uuid4())
        answer = chat.say(STILL, message_id)
        assert answer.status_code in (202, 503)
        assert steps(answer.json()) == undisturbed != fresh
        door.wait_for_store()
        again = chat.say(STILL, message_id)  # as the widget does when an answer is lost or refused
        assert again.status_code == 202 and steps(again.json()) == undisturbed
        assert len(chat.turn(again.json()["seq"])) == 1
    for chat in chats:
        said = chat.events(lambda found: sum(event.get("kind") == "turn_done" for event in found) == 3)
        assert [event["text"] for event in said if event.get("role") == "user"][-1] == STILL


def test_a_message_sent_again_moves_the_guide_once(door: RunningDoor) -> None:
    undisturbed = steps(waiting_for_naloxone(door).say(STILL).json())
    chat = waiting_for_naloxone(door)
    message_id = str(uuid.uuid4())
    other = sqlite3.connect(door.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = [chat.say(STILL, message_id) for _ in range(3)]
    other.execute("ROLLBACK")
    other.close()
    accepted = [chat.say(STILL, message_id) for _ in range(2)]
    assert [answer.status_code for answer in (*refused, *accepted)] == [503, 503, 503, 202, 202]
    assert all(steps(answer.json()) == undisturbed for answer in (*refused, *accepted))
    assert chat.say("i gave the second dose").json()["card"]["timer"] == 150
