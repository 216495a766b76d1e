"""A bad night by text, replayed: duplicates, forgeries, disorder, no provider for a while, a killed front door."""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from uuid import uuid4

import httpx

from tests.bot.frontdoor.running_door import SUICIDE, RunningDoor
from tests.bot.sms.twilio_stand_in import TwilioStandIn

ALARM = "Call or text 988 now."  # how the first text to SUICIDE begins
EACH = 3  # messages of one number
AT_ONCE = 4
SETTLED_SECONDS = 120.0
GRACE = 1.0  # seconds in which a text that was on its way when STOP came may still arrive


@dataclass(frozen=True)
class Post:
    """One request to the front door."""

    number: str
    sid: str
    body: str
    forged: bool = False


@dataclass
class Result:
    """What a replay came to; everything but the counts of what was sent and the times should be 0."""

    posts: int = 0
    genuine: int = 0
    duplicates: int = 0
    forged: int = 0
    kills: int = 0
    provider_down_seconds: float = 0.0
    lost: int = 0
    unanswered: int = 0
    doubled: int = 0
    forged_accepted: int = 0
    after_stop: int = 0
    seconds: float = 0.0
    median_ms: float = 0.0
    worst_ms: float = 0.0

    @property
    def faults(self) -> int:
        """How much went wrong."""
        return self.lost + self.unanswered + self.doubled + self.forged_accepted + self.after_stop

    def json(self) -> str:
        """For machines."""
        return json.dumps({**asdict(self), "faults": self.faults})


@dataclass
class Told:
    """What the replay knows while it runs: when each STOP was taken, and how long each acknowledgement took."""

    stopped: dict[str, float] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    forged_accepted: int = 0
    done: int = 0


class Replay:
    """One replay against a running front door, whose Rasa answers every message with `echo` and its words."""

    def __init__(self, door: RunningDoor, twilio: TwilioStandIn, posts: int, seed: int = 7) -> None:
        self._door = door
        self._twilio = twilio
        self._random = random.Random(seed)
        self._genuine = self._messages(posts * 75 // 100)
        self._posts = self._disorder(posts)
        self._by_body = {(post.number, post.body): post.sid for post in self._genuine}
        self._told = Told()
        self._lock = threading.Lock()

    def run(self, kills: int, down_seconds: float) -> Result:
        """Post everything, with the provider down and the front door killed in the middle, and count what is wrong."""
        started = time.monotonic()
        trouble = threading.Thread(target=self._trouble, args=(kills, down_seconds))
        trouble.start()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._post, self._posts))
        trouble.join()
        self._settle()
        return self._result(kills, down_seconds, time.monotonic() - started)

    def _messages(self, many: int) -> list[Post]:
        """Three of each number: talk; some say an emergency, some STOP."""
        found = []
        for at in range(many):
            number = f"+1206{2000000 + at // EACH}"
            body = f"message {at:05d} of mine"
            if at % EACH == 1 and at % 30 < EACH:
                body = SUICIDE
            if at % EACH == 2 and at % 24 < EACH:
                body = "STOP"
            found.append(Post(number, f"SM{uuid4().hex}", body))
        return found

    def _disorder(self, posts: int) -> list[Post]:
        """With duplicates and forgeries, in no order."""
        again = self._random.sample(self._genuine, posts * 20 // 100)
        forged = [
            Post(each.number, f"SM{uuid4().hex}", f"forged {at:05d} text", forged=True)
            for at, each in enumerate(self._random.choices(self._genuine, k=posts * 5 // 100))
        ]
        mixed = [*self._genuine, *again, *forged]
        self._random.shuffle(mixed)
        return mixed

    def _post(self, post: Post) -> None:
        """Hand one over as Twilio does: again where nobody answers."""
        url = f"{self._door.url}/sms/inbound"
        while True:
            began = time.monotonic()
            try:
                if post.forged:
                    form = {"MessageSid": post.sid, "From": post.number, "Body": post.body}
                    answer = self._twilio.http.post(url, data=form, headers={"X-Twilio-Signature": "x" * 28})
                else:
                    answer = self._twilio.text(url, post.number, post.body, post.sid)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        with self._lock:
            self._told.done += 1
            self._told.statuses[answer.status_code] += 1
            self._told.milliseconds.append((time.monotonic() - began) * 1000)
            if post.forged and answer.status_code != 403:
                self._told.forged_accepted += 1
            if post.body == "STOP" and not post.forged:
                self._told.stopped.setdefault(post.number, time.time())

    def _trouble(self, kills: int, down_seconds: float) -> None:
        """At a third the provider goes, and the front door is killed at even steps."""
        steps = [len(self._posts) * (at + 1) // (kills + 1) for at in range(kills)]
        down = threading.Thread(target=self._provider_down, args=(len(self._posts) // 3, down_seconds))
        down.start()
        for step in steps:
            self._wait_for(step)
            self._door.kill()
            self._door.start()
        down.join()

    def _provider_down(self, step: int, seconds: float) -> None:
        self._wait_for(step)
        self._twilio.stop()
        time.sleep(seconds)
        self._twilio.start()

    def _wait_for(self, step: int) -> None:
        while self._told.done < step:
            time.sleep(0.01)

    def _settle(self) -> None:
        """Wait until nothing is on its way any more."""
        until = time.monotonic() + SETTLED_SECONDS
        while time.monotonic() < until:
            before = len(self._twilio.texts)
            time.sleep(3)
            if len(self._twilio.texts) == before and not self._door.open_texts():
                return

    def _result(self, kills: int, down_seconds: float, seconds: float) -> Result:
        told, counts = self._told, Counter[str]()
        counts.update(self._by_body.get((row["to"], _echoed(row["body"])), "") for row in self._twilio.texts)
        stored = self._door.message_ids()
        talk = [post for post in self._genuine if post.body not in (SUICIDE, "STOP")]
        alarms = [post for post in self._genuine if post.body == SUICIDE]
        return Result(
            posts=len(self._posts),
            genuine=len(self._genuine),
            duplicates=len(self._posts) - len({post.sid for post in self._posts}),
            forged=sum(post.forged for post in self._posts),
            kills=kills,
            provider_down_seconds=down_seconds,
            lost=sum(post.sid not in stored for post in self._genuine),
            unanswered=sum(counts[post.sid] == 0 for post in talk if post.number not in told.stopped)
            + sum(not self._alarmed(post.number) for post in alarms),
            doubled=sum(max(0, counts[post.sid] - 1) for post in talk)
            + sum(max(0, self._alarmed(post.number) - 1) for post in alarms),
            forged_accepted=told.forged_accepted + len({post.sid for post in self._posts if post.forged} & stored),
            after_stop=sum(self._late(row) for row in self._twilio.texts),
            seconds=round(seconds, 1),
            median_ms=round(statistics.median(told.milliseconds), 1),
            worst_ms=round(max(told.milliseconds), 1),
        )

    def _alarmed(self, number: str) -> int:
        """How often a number got the first text of the emergency."""
        return sum(row["to"] == number and row["body"].startswith(ALARM) for row in self._twilio.texts)

    def _late(self, row: dict[str, str]) -> bool:
        """Whether a text went out after STOP was taken: its confirmation and an emergency may."""
        stopped = self._told.stopped.get(row["to"])
        if stopped is None or not _echoed(row["body"]):
            return False
        return float(row["at"]) > stopped + GRACE


def _echoed(body: str) -> str:
    """The message that an answer of the stand-in's repeats."""
    start = body.find("message ")
    return body[start : start + len("message 00000 of mine")] if start >= 0 else ""
