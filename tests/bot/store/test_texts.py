"""Numbers, the outbox and links, on a real SQLite file."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.store import Store, conversation_key, outbox, phones
from bot.store.records import Accepted, Answer, ConversationCleared, Link, Message, Texts, Turn, Words
from tests.bot.store.test_store import settings

PHONE, OTHER = "+12025550143", "+12025550144"
HELLO = Words("You can go on here from your texts.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(settings(tmp_path))
    opened.start().result(10)
    yield opened
    opened.close()


def write(store: Store, said: str = "hello", number: str = PHONE, message_id: str = "", **more: object) -> Accepted:
    message = Message("", message_id or uuid4().hex, said, channel="sms", phone=number, **more)  # type: ignore[arg-type]
    return store.accept(message, 5).result()


def turn_of(accepted: Accepted) -> Turn:
    assert accepted.turn is not None
    return accepted.turn


def answer(store: Store, turn: Turn, body: str = "an answer", **more: object) -> None:
    given = Answer([Words(body)], "answered", 0.1, texts=Texts([body]), **more)  # type: ignore[arg-type]
    store.finish(turn, given).result()


def link(seconds: float = 900) -> tuple[str, Link]:
    code = uuid4().hex
    hashed = hashlib.sha256(code.encode()).hexdigest()
    return hashed, Link(hashed, "es", int((time.time() + seconds) * 1000))


def claim(store: Store, most: int = 8) -> list[str]:
    return [each.body for each in store.claim_texts(most).result()]


def test_a_number_stays_in_its_conversation_until_it_is_silent_for_a_day(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = turn_of(write(store)).conversation
    assert turn_of(write(store)).conversation == first
    assert turn_of(write(store, number=OTHER)).conversation != first
    assert store.texter(PHONE).result().conversation == first
    monkeypatch.setattr(phones, "SILENCE", -1)
    assert store.texter(PHONE).result().conversation is None
    assert turn_of(write(store)).conversation != first


def test_a_cleared_conversation_is_not_gone_on_with(store: Store) -> None:
    turn = turn_of(write(store))
    answer(store, turn)
    store.clear(turn.conversation, 5).result()
    assert claim(store) == []
    assert turn_of(write(store)).conversation != turn.conversation


def test_the_same_message_is_taken_once(store: Store) -> None:
    said = Texts(["once"])
    assert write(store, message_id="m1", closed="keyword", answer=Words("once"), texts=said).events
    assert not write(store, message_id="m1", closed="keyword", answer=Words("once"), texts=said).events
    assert claim(store) == ["once"]
    assert claim(store) == []


def test_an_answer_and_its_text_are_one(store: Store) -> None:
    turn = turn_of(write(store))
    answer(store, turn)
    answer(store, turn, "a second one")
    assert [(each.state, each.body) for each in store.texts_to(PHONE).result()] == [("queued", "an answer")]


def test_texts_to_one_number_go_one_after_the_other_and_alarms_first(store: Store) -> None:
    answer(store, turn_of(write(store)), "first")
    answer(store, turn_of(write(store)), "second")
    alarm = Words("Call 911 now.", card={"kind": "emergency"})
    write(store, alarm=alarm, texts=Texts(["call", "then"], "alarm"))
    answer(store, turn_of(write(store, number=OTHER)), "other")
    assert claim(store) == ["call", "other"]
    assert claim(store) == []
    store.text_sent(store.texts_to(PHONE).result()[2].id, "SM1").result()
    assert claim(store) == ["then"]


def test_a_text_that_waits_is_claimed_again_when_it_is_due(store: Store) -> None:
    answer(store, turn_of(write(store)), "patience")
    (claimed,) = store.claim_texts(8).result()
    store.text_later(claimed.id, 0.2, "unreachable", True).result()
    assert claim(store) == []
    time.sleep(0.25)
    (again,) = store.claim_texts(8).result()
    assert (again.attempts, again.uncertain) == (2, True)


def test_what_a_killed_process_had_in_hand_is_uncertain(store: Store) -> None:
    answer(store, turn_of(write(store)), "in hand")
    assert claim(store) == ["in hand"]
    store.reclaim_texts().result()
    (again,) = store.claim_texts(8).result()
    assert again.uncertain


def test_after_stop_nothing_goes_out_but_its_confirmation_and_an_emergency(store: Store) -> None:
    answer(store, turn_of(write(store)), "too late")
    write(
        store, "STOP", opts="out", closed="keyword", answer=Words("stopped"), texts=Texts(["stopped"], "confirmation")
    )
    answer(store, turn_of(write(store)), "never")
    write(store, alarm=Words("Call 911 now."), texts=Texts(["Call 911 now."], "alarm"))
    assert store.texter(PHONE).result().opted_out
    assert claim(store) == ["Call 911 now."]
    store.text_sent(store.texts_to(PHONE).result()[-1].id, "SM1").result()
    assert claim(store) == ["stopped"]
    assert [(each.state, each.reason) for each in store.unsent_texts().result()] == [("suppressed", "opted out")] * 2


def test_a_stop_that_comes_twice_does_not_undo_a_start(store: Store) -> None:
    stop = {"opts": "out", "closed": "keyword", "message_id": "stop"}
    write(store, "STOP", **stop)  # type: ignore[arg-type]
    write(store, "START", opts="in", closed="keyword")
    write(store, "STOP", **stop)  # type: ignore[arg-type]
    assert not store.texter(PHONE).result().opted_out


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent"], "delivered"),
        (["delivered", "failed"], "delivered"),
        (["undelivered", "sent"], "failed"),
        (["queued"], "sent"),
    ],
)
def test_reports_overtake_each_other(store: Store, words: list[str], state: str) -> None:
    answer(store, turn_of(write(store)))
    (claimed,) = store.claim_texts(1).result()
    store.text_sent(claimed.id, "SM1").result()
    assert all(store.text_reported(None, "SM1", word, None, 5).result() for word in words)
    assert store.texts_to(PHONE).result()[0].state == state
    assert not store.text_reported(None, "SM2", "sent", None, 5).result()


def test_a_report_that_comes_first_tells_the_providers_id(store: Store) -> None:
    answer(store, turn_of(write(store)))
    (claimed,) = store.claim_texts(1).result()
    assert store.text_reported(claimed.id, "SM9", "delivered", None, 5).result()
    store.text_sent(claimed.id, "SM9").result()
    assert store.texts_to(PHONE).result()[0].state == "delivered"
    assert store.known_sids(PHONE, 0).result() == {"SM9"}
    assert store.known_sids(PHONE, 0, apart_from=claimed.id).result() == set()


def test_a_text_that_was_delivered_does_not_fail_afterwards(store: Store) -> None:
    answer(store, turn_of(write(store)))
    (claimed,) = store.claim_texts(1).result()
    store.text_reported(claimed.id, "SM9", "delivered", None, 5).result()
    store.text_failed(claimed.id, "too late").result()
    assert store.texts_to(PHONE).result()[0].state == "delivered"


def test_the_buttons_of_the_last_answer_are_what_a_number_picks(store: Store) -> None:
    turn = turn_of(write(store))
    buttons = [{"title": "Yes", "choice": "/affirm"}, {"title": "No", "choice": "/deny"}]
    store.finish(turn, Answer([Words("First.", buttons[:1]), Words("Then?", buttons[1:])], "answered", 0.1)).result()
    assert list(store.texter(PHONE).result().offers) == buttons
    answer(store, turn_of(write(store)))
    assert list(store.texter(PHONE).result().offers) == []


def test_a_link_works_once_and_leads_on_what_was_understood(store: Store) -> None:
    turn = turn_of(write(store, attention={"language": "es", "watch": 3}))
    hashed, made = link()
    context = {"substances": ["alprazolam"], "form": {"name": "callback_form", "answers": {}}}
    given = Answer([Words("hola")], "answered", 0.1, context=context, texts=Texts(["hola"], link=made))
    store.finish(turn, given).result()
    web = conversation_key("web")
    assert store.use_link(hashed, web, lambda language: replace(HELLO, language=language), 5).result() == "es"
    assert store.use_link(hashed, conversation_key("thief"), lambda language: HELLO, 5).result() is None
    assert [event.data["text"] for event in store.events(web, 0).result()] == [HELLO.text]
    assert store.attention(web).result()["watch"] == 3
    follow = store.accept(Message(web, "m1", "and now"), 5).result().turn
    assert follow is not None and follow.context == {"substances": ["alprazolam"]}
    assert follow.channel == "web"


def test_an_old_link_leads_nowhere(store: Store) -> None:
    hashed, made = link(seconds=-1)
    answer_with = Answer([Words("hi")], "answered", 0.1, texts=Texts(["hi"], link=made))
    store.finish(turn_of(write(store)), answer_with).result()
    assert store.use_link(hashed, conversation_key("web"), lambda language: HELLO, 5).result() is None
    assert store.use_link("0" * 64, conversation_key("web"), lambda language: HELLO, 5).result() is None


def test_earlier_texts_show_to_whoever_knows_the_number(store: Store) -> None:
    turn = turn_of(write(store))
    hashed, made = link()
    store.finish(turn, Answer([Words("hi")], "answered", 0.1, texts=Texts(["hi"], link=made))).result()
    web = conversation_key("web")
    store.use_link(hashed, web, lambda language: HELLO, 5).result()
    assert store.continued(web, "0000", 5).result() == (None, 2)
    assert store.continued(web, PHONE[-4:], 5).result() == (turn.conversation, 3)
    assert [store.continued(web, "0000", 5).result()[1] for _ in range(2)] == [1, 0]
    assert store.continued(web, PHONE[-4:], 5).result() == (None, 0)
    assert store.continued(conversation_key("else"), PHONE[-4:], 5).result() == (None, 0)


def test_numbers_and_words_are_encrypted_and_a_look_is_written_down(store: Store, tmp_path: Path) -> None:
    conversation = turn_of(write(store, "a secret of mine")).conversation
    assert store.reveal_number(conversation, "Ana", "she asked to be called").result() == PHONE
    assert store.reveal_number("0" * 64, "Ana", "curious").result() is None
    with store._engine.connect() as db:
        (seen,) = db.execute(text("SELECT who, action, subject, reason FROM audit")).all()
    assert tuple(seen) == ("Ana", "reveal number", conversation, "she asked to be called")
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("journal.db*"))
    assert (
        PHONE.encode() not in kept
        and PHONE[1:].encode() not in kept
        and hashlib.sha256(PHONE.encode()).digest() not in kept
    )


def test_a_number_that_did_not_write_gets_few_texts(store: Store) -> None:
    def invite(once: str, pause: float = 0) -> str:
        return store.invite(PHONE, once, Texts(["a link"], "invite"), pause, 5).result()

    assert [invite("a"), invite("a"), invite("b", pause=30)] == ["queued", "known", "too_soon"]
    assert [invite(once) for once in "cdefg"] == ["queued"] * 4 + ["too_soon"]
    write(store, "STOP", opts="out", closed="keyword")
    assert invite("h") == "opted_out"


BUTTONS = [{"title": "Yes", "choice": "/affirm"}, {"title": "No", "choice": "/deny"}]


def test_an_answer_that_came_late_is_numbered_alone(store: Store) -> None:
    turn = turn_of(write(store))
    again = [{"title": "Show the steps again", "choice": "guide:overdose/start"}]
    store.finish(turn, Answer([Words("Call us.", again)], "late", 3)).result()
    store.append_late(turn, Answer([Words("Did you?", BUTTONS)], "answered_late", 5)).result()
    assert list(store.texter(PHONE).result().offers) == BUTTONS


@pytest.mark.parametrize("closed", ["keyword", "no_words", "cut"])
def test_a_notice_leaves_the_answer_before_it_to_be_picked_from(store: Store, closed: str) -> None:
    store.finish(turn_of(write(store)), Answer([Words("Did you?", BUTTONS)], "answered", 0.1)).result()
    write(store, "LINK", closed=closed, answer=Words("Go on on the web."), texts=Texts(["Go on on the web."]))
    assert list(store.texter(PHONE).result().offers) == BUTTONS


def test_what_follows_an_alarm_that_went_wrong_sends_nothing_more(store: Store) -> None:
    turn = turn_of(write(store, alarm=Words("Call 911 now."), texts=Texts(["Call 911 now."], "alarm")))
    answer(store, turn, "I could not answer that.")
    assert store._read(lambda db: db.execute(text("SELECT state FROM turns")).scalar()).result() == "done"
    assert [each.body for each in store.texts_to(PHONE).result()] == ["Call 911 now."]


def test_who_clears_the_chat_that_goes_on_from_texts_clears_the_texts(store: Store) -> None:
    turn = turn_of(write(store))
    hashed, made = link()
    store.finish(turn, Answer([Words("hi")], "answered", 0.1, texts=Texts(["hi"], link=made))).result()
    web = conversation_key("web")
    store.use_link(hashed, web, lambda language: HELLO, 5).result()
    store.clear(web, 5).result()
    for gone in (web, turn.conversation):
        with pytest.raises(ConversationCleared):
            store.events(gone, 0).result()
    assert store.texts_to(PHONE).result() == []
    assert turn_of(write(store)).conversation != turn.conversation


def test_a_text_whose_key_is_lost_keeps_no_other_back(store: Store, tmp_path: Path) -> None:
    answer(store, turn_of(write(store)), "lost")
    store.close()
    later = Store(settings(tmp_path, **{"NUMBER_KEY": store._phones._key.decode()}))
    later.start().result(10)
    answer(later, turn_of(write(later, number=OTHER)), "other")
    assert claim(later) == ["other"]
    (unsent,) = later.unsent_texts().result()
    assert (unsent.number, unsent.state, unsent.reason) == ("•••????", "failed", "unreadable")
    answer(later, turn_of(write(later)), "a new one")
    assert [each.number for each in later.claim_texts(8).result()] == [PHONE]
    later.close()


def test_a_clock_that_is_set_back_keeps_no_text_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "now", lambda: int(time.time() * 1000) + 3600 * 1000)
    answer(store, turn_of(write(store)), "from the hour ahead")
    monkeypatch.undo()
    assert claim(store) == ["from the hour ahead"]
