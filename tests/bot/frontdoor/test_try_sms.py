"""The telephone that nobody has: its number, its own texts and nobody else's, and that it goes away with a provider."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from helpline.sms import fictional
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import OVERDOSE, RunningDoor

NewDoor = Callable[..., tuple[RunningDoor, RasaStandIn]]
TWILIO = {
    "SMS_PROVIDER": "twilio",
    "SMS_NUMBER": "+18445550100",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "0" * 32,
    "TWILIO_API_URL": "http://127.0.0.1:9",
}


class TryPhone:
    """One such telephone."""

    def __init__(self, door: RunningDoor) -> None:
        self.http = httpx.Client(base_url=door.url, timeout=20, trust_env=False)
        self.got = self.http.post("/sms/try/phone").json()
        self.bearer = {"Authorization": f"Bearer {self.got['phone']}"}

    def send(self, body: object) -> httpx.Response:
        return self.http.post("/sms/try/messages", json=body, headers=self.bearer)

    def texts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get("/sms/try/messages", headers=self.bearer).json()["texts"]
        return found

    def receives(self, count: int) -> list[dict[str, Any]]:
        until = time.monotonic() + 10
        while len(self.texts()) < count and time.monotonic() < until:
            time.sleep(0.05)
        return self.texts()


def test_a_text_is_answered(door: RunningDoor) -> None:
    phone = TryPhone(door)
    assert phone.texts() == []
    assert phone.send({"text": "hello there"}).status_code == 202
    (answer,) = phone.receives(1)
    assert set(answer) == {"id", "text", "ours", "segments", "at"} and answer["ours"] is True
    assert "echo hello there" in answer["text"] and f"{door.url}/c/" in answer["text"]
    assert 1 <= answer["segments"] <= 3 and abs(answer["at"] / 1000 - time.time()) < 60


def test_an_emergency_and_a_keyword_are_answered_as_by_text(door: RunningDoor) -> None:
    phone = TryPhone(door)
    phone.send({"text": OVERDOSE})
    assert "911" in phone.receives(1)[0]["text"]
    before = len(phone.receives(2))
    phone.send({"text": "STOP"})
    assert "START" in phone.receives(before + 1)[-1]["text"]


def test_every_phone_has_a_number_that_nobody_has_and_its_own_texts(door: RunningDoor) -> None:
    phones = [TryPhone(door) for _ in range(10)]
    numbers = {phone.got["number"] for phone in phones}
    assert len(numbers) == 10 and all(map(fictional, numbers))
    assert all(re.fullmatch(r"\+1 \d{3} 555-01\d\d", number) for number in numbers)
    phones[0].send({"text": "mine"})
    phones[0].receives(1)
    assert all(phone.texts() == [] for phone in phones[1:])


@pytest.mark.parametrize("token", ["", "nonsense", "+12125550142", "+12125550142.aaaaaa.bbbb", "x" * 300])
def test_nobody_reads_the_texts_of_a_number_by_its_name(door: RunningDoor, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".strip()}
    for method in ("GET", "POST"):
        answer = httpx.request(method, f"{door.url}/sms/try/messages", headers=headers, trust_env=False)
        assert answer.status_code == 401


def test_a_token_of_the_chat_is_none_of_a_phone(door: RunningDoor) -> None:
    token = httpx.post(f"{door.url}/chat/session", trust_env=False).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{door.url}/sms/try/messages", headers=headers, trust_env=False).status_code == 401


@pytest.mark.parametrize("body", [{}, {"text": 7}, [], "hello", None])
def test_what_is_no_text_is_refused(door: RunningDoor, body: object) -> None:
    assert TryPhone(door).send(body).status_code == 400


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"a\\u0000b"', f'"{"x" * 5000}"', '""'], ids="half nul long empty".split()
)
def test_strange_texts_are_answered(door: RunningDoor, text: str) -> None:
    phone = TryPhone(door)
    content = f'{{"text": {text}}}'
    assert phone.http.post("/sms/try/messages", content=content, headers=phone.bearer).status_code == 202
    assert phone.receives(1)


def test_only_our_own_page_uses_it(door: RunningDoor) -> None:
    headers = {"Origin": "https://evil.example"}
    assert httpx.post(f"{door.url}/sms/try/phone", headers=headers, trust_env=False).status_code == 403


def test_with_a_provider_there_is_no_such_page(new_door: NewDoor) -> None:
    door, _ = new_door(**TWILIO)
    for method, path in (
        ("GET", "/sms/try"),
        ("GET", "/try.js"),
        ("POST", "/sms/try/phone"),
        ("POST", "/sms/try/messages"),
        ("GET", "/sms/try/messages"),
    ):
        assert httpx.request(method, f"{door.url}{path}", trust_env=False).status_code == 404, path
    page = httpx.get(door.url, trust_env=False).text
    assert "/sms/try" not in page and 'sms="+18445550100"' in page


def test_without_a_provider_the_demo_page_leads_there(door: RunningDoor) -> None:
    page = httpx.get(door.url, trust_env=False).text
    assert 'href="/sms/try"' in page and 'sms=""' in page and "<!--" not in page
    assert httpx.get(f"{door.url}/sms/try", trust_env=False).headers["x-robots-tag"].startswith("noindex")
