"""How fast this machine is right now, so that limits in milliseconds hold on a busy one as on a quiet one."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

# What `_work` takes on the machine on which triage, unchanged since, took 2.9 ms (p99 of ordinary messages); where that
# takes 7.2 to 8.2 ms, `_work` takes 6.2 to 6.9. So 2.6 ms; a little more is the stricter choice.
QUIET_SECONDS = 0.0030
ROUNDS = 25


def fastest(once: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of processor time of the fastest call, as a quiet machine would take.

    A yardstick runs between the calls: what slows it down (a busy neighbour, a hot processor) slows both.
    """
    own, yard = [], []
    for _ in range(rounds):
        own.append(_seconds(once))
        yard.append(_seconds(_work))
    return min(own) / max(1.0, min(yard) / QUIET_SECONDS)


def _seconds(once: Callable[[], object]) -> float:
    # Without the garbage of the thousands of tests before.
    gc.disable()
    begun = time.process_time()
    once()
    taken = time.process_time() - begun
    gc.enable()
    return taken


def _work() -> int:
    """Strings, sets and dictionaries, which is what the heart is made of."""
    seen: dict[str, int] = {}
    for number in range(4000):
        word = f"word{number % 700}"
        rests = {word[:place] + word[place + 1 :] for place in (1, 2, 3)}
        seen[word] = seen.get(word, 0) + len(rests)
    return len(seen)


def slowness(rounds: int = ROUNDS) -> float:
    """How many times as long as on a quiet machine the yardstick takes now, 1 at least; waiting for a turn included."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        _work()
        taken.append(time.perf_counter() - begun)
    return max(1.0, sorted(taken)[rounds // 2] / QUIET_SECONDS)
