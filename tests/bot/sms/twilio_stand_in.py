"""A real HTTP server that speaks Twilio's API as its library uses it, and behaves as badly as it is told.

It plays the telephones too: it posts signed texts and reports of delivery to whoever should get them.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx
from twilio.request_validator import RequestValidator

from tests.bot.sms.twilio_forms import Row, asked_for, stored, webhook

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "f" * 32, "+15005550006"
MESSAGES = "/2010-04-01/Accounts/{account}/Messages.json"


@dataclass(frozen=True)
class Behaviour:
    """What becomes of a request: whether its text is stored, and how it is answered, if at all."""

    status: int = 201
    code: int | None = None
    stores: bool = True
    after: str | None = None
    hangs: bool = False
    drops: bool = False
    seconds: float = 0.0
    raw: bytes | None = None


WELL = Behaviour()
HANG_STORED, HANG_LOST = Behaviour(hangs=True), Behaviour(hangs=True, stores=False)
DROP_STORED, DROP_LOST = Behaviour(drops=True), Behaviour(drops=True, stores=False)
BROKEN_STORED, BROKEN_LOST = Behaviour(500), Behaviour(503, stores=False)


def refusal(code: int, status: int = 400, after: str | None = None) -> Behaviour:
    """A refusal with Twilio's code: 21610, 21211, 21614, 30006, 20003, or 20429 with a Retry-After."""
    return Behaviour(status, code, stores=False, after=after)


class TwilioStandIn:
    """Keeps every text that it accepted in `texts`; `coming` says how the next requests go, `usual` all others.

    `public` is the address that Twilio knows us by where that is not the one posted to: it is what gets signed.
    """

    def __init__(self, port: int = 0, account: str = ACCOUNT, token: str = TOKEN, number: str = NUMBER) -> None:
        self.account, self.token, self.number = account, token, number
        self.public = ""
        self.usual = WELL
        self.coming: deque[Behaviour] = deque()
        self.listing = Behaviour(200)
        self.opted_out: set[str] = set()
        self.page_size = 1000
        self.texts: list[Row] = []
        self.asked: list[str] = []
        self.http = httpx.Client(timeout=15, trust_env=False)
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server: _Server | None = None
        self.port = port
        self.start()

    @property
    def url(self) -> str:
        """Its address, in the place of Twilio's."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen, on the same port as before."""
        self._released.clear()
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening: connections are refused from now on, and those that hang break."""
        self._released.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.hang_up()
            self._server = None

    def hang(self) -> None:
        """Say nothing until it is stopped."""
        self._released.wait(60)

    def counts(self) -> Counter[tuple[str, str]]:
        """How often each text was accepted, by number and body."""
        return Counter((row["to"], row["body"]) for row in self.texts)

    def to(self, number: str) -> list[Row]:
        """The texts that were accepted for a number, in order."""
        return [row for row in self.texts if row["to"] == number]

    def doubled(self) -> int:
        """How many texts were accepted more than once."""
        return sum(count - 1 for count in self.counts().values())

    def accept(self, fields: dict[str, str]) -> tuple[Behaviour, Row]:
        """Take a text, or not, as the next behaviour says."""
        with self._lock:
            given = self.coming.popleft() if self.coming else self.usual
            if fields.get("To") in self.opted_out:
                given = refusal(21610)
            row = stored(self.account, fields)
            if given.stores:
                self.texts.append(row)
            return given, row

    def page(self, query: dict[str, str]) -> Row:
        """One page of the texts that a query asks for, the newest first, as Twilio gives them."""
        size, page = min(int(query.get("PageSize", 50)), self.page_size), int(query.get("Page", 0))
        rows = [row for row in reversed(self.texts) if asked_for(row, query)]
        path = MESSAGES.format(account=self.account)
        following = urlencode({**query, "Page": page + 1, "PageToken": "PA" + uuid4().hex})
        return {
            "messages": rows[page * size : (page + 1) * size],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": min((page + 1) * size, len(rows)) - 1,
            "uri": path,
            "first_page_uri": path,
            "previous_page_uri": None,
            "next_page_uri": f"{path}?{following}" if len(rows) > (page + 1) * size else None,
        }

    def text(self, url: str, number: str, body: str, sid: str | None = None, **fields: str) -> httpx.Response:
        """Text us from a telephone; `fields` replace or add any of the webhook's."""
        sid = sid or "SM" + uuid4().hex
        return self._post(url, {**webhook(self.account, self.number, number, body, sid), **fields})

    def report(self, url: str, sid: str, status: str, error_code: int | None = None) -> httpx.Response:
        """Report what became of a text that was accepted; without a url, to where its sender asked for it."""
        row = next((row for row in self.texts if row["sid"] == sid), {})
        fields = {
            "AccountSid": self.account,
            "ApiVersion": "2010-04-01",
            "MessageSid": sid,
            "SmsSid": sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": row.get("to", ""),
            "From": row.get("from") or self.number,
            **({"ErrorCode": str(error_code)} if error_code is not None else {}),
        }
        return self._post(url or row["callback"], fields)

    def _post(self, url: str, fields: dict[str, str]) -> httpx.Response:
        parts = urlsplit(url)
        signed = f"{self.public}{parts.path}{'?' if parts.query else ''}{parts.query}" if self.public else url
        signature = RequestValidator(self.token).compute_signature(signed, fields)
        return self.http.post(url, data=fields, headers={"X-Twilio-Signature": signature})


class _Server(ThreadingHTTPServer):
    """Remembers its connections, which a client would otherwise go on using after the end."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._lines: set[socket.socket] = set()

    def process_request(self, request: socket.socket, client_address: Any) -> None:  # type: ignore[override]
        self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        self._lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for line in list(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _handler(stand_in: TwilioStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            stand_in.asked.append(self.path)
            if self._known():
                query = dict(parse_qs(urlsplit(self.path).query, keep_blank_values=True))
                answer = stand_in.page({name: values[0] for name, values in query.items()})
                self._answer(stand_in.listing, answer)

        def do_POST(self) -> None:
            stand_in.asked.append(self.path)
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self._known():
                self._answer(*stand_in.accept({n: v[0] for n, v in parse_qs(raw, keep_blank_values=True).items()}))

        def _known(self) -> bool:
            """Whether the account and its token are right; the answer is given where they are not."""
            token = base64.b64encode(f"{stand_in.account}:{stand_in.token}".encode())
            if self.headers["Authorization"] != f"Basic {token.decode()}":
                self._answer(refusal(20003, 401), {})
                return False
            if urlsplit(self.path).path != MESSAGES.format(account=stand_in.account):
                self._answer(refusal(20404, 404), {})
                return False
            return True

        def _answer(self, given: Behaviour, body: Row) -> None:
            time.sleep(given.seconds)
            if given.hangs:
                stand_in.hang()
            if given.hangs or given.drops:
                self.close_connection = True
                return
            problem = {"code": given.code, "message": "as told", "more_info": "", "status": given.status}
            self._send(given, json.dumps(body if given.status < 300 else problem, ensure_ascii=False).encode())

        def _send(self, given: Behaviour, body: bytes) -> None:
            body = body if given.raw is None else given.raw
            try:
                self.send_response(given.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                if given.after is not None:
                    self.send_header("Retry-After", given.after)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass

    return Handler
