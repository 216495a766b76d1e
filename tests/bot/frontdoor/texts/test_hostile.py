"""Texts as an attacker, a confused carrier, an unlucky operator and a person in danger would send them."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.sms.loops import MOST_ALARMS
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, RunningDoor
from tests.bot.sms.phone import Phone
from tests.bot.sms.twilio_stand_in import TwilioStandIn

pytestmark = pytest.mark.stack
STEP = "Put the phone on speaker"  # how the step behind "1 I called 911" begins
LOCKED_SECONDS = 1.5  # until what may be given up has been


def in_danger(phone: Phone) -> int:
    """Report an overdose; how many texts came by then."""
    before = len(phone.received())
    phone.text(OVERDOSE)
    return len(phone.receives(before + 2))


@pytest.mark.parametrize("keyword", ["HELP", "LINK", "END", "CANCEL"])
def test_a_keyword_in_an_emergency_leaves_the_next_step_to_be_picked(phone: Phone, keyword: str) -> None:
    came = in_danger(phone)
    phone.text(keyword)
    phone.receives(came + 1)
    phone.text("1")
    assert phone.receives(came + 2)[-1].startswith(STEP)


@pytest.mark.parametrize("said", ["1", "i called 911"])
def test_who_said_stop_before_is_led_through_an_emergency_to_its_end(phone: Phone, said: str) -> None:
    phone.text("STOP")
    phone.receives(1)
    came = in_danger(phone)
    phone.text(said)
    assert phone.receives(came + 1)[-1].startswith(STEP)


def test_the_second_of_two_first_texts_takes_no_emergency_away(phone: Phone, door: RunningDoor) -> None:
    with contextlib.closing(sqlite3.connect(door.database, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(2) as pool:
            sent = [pool.submit(phone.text, said) for said in (OVERDOSE, "are you there")]
            time.sleep(0.25)
            database.execute("ROLLBACK")
            assert [each.result().status_code for each in sent] == [204, 204]
    came = len(phone.receives(3))
    phone.text("i called 911")
    assert phone.receives(came + 1)[-1].startswith(STEP)


def test_the_last_answer_to_many_emergencies_says_that_it_is_the_last(phone: Phone) -> None:
    for number in range(MOST_ALARMS + 2):
        phone.text(f"{OVERDOSE} {number}")
    texts = phone.receives(2 * MOST_ALARMS + 1, seconds=30)
    assert "pause" in texts[-1] and "988" in texts[-1]
    assert sum("pause" in text for text in texts) == 1


def test_pictures_are_counted_too(phone: Phone) -> None:
    for _ in range(12):
        phone.text("", NumMedia="1")
    assert "pause" in phone.receives(10)[-1]
    time.sleep(0.3)
    assert len(phone.received()) == 10


def test_a_picture_after_stop_is_not_answered_even_where_it_cannot_be_stored(phone: Phone, door: RunningDoor) -> None:
    phone.text("STOP")
    phone.receives(1)
    with contextlib.closing(sqlite3.connect(door.database, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        answer = phone.text("", NumMedia="1")
        database.execute("ROLLBACK")
    assert "<Message>" not in answer.text


def test_a_stop_that_was_confirmed_is_kept_however_late(phone: Phone, door: RunningDoor) -> None:
    with contextlib.closing(sqlite3.connect(door.database, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        assert "START" in phone.text("STOP").text
        time.sleep(LOCKED_SECONDS)
        database.execute("ROLLBACK")
    time.sleep(0.3)
    phone.text("what helps against nausea")
    time.sleep(0.5)
    assert phone.received() == []


def test_one_number_is_one_however_it_is_written(door: RunningDoor, twilio: TwilioStandIn) -> None:
    number = "+12063021999"
    Phone(door, twilio, number).text("STOP")
    Phone(door, twilio, number).receives(1)
    for written in (" 12063021999", "12063021999", "(206) 302-1999", "206-302-1999"):
        assert Phone(door, twilio, written).text("hello").status_code == 204
    time.sleep(0.5)
    assert [row["to"] for row in twilio.texts if row["to"].endswith("1999")] == [number]


def test_an_emergency_is_answered_where_nothing_before_it_can_be_read(phone: Phone, door: RunningDoor) -> None:
    came = in_danger(phone)
    with contextlib.closing(sqlite3.connect(door.database, isolation_level=None, timeout=5)) as database:
        (here,) = database.execute("SELECT conversation_id FROM phones ORDER BY heard_at DESC LIMIT 1").fetchone()
        database.execute("UPDATE entries SET payload_encrypted = x'393a31' WHERE conversation_id = ?", (here,))
        database.execute("UPDATE phones SET number_encrypted = x'393a31' WHERE conversation_id = ?", (here,))
    assert phone.text(SUICIDE).status_code == 204
    assert "988" in phone.receives(came + 1)[came]


def test_a_word_of_the_providers_that_nobody_knows_silences_nobody(phone: Phone) -> None:
    phone.text(SUICIDE, OptOutType="NONE")
    assert "988" in phone.receives(2)[0]
