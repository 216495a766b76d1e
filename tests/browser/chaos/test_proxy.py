"""The proxy breaks what it is told to break, as it is told, and nothing else."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.browser.chaos.faults import POST, STALL_SECONDS, STREAM, Fault
from tests.browser.chaos.proxy import Proxy
from tests.stack import free_port

MESSAGE = {"conversation": "c", "text": "hello"}
SEED = 3  # its first stall is a short one


@pytest.fixture
def door() -> Iterator[RasaStandIn]:
    """Any server will do."""
    server = RasaStandIn()
    yield server
    server.stop()


@pytest.fixture
def proxy(door: RasaStandIn) -> Iterator[Proxy]:
    started = Proxy(free_port(), door.port, random.Random(SEED)).start()
    yield started
    started.stop()


@pytest.fixture
def http(proxy: Proxy) -> Iterator[httpx.Client]:
    """Each request on a connection of its own, so that only its own can break."""
    once = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=proxy.url, timeout=20, trust_env=False, limits=once) as client:
        yield client


def test_unbroken(proxy: Proxy, door: RasaStandIn) -> None:
    with httpx.Client(base_url=proxy.url, trust_env=False) as http:
        for _ in range(3):
            assert http.post("/chat/messages", json=MESSAGE).json()["messages"][0]["text"] == "echo hello"
        assert http.get("/chat/events").json()["ready"]
    assert len(door.heard) == 3 and not proxy.made


@pytest.mark.parametrize(
    ("fault", "heard"), [(Fault.LOST_BEFORE, 0), (Fault.LOST_AFTER, 1), (Fault.ANSWER_CUT, 1)], ids=lambda it: str(it)
)
def test_a_message_is_cut_once(http: httpx.Client, proxy: Proxy, door: RasaStandIn, fault: Fault, heard: int) -> None:
    proxy.owe(fault)
    assert http.get("/chat/events").is_success
    with pytest.raises(httpx.TransportError):
        http.post("/chat/messages", json=MESSAGE)
    assert len(door.heard) == heard
    assert http.post("/chat/messages", json=MESSAGE).is_success
    assert proxy.made == {fault: 1}


def test_a_stream_is_cut_in_mid_answer(http: httpx.Client, proxy: Proxy) -> None:
    proxy.owe(Fault.STREAM_CUT)
    assert http.post("/chat/messages", json=MESSAGE).is_success
    with pytest.raises(httpx.TransportError):
        http.get("/chat/events")
    assert http.get("/chat/events").is_success
    assert proxy.made == {Fault.STREAM_CUT: 1}


@pytest.mark.parametrize(
    ("fault", "broken"), [(Fault.POST_STALL, "POST /chat/messages"), (Fault.STREAM_STALL, "GET /chat/events")]
)
def test_a_stall(http: httpx.Client, proxy: Proxy, fault: Fault, broken: str) -> None:
    proxy.owe(fault)
    method, path = broken.split()
    started = time.monotonic()
    assert http.request(method, path, json=MESSAGE if method == "POST" else None).is_success
    assert STALL_SECONDS[0] <= time.monotonic() - started
    assert proxy.made == {fault: 1}


def test_a_black_out_refuses_and_ends(http: httpx.Client, proxy: Proxy) -> None:
    assert http.get("/chat/events").is_success
    proxy.owe(Fault.BLACK_OUT)
    time.sleep(0.2)  # it begins in the proxy's own thread
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{proxy.url}/chat/events", trust_env=False)
    proxy.calm()
    assert http.get("/chat/events").is_success


def test_calm_forgives_what_is_owed(http: httpx.Client, proxy: Proxy) -> None:
    for fault in (*POST, *STREAM):
        proxy.owe(fault)
    proxy.calm()
    assert http.post("/chat/messages", json=MESSAGE).is_success
    assert http.get("/chat/events").is_success
    assert not proxy.made
