"""What follows the first text of an alarm: the steps that it does not say, none of them cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from helpline.sms.layout import Layout
from helpline.sms.sentences import NUMBERS, OF_THE_WEB, split

SAID = 0.6  # of a line's words, from which on the first text has said it
WORD = re.compile(r"\w+")


def afterwards(layout: Layout, steps: Sequence[str], link: str) -> tuple[str, ...]:
    """The second text: the options and as many steps as fit, those with a new number first.

    A third one follows where such a step finds no room, as the numbers of other countries may; none where all is said.
    """
    unsaid = [step for step in steps if not _said(step, layout.said_before) and not OF_THE_WEB.search(step)]
    if not unsaid and not layout.titles:
        return ()
    chosen = _filled_up(layout, unsaid)
    lost = [step for place, step in enumerate(unsaid) if place not in chosen and _new_number(layout, step)]
    said = [chosen[place] for place in sorted(chosen)]
    third = (replace(layout, titles=()).write(lost, False),) if lost else ()
    return (_second(layout, said, link, left_out=said != unsaid), *third)


def _second(layout: Layout, said: Sequence[str], link: str, *, left_out: bool) -> str:
    linked = replace(layout, link=link)
    if link and linked.fits(said, False):
        return linked.write(said, False)
    if not layout.fits(said, False):
        return layout.cut("")
    return layout.write(said, left_out and layout.fits(said, True))


def _filled_up(layout: Layout, unsaid: Sequence[str]) -> dict[int, str]:
    """What is said of the steps, by their place."""
    chosen: dict[int, str] = {}
    for place in sorted(range(len(unsaid)), key=lambda place: not _new_number(layout, unsaid[place])):
        for text in _beginnings(unsaid[place]):
            tried = {**chosen, place: text}
            if layout.fits([tried[each] for each in sorted(tried)], False):
                chosen = tried
                break
    return chosen


def _new_number(layout: Layout, step: str) -> bool:
    """Whether a step says a number that is still unsaid; the line with our own is no step."""
    told = NUMBERS.findall(layout.said_before)
    return layout.sayings.phone not in step and not set(NUMBERS.findall(step)) <= set(told)


def _beginnings(step: str) -> list[str]:
    """The step, and what is left of it without its last sentences; a question does not stand without its answer."""
    parts = split(step)
    whole, *shorter = [" ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return [whole, *(each for each in shorter if not each.endswith("?"))]


def _said(step: str, before: str) -> bool:
    words, told = _words(step), _words(before)
    return len(words & told) >= SAID * len(words)


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.lower()))
