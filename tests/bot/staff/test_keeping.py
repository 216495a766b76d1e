"""What the console says that is kept, legal holds, and deleting what somebody asks for."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.store.records import ConversationCleared
from bot.store.tables import entries, phones
from tests.bot.staff.console import RunningConsole
from tests.bot.staff.talks import journal, talk

pytestmark = pytest.mark.stack
WHY = "they asked us by letter"
NUMBER = "+12125550123"


def left(console: RunningConsole, conversation: str) -> int:
    """How many lines of a conversation there are."""
    here = select(func.count()).select_from(entries).where(entries.c.conversation_id == conversation)
    return int(console.store.look(lambda db: db.execute(here).scalar_one()))


def test_the_page_says_what_the_settings_say(console: RunningConsole) -> None:
    page = console.client("supervisor").get("/keeping").text
    assert f"{console.settings.retention_days} days" in page
    assert f"There is one key: {console.settings.store_keys[0][0]} " in page
    for secret in (console.settings.store_keys[0][1].hex(), console.settings.number_key, console.settings.database_url):
        assert secret not in page


def test_somebody_is_forgotten_by_their_number(console: RunningConsole) -> None:
    with journal(console.settings) as store:
        theirs = talk(store, "they took marzipan", phone=NUMBER)
        another = talk(store, "somebody else", phone="+12125550124")
    browser = console.client("supervisor")
    page = browser.send_form("/deletion/find", number="(212) 555-0123").text
    assert (theirs in page, another in page) == (True, False)
    assert "they took marzipan" in page
    assert [subject for _, subject, _ in console.audited("find_to_delete")] == [theirs]
    phone = console.store.phones.id_of(NUMBER)
    answer = browser.send_form("/deletion", ids=theirs, phone=phone, reason=WHY)
    assert "1 conversation deleted" in browser.get(answer.headers["location"]).text
    assert (left(console, theirs), left(console, another)) == (0, 3)
    assert console.audited("delete") == [("supervisor", theirs, WHY)]
    known = console.store.look(lambda db: db.execute(select(phones.c.id)).scalars().all())
    assert known == [console.store.phones.id_of("+12125550124")]


def test_nothing_of_it_stays_in_the_files(console: RunningConsole) -> None:
    with journal(console.settings) as store:
        theirs = talk(store, "they took quizzacious things")
        browser = console.client("supervisor")
        browser.send_form("/deletion", ids=theirs, reason=WHY)
        until, files = time.monotonic() + 20, [Path(f"{console.database}{end}") for end in ("", "-wal", "-shm")]
        while any(b"izzacious" in file.read_bytes() for file in files) and time.monotonic() < until:
            time.sleep(0.1)
        assert [file.name for file in files if b"izzacious" in file.read_bytes()] == []
        with pytest.raises(ConversationCleared):  # whoever still has its token begins a new one
            store.events(theirs, 0).result()


def test_nothing_goes_without_a_reason(console: RunningConsole) -> None:
    with journal(console.settings) as store:
        theirs = talk(store, "hello")
    browser = console.client("supervisor")
    for reason in ("", "   1234567  "):
        assert browser.send_form("/deletion", ids=theirs, reason=reason).status_code == 400
        assert browser.send_form("/holds", conversation=theirs, reason=reason).status_code == 400
    assert left(console, theirs) == 3


def test_a_held_conversation_stays_until_the_hold_is_lifted(console: RunningConsole) -> None:
    with journal(console.settings) as store:
        theirs = talk(store, "hello")
    browser = console.client("supervisor")
    browser.send_form("/holds", conversation=theirs, reason="a court asked for it")
    assert "A legal hold keeps this one" in browser.get(f"/deletion?conversation={theirs}").text
    browser.send_form("/deletion", ids=theirs, reason=WHY)
    assert left(console, theirs) == 3
    assert "a court asked for it" in browser.get("/keeping").text
    browser.send_form("/holds/lift", conversation=theirs, reason="the case is closed")
    browser.send_form("/deletion", ids=theirs, reason=WHY)
    assert left(console, theirs) == 0
    assert console.audited("hold")[-1] == ("supervisor", theirs, "a court asked for it")
    assert console.audited("lift_hold")[-1] == ("supervisor", theirs, "the case is closed")


def test_what_is_not_there_cannot_be_held(console: RunningConsole) -> None:
    browser, before = console.client("supervisor"), console.audited("hold")
    for conversation in ("f" * 64, "x", "' OR 1=1"):
        assert browser.send_form("/holds", conversation=conversation, reason=WHY).status_code == 404
    assert console.audited("hold") == before
