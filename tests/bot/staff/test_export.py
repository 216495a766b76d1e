"""What leaves the console as a file: the redacted copy only, no formula in it, and a line in the audit before."""

from __future__ import annotations

import csv
import io
import json

import pytest

from bot.staff.files import csv_text, harmless
from tests.bot.staff.console import RunningConsole
from tests.bot.staff.sheets import BAD, formulas
from tests.bot.staff.talks import journal, talk

WHY = "for the yearly review"


@pytest.mark.parametrize("cell", BAD)
def test_no_cell_becomes_a_formula(cell: str) -> None:
    assert not formulas(csv_text([[cell]]))


@pytest.mark.parametrize("cell", ["hello", "well-known", "a+b", "me@example", "", "1 = 1", "“no”", 'say "yes"'])
def test_ordinary_words_are_left_alone(cell: str) -> None:
    assert harmless(cell) == cell
    assert next(csv.reader(io.StringIO(csv_text([[cell, None]])))) == [cell, ""]


@pytest.fixture(scope="module")
def talks(console: RunningConsole) -> list[str]:
    with journal(console.settings) as store:
        return [
            talk(store, "=1+1 is what i took", "my number is 212 555 0123"),
            talk(store, "hola, tomé marzipán", phone="+18445550107"),
        ]


@pytest.mark.stack
def test_the_page_says_how_many_and_asks_why(console: RunningConsole, talks: list[str]) -> None:
    browser = console.client("supervisor")
    assert "<strong>2 conversations</strong>" in browser.get("/export").text
    page = browser.get("/export?channel=sms").text
    assert "<strong>1 conversation</strong>" in page
    assert 'name="channel" value="sms"' in page
    assert "No conversation fits" in browser.get("/export?channel=fax").text


@pytest.mark.stack
def test_a_file_without_a_reason_is_refused(console: RunningConsole, talks: list[str]) -> None:
    browser = console.client("supervisor")
    before = console.audited("export")
    for fields in ({"kind": "csv"}, {"kind": "csv", "reason": "  x "}, {"kind": "exe", "reason": WHY}):
        answer = browser.send_form("/export", **fields)
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    assert console.audited("export") == before


@pytest.mark.stack
def test_csv_holds_the_redacted_copy(console: RunningConsole, talks: list[str]) -> None:
    answer = console.client("supervisor").send_form("/export", kind="csv", reason=WHY)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert {row["conversation"] for row in rows} == set(talks)
    said = [row["text"] for row in rows if row["who"] == "user"]
    assert "'=1+1 is what i took" in said
    assert "hola, tomé marzipán" in said
    assert "0123" not in answer.text
    assert "0107" not in answer.text
    assert console.audited("export")[-1] == ("supervisor", "2 conversations as csv", f"all: {WHY}")


@pytest.mark.stack
def test_json_holds_one_conversation_a_line(console: RunningConsole, talks: list[str]) -> None:
    answer = console.client("supervisor").send_form("/export", kind="json", reason=WHY, channel="sms")
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["conversation"] for each in found] == [talks[1]]
    assert [each["who"] for each in found[0]["messages"]] == ["user", "bot"]
    assert console.audited("export")[-1] == ("supervisor", "1 conversations as json", f"channel=sms: {WHY}")


@pytest.mark.stack
def test_one_conversation_can_be_taken_out(console: RunningConsole, talks: list[str]) -> None:
    browser = console.client("supervisor")
    answer = browser.send_form("/export", kind="json", reason=WHY, conversation=talks[0])
    assert json.loads(answer.text)["conversation"] == talks[0]
    for nonsense in ("f" * 64, "' OR 1=1", "*"):
        answer = browser.send_form("/export", kind="json", reason=WHY, conversation=nonsense)
        assert "No conversation fits" in answer.text, nonsense


@pytest.mark.stack
def test_many_conversations_are_all_there_once(console: RunningConsole, talks: list[str]) -> None:
    with journal(console.settings) as store:
        more = {talk(store, f"message {n}") for n in range(230)}
    answer = console.client("supervisor").send_form("/export", kind="json", reason=WHY)
    found = [json.loads(line)["conversation"] for line in answer.text.splitlines()]
    assert len(found) == len(set(found)) == 232
    assert more < set(found)
