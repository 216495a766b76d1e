"""Where sentences end, and what each is worth in a text."""

import pytest

from helpline.sms.sentences import Worth, alike, sentences, split

PHONE = "(844) 557-8575"
WORTH = {
    "Call 911 if they are sick.": Worth.ALARM,
    "For thoughts of suicide, call or text 988.": Worth.ALARM,
    f"Call 911 or {PHONE}.": Worth.ALARM,
    "Do not stop it suddenly.": Worth.NOT_SUDDENLY,
    "No lo deje de golpe.": Worth.NOT_SUDDENLY,
    "Give naloxone if an opioid is possible.": Worth.NALOXONE,
    "Naloxone does not undo all of it.": Worth.WHY,
    "Watch for: fever.": Worth.WARNING,
    "Call Poison Control at 1-800-222-1222.": Worth.WARNING,
    "Text HOME to 741741.": Worth.WARNING,
    "Look at findahelpline.com.": Worth.WARNING,
    "Do not mix alcohol with Xanax.": Worth.VERDICT,
    "I don't know flurbzol.": Worth.VERDICT,
    "That does not mean it is safe.": Worth.VERDICT,
    "This is in case you mean kratom.": Worth.VERDICT,
    "If both are prescribed, keep taking them.": Worth.VERDICT,
    "Ask your prescriber.": Worth.TO_DO,
    "Are you alone?": Worth.TO_DO,
    f"Call {PHONE} to talk.": Worth.NUMBER,
    "Both slow your breathing.": Worth.WHY,
    "Sources: NIDA, FDA 2020.": Worth.NOT_IN_A_TEXT,
    "'Clear this chat' deletes it.": Worth.NOT_IN_A_TEXT,
}
SENTENCES = {
    "Call 911. Stay.": ["Call 911.", "Stay."],
    "Call. 911 will help.": ["Call.", "911 will help."],
    "Are you there? ¿Está ahí?": ["Are you there?", "¿Está ahí?"],
    "From 9 a.m. to 5 p.m. Monday. Or later.": ["From 9 a.m. to 5 p.m. Monday.", "Or later."],
    "Ask Dr. Lee about St. John's wort. Do it now.": ["Ask Dr. Lee about St. John's wort.", "Do it now."],
    "See 988lifeline.org. Or call.": ["See 988lifeline.org.", "Or call."],
}


def worth(*bubbles: str, asks: bool = False) -> list[Worth]:
    return [each.worth for each in sentences(bubbles, [asks] * len(bubbles), PHONE)]


@pytest.mark.parametrize(("text", "parts"), SENTENCES.items())
def test_where_a_sentence_ends(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(("text", "its_worth"), WORTH.items())
def test_what_a_sentence_is_worth(text: str, its_worth: Worth) -> None:
    assert worth("Hi.", text) == [Worth.FIRST_AND_ASKED, its_worth]


def test_the_first_sentence_and_the_question_are_worth_most() -> None:
    most = Worth.FIRST_AND_ASKED
    assert worth("Both slow you. It is so.", "It is. Is it?", asks=True) == [most, most, Worth.WHY, most]
    assert worth("Hi.", "It is. Is it?") == [most, Worth.WHY, Worth.TO_DO]


def test_signs_of_which_another_sentence_speaks_are_as_needed_as_it_is() -> None:
    assert worth("Hi.", "Watch for: fever. Call 911 now for any of these signs.")[1] == Worth.ALARM


def test_what_is_said_twice_is_worth_little() -> None:
    calls = "If anyone is very sleepy, breathes slowly or cannot be woken, call 911 now."
    again = "Call 911 now if anyone is very sleepy, breathes slowly, or will not wake up, and give naloxone."
    assert worth("Hi.", calls, again)[1:] == [Worth.REPEATED, Worth.ALARM]
    assert worth("Hi.", calls, "Call 911 for a fever or a seizure.")[1:] == [Worth.ALARM, Worth.ALARM]
    assert worth("Hi.", "Call 911 if they are sick.", again)[1:] == [Worth.ALARM, Worth.ALARM]
    assert worth("Hi.", "Call 1-800-222-1222.", "You may call 1-800-222-1222.")[1:] == [Worth.WARNING, Worth.TO_DO]
    assert len(worth("Hi.", calls, calls)) == 2


def test_how_alike_two_texts_are() -> None:
    assert alike("Stay with them.", "Stay close.") == 1.0
    assert alike("Lay them on their side.", "Give breaths.") == 0.0
    assert alike("", "Stay.") == 0.0
