"""What the pages of the console ask of the store, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.store import Store, callback_desk, neighbours, notes, views
from bot.store.clock import now
from bot.store.filters import Filters
from bot.store.lines import pieces
from bot.store.reader import Transcripts
from bot.store.staff import StaffStore
from bot.store.tables import entries
from tests.bot.store.talks import ASKED, talk, understood

HOUR = 3600 * 1000
MIX = understood("ask_interaction", 0.9, "alprazolam")


def test_a_conversation_is_opened_with_what_staff_added(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", "my name is Maria Lopez, xanax?", MIX)
    reading.change(lambda db: notes.add_note(db, reading.cipher, here, "ana", "She called."))
    for tag in ("b", "a", "b"):
        reading.change(lambda db, tag=tag: notes.add_tag(db, here, tag))  # type: ignore[misc]
    reading.change(lambda db: notes.remove_tag(db, here, "a"))
    assert reading.change(lambda db: notes.review(db, here, "reviewed"))
    opener = Transcripts(reading.cipher, reading.phones)
    opened = reading.look(lambda db: opener.opened(db, here))
    assert opened is not None
    assert [(note.author, note.text) for note in opened.notes] == [("ana", "She called.")]
    assert (opened.tags, opened.review) == (("b",), "reviewed")
    assert "Maria" not in str(opened) and opened.lines[0].heard is not None
    assert opened.lines[0].heard.substances == ("alprazolam",)
    assert reading.look(lambda db: opener.original(db, here, 1)) == "my name is Maria Lopez, xanax?"
    assert reading.look(lambda db: opener.original(db, here, 2)) is None  # what the bot said is no secret


def test_a_substance_is_marked_only_where_it_stands() -> None:
    named = [{"entity": "substance", "value": "alprazolam", "start": 2, "end": 7}]
    assert pieces("i xanax", "i xanax", named) == (("i ", ""), ("xanax", "alprazolam"))
    assert pieces("[name] took xanax", "Al took xanax ok", named) == (("[name] took xanax", ""),)


def test_what_cannot_be_decrypted_is_still_shown_redacted(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", "hello there", MIX)
    broken = update(entries).where(entries.c.conversation_id == here).values(text_encrypted=b"9:gone")
    reading.change(lambda db: db.execute(broken))
    opener = Transcripts(reading.cipher, reading.phones)
    opened = reading.look(lambda db: opener.opened(db, here))
    assert opened is not None and opened.lines[0].pieces == (("hello there", ""),)
    assert reading.look(lambda db: opener.original(db, here, 1)) is None


def test_a_tag_does_not_change_the_order_of_a_list(talking: Store, reading: StaffStore) -> None:
    first, second, third = (talk(talking, name, "xanax?", MIX) for name in "abc")
    for conversation in (third, first):
        reading.change(lambda db, here=conversation: notes.add_tag(db, here, "call"))  # type: ignore[misc]
    tagged, all_of_them = Filters(tag="call"), Filters(substance="alprazolam")
    assert reading.look(lambda db: neighbours.neighbours(db, tagged, third)) == neighbours.Neighbours("", first)
    assert reading.look(lambda db: neighbours.neighbours(db, tagged, first)) == neighbours.Neighbours(third, "")
    assert reading.look(lambda db: neighbours.neighbours(db, all_of_them, second)) == neighbours.Neighbours(
        third, first
    )


def test_a_call_is_claimed_tried_again_and_closed(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", "yes", callback=ASKED)
    assert reading.change(lambda db: callback_desk.claim_call(db, here, 1, "ana")) == "ana"
    assert reading.change(lambda db: callback_desk.claim_call(db, here, 1, "bo")) == "ana"
    assert not reading.change(lambda db: callback_desk.settle(db, here, 1, "bo", "reached", None))
    later = now() + HOUR
    assert reading.change(lambda db: callback_desk.settle(db, here, 1, "ana", "no_answer", later))
    [call] = reading.look(lambda db: callback_desk.waiting(db, reading.cipher, later + 1))
    assert (call.due_at, call.overdue, call.attempts, call.claimed_by, call.name) == (later, True, 1, None, ASKED.name)
    assert reading.change(lambda db: callback_desk.settle(db, here, 1, "bo", "declined", None))
    assert reading.look(lambda db: callback_desk.waiting(db, reading.cipher, now())) == []
    [call] = reading.look(lambda db: callback_desk.closed(db, reading.cipher, now()))
    assert (call.outcome, call.attempts, call.claimed_by) == ("declined", 2, "bo")


@pytest.mark.parametrize(("outcome", "again"), [("reached", 1), ("no_answer", None), ("burnt", None)])
def test_no_call_is_settled_by_half(talking: Store, reading: StaffStore, outcome: str, again: int | None) -> None:
    here = talk(talking, "a", "yes", callback=ASKED)
    assert not reading.change(lambda db: callback_desk.settle(db, here, 1, "ana", outcome, again))
    assert reading.look(lambda db: len(callback_desk.waiting(db, reading.cipher, now()))) == 1


def test_a_number_is_opened_for_its_own_request_only(talking: Store, reading: StaffStore) -> None:
    here = talk(talking, "a", "yes", callback=ASKED)
    assert reading.look(lambda db: callback_desk.call_number(db, reading.cipher, here, 1)) == ASKED.number
    assert reading.look(lambda db: callback_desk.call_number(db, reading.cipher, here, 2)) is None


def test_there_is_no_last_look_before_the_first(reading: StaffStore) -> None:
    assert reading.look(lambda db: views.last_look(db, "ana", "see night", now())) is None
