"""Sessions, the event stream, limits, origins, pages and health."""

import gzip
import re
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack

import httpx
import pytest

from bot.frontdoor.bell import STREAMS
from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import SUICIDE, Chat, RunningDoor

NewDoor = Callable[..., tuple[RunningDoor, RasaStandIn]]


@pytest.fixture(autouse=True)
def polite(rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: said(f"echo {asked['text']}")


def test_a_session_is_issued_without_the_database(door: RunningDoor) -> None:
    answers = [httpx.post(f"{door.url}/chat/session", trust_env=False) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    tokens = {answer.json()["token"] for answer in answers}
    assert len(tokens) == 3
    assert all(len(token.partition(".")[0]) * 6 >= 128 for token in tokens)


def test_the_stream_goes_on_where_it_was_left(chat: Chat) -> None:
    for n in range(3):
        chat.turn(chat.say(f"hello {n}").json()["seq"])
    everything = chat.events(lambda found: len(found) == 9)
    for after in range(1, 9):
        assert chat.events(lambda found, after=after: len(found) == 9 - after, after) == everything[after:]  # type: ignore[misc]


@pytest.mark.parametrize("header", ["", "x", "-1", "1.5", "99999999999999999999", "²", "1; DROP"])
def test_a_strange_last_event_id_starts_at_the_beginning(chat: Chat, header: str) -> None:
    chat.turn(chat.say("hello").json()["seq"])
    headers = {**chat.bearer, "Last-Event-ID": header.encode()}
    with chat.http.stream("GET", "/chat/events", headers=headers) as stream:
        assert next(line for line in stream.iter_lines() if line.startswith("id")) == "id: 1"
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"


def test_news_arrives_at_once(chat: Chat) -> None:
    with chat.http.stream("GET", "/chat/events", headers=chat.bearer) as stream:
        lines = stream.iter_lines()
        started = time.monotonic()
        httpx.post(
            f"{chat.http.base_url}/chat/messages",
            json={"id": str(uuid.uuid4()), "text": "hello"},
            headers=chat.bearer,
            trust_env=False,
        )
        for line in lines:
            if "turn_done" in line:
                break
        assert time.monotonic() - started < 0.5


def test_a_cleared_chat_is_gone(door: RunningDoor, chat: Chat) -> None:
    message_id = str(uuid.uuid4())
    chat.turn(chat.say("forget this", message_id).json()["seq"])
    assert chat.http.delete("/chat/session", headers=chat.bearer).status_code == 204
    assert chat.say("hello").status_code == 401
    assert chat.say(SUICIDE).json()["card"]["kind"] == "crisis"
    assert chat.http.get("/chat/events", headers=chat.bearer).status_code == 401
    assert door.understood(chat.token, message_id) == {}
    assert chat.http.delete("/chat/session", headers=chat.bearer).status_code == 204


def test_clearing_ends_the_open_stream_and_a_running_turn(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: (time.sleep(0.4), said("too late"))[1]
    chat.say("hello")
    with chat.http.stream("GET", "/chat/events", headers=chat.bearer) as stream:
        lines = stream.iter_lines()
        next(lines)
        other = httpx.delete(f"{chat.http.base_url}/chat/session", headers=chat.bearer, trust_env=False)
        assert other.status_code == 204
        assert not any("too late" in line for line in lines)


def test_a_chat_can_be_cleared_before_its_first_message(chat: Chat) -> None:
    assert chat.http.delete("/chat/session", headers=chat.bearer).status_code == 204
    assert chat.say("hello").status_code == 401


@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_a_beacon_ends_the_session(chat: Chat, kind: str) -> None:
    chat.turn(chat.say("hello").json()["seq"])
    content = chat.token if kind == "text/plain" else f'{{"token": "{chat.token}"}}'
    answer = chat.http.post("/chat/session/end", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 204
    assert chat.say("I am back").status_code == 202  # who comes back is not turned away


@pytest.mark.parametrize("content", [b"", b"nonsense", b'{"token": 7}', b"{" * 70_000, b'{"a": ' * 10_000, b"\xff"])
def test_a_beacon_without_a_token_is_refused(chat: Chat, content: bytes) -> None:
    assert chat.http.post("/chat/session/end", content=content).status_code == 401


def test_limits_and_the_key_that_is_exempt(new_door: NewDoor) -> None:
    door, _ = new_door(MESSAGES_PER_MINUTE="3")
    chat = Chat(door)
    assert [chat.say("hello").status_code for _ in range(5)] == [202, 202, 202, 429, 429]
    refused = chat.say(SUICIDE)
    assert refused.status_code == 429 and refused.json()["card"]["kind"] == "crisis"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    exempt = {"X-Evaluate-Key": door.settings.evaluate_key}
    assert chat.post({"id": str(uuid.uuid4()), "text": "hello"}, **exempt).status_code == 202
    assert chat.post({"id": str(uuid.uuid4()), "text": "hello"}, **{"X-Evaluate-Key": "guess"}).status_code == 429
    assert Chat(door).say("another conversation").status_code == 202
    opened = [chat.http.post("/chat/session").status_code for _ in range(12)]
    assert opened[0] == 201 and opened[-1] == 429
    assert chat.http.post("/chat/session", headers=exempt).status_code == 201


ORIGINS = {
    "https://www.example.org": True,
    "http://own": True,
    "https://evil.example": False,
    "https://www.example.org.evil.example": False,
    "http://www.example.org": False,
    "null": False,
    "http://[": False,
}


@pytest.mark.parametrize("origin", ORIGINS)
def test_only_allowed_sites_may_talk_to_us(door: RunningDoor, chat: Chat, origin: str) -> None:
    allowed, origin = ORIGINS[origin], origin.replace("http://own", door.url)
    headers = {"Origin": origin}
    opened = chat.http.post("/chat/session", headers=headers)
    ended = chat.http.post("/chat/session/end", content=chat.token, headers=headers)
    asked = {**headers, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = chat.http.options("/chat/messages", headers=asked)
    assert (opened.status_code, ended.status_code) == ((201, 204) if allowed else (403, 403))
    assert (opened.headers.get("access-control-allow-origin") == origin) is allowed
    assert (preflight.status_code == 200) is allowed
    if allowed:
        assert "authorization" in preflight.headers["access-control-allow-headers"].lower()


def test_the_demo_page_and_the_widget_are_served(chat: Chat) -> None:
    page = chat.http.get("/")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "{{" not in page.text and "(844) 557-8575" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
    for path in re.findall(r'(?:src|href)="(/[^"#]+)"', page.text):
        assert chat.http.get(path).status_code == 200, path
    widget = chat.http.get("/widget.js")
    assert widget.headers["content-type"].startswith("text/javascript")
    assert widget.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age" in widget.headers["cache-control"]
    again = chat.http.get("/widget.js", headers={"If-None-Match": widget.headers["etag"]})
    assert again.status_code == 304 and not again.content


def test_the_facts_are_a_page_with_the_number_and_no_script(chat: Chat) -> None:
    page = chat.http.get("/facts")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "(844) 557-8575" in page.text and "alprazolam" in page.text and "[phone]" not in page.text
    assert "<script" not in page.text and "script-src" not in page.headers["content-security-policy"]


def test_files_are_compressed_for_those_who_can_read_that(chat: Chat) -> None:
    plain = chat.http.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with chat.http.stream("GET", "/widget.js", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert gzip.decompress(raw) == plain.content


def test_every_answer_carries_the_security_headers(chat: Chat) -> None:
    for path in ("/", "/widget.js", "/health/live", "/nothing", "/chat/events"):
        headers = chat.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "content-security-policy" in headers and "server" not in headers and "set-cookie" not in headers


def test_health_and_metrics(chat: Chat) -> None:
    chat.turn(chat.say("hello").json()["seq"])
    assert chat.http.get("/health/live").status_code == 200
    ready = chat.http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["conversation"] is True and "store" not in ready.json()["degraded"]
    metrics = chat.http.get("/metrics")
    assert 'firstlight_turns_total{outcome="answered"}' in metrics.text
    assert 'firstlight_messages_total{answer="202"}' in metrics.text


def test_a_new_stream_takes_the_place_of_forgotten_ones(chat: Chat) -> None:
    chat.turn(chat.say("hello").json()["seq"])
    with chat.http.stream("GET", "/chat/events", headers=chat.bearer) as first, ExitStack() as others:
        for _ in range(STREAMS):
            others.enter_context(chat.http.stream("GET", "/chat/events", headers=chat.bearer))
        assert "turn_done" in "".join(first.iter_lines())  # it ended, and cleanly
