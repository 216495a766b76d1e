"""Every bad request is a clear 4xx with the number in it, and an emergency card where there is an emergency."""

import json
import socket
import time
import uuid
from collections.abc import Callable

import httpx
import pytest

from bot.frontdoor.session import Sessions
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, Chat, RunningDoor

ID = "6fd6c2f4-8b8f-4d1c-9f6e-2f4b7c1a0d3e"
PHONE = "557-8575"


def body(**more: object) -> bytes:
    return json.dumps({"id": ID, **more}).encode()


BAD = {
    "nothing": (b"", 400, "not_json"),
    "not json": (b"hello", 400, "not_json"),
    "half of json": (b'{"id": "', 400, "not_json"),
    "not utf-8": (b'{"id": "\xff\xfe"}', 400, "not_json"),
    "bom": (b"\xef\xbb\xbf{}", 400, "not_json"),
    "array": (b"[]", 400, "bad_request"),
    "number": (b"1", 400, "bad_request"),
    "huge number": (b"9" * 30_000, 400, None),
    "nan": (b'{"id": NaN, "text": NaN}', 400, "bad_request"),
    "null": (b"null", 400, "bad_request"),
    "string": (b'"hello"', 400, "bad_request"),
    "deep array": (b"[" * 30_000 + b"]" * 30_000, 400, None),
    "deep object": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, None),
    "unclosed": (b"[" * 60_000, 400, None),
    "no id": (b'{"text": "hello"}', 400, "bad_request"),
    "id is no uuid": (b'{"id": "1", "text": "hello"}', 400, "bad_request"),
    "id is a number": (b'{"id": 1, "text": "hello"}', 400, "bad_request"),
    "id with newline": (b'{"id": "' + ID.encode() + b'\\n", "text": "hello"}', 400, "bad_request"),
    "no text": (body(), 400, "bad_request"),
    "text is a number": (body(text=1), 400, "bad_request"),
    "text is null": (body(text=None), 400, "bad_request"),
    "text is true": (body(text=True), 400, "bad_request"),
    "text is an array": (body(text=["hello"]), 400, "bad_request"),
    "text is an object": (body(text={"a": "b"}), 400, "bad_request"),
    "text and choice": (body(text="a", choice="b"), 400, "bad_request"),
    "choice is a number": (body(choice=1), 400, "bad_request"),
    "empty": (body(text=""), 400, "empty"),
    "blank": (body(text=" \n\t\u00a0\u3000"), 400, "empty"),
    "invisible": (body(text="\u200b\u200d\u2060\ufeff\u202e"), 400, "empty"),
    "empty choice": (body(choice=""), 400, "empty"),
    "NUL": (body(text="a\0b"), 400, "bad_request"),
    "lone high surrogate": (b'{"id": "' + ID.encode() + b'", "text": "\\ud800"}', 400, "bad_request"),
    "lone low surrogate": (b'{"id": "' + ID.encode() + b'", "text": "a\\udfffb"}', 400, "bad_request"),
    "surrogate in a choice": (b'{"id": "' + ID.encode() + b'", "choice": "\\ud800"}', 400, "bad_request"),
    "surrogate in the id": (b'{"id": "\\ud800", "text": "hello"}', 400, "bad_request"),
    "too long": (body(text="a" * 2001), 413, "too_long"),
    "too long a choice": (body(choice="a" * 2001), 413, "too_long"),
    "70 kB": (body(text="a" * 70_000), 413, "too_long"),
    "1 MB": (body(text="a" * 1_000_000), 413, "too_long"),
    "1 MB of brackets": (b"[" * 1_000_000, 413, "too_long"),
}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_body_is_refused(chat: Chat, rasa: RasaStandIn, name: str) -> None:
    raw, status, code = BAD[name]
    rasa.heard.clear()
    started = time.monotonic()
    answer = chat.http.post("/chat/messages", content=raw, headers={**chat.bearer, **JSON})
    assert time.monotonic() - started < 2
    told = answer.json()
    assert answer.status_code == status
    assert code in (None, told["error"])
    assert set(told) == {"error", "text", "phone", "card", "language"}
    assert PHONE in told["phone"] and told["text"] and told["card"]["kind"] == "helpline"
    assert PHONE in told["card"]["phone"]
    assert rasa.heard == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
def test_only_json_is_taken(chat: Chat, kind: str) -> None:
    answer = chat.http.post("/chat/messages", content=body(text="hello"), headers={**chat.bearer, "Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]) == (415, "not_json")


def test_json_may_name_its_charset(chat: Chat) -> None:
    headers = {**chat.bearer, "Content-Type": "Application/JSON; charset=UTF-8"}
    assert chat.http.post("/chat/messages", content=body(text="hello"), headers=headers).status_code == 202


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2000, "😀" * 2000, "e\u0301" * 1000, "שלום", "<script>alert(1)</script>", "'; DROP TABLE entries; --",
        "{{7*7}}", "${jndi:ldap://x}", "%s%n%x", "\u202eabc", "\r\ndata: x\r\n\r\nid: 7", "\u2028\u2029x",
        "[phone]", "[nothing]", "\x1b[31m",
    ],
    ids=range(15),
)  # fmt: skip
def test_strange_text_is_still_only_text(chat: Chat, text: str) -> None:
    answer = chat.say(text)
    assert answer.status_code == 202
    user, *_ = chat.events(lambda found: len(found) >= 3)
    assert user["text"] == text


