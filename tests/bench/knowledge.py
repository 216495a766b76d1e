"""How long hearing, checking and loading take: `python -m tests.bench.knowledge`."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable
from pathlib import Path

from helpline.knowledge import Knowledge, Recogniser, check, load

DATA = Path(__file__).parents[2] / "data" / "knowledge"
CHANCE = random.Random(11)
ROUNDS = 300
TALK = "i was wondering whether it would be alright to take my evening xanax with some wine because "


def figures(once: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """The p50 and p99 of one call, in milliseconds of processor time: the machine may be busy with other work."""
    once()
    taken = []
    for _ in range(rounds):
        begun = time.thread_time()
        once()
        taken.append((time.thread_time() - begun) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)]


def letters(count: int, length: int) -> str:
    """So many random words, cut at 2,000 characters."""
    return " ".join("".join(CHANCE.choices(string.ascii_lowercase, k=length)) for _ in range(count))[:2000]


def texts(knowledge: Knowledge) -> dict[str, str]:
    """Messages of 2,000 characters, ordinary and hostile."""
    names = [name for name in knowledge.names.spoken if len(name) > 6 and name.isalpha()]
    slips = [name[:3] + "q" + name[4:] for name in CHANCE.sample(names, 250)]
    return {
        "a seed question": "can i mix xanax and percocet",
        "ordinary talk, 2,000 characters": (TALK * 30)[:2000],
        "400 random words": letters(400, 4),
        "250 longer random words": letters(250, 7),
        "1,000 one-letter names": " ".join(CHANCE.choices("xkghmle", k=1000)),
        "names only": " ".join(CHANCE.sample(names, 250))[:2000],
        "misspelled names only": " ".join(slips)[:2000],
        "denials only": ("not on xanax no beer without weed never took " * 45)[:2000],
    }


def twelve(knowledge: Knowledge) -> Callable[[], object]:
    """A check of another twelve substances at each call."""
    names = sorted(knowledge.substances)
    return lambda: check(knowledge, CHANCE.sample(names, 12))


def main() -> None:
    """Measure and print."""
    knowledge = load(DATA)
    recogniser = Recogniser(knowledge)
    rows = [
        (f"hear: {name}", figures(lambda text=text: recogniser.hear(text))) for name, text in texts(knowledge).items()
    ]  # type: ignore[misc]
    rows.append(("check: 12 substances, first time", figures(twelve(load(DATA)))))
    figures(twelve(knowledge), 3000)
    rows.append(("check: 12 substances", figures(twelve(knowledge), 1000)))
    rows.append(("load: all tables", figures(lambda: load(DATA), 15)))
    print(f"{'milliseconds':<40}{'p50':>9}{'p99':>9}")
    for name, (p50, p99) in rows:
        print(f"{name:<40}{p50:>9.3f}{p99:>9.3f}")


if __name__ == "__main__":
    main()
