"""Compares what was sent with what the page, the store and Rasa have of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass

ECHO = "echo "
Said = tuple[str, str]  # role and text


@dataclass(frozen=True)
class Count:
    """How one source differs from what was sent."""

    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    strange: int = 0

    def __add__(self, other: Count) -> Count:
        """Both together."""
        return Count(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def right(self) -> bool:
        """Whether everything is there once and in order."""
        return not any(astuple(self))


def count(sent: Sequence[str], seen: Sequence[str]) -> Count:
    """What is missing, there more than once, behind something that was sent later, or was never sent."""
    place = {text: number for number, text in enumerate(sent)}
    often = Counter(seen)
    known = [place[text] for text in dict.fromkeys(seen) if text in place]
    return Count(
        lost=sum(text not in often for text in sent),
        doubled=sum(times - 1 for text, times in often.items() if text in place),
        out_of_order=sum(number < max(known[:at]) for at, number in enumerate(known) if at),
        strange=sum(times for text, times in often.items() if text not in place),
    )


def messages(sent: Sequence[str], talk: Sequence[Said]) -> Count:
    """The visitor's messages in a talk."""
    return count(sent, [text for role, text in talk if role == "user"])


def answers(sent: Sequence[str], talk: Sequence[Said]) -> Count:
    """The answers in a talk; one that stands before its message is out of order too."""
    given = [text.removeprefix(ECHO) for role, text in talk if role == "bot" and text.startswith(ECHO)]
    found = count(sent, given)
    first: dict[Said, int] = {}
    for number, said in enumerate(talk):
        first.setdefault(said, number)
    early = sum(first.get(("bot", ECHO + text), len(talk)) < first.get(("user", text), 0) for text in sent)
    return found + Count(out_of_order=early)
