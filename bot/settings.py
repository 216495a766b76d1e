"""Everything that the environment may decide, as one frozen value; a bad one stops the start with one sentence."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import shlex
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from helpline.escalation import hours


class SettingsError(Exception):
    """One sentence that names the setting and what is wrong with it; it never repeats the value of a secret."""


@dataclass(frozen=True)
class Settings:
    """The settings of one process. Secrets are kept out of its repr."""

    helpline_name: str
    helpline_phone: str
    helpline_timezone: str
    helpline_hours: hours.Hours
    callback_hours: hours.Hours
    public_base_url: str
    allowed_origins: tuple[str, ...]
    database_url: str = field(repr=False)
    session_secret: str = field(repr=False)
    store_keys: tuple[tuple[str, bytes], ...] = field(repr=False)
    store_keys_file: str
    store_keys_command: str = field(repr=False)
    rasa_key: str = field(repr=False)
    evaluate_key: str = field(repr=False)
    front_door_host: str
    front_door_port: int
    staff_host: str
    staff_port: int
    staff_base_url: str
    rasa_port: int
    turn_seconds: float
    messages_per_minute: int
    session_hours: float
    retention_days: int
    number_key: str = field(repr=False)
    sms_provider: str
    sms_number: str
    sms_key: str = field(repr=False)
    twilio_account_sid: str
    twilio_auth_token: str = field(repr=False)
    twilio_messaging_service_sid: str
    twilio_api_url: str
    alert_webhook_url: str = field(repr=False)
    alert_webhook_secret: str = field(repr=False)
    alert_email_to: tuple[str, ...] = field(repr=False)
    alert_email_from: str
    alert_text_to: tuple[str, ...] = field(repr=False)
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str = field(repr=False)
    smtp_security: str
    embedding_model: str
    concerns_model: str

    @property
    def rasa_url(self) -> str:
        """Where Rasa listens: always on loopback."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def staff_url(self) -> str:
        """Where the staff console answers on this machine."""
        host = "127.0.0.1" if self.staff_host in ("0.0.0.0", "::") else self.staff_host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.staff_port}"

    @property
    def alert_ways(self) -> tuple[str, ...]:
        """How staff want to hear of a crisis or a call-back; none where nothing is set."""
        ways = {"webhook": self.alert_webhook_url, "email": self.alert_email_to, "text": self.alert_text_to}
        return tuple(way for way, where in ways.items() if where)

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Settings:
        """Read every setting from env; raise SettingsError on the first that is missing or cannot be used."""
        return cls(**{name.lower(): read(name, env) for name, read in READERS.items()})


def missing_secrets(env: Mapping[str, str]) -> dict[str, str]:
    """Fresh values for the secrets that env does not hold; the launch script writes them into .env."""
    elsewhere = {"STORE_KEYS"} if any(env.get(name, "").strip() for name in KEYS_ELSEWHERE) else set()
    return {name: make() for name, make in SECRETS.items() if not env.get(name, "").strip() and name not in elsewhere}


def _store_key() -> str:
    return "1:" + base64.b64encode(os.urandom(32)).decode()


LOOPBACK = ("localhost", "127.0.0.1", "::1")
SMS_PROVIDERS = ("console", "twilio")
E164_OR_CODE = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}")
E164, E_MAIL = re.compile(r"\+[1-9]\d{6,14}"), re.compile(r"[^@\s<>\"]+@[\w-]+(\.[\w-]+)+", re.A)
KEYS_ELSEWHERE, KEYS_SECONDS = ("STORE_KEYS_FILE", "STORE_KEYS_COMMAND"), 20
SMTP_SECURITY = ("starttls", "tls", "none")
SECRETS: dict[str, Callable[[], str]] = {
    "SESSION_SECRET": lambda: secrets.token_urlsafe(48),
    "STORE_KEYS": _store_key,
    "RASA_KEY": lambda: secrets.token_urlsafe(32),
    "EVALUATE_KEY": lambda: secrets.token_urlsafe(32),
    "NUMBER_KEY": lambda: secrets.token_urlsafe(32),
    "SMS_KEY": lambda: secrets.token_urlsafe(32),
}

Read = Callable[[str, Mapping[str, str]], Any]


def _text(default: str) -> Read:
    return lambda name, env: env.get(name, "").strip() or default


