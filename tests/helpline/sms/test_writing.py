"""Every answer as a text message: short enough, with all its quick replies, and with nothing left out that counts."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.choosing import chosen
from helpline.sms import MOST, MOST_OPTIONS, Part, offered, plain, segments, septets
from helpline.sms.sentences import alike, fewer_signs, split
from tests.helpline.sms import corpus
from tests.helpline.sms.corpus import PHONE, Given, fill

WRITING = corpus.writing()
LINK = "https://chat.example.org/t/9f3Kq2vXw7Lm4Pz8Rt1BnY"
KINDS = (corpus.said_alone, corpus.mixes, corpus.lookups, corpus.of_the_front_door, corpus.guide)
SAME = 0.7  # of the words of a sentence, where another says the same of 911
TAKEN = Part("Have you already taken them together?", ("Yes", "Not yet", "Talk to a person"))
# Answers to two long questions at once have no room for all of it.
FEW = 0.03


def sentences(parts: tuple[Part, ...]) -> list[str]:
    return [each for part in parts for line in plain(fill(part.text)).split("\n") for each in split(line)]


def without_brands(text: str) -> str:
    return re.sub(r" \([A-Z][^()]*\)", "", text)


def problems(answer: Given, body: str) -> Iterator[str]:
    """What is wrong with an answer's text."""
    said, kept = sentences(answer.parts), [each for line in body.split("\n") for each in split(line)]
    shown = [f"{place} {title}" for place, title in enumerate(offered(answer.parts), 1)]
    lines = body.split("\n")
    if segments(body) > MOST or plain(body) != body:
        yield "too long or not plain"
    if PHONE not in body:
        yield "without our number"
    if [line for line in lines if re.match(r"\d ", line)] != shown:
        yield "without all of its quick replies"
    if not body.startswith((said[0], without_brands(said[0]))):
        yield "without its first sentence"
    if "Sources:" in body or re.search(r"[\[\]{}]", body):
        yield "with sources or a placeholder"
    if shown and said[-1].endswith("?") and said[-1] not in body:
        yield "without the question that the quick replies answer"
    for each in said:
        alarm = re.search(r"\b(911|988)\b", each) and "lear this chat" not in each
        if alarm and not any(re.search(r"911|988", other) and alike(each, other) >= SAME for other in kept):
            yield f"without '{each}'"
    left_out = [each for each in said if each not in body and PHONE not in each]
    if left_out and "LINK" not in body:
        yield "without a way to read the rest"


@lru_cache(maxsize=len(KINDS))
def written(kind: Callable[[], Iterator[Given]]) -> tuple[tuple[Given, str], ...]:
    """All answers of a kind, each with its text."""
    return tuple((answer, WRITING.answer(answer.parts, answer.language)) for answer in kind())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
def test_every_answer_becomes_a_text(kind: Callable[[], Iterator[Given]]) -> None:
    wrong = [(answer.place, what, body) for answer, body in written(kind) for what in problems(answer, body)]
    assert written(kind) and wrong == []


@pytest.mark.parametrize("warning", [r"\bsuddenly\b", r"^Give naloxone"])
def test_few_answers_lose_a_warning(warning: str) -> None:
    warned = [
        body
        for answer, body in written(corpus.mixes)
        if any(re.search(warning, each) for each in sentences(answer.parts))
    ]
    lost = [body for body in warned if not re.search(warning.strip("^"), body, re.IGNORECASE)]
    assert len(lost) < FEW * len(warned)


def test_the_seed_question() -> None:
    said = corpus.answer(corpus.KNOWLEDGE, corpus.check(corpus.KNOWLEDGE, ["alprazolam", "oxycodone/acetaminophen"]))
    assert WRITING.answer([*map(Part, said.bubbles), TAKEN], "en") == (
        "Do not mix alprazolam (Xanax) with oxycodone + acetaminophen (Percocet): "
        "together they can stop your breathing."
        "\nWatch for: very sleepy, cannot be woken. If anyone is very sleepy, breathes slowly or cannot be woken, "
        "call 911 now. Give naloxone if an opioid is possible."
        "\nIf both are prescribed, do not stop either one suddenly."
        "\nHave you already taken them together?"
        "\nReply 1 to 3:\n1 Yes\n2 Not yet\n3 Talk to a person"
        f"\nA person: {PHONE}. Reply LINK for more."
    )


