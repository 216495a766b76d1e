"""Sends an alert by webhook or e-mail; whatever keeps it back is raised as one short reason without a secret."""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import httpx

from bot.alerts.notice import Notice
from bot.settings import Settings
from bot.store.alerts import Alert

SECONDS = 10.0


class Undelivered(Exception):
    """An alert did not go out, and why, in one word."""


def webhook(settings: Settings, alert: Alert, said: Notice) -> None:
    """POST the alert, signed; only an answer of success counts, and no redirect is followed."""
    told = {"id": alert.id, "kind": alert.kind, "at": alert.created_at, "link": said.link, "text": said.subject}
    body, at = json.dumps(told).encode(), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f"alert-{alert.id}",  # an alert that comes twice, after a crash, is one
        "X-Firstlight-Timestamp": at,
        "X-Firstlight-Signature": signature(settings.alert_webhook_secret, at, body),
    }
    try:
        answer = httpx.post(settings.alert_webhook_url, content=body, headers=headers, timeout=SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        raise Undelivered(type(error).__name__) from None
    if not answer.is_success:
        raise Undelivered(f"answer {answer.status_code}")


def signature(secret: str, at: str, body: bytes) -> str:
    """What the receiver computes as well: it proves who sent this, and when."""
    return "sha256=" + hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def email(settings: Settings, alert: Alert, said: Notice) -> None:
    """Hand the alert to the mail server; it must be taken for every address."""
    message = EmailMessage()
    message["From"], message["To"] = settings.alert_email_from, ", ".join(settings.alert_email_to)
    message["Subject"], message["Date"] = said.subject, formatdate()
    message["Message-ID"] = make_msgid(f"alert-{alert.id}", settings.alert_email_from.rpartition("@")[2])
    message.set_content(said.body)
    try:
        refused = _sent(settings, message)
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(type(error).__name__) from None
    if refused:
        raise Undelivered("an address was refused")


def _sent(settings: Settings, message: EmailMessage) -> object:
    """The addresses that were refused; how the server says goodbye does not matter once it took the letter."""
    server = _connected(settings)
    try:
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        return server.send_message(message)
    finally:
        server.close()


def _connected(settings: Settings) -> smtplib.SMTP:
    where = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*where, timeout=SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(*where, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
