"""What alerts are sent to: a real web server and a real mail server, each on a port of its own."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = tuple[dict[str, str], bytes]


class Hook(ThreadingHTTPServer):
    """A webhook; `answers` are the codes with which it answers, the last one for ever."""

    daemon_threads = True

    def __init__(self, *answers: int) -> None:
        super().__init__(("127.0.0.1", 0), _Hooked)
        self.answers, self.heard = list(answers), list[Request]()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Hooked(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        code = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Post(socketserver.ThreadingTCPServer):
    """A mail server that takes what is for `example.org` and refuses the rest."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Posted)
        self.port, self.letters = self.server_address[1], list[tuple[list[str], str]]()


class _Posted(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        to: list[str] = []
        self._say("220 here")
        while line := self.rfile.readline().decode():
            word = line[:4].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.letters.append((to, self._letter()))
            if word == "RCPT" and "@example.org>" in line:
                to.append(line[line.index("<") + 1 : line.index(">")])
            self._say("550 no" if word == "RCPT" and "@example.org>" not in line else "250 ok")
            if word == "QUIT":
                return

    def _letter(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def listening(server: Any) -> Iterator[Any]:
    """A server that serves."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
