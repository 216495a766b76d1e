"""Emergency posts while something is broken: how fast their cards come, and that no message of the talk is lost."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tests.bot.frontdoor.running_door import Chat, Event, RunningDoor

SESSIONS = 6
ROUNDS = 8  # emergencies of each session
PAUSE = 0.3  # so that what happens every 2 s happens meanwhile
ALARMS = ("emergency", "crisis")
# The rules hear each of these; after two of them comes an ordinary message, for the classifier, the database and Rasa.
EMERGENCIES = (
    "my friend is not waking up he took oxys and bars",
    "i want to kill myself",
    "shes not breathing and her lips are blue",
    "i took a whole bottle of pills",
    "mi amigo no despierta y no respira",
)
ORDINARY = ("can i mix xanax and percocet", "hello", "how long does withdrawal last", "thank you")


@dataclass
class Sent:
    """A message as it was sent: its id, its words, and the first answer."""

    text: str
    emergency: bool
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: int = 0
    card: str = ""
    seconds: float = 0.0


@dataclass
class Talk:
    """One visitor, who writes on whatever comes."""

    chat: Chat
    sent: list[Sent] = field(default_factory=list)

    def run(self, rounds: int) -> None:
        """Emergencies, and an ordinary message now and then."""
        for number in range(rounds):
            if number % 2 == 0:
                self.post(Sent(ORDINARY[number // 2 % len(ORDINARY)], False))
            self.post(Sent(EMERGENCIES[number % len(EMERGENCIES)], True))
            time.sleep(PAUSE)

    def post(self, message: Sent) -> None:
        """Send one, and keep how its answer was."""
        self.sent.append(message)
        started = time.perf_counter()
        try:
            answer = self.chat.say(message.text, message.message_id)
        except httpx.HTTPError:
            return
        message.seconds = time.perf_counter() - started
        message.status = answer.status_code
        message.card = str((answer.json().get("card") or {}).get("kind"))

    def insist(self, seconds: float = 30) -> None:
        """Send again, in order and by the same id, what was not taken: as the widget does."""
        until = time.monotonic() + seconds
        for message in self.sent:
            while message.status != 202:
                assert time.monotonic() < until, f"still refused with {message.status}: {message.text}"
                message.status = self.chat.say(message.text, message.message_id).status_code
                time.sleep(0 if message.status == 202 else 0.2)

    def check(self) -> None:
        """Every message is in the journal once, and its turn was answered and ended once."""
        wanted = {message.message_id for message in self.sent}

        def ended(events: Sequence[Event]) -> bool:
            return sum(event.get("kind") == "turn_done" for event in events) >= len(wanted)

        events = self.chat.events(ended, seconds=20)
        seqs = [event["seq"] for event in events if event.get("id") in wanted]
        done = [event["reply_to"] for event in events if event.get("kind") == "turn_done"]
        answered = {event["reply_to"] for event in events if event.get("role") == "bot"}
        assert len(seqs) == len(set(seqs)) == len(wanted), "a message is lost or doubled"
        assert sorted(done) == sorted(seqs), "a turn did not end once"
        assert answered >= set(seqs), "a turn ended in silence"


@dataclass(frozen=True)
class Figures:
    """Of one fault: how many cards were due, and how long they took in seconds."""

    posts: int
    stored: int
    p50: float
    p95: float
    slowest: float

    def row(self, name: str) -> str:
        """A line of a table."""
        times = " | ".join(f"{1000 * value:.0f}" for value in (self.p50, self.p95, self.slowest))
        return f"| {name} | {self.posts} | {self.stored} | {times} |"


def talks(door: RunningDoor) -> list[Talk]:
    """Visitors who have talked to this front door already: a session, and a connection that is open."""
    made = [Talk(Chat(door)) for _ in range(SESSIONS)]
    for talk in made:
        talk.post(Sent("hello", False))
    return made


def post_all(made: Sequence[Talk], rounds: int = ROUNDS) -> Figures:
    """Let all of them write at once. Every emergency must have its card, whatever the status."""
    with ThreadPoolExecutor(len(made)) as pool:
        list(pool.map(lambda talk: talk.run(rounds), made))
    posts = [message for talk in made for message in talk.sent if message.emergency]
    bare = [message for message in posts if message.card not in ALARMS]
    assert not bare, f"{len(bare)} emergencies without a card: {bare[:3]}"
    return figures([message.seconds for message in posts], sum(message.status == 202 for message in posts))


def figures(seconds: Sequence[float], stored: int) -> Figures:
    """The median, the 95th percentile and the slowest."""
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return Figures(len(ordered), stored, statistics.median(ordered), p95, ordered[-1])