def expired(door: RunningDoor) -> str:
    sessions = Sessions(door.settings.session_secret, 1)
    signer = sessions._signer
    signer.get_timestamp = lambda: int(time.time()) - 25 * 3600  # type: ignore[method-assign]
    return sessions.issue()


TOKENS: dict[str, Callable[[RunningDoor, str], str | None]] = {
    "missing": lambda door, token: None,
    "empty": lambda door, token: "Bearer",
    "basic": lambda door, token: f"Basic {token}",
    "forged": lambda door, token: "Bearer " + token[:-2] + ("aa" if token[-2:] != "aa" else "bb"),
    "another secret": lambda door, token: "Bearer " + Sessions("x" * 40, 24).issue(),
    "expired": lambda door, token: "Bearer " + expired(door),
    "invented": lambda door, token: "Bearer abc.def.ghi",
    "very long": lambda door, token: "Bearer " + "a" * 5000,
    "not ascii": lambda door, token: "Bearer \xff\xfe",
}


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_we_did_not_issue_is_refused(door: RunningDoor, chat: Chat, name: str) -> None:
    header = TOKENS[name](door, chat.token)
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    for answer in (
        chat.http.post("/chat/messages", content=body(text="hello"), headers={**JSON, **headers}),
        chat.http.get("/chat/events", headers=headers),
        chat.http.delete("/chat/session", headers=headers),
    ):
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")
        assert answer.json()["card"]["kind"] == "helpline"


EMERGENCIES = {
    "no token": (body(text=SUICIDE), JSON, 401),
    "wrong content type": (body(text=SUICIDE), {"Content-Type": "text/plain"}, 415),
    "plain text": (SUICIDE.encode(), {"Content-Type": "text/plain"}, 415),
    "not json": (SUICIDE.encode(), JSON, 400),
    "wrong name": (json.dumps({"message": SUICIDE}).encode(), JSON, 400),
    "no id": (json.dumps({"text": SUICIDE}).encode(), JSON, 400),
    "in an array": (json.dumps([["a"], {"x": {"y": SUICIDE}}]).encode(), JSON, 400),
    "text is an array": (body(text=[SUICIDE]), JSON, 400),
    "forged choice": (body(choice=SUICIDE), JSON, 401),
    "text and choice": (body(text=SUICIDE, choice="/a"), JSON, 400),
    "with NUL": (body(text=SUICIDE + "\0"), JSON, 400),
    "with half a surrogate": (b'{"id": "x", "text": "\\ud800 ' + SUICIDE.encode() + b'"}', JSON, 400),
    "too long, at the end": (body(text="please listen. " * 200 + SUICIDE), JSON, 413),
    "too long, in the middle": (body(text="hm. " * 600 + SUICIDE + ". hm" * 600), JSON, 413),
    "far too long": (body(text=SUICIDE + ". " + "a" * 900_000), JSON, 413),
    "another site": (body(text=SUICIDE), {**JSON, "Origin": "https://evil.example"}, 403),
}


@pytest.mark.parametrize("name", EMERGENCIES)
def test_an_emergency_card_comes_whatever_else_is_wrong(chat: Chat, name: str) -> None:
    raw, headers, status = EMERGENCIES[name]
    started = time.monotonic()
    answer = chat.http.post("/chat/messages", content=raw, headers=headers)
    assert time.monotonic() - started < 1.5
    assert answer.status_code == status
    assert answer.json()["card"]["kind"] == "crisis"
    assert "988" in answer.json()["card"]["call"]
    assert "988" in answer.json()["text"] and PHONE in answer.json()["phone"]


def test_a_hostile_body_holds_nobody_up(door: RunningDoor, chat: Chat) -> None:
    slow = socket.create_connection(("127.0.0.1", door.port))
    slow.sendall(b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    started = time.monotonic()
    assert chat.say_until_stored(OVERDOSE).status_code == 202
    assert time.monotonic() - started < 0.5
    slow.close()


def test_other_paths_and_methods_are_refused_calmly(chat: Chat) -> None:
    for answer, status in (
        (chat.http.get("/nothing"), 404),
        (chat.http.get("/chat/messages"), 405),
        (chat.http.post("/"), 405),
        (chat.http.get("/../../etc/passwd"), 404),
    ):
        assert answer.status_code == status
        assert answer.json()["card"]["kind"] == "helpline" and PHONE in answer.json()["phone"]


def test_no_word_and_no_token_reaches_the_log(door: RunningDoor, chat: Chat) -> None:
    secret = "purple elephant 555-0199"
    chat.say(secret)
    chat.post([secret])
    httpx.post(f"{door.url}/chat/messages?token={chat.token}", content=secret, trust_env=False)
    log = door.log.read_text()
    for word in ("purple", "555-0199", chat.token.partition(".")[0], "557-8575"):
        assert word not in log


def test_the_database_alone_shows_nothing(door: RunningDoor, chat: Chat) -> None:
    word = f"w{uuid.uuid4().hex}"
    chat.turn(chat.say(f"call me at 212-555-0123, {word}").json()["seq"])
    raw = b"".join(file.read_bytes() for file in door.folder.glob("journal.db*"))
    assert b"212-555-0123" not in raw
    assert chat.token.partition(".")[0].encode() not in raw