def _secret(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is missing: `make run` writes one into .env, or set it yourself.")
    if len(value) < 16:
        raise SettingsError(f"{name} is too short: give it at least 16 characters that nobody can guess.")
    return value


def _number(default: float, least: float, most: float, kind: type[int] | type[float] = float) -> Read:
    def read(name: str, env: Mapping[str, str]) -> float:
        value = env.get(name, "").strip()
        try:
            number = kind(value) if value else kind(default)
        except ValueError:
            raise SettingsError(f"{name} must be a number, not {value!r}.") from None
        if not least <= number <= most:
            raise SettingsError(f"{name} must lie between {least:g} and {most:g}, not {value}.")
        return number

    return read


def origin_of(url: str) -> str:
    """The origin (scheme, host, port) of a web address, or an empty string when it is none."""
    try:
        parts = urlsplit(url.strip())
        standard = {"http": 80, "https": 443}.get(parts.scheme)
        port = f":{parts.port}" if parts.port not in (None, standard) else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}" if standard and parts.hostname else ""


def _base_url(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip() or "http://localhost:8000"
    if not origin_of(value):
        raise SettingsError(f"{name} must be a web address such as https://chat.example.org, not {value!r}.")
    return value.rstrip("/")


def _staff_url(name: str, env: Mapping[str, str]) -> str:
    port = env.get("STAFF_PORT", "").strip() or "8001"
    origin = origin_of(env.get(name, "").strip() or f"http://localhost:{port}")
    if not origin.startswith("https:") and urlsplit(origin).hostname not in LOOPBACK:
        raise SettingsError(f"{name} must be an address such as https://staff.example.org; http only on this machine.")
    return origin


def _origins(name: str, env: Mapping[str, str]) -> tuple[str, ...]:
    given = env.get(name, "").replace(",", " ").split()
    for value in given:
        if not origin_of(value) or urlsplit(value).path not in ("", "/"):
            raise SettingsError(f"{name} must list origins such as https://www.example.org, not {value!r}.")
    return tuple(origin_of(value) for value in given)


def _zone(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip() or hours.NEW_YORK
    try:
        hours.check_zone(value)
    except hours.HoursError as error:
        raise SettingsError(f"{name} {error}") from None
    return value


def _hours(default: Callable[[Mapping[str, str]], str]) -> Read:
    def read(name: str, env: Mapping[str, str]) -> hours.Hours:
        zone = _zone("HELPLINE_TIMEZONE", env)
        try:
            return hours.parse(env.get(name, "").strip() or default(env), zone)
        except hours.HoursError as error:
            raise SettingsError(f"{name} {error}") from None

    return read


def _keys(name: str, env: Mapping[str, str]) -> tuple[tuple[str, bytes], ...]:
    entries = _keys_text(name, env).replace(",", " ").split()
    if not entries:
        raise SettingsError(f"{name} is missing: `make run` writes one into .env, or set it yourself.")
    keys = tuple(_key(name, number, entry) for number, entry in enumerate(entries, 1))
    if len({key_id for key_id, _ in keys}) < len(keys):
        raise SettingsError(f"{name} names the same key id twice.")
    return keys


def _keys_text(name: str, env: Mapping[str, str]) -> str:
    """The keys as they are kept: in the environment, in a file, or by a program that fetches them."""
    given = [each for each in (name, *KEYS_ELSEWHERE) if env.get(each, "").strip()]
    if len(given) > 1:
        raise SettingsError(f"Set one of {', '.join(given)}, not several: nobody could tell which keys count.")
    value = env.get(given[0], "").strip() if given else ""
    try:
        if given == ["STORE_KEYS_FILE"]:
            return Path(value).read_text(encoding="ascii")
        if given == ["STORE_KEYS_COMMAND"]:
            command = shlex.split(value)
            return subprocess.run(command, capture_output=True, check=True, text=True, timeout=KEYS_SECONDS).stdout
    except (OSError, ValueError, subprocess.SubprocessError):
        raise SettingsError(f"{given[0]} does not give the keys: try it as the user who runs Firstlight.") from None
    return value


def _key(name: str, number: int, entry: str) -> tuple[str, bytes]:
    key_id, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not (key_id.isalnum() and key_id.isascii() and len(key_id) <= 16 and len(key) == 32):
        raise SettingsError(f"{name}, entry {number}, must be an id, a colon and 32 bytes in base64.")
    return key_id, key


def _sms_provider(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip().lower() or "console"
    if value not in SMS_PROVIDERS:
        raise SettingsError(f"{name} must be one of {', '.join(SMS_PROVIDERS)}, not {value!r}.")
    if value == "twilio":
        for needed in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "SMS_NUMBER"):
            if not env.get(needed, "").strip():
                raise SettingsError(f"{needed} is missing, which {name}=twilio needs.")
    return value


def _sms_number(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip()
    if value and not E164_OR_CODE.fullmatch(value):
        raise SettingsError(f"{name} must be a number such as +18445550100, or a short code, not {value!r}.")
    return value


def _webhook(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip()
    if value and not origin_of(value):
        raise SettingsError(f"{name} must be a web address.")
    return value


def _needed_by(setting: str, least: int = 1) -> Read:
    """A text that must be there where another setting is."""

    def read(name: str, env: Mapping[str, str]) -> str:
        value = env.get(name, "").strip()
        if env.get(setting, "").strip() and len(value) < least:
            wanted = f"needs at least {least} characters" if value else "is missing"
            raise SettingsError(f"{name} {wanted}, which {setting} needs.")
        return value

    return read


def _each(pattern: re.Pattern[str], example: str) -> Read:
    """Several values, each of one form."""

    def read(name: str, env: Mapping[str, str]) -> tuple[str, ...]:
        given = tuple(env.get(name, "").replace(",", " ").split())
        if not all(pattern.fullmatch(value) for value in given):
            raise SettingsError(f"{name} must list what looks like {example}.")
        return given

    return read


def _smtp_security(name: str, env: Mapping[str, str]) -> str:
    value = env.get(name, "").strip().lower() or "starttls"
    if value not in SMTP_SECURITY:
        raise SettingsError(f"{name} must be one of {', '.join(SMTP_SECURITY)}, not {value!r}.")
    if value == "none" and env.get("SMTP_HOST", "").strip() not in ("", *LOOPBACK):
        raise SettingsError(f"{name} may be none only where SMTP_HOST is this machine.")
    return value


READERS: dict[str, Read] = {
    "HELPLINE_NAME": _text("Firstlight"),
    "HELPLINE_PHONE": _text("(844) 557-8575"),
    "HELPLINE_TIMEZONE": _zone,
    "HELPLINE_HOURS": _hours(lambda env: hours.ALWAYS),
    "CALLBACK_HOURS": _hours(lambda env: env.get("HELPLINE_HOURS", "").strip() or hours.ALWAYS),
    "PUBLIC_BASE_URL": _base_url,
    "ALLOWED_ORIGINS": _origins,
    "DATABASE_URL": _text("sqlite:///var/firstlight.db"),
    "SESSION_SECRET": _secret,
    "STORE_KEYS": _keys,
    "STORE_KEYS_FILE": _text(""),
    "STORE_KEYS_COMMAND": _text(""),
    "RASA_KEY": _secret,
    "EVALUATE_KEY": _secret,
    "FRONT_DOOR_HOST": _text("0.0.0.0"),  # noqa: S104  (the front door is there to be reached)
    "FRONT_DOOR_PORT": _number(8000, 0, 65535, int),
    "STAFF_HOST": _text("127.0.0.1"),
    "STAFF_PORT": _number(8001, 0, 65535, int),
    "STAFF_BASE_URL": _staff_url,
    "RASA_PORT": _number(5005, 1, 65535, int),
    "TURN_SECONDS": _number(3, 0.1, 30),
    "MESSAGES_PER_MINUTE": _number(20, 1, 100_000, int),
    "SESSION_HOURS": _number(24, 0.0001, 24 * 366),
    "RETENTION_DAYS": _number(90, 1, 36_500, int),
    "NUMBER_KEY": _secret,
    "SMS_PROVIDER": _sms_provider,
    "SMS_NUMBER": _sms_number,
    "SMS_KEY": _secret,
    "TWILIO_ACCOUNT_SID": _text(""),
    "TWILIO_AUTH_TOKEN": _text(""),
    "TWILIO_MESSAGING_SERVICE_SID": _text(""),
    "TWILIO_API_URL": _text("https://api.twilio.com"),
    "ALERT_WEBHOOK_URL": _webhook,
    "ALERT_WEBHOOK_SECRET": _needed_by("ALERT_WEBHOOK_URL", 16),
    "ALERT_EMAIL_TO": _each(E_MAIL, "staff@example.org"),
    "ALERT_EMAIL_FROM": _needed_by("ALERT_EMAIL_TO"),
    "ALERT_TEXT_TO": _each(E164, "+18445550100"),
    "SMTP_HOST": _needed_by("ALERT_EMAIL_TO"),
    "SMTP_PORT": _number(587, 1, 65535, int),
    "SMTP_USER": _text(""),
    "SMTP_PASSWORD": _needed_by("SMTP_USER"),
    "SMTP_SECURITY": _smtp_security,
    "EMBEDDING_MODEL": _text(""),
    "CONCERNS_MODEL": _text(""),
}
