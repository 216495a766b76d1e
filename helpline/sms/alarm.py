"""What follows the first text of an alarm: the steps that it does not say, none of them cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpline.sms.layout import Layout
from helpline.sms.sentences import CONTACT, OF_THE_WEB, alike, split

SAID = 0.6  # of a line's words, from which on the first text has said it


def afterwards(layout: Layout, steps: Sequence[str], link: str) -> tuple[str, ...]:
    """The second text: the options and as many steps as fit, those with a new number or address first.

    A third one follows where such a step finds no room, as the numbers of other countries may; none where all is said.
    """
    unsaid = [step for step in steps if alike(step, layout.said_before) < SAID and not OF_THE_WEB.search(step)]
    if not unsaid and not layout.titles:
        return ()
    chosen = _filled_up(layout, unsaid)
    lost = [step for place, step in enumerate(unsaid) if place not in chosen and _new_contact(layout, step)]
    said = [chosen[place] for place in sorted(chosen)]
    second = _second(layout, said, link, left_out=said != unsaid)
    return (second, _third(layout, lost)) if lost else (second,)


def _second(layout: Layout, said: Sequence[str], link: str, *, left_out: bool) -> str:
    linked = replace(layout, link=link)
    if link and linked.fits(said, False):
        return linked.write(said, False)
    if not layout.fits(said, False):
        return layout.cut("")
    return layout.write(said, left_out and layout.fits(said, True))


def _third(layout: Layout, lost: Sequence[str]) -> str:
    alone = replace(layout, titles=())
    return alone.write([*_filled_up(alone, lost).values()], False)


def _filled_up(layout: Layout, unsaid: Sequence[str]) -> dict[int, str]:
    """What is said of the steps, by their place."""
    chosen: dict[int, str] = {}
    for place in sorted(range(len(unsaid)), key=lambda place: not _new_contact(layout, unsaid[place])):
        for text in _beginnings(unsaid[place]):
            tried = {**chosen, place: text}
            if layout.fits([tried[each] for each in sorted(tried)], False):
                chosen = tried
                break
    return chosen


def _new_contact(layout: Layout, step: str) -> bool:
    """Whether a step says a number or an address that is still unsaid; the line with our own number is no step."""
    told = CONTACT.findall(layout.said_before)
    return layout.sayings.phone not in step and not set(CONTACT.findall(step)) <= set(told)


def _beginnings(step: str) -> list[str]:
    """The step, and what is left of it without its last sentences; a question does not stand without its answer."""
    parts = split(step)
    whole, *shorter = [" ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return [whole, *(each for each in shorter if not each.endswith("?"))]
