"""Texts through the real front door, sent by a stand-in that speaks Twilio's API and signs as Twilio does."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from helpline.sms import segments
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import SUICIDE, RunningDoor
from tests.bot.sms.phone import Phone, sms_settings
from tests.bot.sms.twilio_stand_in import TwilioStandIn

pytestmark = pytest.mark.stack


def test_a_text_is_acknowledged_and_answered(phone: Phone) -> None:
    assert phone.text("hello there").status_code == 204
    (reply,) = phone.receives(1)
    assert "echo hello there" in reply
    assert segments(reply) <= 3


def test_the_first_reply_leads_to_the_web_chat_and_the_second_does_not(phone: Phone, door: RunningDoor) -> None:
    phone.text("one")
    phone.receives(1)
    phone.text("two words")
    first, second = phone.receives(2)
    assert f"{door.url}/c/" in first
    assert "/c/" not in second


def test_an_emergency_is_the_first_text_and_complete_in_itself(phone: Phone) -> None:
    phone.text(SUICIDE)
    texts = phone.receives(2)
    assert segments(texts[0]) == 1 and "988" in texts[0]
    assert sum(map(segments, texts)) <= 3


def test_the_same_message_twice_is_answered_once(phone: Phone) -> None:
    for _ in range(3):
        assert phone.text("hello again", sid="SM" + "a" * 32).status_code == 204
    phone.text("and now")
    assert len(phone.receives(2)) == 2
    time.sleep(0.3)
    assert len(phone.received()) == 2


def test_a_number_picks_the_quick_reply(phone: Phone, rasa: RasaStandIn) -> None:
    buttons = [{"title": "Yes", "choice": "/affirm"}, {"title": "Not yet", "choice": "/deny"}]
    before, rasa.answer = rasa.answer, lambda asked: said("Did you take them?", messages=[
        {"text": "Did you take them?", "buttons": buttons, "card": None}])  # fmt: skip
    try:
        phone.text("xanax and oxy")
        (asked,) = phone.receives(1)
        assert "1 Yes" in asked.replace(")", "").replace(".", "").replace("=", " ")
        phone.text("the second one")
        phone.receives(2)
    finally:
        rasa.answer = before
    assert rasa.heard[-1]["choice"] == "/deny"


@pytest.mark.parametrize("word", ["STOP", "quit", "End.", "opt out", "PARAR"])
def test_stop_is_confirmed_once_and_then_nothing_goes_out(phone: Phone, word: str) -> None:
    phone.text(word)
    (confirmed,) = phone.receives(1)
    assert "START" in confirmed and "988" in confirmed and "(844) 557-8575" in confirmed
    phone.text("what helps against nausea")
    phone.text("STOP")
    time.sleep(0.5)
    assert len(phone.received()) == 1


def test_an_emergency_is_answered_after_stop_too(phone: Phone) -> None:
    phone.text("STOP")
    phone.receives(1)
    phone.text(SUICIDE)
    assert "988" in phone.receives(2)[1]


def test_help_is_answered_after_stop_too(phone: Phone) -> None:
    phone.text("STOP")
    phone.receives(1)
    phone.text("HELP")
    assert "988" in phone.receives(2)[1]


def test_what_cannot_be_stored_is_answered_in_the_acknowledgement(
    new_door: Callable[..., tuple[RunningDoor, RasaStandIn]], twilio: TwilioStandIn
) -> None:
    door, _ = new_door(**sms_settings(twilio))
    door.wait_for_store()
    phone = Phone(door, twilio)
    with contextlib.closing(sqlite3.connect(door.database, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        emergency, ordinary, stop = (phone.text(said) for said in (SUICIDE, "what helps", "STOP"))
        assert time.monotonic() - started < 4
        database.execute("ROLLBACK")
    assert "988" in emergency.text and "<Message>" in emergency.text and "/c/" not in emergency.text
    assert "(844) 557-8575" in ordinary.text and "START" in stop.text
    assert [each.status_code for each in (emergency, ordinary, stop)] == [200, 200, 200]


def test_start_brings_the_answers_back(phone: Phone) -> None:
    phone.text("STOP")
    phone.receives(1)
    phone.text("START")
    phone.text("hello")
    assert "echo hello" in phone.receives(3)[2]


@pytest.mark.parametrize("text", ["i want to quit", "help my son stop", "stop it"])
def test_words_around_a_keyword_are_talk(phone: Phone, text: str) -> None:
    phone.text(text)
    assert f"echo {text}" in phone.receives(1)[0]


def test_help_names_the_helpline(phone: Phone) -> None:
    phone.text("HELP")
    (reply,) = phone.receives(1)
    assert "(844) 557-8575" in reply and "988" in reply and "STOP" in reply


def test_a_picture_without_words_is_answered(phone: Phone) -> None:
    phone.text("", NumMedia="1")
    assert "(844) 557-8575" in phone.receives(1)[0]


def test_a_thumb_for_an_emergency_text_raises_none(phone: Phone) -> None:
    phone.text("Liked “I want to kill myself”")
    time.sleep(0.4)
    assert phone.received() == []


def test_short_codes_are_heard_and_not_answered(door: RunningDoor, twilio: TwilioStandIn) -> None:
    program = Phone(door, twilio, number="72975")
    assert program.text("Your code is 1234").status_code == 204
    time.sleep(0.4)
    assert program.received() == []


def test_somebody_abroad_is_told_that_911_is_not_theirs(door: RunningDoor, twilio: TwilioStandIn) -> None:
    abroad = Phone(door, twilio, number="+447911123456")
    abroad.text("hello")
    assert "findahelpline" in abroad.receives(1)[0]


def test_a_loop_of_two_programs_ends(phone: Phone) -> None:
    for number in range(14):
        phone.text(f"auto reply number {number} of mine")
    texts = phone.receives(10)
    time.sleep(0.5)
    assert len(phone.received()) == 10
    assert sum("pause" in text for text in texts) == 1


def test_what_twilio_did_not_sign_is_refused(phone: Phone, door: RunningDoor) -> None:
    form = {"MessageSid": "SM" + "b" * 32, "From": "+12025550177", "Body": SUICIDE}
    plain = httpx.post(f"{door.url}/sms/inbound", data=form, trust_env=False)
    wrong = httpx.post(
        f"{door.url}/sms/inbound", data=form, headers={"X-Twilio-Signature": "c2lnbmVk"}, trust_env=False
    )
    assert [plain.status_code, wrong.status_code] == [403, 403]
    assert phone.text("hello", sid="no sid").status_code == 400


@pytest.mark.parametrize("base", ["https://chat.example.org", "https://chat.example.org:8443"])
def test_the_public_address_is_what_is_signed(
    new_door: Callable[..., tuple[RunningDoor, RasaStandIn]], twilio: TwilioStandIn, base: str
) -> None:
    door, _ = new_door(**{**sms_settings(twilio), "PUBLIC_BASE_URL": base})
    door.wait_for_store()
    assert Phone(door, twilio, public=base).text("hello", MessagingServiceSid="MG" + "0" * 32).status_code == 204


def test_a_failed_delivery_is_seen(phone: Phone, door: RunningDoor, twilio: TwilioStandIn) -> None:
    phone.text("hello")
    phone.receives(1)
    sid = twilio.to(phone.number)[0]["sid"]
    report = twilio.report("", sid, "undelivered", 30006)
    assert report.status_code == 204
    late = twilio.report("", sid, "sent")
    assert late.status_code == 204
    (unsent,) = [each for each in door.unsent_texts() if each.number.endswith(phone.number[-4:])]
    assert (unsent.state, unsent.reason) == ("failed", "30006")


def test_a_carriers_opt_out_is_kept(phone: Phone, twilio: TwilioStandIn) -> None:
    twilio.opted_out.add(phone.number)
    phone.text("hello")
    time.sleep(1)
    twilio.opted_out.discard(phone.number)
    phone.text("hello again")
    time.sleep(0.5)
    assert phone.received() == []


def test_numbers_are_not_written_in_the_clear(phone: Phone, door: RunningDoor) -> None:
    phone.text("my words are mine")
    phone.receives(1)
    stored = b"".join(path.read_bytes() for path in Path(door.folder).glob("journal.db*"))
    assert phone.number.encode() not in stored and phone.number[2:].encode() not in stored
    assert phone.number not in door.log.read_text()
