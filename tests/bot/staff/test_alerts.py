"""Staff hear of a crisis or a call-back the minute it comes, once, whatever their servers do; no alert holds words."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.alerts.sender import PAUSES, AlertSender
from bot.alerts.ways import signature
from bot.settings import Settings, SettingsError
from bot.store import Store
from bot.store.alerts import CALLBACK, CRISIS, QUIET, Alerts, recent
from bot.store.records import Answer, Callback, Message, Turn, Words
from bot.store.staff import StaffStore
from bot.store.staff_tables import alerts
from bot.store.tables import texts
from tests.bot.frontdoor.running_door import SUICIDE, Chat, RunningDoor
from tests.bot.staff.receivers import Hook, Post, listening
from tests.bot.store.test_store import settings
from tests.stack import free_port

SECRET = "a secret of the centre's"
SAID = "i cannot go on, marzipan"
MAIL = {"ALERT_EMAIL_TO": "night@example.org day@example.org", "ALERT_EMAIL_FROM": "bot@example.org"}


class Centre:
    """A store whose alerts are sent when told to."""

    def __init__(self, config: Settings) -> None:
        self.config, self.store, self.staff = config, Store(config), StaffStore(config)
        self.store.start().result(10)

    def say(self, talk: str, message_id: str, concern: str = "none", **more: Any) -> Turn:
        level = "emergency" if concern != "none" else "none"
        said = Message(talk, message_id, SAID, concern=concern, level=level, **more)
        turn = self.store.accept(said, 5).result().turn
        assert turn is not None
        return turn

    def look(self, after: float = 0) -> None:
        """One look of the sender, so many seconds later."""
        if after:
            self.staff.change(lambda db: db.execute(update(alerts).values(due_at=alerts.c.due_at - int(after * 1000))))
        asyncio.run(AlertSender(self.store, self.config).look())

    def states(self) -> list[tuple[str, str, str]]:
        rows = self.staff.look(recent)
        return sorted((row.kind, row.way, row.state) for row in rows)


@contextmanager
def centre(folder: Path, **more: str) -> Iterator[Centre]:
    opened = Centre(settings(folder, **more))
    yield opened
    opened.staff.close()
    opened.store.close()


def hooked(hook: Hook) -> dict[str, str]:
    return {"ALERT_WEBHOOK_URL": hook.url, "ALERT_WEBHOOK_SECRET": SECRET}


def test_a_crisis_reaches_the_webhook_signed_and_without_a_word(tmp_path: Path) -> None:
    with (
        listening(Hook(204)) as hook,
        centre(tmp_path, **hooked(hook), STAFF_BASE_URL="https://staff.example.org") as on,
    ):
        on.say("talk", "m1", "suicide_plan")
        on.look()
        on.look()
        [(headers, body)] = hook.heard
        told = json.loads(body)
        assert (told["kind"], told["link"]) == ("crisis", "https://staff.example.org/conversations/talk")
        assert abs(told["at"] / 1000 - time.time()) < 60
        assert headers["X-Firstlight-Signature"] == signature(SECRET, headers["X-Firstlight-Timestamp"], body)
        assert headers["X-Firstlight-Signature"] != signature("another", headers["X-Firstlight-Timestamp"], body)
        assert "marzipan" not in body.decode() + str(headers)
        assert on.states() == [("crisis", "webhook", "sent")]


def test_an_ordinary_message_alerts_nobody(tmp_path: Path) -> None:
    with listening(Hook(204)) as hook, centre(tmp_path, **hooked(hook)) as on:
        on.store.finish(on.say("talk", "m1"), Answer([Words("hi")], "answered", 0.1)).result()
        assert on.states() == []


def test_one_alert_a_conversation_and_kind_in_ten_minutes(tmp_path: Path) -> None:
    with listening(Hook(204)) as hook, centre(tmp_path, **hooked(hook)) as on:
        for n in range(3):
            on.say("talk", f"m{n}", "suicide_plan")
        on.say("another", "m1", "overdose_other")
        assert on.states() == [("crisis", "webhook", "queued")] * 2
        old = alerts.c.created_at - QUIET - 1
        on.staff.change(lambda db: db.execute(update(alerts).values(created_at=old)))
        on.say("talk", "m9", "suicide_plan")
        assert on.states() == [("crisis", "webhook", "queued")] * 3


def test_a_call_back_is_alerted_in_the_transaction_that_stores_it(tmp_path: Path) -> None:
    with listening(Hook(204)) as hook, centre(tmp_path, **hooked(hook)) as on:
        asked = Callback("Ana", "+12125550123", "now")
        answer = Answer([Words("we will call")], "answered", 0.1, callback=asked)
        on.store.finish(on.say("talk", "m1"), answer).result()
        on.look()
        told = json.loads(hook.heard[0][1])
        assert (told["kind"], told["link"].rpartition("/")[2]) == ("callback", "callbacks")
        assert "Ana" not in str(told)
        assert "5550123" not in str(told)


def test_what_was_rolled_back_is_not_alerted(tmp_path: Path) -> None:
    with listening(Hook(204)) as hook, centre(tmp_path, **hooked(hook)) as on:
        on.say("talk", "m1")

        def fail(db: Any) -> None:
            Alerts(["webhook"]).queue(db, "talk", CALLBACK)
            raise ValueError

        with pytest.raises(ValueError):
            on.staff.change(fail)
        assert on.states() == []


def test_a_webhook_that_fails_is_tried_again_with_longer_pauses(tmp_path: Path) -> None:
    with listening(Hook(500, 302, 429, 200)) as hook, centre(tmp_path, **hooked(hook)) as on:
        on.say("talk", "m1", "suicide_plan")
        on.look()
        for n, pause in enumerate(PAUSES[:3], 1):
            on.look()  # not yet
            on.look(after=pause - 1)
            assert len(hook.heard) == n
            on.look(after=1.01)
        assert len(hook.heard) == 4
        assert len({headers["Idempotency-Key"] for headers, _ in hook.heard}) == 1
        assert on.states() == [("crisis", "webhook", "sent")]


def test_what_never_goes_out_is_shown_as_failed(tmp_path: Path) -> None:
    nobody = {"ALERT_WEBHOOK_URL": f"http://127.0.0.1:{free_port()}/", "ALERT_WEBHOOK_SECRET": SECRET}
    with centre(tmp_path, **nobody) as on:
        on.say("talk", "m1", "suicide_plan")
        for _ in range(len(PAUSES) + 1):
            on.look(after=10_000)
        [row] = on.staff.look(recent)
        assert (row.state, row.attempts, row.reason) == ("failed", len(PAUSES) + 1, "ConnectError")


def test_what_was_in_hand_when_the_process_died_goes_out_again(tmp_path: Path) -> None:
    with listening(Hook(204)) as hook, centre(tmp_path, **hooked(hook)) as on:
        on.say("talk", "m1", "suicide_plan")
        assert len(on.store.claim_alerts(5).result()) == 1
        on.look()
        assert hook.heard == []
        on.look(after=61)
        assert len(hook.heard) == 1


def test_an_email_says_when_and_where_and_nothing_else(tmp_path: Path) -> None:
    with listening(Post()) as post:
        mail = {**MAIL, "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(post.port), "SMTP_SECURITY": "none"}
        with centre(tmp_path, **mail) as on:
            on.say("talk", "m1", "suicide_plan")
            on.look()
            [(to, letter)] = post.letters
            read = message_from_string(letter)
            body = str(read.get_payload())
            assert to == ["night@example.org", "day@example.org"]
            assert str(read["Subject"]).startswith("Firstlight: a crisis or an emergency at ")
            assert "/conversations/talk" in body
            assert "$" not in letter
            assert "marzipan" not in letter
            assert on.states() == [("crisis", "email", "sent")]


def test_an_email_that_one_address_does_not_get_is_tried_again(tmp_path: Path) -> None:
    with listening(Post()) as post:
        mail = {**MAIL, "ALERT_EMAIL_TO": "a@example.org b@elsewhere.example"}
        mail |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(post.port), "SMTP_SECURITY": "none"}
        with centre(tmp_path, **mail) as on:
            on.say("talk", "m1", "suicide_plan")
            on.look()
            assert on.states() == [("crisis", "email", "queued")]


def test_no_email_goes_out_in_the_clear_where_tls_is_asked_for(tmp_path: Path) -> None:
    with listening(Post()) as post, centre(tmp_path, **MAIL, SMTP_HOST="127.0.0.1", SMTP_PORT=str(post.port)) as on:
        on.say("talk", "m1", "suicide_plan")
        on.look()
        assert (on.states(), post.letters) == ([("crisis", "email", "queued")], [])


def test_a_text_goes_into_the_outbox_once_for_each_number(tmp_path: Path) -> None:
    with centre(tmp_path, ALERT_TEXT_TO="+12125550123 +12125550124") as on:
        on.say("talk", "m1", "suicide_plan")
        on.look()
        on.look()
        [sent] = on.store.texts_to("+12125550123").result()
        assert sent.body.startswith("Firstlight: a crisis or an emergency at ")
        assert sent.body.endswith("/conversations/talk")
        assert len(sent.body) <= 160
        assert len(on.staff.look(lambda db: db.execute(select(texts.c.id)).all())) == 2


def test_clearing_the_chat_takes_its_alerts_along(tmp_path: Path) -> None:
    with listening(Hook(204)) as hook, centre(tmp_path, **hooked(hook)) as on:
        on.say("talk", "m1", "suicide_plan")
        on.store.clear("talk", 5).result()
        on.look()
        assert (on.states(), hook.heard) == ([], [])


def test_kinds_are_what_the_words_are_for() -> None:
    folder = Path(__file__).parents[3] / "bot" / "alerts"
    assert {file.stem for file in folder.glob("*.txt")} == {CRISIS, CALLBACK}


@pytest.mark.parametrize(
    "wrong",
    [
        {"ALERT_WEBHOOK_URL": "https://x.example"},
        {"ALERT_WEBHOOK_URL": "https://x.example", "ALERT_WEBHOOK_SECRET": "short"},
        {"ALERT_WEBHOOK_URL": "x"},
        {"ALERT_EMAIL_TO": "a@example.org", "SMTP_HOST": "mail.example.org"},
        {"ALERT_EMAIL_TO": "a@example.org\r\nBcc: b@x", "ALERT_EMAIL_FROM": "a@example.org", "SMTP_HOST": "localhost"},
        {**MAIL},
        {**MAIL, "SMTP_HOST": "mail.example.org", "SMTP_SECURITY": "none"},
        {**MAIL, "SMTP_HOST": "mail.example.org", "SMTP_USER": "bot"},
        {"ALERT_TEXT_TO": "2125550123"},
    ],
)
def test_settings_that_could_send_nothing_stop_the_start(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        settings(tmp_path, **wrong)


@pytest.mark.stack
def test_the_front_door_alerts_within_seconds_and_waits_for_nobody(tmp_path: Path) -> None:
    with listening(Hook(204)) as hook:
        door = RunningDoor(tmp_path, free_port(), **hooked(hook)).start()
        try:
            door.wait_for_store()
            chat = Chat(door)
            assert chat.say(SUICIDE).json()["card"]
            until = time.monotonic() + 20
            while not hook.heard and time.monotonic() < until:
                time.sleep(0.05)
            assert json.loads(hook.heard[0][1])["link"].endswith(chat.conversation)
        finally:
            door.stop()
