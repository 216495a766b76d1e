"""The hand-off from texts to the web chat: who spends a link, what the new session knows, and who sees the texts."""

from __future__ import annotations

import secrets
import sqlite3
import time
import uuid
from collections.abc import Callable

import httpx
import pytest

from tests.bot.frontdoor.links import ASKED, LAST_DIGITS, TOLD, link_from_texts
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import Chat, RunningDoor

NewDoor = Callable[..., tuple[RunningDoor, RasaStandIn]]
WRONG = "9999"


def get(door: RunningDoor, path: str, method: str = "GET") -> httpx.Response:
    return httpx.request(method, f"{door.url}{path}", trust_env=False)


def spend(door: RunningDoor, code: str, **headers: str) -> httpx.Response:
    return httpx.post(f"{door.url}/c/{code}", headers=headers, trust_env=False)


def continued(door: RunningDoor, **texts: str) -> Chat:
    """A chat that goes on from texts."""
    return Chat(door, token=spend(door, link_from_texts(door, **texts)).json()["token"])


def earlier(chat: Chat, digits: object) -> httpx.Response:
    return chat.http.post("/chat/earlier", json={"digits": digits}, headers=chat.bearer)


# ---- the link


def test_the_page_is_the_same_for_every_code(door: RunningDoor) -> None:
    real, made_up, none = (get(door, path) for path in (f"/c/{link_from_texts(door)}", "/c/nothing", "/c"))
    assert real.status_code == 200 and real.content == made_up.content == none.content
    assert "{{" not in real.text and "(844) 557-8575" in real.text and "tel:911" in real.text
    for path in ("/pages.css", "/handoff.js", "/widget.js"):
        assert f'"{path}"' in real.text and get(door, path).status_code == 200


def test_the_page_is_kept_nowhere_and_tells_nobody_where_it_was(door: RunningDoor) -> None:
    headers = get(door, "/c/nothing").headers
    assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"].startswith("noindex") and headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy


def test_looking_does_not_spend_a_link_and_using_does(door: RunningDoor) -> None:
    code = link_from_texts(door)
    assert [get(door, f"/c/{code}", method).status_code for method in ("GET", "HEAD", "GET")] == [200, 200, 200]
    first, second = spend(door, code), spend(door, code)
    assert first.status_code == 200 and first.json()["language"] == "en"
    assert set(first.json()) == {"token", "language"}
    assert second.status_code == 410 and second.json()["error"] == "link_used"
    assert "LINK" in second.json()["text"] and "(844) 557-8575" in second.json()["text"]


@pytest.mark.parametrize("code", ["x", "a" * 21, "a" * 23, "ñ" * 22, "a" * 21 + "%20", "a" * 5000])
def test_what_is_no_code_is_refused(door: RunningDoor, code: str) -> None:
    assert spend(door, code).status_code in (404, 405, 410)


def test_a_guess_and_an_old_link_do_not_work(door: RunningDoor) -> None:
    assert spend(door, secrets.token_urlsafe(16)).status_code == 410
    code = link_from_texts(door, seconds=0.05)
    time.sleep(0.1)
    assert spend(door, code).status_code == 410


def test_only_our_own_pages_spend_a_link(door: RunningDoor) -> None:
    code = link_from_texts(door)
    assert spend(door, code, Origin="https://evil.example").status_code == 403
    assert spend(door, code, Origin=door.url).status_code == 200


def test_one_address_cannot_try_for_ever(new_door: NewDoor) -> None:
    door, _ = new_door(MESSAGES_PER_MINUTE="1")
    assert [spend(door, "nothing").status_code for _ in range(4)] == [410, 410, 410, 429]


def test_a_link_while_the_store_is_away_is_not_spent(door: RunningDoor) -> None:
    code = link_from_texts(door)
    with sqlite3.connect(door.database, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer, no_code = spend(door, code), spend(door, "nothing")
        other.execute("ROLLBACK")
    assert answer.status_code == 503 and "(844) 557-8575" in answer.json()["text"]
    assert no_code.status_code == 410, "what is no code is refused without a look"
    assert spend(door, code).status_code == 200


# ---- the new session


def test_the_session_works_before_anything_is_said_in_it_and_knows_what_the_texts_knew(
    door: RunningDoor, rasa: RasaStandIn
) -> None:
    rasa.answer = lambda asked: said(f"echo {asked['text']}")
    chat = continued(door)
    (greeting,) = chat.events(lambda found: True)
    assert greeting["role"] == "bot" and "texts" in greeting["text"] and greeting["seq"] == 1
    chat.turn(chat.say("and beer").json()["seq"])
    assert rasa.heard[-1]["context"]["substances"] == ["alprazolam", "oxycodone"]
    assert ASKED not in str(chat.events(lambda found: len(found) == 4))


def test_a_session_from_spanish_texts_greets_in_spanish(door: RunningDoor) -> None:
    answer = spend(door, link_from_texts(door, language="es"))
    assert answer.json()["language"] == "es"
    (greeting,) = Chat(door, token=answer.json()["token"]).events(lambda found: True)
    assert "textos" in greeting["text"]


# ---- what was said by text


def test_whoever_knows_the_number_sees_the_texts(door: RunningDoor) -> None:
    answer = earlier(continued(door), LAST_DIGITS)
    assert answer.status_code == 200
    messages = answer.json()["messages"]
    assert [(each["role"], each["text"]) for each in messages][:2] == [("user", ASKED), ("bot", TOLD)]


def test_a_third_wrong_try_closes_them(door: RunningDoor) -> None:
    chat = continued(door)
    answers = [earlier(chat, digits) for digits in (WRONG, WRONG, WRONG, LAST_DIGITS)]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert [answer.json()["tries"] for answer in answers] == [2, 1, 0, 0]
    assert all(answer.json()["error"] == "wrong_digits" and TOLD not in answer.text for answer in answers)


@pytest.mark.parametrize("digits", ["", "012", "01420", "٠١٤٢", "01a2", 142, None, ["0142"]])
def test_what_are_no_digits_costs_no_try(door: RunningDoor, digits: object) -> None:
    chat = continued(door)
    assert earlier(chat, digits).status_code == 400
    assert earlier(chat, WRONG).json()["tries"] == 2


def test_who_did_not_come_by_a_link_sees_nothing(door: RunningDoor, chat: Chat) -> None:
    link_from_texts(door)
    assert (earlier(chat, LAST_DIGITS).status_code, earlier(chat, LAST_DIGITS).json()["tries"]) == (403, 0)
    assert httpx.post(f"{door.url}/chat/earlier", json={"digits": LAST_DIGITS}, trust_env=False).status_code == 401
    own = continued(door)
    own.http.delete("/chat/session", headers=own.bearer)
    assert earlier(own, LAST_DIGITS).status_code == 403


def test_texts_of_a_long_talk_come_in_order(door: RunningDoor) -> None:
    for n in range(70):
        code = link_from_texts(door, asked=f"question {n}", told=f"answer {n}")
    messages = earlier(Chat(door, token=spend(door, code).json()["token"]), LAST_DIGITS).json()["messages"]
    assert len(messages) >= 140 and messages[-1]["text"] == "answer 69"
    assert [each["seq"] for each in messages] == sorted({each["seq"] for each in messages})


def test_a_stranger_on_another_page_gets_nothing(door: RunningDoor) -> None:
    chat = continued(door)
    headers = {**chat.bearer, "Origin": "https://evil.example"}
    assert chat.http.post("/chat/earlier", json={"digits": LAST_DIGITS}, headers=headers).status_code == 403
    assert chat.post({"id": str(uuid.uuid4()), "text": "hello"}).status_code == 202
