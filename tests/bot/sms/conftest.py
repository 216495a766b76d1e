"""A server that speaks Twilio's API and a real store, for what sends texts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import bot.store
from bot.settings import Settings, missing_secrets
from bot.sms import attempt, sender, twilio_line
from bot.store import Store
from tests.bot.sms.twilio_stand_in import TwilioStandIn
from tests.databases import sqlite


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that waits, waits less."""
    monkeypatch.setattr(attempt, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(attempt, "SETTLE_SECONDS", 0.05)
    monkeypatch.setattr(sender, "OPEN_LOOK", 0.05)
    monkeypatch.setattr(sender, "IDLE_LOOK", 0.05)
    monkeypatch.setattr(twilio_line, "SECONDS", 0.4)
    monkeypatch.setattr(bot.store, "CLAIM_SECONDS", 0.3)


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    stand_in = TwilioStandIn()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    env = {**missing_secrets({}), "DATABASE_URL": sqlite(tmp_path)}
    return Settings.from_environment(env)


@pytest.fixture
def store(config: Settings) -> Iterator[Store]:
    opened = Store(config)
    opened.start().result(10)
    yield opened
    opened.close()