LONG = "".join(f"Day {day} was a long one. " for day in range(10, 30))
LEFT_OUT = [
    # A short answer is said as it is, in as many lines as it has.
    ([Part("Hi."), Part("Call us at [phone].")], "Hi.\nCall us at (844) 557-8575."),
    # Our number is said where no sentence says it.
    ([Part("Hi.")], "Hi.\nA person: (844) 557-8575."),
    ([Part("Hi. Sources: NIDA.")], "Hi.\nA person: (844) 557-8575. Reply LINK for more."),
    # What only the web has is offered where it is.
    (
        [Part("We keep it. 'Clear this chat' deletes it.")],
        "We keep it.\nA person: (844) 557-8575. To read more or to clear this chat, reply LINK.",
    ),
    # A step does not follow another one that found no room: it may speak of that one.
    (
        [Part(f"Do not mix. Ask {'somebody ' * 50}first. Stop then."), Part("Keep calm. Call [phone].")],
        "Do not mix.\nKeep calm. Call (844) 557-8575.\nReply LINK for more.",
    ),
    # Reasons go before steps, and what says our number once more before both.
    (
        [Part(f"Do not mix. It can kill. Call [phone]. {LONG}Ask a doctor. Call us at [phone] or write.")],
        f"Do not mix. It can kill. Call (844) 557-8575. {LONG[:368]}Ask a doctor.\nReply LINK for more.",
    ),
]


@pytest.mark.parametrize(("parts", "body"), LEFT_OUT)
def test_what_is_left_out(parts: list[Part], body: str) -> None:
    assert WRITING.answer(parts, "en") == body


def test_fewer_signs_are_named_before_a_step_is_left_out() -> None:
    signs = "Watch for: very sleepy, slow, shallow or stopped breathing, blue lips, tiny pupils."
    assert [*fewer_signs(signs)] == [
        "Watch for: very sleepy, slow, shallow or stopped breathing, blue lips.",
        "Watch for: very sleepy, slow, shallow or stopped breathing.",
        "Watch for: very sleepy.",
    ]
    assert [*fewer_signs("Ask a doctor, a nurse or a friend.")] == []


def test_a_link_stands_in_place_of_the_offer_of_one() -> None:
    body = WRITING.answer([Part("Hi. Sources: NIDA.")], "en", LINK)
    assert body == f"Hi.\nA person: {PHONE}. Or write on the web: {LINK}"


def test_a_link_gives_way_to_whom_to_call() -> None:
    long = Part("Do not mix. " + " ".join(f"Call 911 for {what * 8}." for what in ("pain", "fever", "shakes", "rash")))
    assert LINK in WRITING.answer([long], "en", LINK)
    longer = Part(long.text + " Call 911 for " + "swelling" * 20 + ".")
    body = WRITING.answer([longer], "en", LINK)
    assert LINK not in body and body.count("911") == 5


def test_quick_replies_of_all_bubbles_are_counted_through() -> None:
    parts = [Part("Which?", ("Álcohol", "Xanax")), Part("Or?", tuple("abcdefghij"))]
    body = WRITING.answer(parts, "es")
    assert "\nResponda 1 a 9:\n1 Alcohol\n2 Xanax\n3 a\n" in body and "9 g" in body and "10" not in body
    assert len(offered(parts)) == MOST_OPTIONS
    assert [chosen(str(place + 1), MOST_OPTIONS) for place in range(MOST_OPTIONS)] == list(range(MOST_OPTIONS))


def test_where_nothing_else_helps_words_are_cut() -> None:
    body = WRITING.answer(
        [Part("word " * 200, tuple(f"A quick reply of many words {place}" for place in range(9)))], "en"
    )
    assert re.match(r"(word )+word\.\.\.\nReply 1 to 9:\n1 A quick reply of many\.\.\.\n", body)
    titles = tuple(f"{'A quick reply of many words ' * 3}{place}" for place in range(9))
    assert WRITING.answer([Part("It is so.", titles)], "en").startswith("It is so.\nReply 1 to 9:\n")
    assert segments(body) == MOST and offered([Part("", ("a\nb", "  c "))]) == ("a b", "c")


def test_one_quick_reply_is_not_counted() -> None:
    assert WRITING.answer([Part("Call [phone].", ("Call me",))], "en") == f"Call {PHONE}.\nReply 1:\n1 Call me"


@given(
    st.lists(st.builds(Part, st.text(max_size=900), st.lists(st.text(max_size=90), max_size=4).map(tuple)), max_size=5)
)
def test_whatever_is_said_is_a_short_plain_text_with_our_number(parts: list[Part]) -> None:
    body = WRITING.answer(parts, "en")
    assert segments(body) <= MOST and plain(body) == body and PHONE in body
    assert WRITING.answer(parts, "en") == body
    assert septets(body)
