"""What a visitor sees when parts are really killed, and that nothing accepted is lost."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest

from bot.visitor import Visitor
from tests.stack import Stack

pytestmark = pytest.mark.stack
PHONE = "557-8575"


@pytest.fixture(scope="module")
def own_stack() -> Iterator[Stack]:
    """A stack of its own: these tests break it."""
    with Stack() as running:
        yield running


def kill(stack: Stack, words: str) -> None:
    """kill -9."""
    os.kill(stack.child(words), signal.SIGKILL)


def wait_for_front_door(stack: Stack) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"{stack.url}/health/live", timeout=1, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError


def test_rasa_killed_in_the_middle_of_a_message(own_stack: Stack) -> None:
    async def talk() -> None:
        async with Visitor(own_stack.url, own_stack.evaluate_key) as visitor:
            await visitor.say("hello")
            asking = asyncio.create_task(visitor.say("can i mix xanax and percocet"))
            kill(own_stack, "rasa run")
            turn = await asking
            # Either Rasa had answered, or the helpline card came; never silence.
            assert PHONE in turn.text + str(turn.cards)
            for text, kind, number in (
                ("my friend is not waking up he took oxys and bars", "emergency", "911"),
                ("i want to kill myself", "crisis", "988"),
            ):
                turn = await visitor.say(text)
                assert turn.body["card"]["kind"] == kind
                assert number in turn.text + str(turn.cards)
            plain = await visitor.say("can i mix xanax and percocet")
            assert PHONE in plain.text + str(plain.cards)
            assert plain.seconds < 5

    asyncio.run(talk())
    own_stack.wait_until_ready()

    async def afterwards() -> None:
        async with Visitor(own_stack.url, own_stack.evaluate_key) as visitor:
            turn = await visitor.say("can i mix xanax and percocet")
            assert turn.cards[0]["severity"] == "dangerous"

    asyncio.run(afterwards())


def test_rasa_comes_back_and_still_knows_the_talk(own_stack: Stack) -> None:
    async def talk() -> None:
        async with Visitor(own_stack.url, own_stack.evaluate_key) as visitor:
            await visitor.say("can i mix xanax and percocet")
            kill(own_stack, "rasa run")
            await asyncio.sleep(1)
            await asyncio.to_thread(own_stack.wait_until_ready)
            turn = await visitor.say("what about with beer")
            named = " ".join(s.lower() for s in turn.cards[0]["substances"])
            assert "alcohol" in named and "alprazolam" in named and "oxycodone" in named

    asyncio.run(talk())


def test_front_door_killed_in_the_middle_of_messages(own_stack: Stack) -> None:
    """Every message answered with 202 has exactly one finished turn afterwards, also when its id is sent again."""

    async def talk() -> None:
        async with Visitor(own_stack.url, own_stack.evaluate_key, seconds=10) as visitor:
            await visitor.say("hello")
            accepted: dict[str, int] = {}
            unsure: list[str] = []
            for number in range(6):
                identity = str(uuid.uuid4())
                sending = asyncio.create_task(visitor.post({"id": identity, "text": "zanax and percs"}))
                if number % 2:
                    await asyncio.sleep(0.01 * number)
                    kill(own_stack, "bot.frontdoor")
                try:
                    answer = await sending
                    assert answer.status_code == 202
                    accepted[identity] = answer.json()["seq"]
                except httpx.HTTPError:
                    unsure.append(identity)
                await asyncio.to_thread(wait_for_front_door, own_stack)
            for identity in unsure:  # the widget sends again with the same id
                accepted[identity] = (await visitor.post({"id": identity, "text": "zanax and percs"})).json()["seq"]
            assert len(set(accepted.values())) == len(accepted) == 6
            done: list[int] = []
            answered: list[int] = []
            visitor._last = 0
            async for event in visitor.events():
                if event.get("kind") == "turn_done":
                    done.append(event["reply_to"])
                elif event.get("role") == "bot":
                    answered.append(event["reply_to"])
                if set(accepted.values()) <= set(done):
                    break
            assert len(done) == len(set(done))
            assert set(accepted.values()) <= set(answered)

    asyncio.run(talk())


def test_ctrl_c_leaves_no_orphans() -> None:
    with Stack() as running:
        children = [running.child("rasa run"), running.child("bot.frontdoor")]
        running.stop()
        time.sleep(0.5)
        for pid in children:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
