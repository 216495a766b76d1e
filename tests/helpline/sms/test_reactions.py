"""A thumb for one of our texts quotes it; it is not what the person says."""

import pytest

from helpline.sms.reactions import reacts

REACTIONS = [
    "Liked “Call 911 now. Give naloxone (Narcan) if you have it.”",
    'Loved "I\'m glad you told me: call or text 988 now."',
    "Emphasized “Call 911 now.”",
    "Laughed at “Hi.”",
    "Disliked an image",
    "Reacted 😮 to “Do not mix these.”",
    "Removed a like from “Call 911 now.”",
    "👍 to “Call 911 now.\nUnlock the door.”",
    "Le gustó “Llame al 911 ahora.”",
]
WORDS = [
    "i liked xanax",
    "Liked it but now i want to die",
    "liked “it” but im scared i will overdose",
    "questioned my life and i want to end it",
    "Liked “ok” i just took all my pills, goodbye “mom”",
    'Liked "ok" i want to die, tell "mom" i said "bye"',
    "he said “call 911”",
    "👍",
    "",
]


@pytest.mark.parametrize("text", REACTIONS)
def test_a_reaction_is_heard_as_one(text: str) -> None:
    assert reacts(text)


@pytest.mark.parametrize("text", WORDS)
def test_words_of_a_persons_own_are_not(text: str) -> None:
    assert not reacts(text)
