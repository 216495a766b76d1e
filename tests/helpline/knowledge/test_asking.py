"""Five different questions about the same two drugs."""

import pytest

from helpline.knowledge import Knowledge

ASKED = {
    # message: person, taken
    "can i mix xanax and percocet": ("self", ""),
    "is it ok to drink on klonopin": ("", ""),
    "xanax and percocet": ("", ""),
    "what happens if i took both": ("self", ""),
    "what happens when you mix coke and xanax": ("", ""),
    "should i have taken my xanax before the percocet": ("self", ""),
    "i did not take xanax": ("self", ""),
    "i haven't taken anything yet, can i mix them": ("self", ""),
    "i just took xanax and percocet": ("self", "now"),
    "took 2 percs and a bar": ("", "now"),
    "i drank and took a xanax an hour ago": ("self", "now"),
    "ive already taken my methadone can i have a beer": ("self", "now"),
    "i had a few beers and popped a bar, is that bad": ("self", "now"),
    "i took xanax yesterday": ("self", "earlier"),
    "took some oxy last night and my doctor gave me ambien": ("self", "earlier"),
    "i took xanax yesterday and percocet just now": ("self", "now"),
    "my son mixed oxy and lean": ("other", "now"),
    "she took her methadone and then drank wine": ("other", "now"),
    "my boyfriend snorted coke last night and he's on klonopin": ("other", "earlier"),
    "my friend gave me a bar and i took it with percs": ("self", "now"),
    "can my daughter take benadryl with zoloft": ("other", ""),
    "can i give my mom tylenol with her oxycodone": ("self", ""),
    "": ("", ""),
}


@pytest.mark.parametrize("text", ASKED)
def test_who_and_when(knowledge: Knowledge, text: str) -> None:
    asked = knowledge.asking.read(text)
    assert (asked.person, asked.taken) == ASKED[text]


CORRECTS = {
    "no, klonopin": True,
    "i meant norco": True,
    "sorry, klonopin not clonidine": True,
    "actually it was norco": True,
    "i'm not sure": False,
    "i know": False,
    "wait, beer too": False,
    "no, and also beer": False,
    "no, with beer": False,
}


@pytest.mark.parametrize(("text", "corrects"), CORRECTS.items())
def test_what_corrects(knowledge: Knowledge, text: str, corrects: bool) -> None:
    assert knowledge.asking.read(text).corrects is corrects


JOINS = {
    "and vodka": (True, False),
    "wellbutrin too": (True, False),
    "can i have it with valium": (True, True),
    "valium": (False, False),
}


@pytest.mark.parametrize(("text", "joins"), JOINS.items())
def test_what_joins_what_was_named(knowledge: Knowledge, text: str, joins: tuple[bool, bool]) -> None:
    asked = knowledge.asking.read(text)
    assert (asked.adds, asked.refers) == joins
