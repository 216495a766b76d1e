"""The request to be called back reaches the store through the real stack, also when Rasa is killed on the way."""

import asyncio
import os
import signal
import sqlite3

import pytest

from bot.settings import Settings
from bot.store import Store, conversation_key
from bot.store.records import Callback, CallbackRequest
from bot.visitor import Turn, Visitor
from tests.stack import Stack

pytestmark = pytest.mark.stack


def requests(stack: Stack, visitor: Visitor) -> list[CallbackRequest]:
    """What staff would read of this visitor."""
    store = Store(Settings.from_environment(stack.environment))
    try:
        talk = conversation_key(visitor.token)
        return [request for request in store.callbacks().result() if request.conversation == talk]
    finally:
        store.close()


def readable(stack: Stack, visitor: Visitor) -> str:
    """Everything of the talk that stands in the database in plain words."""
    with sqlite3.connect(stack.database) as db:
        rows = db.execute(
            "SELECT text_redacted FROM entries WHERE conversation_id = ?", [conversation_key(visitor.token)]
        )
        return "\n".join(row[0] or "" for row in rows)


async def begin(visitor: Visitor) -> Turn:
    """Up to the first question of the form."""
    offered = await visitor.say("can i talk to somebody")
    return await visitor.choose(offered.buttons["Ask to be called back"])


async def finish(visitor: Visitor, turn: Turn) -> Turn:
    """From the question for a time to the end, by buttons."""
    for title in ("Evening", "Yes", "Yes, that's right"):
        turn = await visitor.choose(turn.buttons[title])
    return turn


def test_the_request_is_in_the_database_and_nowhere_in_plain_words(stack: Stack) -> None:
    async def talk() -> None:
        async with Visitor(stack.url, stack.evaluate_key) as visitor:
            await visitor.say("how much does rehab cost")
            await begin(visitor)
            await visitor.say("zebulon")
            done = await finish(visitor, await visitor.say("845 557 8575"))
            assert "with our staff" in done.text
            [request] = requests(stack, visitor)
            assert request.asked == Callback("Zebulon", "+18455578575", "evening")
            assert (request.reason, request.urgency, request.state) == ("ask_cost", "routine", "new")
            assert "ebulon" not in readable(stack, visitor) and "8575. Best" not in readable(stack, visitor)
            assert "[call-back answer]" in readable(stack, visitor)

    asyncio.run(talk())


def test_a_worry_before_makes_it_urgent(stack: Stack) -> None:
    async def talk() -> None:
        async with Visitor(stack.url, stack.evaluate_key) as visitor:
            await visitor.say("i want to kill myself")
            await begin(visitor)
            await visitor.say("zebulon")
            await finish(visitor, await visitor.say("845 557 8575"))
            [request] = requests(stack, visitor)
            assert request.urgency == "urgent"

    asyncio.run(talk())


def test_nothing_is_kept_of_a_form_that_is_cancelled(stack: Stack) -> None:
    async def talk() -> None:
        async with Visitor(stack.url, stack.evaluate_key) as visitor:
            await begin(visitor)
            await visitor.say("zebulon")
            turn = await visitor.say("845 557 8575")
            await visitor.choose(turn.buttons["Never mind"])
            assert requests(stack, visitor) == []
            visitor._last = 0
            said = [event async for event in take(visitor, 14)]
            assert "zebulon" not in str(said) and "557 8575" not in str(said)

    async def take(visitor: Visitor, most: int):  # type: ignore[no-untyped-def]
        """The talk as the database has it."""
        async for event in visitor.events():
            yield event
            if event.get("kind") == "turn_done" and event["reply_to"] >= most - 1:
                return

    asyncio.run(talk())


def test_the_form_goes_on_after_rasa_was_killed(stack: Stack) -> None:
    async def talk() -> None:
        async with Visitor(stack.url, stack.evaluate_key, seconds=120) as visitor:
            await begin(visitor)
            await visitor.say("zebulon")
            os.kill(stack.child("rasa run"), signal.SIGKILL)
            await asyncio.to_thread(stack.wait_until_ready)
            turn = await visitor.say("845 557 8575")
            assert "best time" in turn.text
            read_back = await visitor.choose((await visitor.choose(turn.buttons["Evening"])).buttons["Yes"])
            assert "Name: Zebulon. Number: (845) 557-8575. Best time: evening." in read_back.text
            os.kill(stack.child("rasa run"), signal.SIGKILL)
            await asyncio.to_thread(stack.wait_until_ready)
            done = await visitor.choose(read_back.buttons["Yes, that's right"])
            assert "with our staff" in done.text
            assert len(requests(stack, visitor)) == 1

    asyncio.run(talk())
