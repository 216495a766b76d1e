"""Texts as Twilio's API shows them, and as its webhook posts them."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any
from uuid import uuid4

Row = dict[str, Any]


def stored(account: str, fields: dict[str, str]) -> Row:
    """A text as Twilio shows it: not sent yet, and without a sender where a service has still to choose one."""
    sid, now = "SM" + uuid4().hex, formatdate(usegmt=False)
    service = fields.get("MessagingServiceSid")
    return {
        "sid": sid,
        "account_sid": account,
        "messaging_service_sid": service,
        "to": fields.get("To", ""),
        "from": fields.get("From"),
        "body": fields.get("Body", ""),
        "status": "accepted" if service else "queued",
        "direction": "outbound-api",
        "date_created": now,
        "date_updated": now,
        "date_sent": None,
        "num_segments": "0" if service else "1",
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json"},
        "at": str(time.time()),
        "callback": fields.get("StatusCallback", ""),
    }


def asked_for(row: Row, query: dict[str, str]) -> bool:
    """Whether a text is among those that a query asks for."""
    if any(query.get(name) not in (None, row[name.lower()]) for name in ("To", "From")):
        return False
    # A text that still waits has no day on which it was sent, and so is not among those of any day.
    return row["date_sent"] is not None or not any(name.startswith("DateSent") for name in query)


def webhook(account: str, ours: str, number: str, body: str, sid: str) -> dict[str, str]:
    """What Twilio posts of a text that somebody sent to us; most of it is blank."""
    places = {f"{end}{place}": "" for end in ("From", "To") for place in ("City", "State", "Zip")}
    return {
        "ToCountry": "US",
        "FromCountry": "US",
        **places,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "MessageSid": sid,
        "SmsStatus": "received",
        "AccountSid": account,
        "MessagingServiceSid": "MG" + "0" * 32,
        "From": number,
        "To": ours,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
    }
