"""A real HTTP server that speaks the loopback contract and behaves as badly as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Asked = dict[str, Any]
Given = dict[str, Any]


def said(*texts: str, **more: Any) -> Given:
    """An ordinary answer; `more` replaces any part of it."""
    answer: Given = {
        "messages": [{"text": text, "buttons": [], "card": None} for text in texts],
        "understood": {
            "intent": "greet",
            "confidence": 0.91,
            "ranking": [{"name": "greet", "confidence": 0.91}],
            "entities": [],
            "fallback": False,
            "severity": None,
        },
        "concern": None,
        "context": {"substances": ["alprazolam"], "language": "en"},
        "failed": False,
    }
    return {**answer, **more}


class RasaStandIn:
    """Answers every turn with `answer`, which a test replaces; keeps what it was asked."""

    def __init__(self, port: int = 0, key: str = "") -> None:
        self.key = key
        self.answer: Callable[[Asked], Given | bytes | int] = lambda asked: said(f"echo {asked['text']}")
        self.heard: list[Asked] = []
        self.at_once: dict[str, int] = {}
        self.overlapped = False
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self.port = port
        self.start()

    def start(self) -> None:
        """Listen, on the same port as before."""
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                self._send(200, b'{"status": "ok", "ready": true}')

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if stand_in.key and self.headers["Authorization"] != f"Bearer {stand_in.key}":
                    self._send(401, b"{}")
                    return
                given = stand_in.turn(asked)
                if isinstance(given, int):
                    self._send(given, b"{}")
                else:
                    self._send(200, given if isinstance(given, bytes) else json.dumps(given).encode())

            def _send(self, status: int, body: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening: connections are refused from now on."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def turn(self, asked: Asked) -> Given | bytes | int:
        """One turn; notes when two of the same conversation run at once."""
        conversation = asked["conversation"]
        with self._lock:
            self.heard.append(asked)
            self.at_once[conversation] = self.at_once.get(conversation, 0) + 1
            self.overlapped = self.overlapped or self.at_once[conversation] > 1
        try:
            return self.answer(asked)
        finally:
            with self._lock:
                self.at_once[conversation] -= 1


def slowly(seconds: float, given: Given) -> Callable[[Asked], Given]:
    """An answer that takes its time."""

    def answer(asked: Asked) -> Given:
        time.sleep(seconds)
        return given

    return answer
