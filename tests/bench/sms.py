"""A bad night by text: 2,000 requests, a fifth of them twice, 5 % forged, the provider down, the front door killed.

`python -m tests.bench.sms`, or `make replay`; --json for machines. Then the same with Rasa dead, for the times.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import RunningDoor
from tests.bot.sms.phone import sms_settings
from tests.bot.sms.replay import Replay, Result
from tests.bot.sms.twilio_stand_in import TwilioStandIn


def replay(posts: int, kills: int, down_seconds: float, *, rasa_lives: bool = True) -> Result:
    """One replay with a front door, a provider and a Rasa of its own."""
    rasa, twilio = RasaStandIn(), TwilioStandIn()
    with tempfile.TemporaryDirectory(prefix="firstlight-") as folder:
        door = RunningDoor(Path(folder), rasa.port, **sms_settings(twilio)).start()
        door.wait_for_store()
        if not rasa_lives:
            rasa.stop()
        try:
            return Replay(door, twilio, posts).run(kills, down_seconds)
        finally:
            door.stop()
            twilio.stop()
            rasa.stop()


def words(result: Result) -> str:
    """For people."""
    return (
        f"{result.posts} requests in {result.seconds} s: {result.genuine} texts, {result.duplicates} of them twice, "
        f"{result.forged} forged; provider down {result.provider_down_seconds:.0f} s, front door killed "
        f"{result.kills} times.\nlost {result.lost}, unanswered {result.unanswered}, answered twice {result.doubled}, "
        f"forged and accepted {result.forged_accepted}, sent after STOP {result.after_stop}.\n"
        f"Acknowledged in {result.median_ms} ms at the median, {result.worst_ms} ms at the worst."
    )


def main() -> int:
    """Read the command line; 1 when anything was lost, doubled, forged or sent after STOP."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--down", type=float, default=60, help="seconds without the provider")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    print("Replaying (about five minutes) ...", file=sys.stderr, flush=True)
    night = replay(asked.posts, asked.kills, asked.down)
    print("Once more with Rasa dead ...", file=sys.stderr, flush=True)
    dead = replay(min(400, asked.posts), 0, 0, rasa_lives=False)
    if asked.json:
        print(night.json(), dead.json(), sep="\n")
    else:
        print(words(night))
        print(f"With Rasa dead: acknowledged in {dead.median_ms} ms at the median, {dead.worst_ms} ms at the worst.")
    return int(night.faults > 0)


if __name__ == "__main__":
    sys.exit(main())
