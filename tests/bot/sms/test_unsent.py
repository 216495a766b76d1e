"""`python -m bot.sms`: what did not arrive, and whose number a conversation is with."""

import json
from pathlib import Path

import pytest

from bot.settings import missing_secrets
from bot.sms.__main__ import main
from bot.store import Store
from bot.store.records import Message, Texts
from tests.bot.store.test_store import settings
from tests.databases import sqlite


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    env = {**missing_secrets({}), "DATABASE_URL": sqlite(tmp_path)}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    opened = Store(settings(tmp_path, **env))
    opened.start().result(10)
    message = Message("", "m1", "hi", channel="sms", phone="+12025550143", closed="x", texts=Texts(["hello"]))
    opened.accept(message, 5).result()
    return opened


def test_everything_arrived(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "arrived" in capsys.readouterr().out


def test_a_failed_text_is_listed_with_what_can_be_done(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (claimed,) = store.claim_texts(1).result()
    store.text_failed(claimed.id, "21614").result()
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert "•••0143" in listed and "21614 (a landline" in listed and "+1202" not in listed and "hello" not in listed
    assert main(["--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["number"], row["state"], row["reason"]) == ("•••0143", "failed", "21614")


def test_a_number_is_shown_to_who_says_why(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    conversation = store.texter("+12025550143").result().conversation
    assert conversation
    with pytest.raises(SystemExit):
        main(["--reveal", conversation])
    assert main(["--reveal", conversation, "--who", "Ana", "--why", "call-back"]) == 0
    assert capsys.readouterr().out.strip() == "+12025550143"
    assert main(["--reveal", "0" * 64, "--who", "Ana", "--why", "call-back"]) == 1
