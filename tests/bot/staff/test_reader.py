"""The reader: what was said, redacted; the original only with a reason; every look and change in the audit."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.store.staff_tables import audit
from tests.bot.staff.console import Browser, RunningConsole
from tests.bot.staff.talks import NUMBER, night

pytestmark = pytest.mark.stack
LINES = re.compile(r"\s+")


@pytest.fixture(scope="module")
def counsellor(console: RunningConsole) -> Browser:
    return console.client("counsellor")


@pytest.fixture(scope="module")
def talks(console: RunningConsole) -> dict[str, str]:
    with night(console.settings) as written:
        return {**written.four(), "texted": written.texted()}


def page(browser: Browser, conversation: str) -> str:
    answer = browser.get(f"/conversations/{conversation}")
    assert answer.status_code == 200, answer.text
    return LINES.sub(" ", answer.text)


def looks(console: RunningConsole, action: str) -> list[tuple[str, str, str]]:
    query = select(audit).where(audit.c.action == action).order_by(audit.c.id)
    return [(row.who, row.subject, row.reason) for row in console.store.look(lambda db: db.execute(query).all())]


def test_a_mix_is_shown_as_the_visitor_saw_it(counsellor: Browser, talks: dict[str, str]) -> None:
    text = page(counsellor, talks["mix"])
    assert 'can i mix <span class="substance" title="alprazolam">xanax <small>(alprazolam)</small></span> and' in text
    assert "Dangerous mix" in text and "alprazolam" in text.lower()
    assert re.search(r'<li class="chip pressed">\s*✓\s*Not yet', text)
    assert re.search(r'<li class="chip">\s*Yes', text)
    assert "Interaction" in text and "93 %" in text and "0.2 s" in text


def test_an_emergency_says_why_it_was_one(counsellor: Browser, talks: dict[str, str]) -> None:
    text = page(counsellor, talks["overdose"])
    assert "Emergency card" in text and "Call 911" in text and "<li>Give naloxone.</li>" in text
    assert "Somebody took too much, because of: “not waking up”" in text


def test_opening_is_written_down(console: RunningConsole, counsellor: Browser, talks: dict[str, str]) -> None:
    before = len(looks(console, "open"))
    page(counsellor, talks["mix"])
    assert looks(console, "open")[before:] == [("counsellor", talks["mix"], "")]


def test_a_name_is_taken_out_and_its_substances_stand_beside(counsellor: Browser, talks: dict[str, str]) -> None:
    text = page(counsellor, talks["named"])
    assert "Maria" not in text and "Lopez" not in text
    assert "Substances: alprazolam" in text


def test_an_original_is_shown_once_and_written_down(
    console: RunningConsole, counsellor: Browser, talks: dict[str, str]
) -> None:
    address = f"/conversations/{talks['named']}/reveal"
    assert counsellor.send_form(address, what="1", reason="ab 1").status_code == 400
    assert looks(console, "reveal message") == []
    shown = counsellor.send_form(address, what="1", reason="she asked for it")
    assert "Maria Lopez" in shown.text and shown.headers["cache-control"] == "no-store"
    assert looks(console, "reveal message") == [("counsellor", f"{talks['named']}:1", "she asked for it")]
    assert "Maria" not in page(counsellor, talks["named"])


def test_a_number_is_shown_by_four_digits_until_it_is_revealed(
    console: RunningConsole, counsellor: Browser, talks: dict[str, str]
) -> None:
    text = page(counsellor, talks["texted"])
    assert "•••8575" in text and NUMBER not in text and "answer, failed (30003)" in text and "Spanish" in text
    assert '<p class="said" lang="es">Estamos aquí.</p>' in text
    shown = counsellor.send_form(f"/conversations/{talks['texted']}/reveal", what="number", reason="call back")
    assert NUMBER in shown.text
    assert looks(console, "reveal number") == [("counsellor", talks["texted"], "call back")]


def test_who_may_only_read_is_offered_nothing_else(console: RunningConsole, talks: dict[str, str]) -> None:
    reader = console.client("reader")
    text = page(reader, talks["texted"])
    assert "reveal" not in text and "Add note" not in text
    refused = reader.send_form(f"/conversations/{talks['texted']}/reveal", what="number", reason="call back")
    assert refused.status_code == 403 and NUMBER not in refused.text


def test_a_script_is_only_text(counsellor: Browser, talks: dict[str, str]) -> None:
    script = "<script>alert(1)</script>"
    counsellor.send_form(f"/conversations/{talks['forged']}/notes", text=script)
    counsellor.send_form(f"/conversations/{talks['forged']}/tags", tag=script)
    text = page(counsellor, talks["forged"])
    assert "<script>alert" not in text and text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert "Not understood" in text and "grapefrute" in text


def test_notes_are_kept_encrypted(console: RunningConsole, counsellor: Browser, talks: dict[str, str]) -> None:
    sent = counsellor.send_form(f"/conversations/{talks['mix']}/notes?x=1", text="Called her mother.")
    assert sent.status_code == 303 and sent.headers["location"] == f"/conversations/{talks['mix']}?x=1#notes"
    assert "Called her mother." in page(counsellor, talks["mix"])
    files = b"".join(file.read_bytes() for file in console.folder.glob("journal.db*"))
    assert b"Called her mother" not in files
    assert looks(console, "add note")[-1] == ("counsellor", talks["mix"], "")


def test_tags_come_and_go(counsellor: Browser, talks: dict[str, str]) -> None:
    address = f"/conversations/{talks['mix']}/tags"
    for _ in range(2):
        counsellor.send_form(address, tag="  Follow   UP ")
    assert page(counsellor, talks["mix"]).count("Remove the tag follow up") == 1
    counsellor.send_form(address, remove="follow up")
    assert "Remove the tag" not in page(counsellor, talks["mix"])


def test_it_is_given_to_a_colleague_and_reviewed(counsellor: Browser, talks: dict[str, str]) -> None:
    here = f"/conversations/{talks['mix']}"
    assert counsellor.send_form(f"{here}/assign", assignee="supervisor").status_code == 303
    assert counsellor.send_form(f"{here}/review", state="follow_up").status_code == 303
    text = page(counsellor, talks["mix"])
    assert "<dt>Given to</dt><dd>supervisor</dd>" in text and "<dt>Review</dt><dd>Follow up</dd>" in text
    assert counsellor.send_form(f"{here}/assign", assignee="nobody at all").status_code == 400
    assert counsellor.send_form(f"{here}/review", state="burnt").status_code == 400


def test_another_id_finds_nothing(counsellor: Browser) -> None:
    assert counsellor.get("/conversations/" + "0" * 64).status_code == 404
    assert counsellor.send_form("/conversations/" + "0" * 64 + "/notes", text="x").status_code == 404
    assert counsellor.send_form("/conversations/" + "0" * 64 + "/reveal", what="1", reason="curious").status_code == 404


def test_a_cleared_chat_says_so(console: RunningConsole, counsellor: Browser) -> None:
    with night(console.settings) as written:
        here = written.mix("soon gone")
        written.store.clear(here, 5).result()
    text = page(counsellor, here)
    assert "This chat was cleared by its visitor, or deleted by staff" in text and "xanax" not in text
