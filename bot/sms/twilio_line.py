"""The connection that Twilio's library speaks through: no log, no proxy, no redirect, and no failure left unjudged.

The library's own would log numbers, and may hand one thread the answer to another thread's request.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from twilio.http.response import Response
from urllib3.exceptions import NewConnectionError

from bot.sms.provider import BUSY, UNREACHABLE, Refused, Uncertain

SECONDS = 10.0
OPTED_OUT = "21610"
BUSY_CODES = ("20429", "21611")  # too many requests; too many texts of ours are queued
# Something that an operator must mend, after which the text can go: the account, or the number that we send from.
OURS = (*("20003", "20005", "20404"), *("21603", "21606", "21659", "21660", "21703"))
OUR_STATUS = (401, 403, 404)
# Its lines hold addresses, and those of a search hold the number.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class Line:
    """One way to Twilio, or to whatever listens at `base` in its place; any number of threads may use it."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def request(self, method: str, url: str, *, timeout: float | None = None, **more: Any) -> Response:
        """Ask, and give an answer that went well; raises Refused or Uncertain."""
        parts = urlsplit(url)
        address = f"{self._base}{parts.path}{'?' if parts.query else ''}{parts.query}"
        try:
            answer = self._session.request(method, address, timeout=SECONDS, **more)
        except requests.RequestException as error:
            raise _judged(error) from None
        answer.encoding = "utf-8"
        if not 200 <= answer.status_code < 300:
            raise _refusal(answer.status_code, answer.text, answer.headers)
        return Response(answer.status_code, answer.text, answer.headers)


def _judged(error: requests.RequestException) -> Exception:
    """Refused where there never was a connection, and so nothing went out."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError):
        return Refused(UNREACHABLE, again=True)
    return Uncertain("no_answer" if isinstance(error, requests.Timeout) else "broken")


def _refusal(status: int, body: str, headers: Mapping[str, str]) -> Exception:
    code = _code(body) or str(status)
    if status == 429 or code in BUSY_CODES:
        return Refused(BUSY, again=True, after=_seconds(headers.get("Retry-After", "")))
    if not 400 <= status < 500 or status == 408:
        return Uncertain(str(status))
    if status in OUR_STATUS or code in OURS:
        return Refused(code, again=True)
    return Refused(code, again=False, opted_out=code == OPTED_OUT)


def _code(body: str) -> str:
    try:
        code = json.loads(body).get("code")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return str(code) if isinstance(code, int) else ""


def _seconds(header: str) -> float | None:
    return float(header) if header.isascii() and header.isdigit() else None
