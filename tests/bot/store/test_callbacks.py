"""Requests to be called back: stored once, with their sentence, encrypted, and gone when the chat is cleared."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import Store, conversation_key
from bot.store.records import Answer, Callback, Message, Turn, Words
from tests.bot.store.test_store import settings

TALK = conversation_key("a")
ASKED = Callback("Maria", "+18455578575", "tomorrow after 5")
HIDDEN = "[call-back answer]"
CONCERNS = Path(__file__).parents[3] / "data" / "safety" / "concerns.csv"
WORDS = [Words("Your request is with our staff.")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(settings(tmp_path))
    opened.start().result(10)
    yield opened
    opened.close()


def accept(store: Store, message_id: str, said: str = "yes", **more: object) -> Turn:
    turn = store.accept(Message(TALK, message_id, said, **more), 5).result().turn  # type: ignore[arg-type]
    assert turn is not None
    return turn


def form(asks: str, **answers: object) -> dict[str, object]:
    given = {f"callback_{name}": answers.get(name) for name in ("name", "number", "time", "consent", "right")}
    return {"form": {"name": "callback_form", "asks": f"callback_{asks}", "answers": given}, "language": "en"}


def say(store: Store, message_id: str, said: str, context: dict[str, object], intent: str, *replies: str) -> Turn:
    """One turn of the conversation, with what Rasa understood and wants to be told next time."""
    turn = accept(store, message_id, said)
    understood = {"intent": intent, "fallback": intent == "nlu_fallback"}
    words = [Words(reply) for reply in replies or ("ok",)]
    store.finish(turn, Answer(words, "answered", 0.1, understood, None, context)).result()
    return turn


def column(store: Store, name: str) -> list[str]:
    with store._engine.connect() as db:
        found = db.execute(text(f"SELECT {name} FROM entries WHERE kind = 'message' ORDER BY seq"))
        return [row[0] for row in found]


def texts(store: Store) -> list[str]:
    return [event.data["text"] for event in store.events(TALK, 0).result() if "text" in event.data]


def test_a_request_is_stored_once_with_its_sentence(store: Store) -> None:
    turn = accept(store, "m1")
    assert store.callbacks().result() == []
    done = Answer(WORDS, "answered", 0.1, context={"language": "en"}, callback=ASKED)
    store.finish(turn, done).result()
    assert store.finish(turn, done).result() is None
    assert not store.append_late(turn, done).result()
    [request] = store.callbacks().result()
    assert (request.conversation, request.seq, request.asked) == (TALK, turn.seq, ASKED)
    assert (request.reason, request.urgency, request.language, request.state) == (None, "routine", "en", "new")


def test_a_late_answer_stores_it_where_it_is_shown_and_only_there(store: Store) -> None:
    first, late = accept(store, "m1"), Answer(WORDS, "answered_late", 4.0, callback=ASKED)
    store.finish(first, Answer([Words("card")], "late", 3.0)).result()
    assert store.append_late(first, late).result()
    assert len(store.callbacks().result()) == 1
    second = accept(store, "m2")
    store.finish(second, Answer([Words("card")], "late", 3.0)).result()
    accept(store, "m3", "never mind")
    assert not store.append_late(second, late).result()
    assert len(store.callbacks().result()) == 1


def test_no_name_is_none(store: Store) -> None:
    asked = Callback(None, "+18455578575", "morning")
    store.finish(accept(store, "m1"), Answer(WORDS, "answered", 0.1, callback=asked)).result()
    assert store.callbacks().result()[0].asked == asked


def test_the_newest_come_first_and_not_too_many(store: Store) -> None:
    turns = [accept(store, f"m{n}") for n in range(3)]
    for turn in turns:
        store.finish(turn, Answer(WORDS, "answered", 0.1, callback=ASKED)).result()
    assert [request.seq for request in store.callbacks().result()] == [turn.seq for turn in reversed(turns)]
    assert len(store.callbacks(2).result()) == 2


def test_the_reason_is_the_last_topic_and_the_urgency_comes_from_any_concern(store: Store) -> None:
    for n, intent in enumerate(("ask_cost", "ask_taper", "ask_callback", "answer_callback", "nlu_fallback")):
        say(store, f"t{n}", "words", {}, intent)
    store.finish(accept(store, "m1"), Answer(WORDS, "answered", 0.1, callback=ASKED)).result()
    store.finish(accept(store, "m2", concern="withdrawal_danger"), Answer(WORDS, "answered", 0.1)).result()
    store.finish(accept(store, "m3"), Answer(WORDS, "answered", 0.1, callback=ASKED)).result()
    newest, first = store.callbacks().result()
    assert (first.reason, first.urgency) == ("ask_taper", "routine")
    assert (newest.reason, newest.urgency) == ("ask_taper", "urgent")


def test_every_concern_is_urgent_but_none() -> None:
    with CONCERNS.open(encoding="utf-8", newline="") as table:
        levels = {row["concern"]: row["level"] for row in csv.DictReader(table)}
    assert {concern for concern, level in levels.items() if level == "none"} == {"none"}


def test_a_request_is_encrypted_and_tied_to_its_row(store: Store, tmp_path: Path) -> None:
    store.finish(accept(store, "m1"), Answer(WORDS, "answered", 0.1, callback=ASKED)).result()
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("journal.db*"))
    assert all(word not in raw for word in (b"Maria", b"8455578575", b"after 5"))
    with store._engine.begin() as db:
        db.execute(text("UPDATE callbacks SET number_encrypted = best_time_encrypted"))
    with pytest.raises(Exception, match="does not belong"):
        store.callbacks().result()


def test_clearing_the_chat_takes_the_request_back(store: Store) -> None:
    store.finish(accept(store, "m1"), Answer(WORDS, "answered", 0.1, callback=ASKED)).result()
    store.clear(TALK, 5).result()
    assert store.callbacks().result() == []


def test_answers_to_the_form_are_not_in_the_readable_copy(store: Store) -> None:
    say(store, "m1", "call me please", form("name"), "ask_callback")
    say(store, "m2", "zebulon", form("number", name="Zebulon"), "answer_callback")
    say(store, "m3", "is it free, asks zebulon", form("number", name="Zebulon"), "ask_cost", "Yes, Zebulon.")
    say(store, "m4", "hm zeb", form("number", name="Zebulon"), "nlu_fallback")
    read_back = form("right", name="Zebulon", number="(845) 557-8575", time="noon", consent=True)
    say(store, "m5", "845 557 8575", read_back, "answer_callback", "Name: Zebulon. Number: (845) 557-8575. Time: noon.")
    readable = column(store, "text_redacted")
    assert readable[0::2] == ["call me please", HIDDEN, "is it free, asks zebulon", HIDDEN, HIDDEN]
    assert readable[5] == f"Yes, {HIDDEN}."
    assert readable[9] == f"Name: {HIDDEN}. Number: {HIDDEN}. Time: {HIDDEN}."
    assert texts(store)[2] == "zebulon"  # the visitor goes on seeing what was said


def test_an_answer_is_hidden_as_soon_as_it_is_accepted(store: Store) -> None:
    say(store, "m1", "call me please", form("name"), "ask_callback")
    accept(store, "m2", "zebulon")
    accept(store, "m3", "i took 40 pills", alarm=Words("Call 911 now."), concern="overdose_self", level="emergency")
    readable = column(store, "text_redacted")
    assert readable[2:4] == [HIDDEN, "i took 40 pills"]  # staff must be able to read an emergency


def test_a_number_given_with_the_wish_is_hidden_too(store: Store) -> None:
    say(store, "m1", "zeb here, call eight 845 557 8575", form("name", number="(845) 557-8575"), "ask_callback")
    assert column(store, "text_redacted")[0] == HIDDEN


def test_a_form_left_without_a_request_keeps_no_answer(store: Store) -> None:
    say(store, "m1", "call me please", form("name"), "ask_callback")
    say(store, "m2", "zebulon", form("number", name="Zebulon"), "answer_callback", "Number?")
    say(store, "m3", "is it free", form("number", name="Zebulon"), "ask_cost", "Yes. Number, Zebulon?")
    say(store, "m4", "never mind", {"form": None}, "cancel", "I've stopped asking.")
    assert texts(store) == [
        *("call me please", "ok", HIDDEN, "Number?", "is it free", f"Yes. Number, {HIDDEN}?"),
        *("never mind", "I've stopped asking."),
    ]


def test_a_finished_form_keeps_its_answers_in_the_chat(store: Store) -> None:
    say(store, "m1", "call me please", form("right", name="Zebulon"), "ask_callback")
    turn = accept(store, "m2", "yes from zebulon")
    store.finish(
        turn, Answer(WORDS, "answered", 0.1, {"intent": "answer_callback"}, None, {"form": None}, ASKED)
    ).result()
    assert texts(store)[2] == "yes from zebulon"


def test_a_crisis_drops_the_answers(store: Store) -> None:
    say(store, "m1", "call me please", form("name"), "ask_callback")
    say(store, "m2", "zebulon", form("number", name="Zebulon"), "answer_callback")
    turn = accept(
        store, "m3", "i took 40 pills", alarm=Words("Call 911 now."), concern="overdose_self", level="emergency"
    )
    store.finish(turn, Answer((), "noted", 0.1, context={"form": None, "concern": "overdose_self"})).result()
    assert "zebulon" not in texts(store) and "i took 40 pills" in texts(store)


def test_an_emergency_heard_late_stays_readable_and_drops_the_answers(store: Store) -> None:
    say(store, "m1", "call me please", form("name"), "ask_callback")
    say(store, "m2", "zebulon", form("number", name="Zebulon"), "answer_callback")
    turn = accept(store, "m3", "there are 40 pills in me")
    store.finish(turn, Answer([Words("Call 911 now.")], "alarm_late", 0.1, context={"form": None})).result()
    assert "there are 40 pills in me" in column(store, "text_redacted")
    assert "zebulon" not in texts(store)


def test_a_worry_that_is_no_answer_stays_readable(store: Store) -> None:
    say(store, "m1", "call me please", form("name"), "ask_callback")
    turn = accept(store, "m2", "i will shake if i stop", concern="withdrawal_danger", level="urgent")
    understood = {"intent": "nlu_fallback", "fallback": True}
    store.finish(turn, Answer(WORDS, "concern", 0.1, understood, "withdrawal_danger", form("name"))).result()
    assert "i will shake if i stop" in column(store, "text_redacted")
