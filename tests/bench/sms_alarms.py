"""Emergencies by text next to the web chat: `python -m tests.bench.sms_alarms messages.jsonl` ({"id", "text"} a line).

Each message goes to the same running stack twice, from a fresh session and from a fresh number. The two must agree on
what is an emergency, and its first text must be one segment that names whom to call.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.store import Store
from bot.visitor import Visitor
from helpline.sms import SINGLE, septets
from tests.bot.sms.phone import Phone, sms_settings
from tests.bot.sms.twilio_stand_in import TwilioStandIn
from tests.stack import Stack

ALARMS = ("crisis", "emergency")
WHOM = ("911", "988", "1-800-222-1222", "1-800-799-7233")
PATIENCE = 20.0
AT_ONCE = 2


@dataclass(frozen=True)
class Heard:
    """One message: whether it was an emergency on the web and by text, and its first text."""

    on_the_web: bool
    by_text: bool
    first: str

    @property
    def complete(self) -> bool:
        """Whether the first text stands alone."""
        return septets(self.first) <= SINGLE and any(number in self.first for number in WHOM)


def hear(stack: Stack, store: Store, twilio: TwilioStandIn, text: str) -> Heard:
    """Send one message both ways."""
    on_the_web = asyncio.run(_web(stack, text))
    phone = Phone(stack, twilio)
    phone.text(text)
    first = phone.receives(1, PATIENCE)[0]
    by_text = any(each.kind == "alarm" for each in store.texts_to(phone.number).result())
    return Heard(on_the_web, by_text, first)


async def _web(stack: Stack, text: str) -> bool:
    async with Visitor(stack.url, stack.evaluate_key) as visitor:
        turn = await visitor.say(text)
    return any(card.get("kind") in ALARMS for card in turn.cards)


def counts(heard: Sequence[Heard]) -> dict[str, Any]:
    """What it comes to."""
    alarms = [each for each in heard if each.by_text]
    return {
        "messages": len(heard),
        "alarms_on_the_web": sum(each.on_the_web for each in heard),
        "alarms_by_text": len(alarms),
        "differ": sum(each.on_the_web != each.by_text for each in heard),
        "first_text_complete": sum(each.complete for each in alarms),
        "longest_first_text": max((septets(each.first) for each in alarms), default=0),
    }


def main() -> int:
    """Read the command line; 1 when the two ways differ, or a first text does not stand alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("messages", type=Path)
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.messages.read_text(encoding="utf-8").splitlines() if line.strip()]
    twilio = TwilioStandIn()
    try:
        with Stack(**sms_settings(twilio)) as stack, ThreadPoolExecutor(AT_ONCE) as pool:
            store = stack.store()
            found = counts(list(pool.map(lambda row: hear(stack, store, twilio, row["text"]), rows)))
            store.close()
    finally:
        twilio.stop()
    print(json.dumps(found))
    return int(found["differ"] > 0 or found["first_text_complete"] < found["alarms_by_text"])


if __name__ == "__main__":
    sys.exit(main())
