"""Twilio's own library against a server that speaks its API."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.sms import twilio_line
from bot.sms.console import Console
from bot.sms.provider import BUSY, UNREACHABLE, Refused, Uncertain
from bot.sms.twilio_api import TwilioApi
from bot.store.records import Text
from tests.bot.sms.twilio_stand_in import (
    ACCOUNT,
    BROKEN_LOST,
    BROKEN_STORED,
    DROP_STORED,
    HANG_STORED,
    NUMBER,
    TOKEN,
    Behaviour,
    TwilioStandIn,
    refusal,
)

HOME = "+12125550123"


def written(
    id: int = 1, number: str = HOME, body: str = "Call 911 now. ¿Está bien? Ñandú.", created_at: int = 0
) -> Text:
    return Text(id, number, body, "reply", 1, created_at or int(time.time() * 1000), False)


@pytest.fixture
def api(twilio: TwilioStandIn) -> TwilioApi:
    return reach(twilio)


def reach(twilio: TwilioStandIn, **more: str) -> TwilioApi:
    given: dict[str, Any] = {"account": ACCOUNT, "token": TOKEN, "number": NUMBER, "base": twilio.url, **more}
    return TwilioApi(**given)


def test_a_text_arrives_as_it_was_written(twilio: TwilioStandIn) -> None:
    api = reach(twilio, callback="https://chat.example/sms/status")
    sid = api.send(written(id=7))
    (row,) = twilio.texts
    assert sid == row["sid"]
    assert (row["to"], row["from"], row["body"]) == (HOME, NUMBER, written().body)
    assert row["callback"] == "https://chat.example/sms/status?text=7"


def test_a_messaging_service_sends_without_a_number(twilio: TwilioStandIn) -> None:
    service = "MG" + "1" * 32
    reach(twilio, number="", service=service).send(written())
    (row,) = twilio.texts
    assert (row["from"], row["messaging_service_sid"], row["callback"]) == (None, service, "")


def test_there_must_be_something_to_send_from(twilio: TwilioStandIn) -> None:
    with pytest.raises(ValueError):
        reach(twilio, number="")


@pytest.mark.parametrize(
    ("given", "code", "again", "after", "opted_out"),
    [
        (refusal(21610), "21610", False, None, True),
        (refusal(21211), "21211", False, None, False),
        (refusal(21614), "21614", False, None, False),
        (refusal(30006), "30006", False, None, False),
        (refusal(21606), "21606", True, None, False),
        (refusal(20003, 403), "20003", True, None, False),
        (refusal(20429, 429, after="7"), BUSY, True, 7.0, False),
        (refusal(20429, 429, after="tomorrow"), BUSY, True, None, False),
        (refusal(21611), BUSY, True, None, False),
        (Behaviour(429, stores=False, raw=b"<html>"), BUSY, True, None, False),
        (Behaviour(400, stores=False, raw=b"<html>"), "400", False, None, False),
        (Behaviour(400, stores=False, raw=b'{"code": "+12125550123"}'), "400", False, None, False),
        (Behaviour(403, stores=False, raw=b"[1]"), "403", True, None, False),
    ],
)
def test_a_refusal_says_what_can_be_done(
    twilio: TwilioStandIn, api: TwilioApi, given: Behaviour, code: str, again: bool, after: float, opted_out: bool
) -> None:
    twilio.coming.append(given)
    with pytest.raises(Refused) as raised:
        api.send(written())
    refused = raised.value
    assert (refused.code, refused.again, refused.after, refused.opted_out) == (code, again, after, opted_out)
    assert twilio.texts == []


@pytest.mark.parametrize("wrong", [{"token": "wrong"}, {"account": "AC" + "9" * 32}])
def test_a_wrong_account_is_worth_another_try_once_it_is_mended(twilio: TwilioStandIn, wrong: dict[str, str]) -> None:
    api = reach(twilio, **wrong)
    for ask in (lambda: api.send(written()), lambda: api.find(written(), ())):
        with pytest.raises(Refused) as raised:
            ask()
        assert (raised.value.code, raised.value.again) == ("20003", True)


def test_a_connection_that_was_never_made_has_sent_nothing(twilio: TwilioStandIn, api: TwilioApi) -> None:
    twilio.stop()
    for ask in (lambda: api.send(written()), lambda: api.find(written(), ())):
        with pytest.raises(Refused) as raised:
            ask()
        assert (raised.value.code, raised.value.again) == (UNREACHABLE, True)
    twilio.start()
    assert api.send(written())


def test_a_name_that_nobody_knows_has_sent_nothing(twilio: TwilioStandIn) -> None:
    with pytest.raises(Refused) as raised:
        reach(twilio, base="http://twilio.invalid").send(written())
    assert (raised.value.code, raised.value.again) == (UNREACHABLE, True)


@pytest.mark.parametrize(
    ("given", "reason", "stored"),
    [
        (BROKEN_STORED, "500", 1),
        (BROKEN_LOST, "503", 0),
        (DROP_STORED, "broken", 1),
        (HANG_STORED, "no_answer", 1),
        (Behaviour(201, raw=b'{"si'), "unreadable", 1),
        (Behaviour(201, raw=b"[]"), "unreadable", 1),
        (Behaviour(201, raw=b"{}"), "unreadable", 1),
        (Behaviour(302, stores=False), "302", 0),
        (Behaviour(408, stores=False), "408", 0),
    ],
)
def test_what_is_uncertain_is_looked_for(
    twilio: TwilioStandIn,
    api: TwilioApi,
    given: Behaviour,
    reason: str,
    stored: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(twilio_line, "SECONDS", 0.3)
    twilio.coming.append(given)
    text = written()
    with pytest.raises(Uncertain) as raised:
        api.send(text)
    assert raised.value.reason == reason
    assert len(twilio.texts) == stored
    assert api.find(text, ()) == (twilio.texts[0]["sid"] if stored else None)


def test_only_the_same_text_is_found(twilio: TwilioStandIn, api: TwilioApi) -> None:
    text = written()
    first = api.send(text)
    assert api.find(text, ()) == first
    assert api.find(text, {first}) is None
    assert api.find(written(body="Call 988."), ()) is None
    assert api.find(written(number="+12125550124"), ()) is None
    assert api.find(written(created_at=text.created_at + 90_000), ()) is None
    second = api.send(text)
    assert api.find(text, {first}) == second


def test_a_search_goes_on_to_the_next_page(twilio: TwilioStandIn, api: TwilioApi) -> None:
    first = api.send(written())
    for n in range(4):
        api.send(written(body=f"Step {n}"))
    twilio.page_size = 2
    assert api.find(written(created_at=int(time.time() * 1000) - 5000), ()) == first


@pytest.mark.parametrize("given", [Behaviour(500), Behaviour(200, raw=b"{}"), Behaviour(200, raw=b"<html>")])
def test_a_search_that_fails_finds_nothing_out(twilio: TwilioStandIn, api: TwilioApi, given: Behaviour) -> None:
    twilio.listing = given
    with pytest.raises(Uncertain):
        api.find(written(), ())


def test_each_of_many_threads_gets_its_own_answer(twilio: TwilioStandIn, api: TwilioApi) -> None:
    texts = [written(id=n, body=f"text {n}") for n in range(64)]
    together = threading.Barrier(8)

    def send(text: Text) -> str:
        together.wait()
        return api.send(text)

    with ThreadPoolExecutor(8) as threads:
        sids = list(threads.map(send, texts))
    bodies = {row["sid"]: row["body"] for row in twilio.texts}
    assert [bodies[sid] for sid in sids] == [text.body for text in texts]


def test_nothing_of_a_text_is_logged(
    twilio: TwilioStandIn, api: TwilioApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_line, "SECONDS", 0.3)
    caplog.set_level(logging.DEBUG)
    for given in (Behaviour(), refusal(21211), BROKEN_LOST, DROP_STORED, HANG_STORED, Behaviour(raw=b"{")):
        twilio.coming.append(given)
        try:
            api.send(written())
        except (Refused, Uncertain) as error:
            assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)
    api.find(written(), ())
    twilio.stop()
    with pytest.raises(Refused):
        api.find(written(), ())
    assert any("could not be read" in record.getMessage() for record in caplog.records)
    for secret in ("2125550123", "Ñandú", TOKEN, "Messages.json"):
        assert secret not in caplog.text


def test_no_proxy_of_the_environment_is_used(
    twilio: TwilioStandIn, api: TwilioApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    assert api.send(written()) == twilio.texts[0]["sid"]


def test_without_a_provider_only_fictional_numbers_get_texts() -> None:
    console = Console()
    assert console.send(written(id=3)) != console.send(written(id=4))
    assert console.find(written(), ()) is None
    for number in ("+12125550200", "+12125550099", "+12125551234", "+442125550123", "+121255501234", "911"):
        with pytest.raises(Refused) as raised:
            console.send(written(number=number))
        assert (raised.value.code, raised.value.again) == ("no_provider", False)
