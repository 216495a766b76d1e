"""Marked text in everything that the console stores, and what a browser would make of a page that shows it."""

from __future__ import annotations

from html.parser import HTMLParser

from sqlalchemy import insert, update
from sqlalchemy.engine import Connection

from bot.store import accounts, audit, conversation_key
from bot.store.clock import now
from bot.store.records import Answer, Callback, Words
from bot.store.staff_tables import alerts, claims, summaries, views
from bot.store.tables import callbacks, conversations, texts, turns
from tests.bot.staff.console import Browser, RunningConsole
from tests.bot.staff.talks import Night, night, understood

ODD = (  # columns that hold words of our own, unless somebody wrote into the database
    (conversations, "channel", "language"),
    (turns, "concern", "outcome", "severity"),
    (summaries, "channel", "language", "concern", "severity"),
    (callbacks, "reason", "language", "claimed_by"),
    (texts, "kind", "reason"),
)
ADDRESSES = ("href", "src", "action", "formaction", "content", "hx-get", "hx-post")
FOREIGN = ("img", "iframe", "object", "embed", "base", "style")


class Marks:
    """Makes a text for each place that something is planted in, and knows the places."""

    def __init__(self, shape: str) -> None:
        self.shape, self.places = shape, set[str]()

    def __call__(self, place: str) -> str:
        self.places.add(place)
        return self.at(place)

    def at(self, place: str) -> str:
        return self.shape.replace("mark", place)


class Shown(HTMLParser):
    """A page as a browser reads it: what it shows, and what in it is not ours and would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.runs = "", list[str]()
        self.feed(page)
        self.close()

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.words += "\n".join(("", *given.values(), ""))
        leads = (value.strip().lower() for name, value in given.items() if name in ADDRESSES)
        ours = tag == "script" and given.get("src", "").startswith("/static/")
        if tag in FOREIGN or (tag == "script" and not ours) or any(each.startswith("javascript") for each in leads):
            self.runs.append(self.get_starttag_text() or tag)
        self.runs += [name for name in given if name.startswith(("on", "hx-on"))]


def plant(console: RunningConsole, admin: Browser, mark: Marks) -> str:
    """Fill the database; the conversation that everything is about."""
    with night(console.settings) as written:
        here = _talk(written, mark)
        text = written.texted(f"+1844555{len(mark.shape):04}")
        gone = written.call_me(f"to be deleted {mark.shape}")
    console.store.change(lambda db: _staff(db, here, mark))
    forms = {
        f"/conversations/{here}/notes": {"text": mark("note")},
        f"/conversations/{here}/tags": {"tag": mark("tag")},
        f"/conversations/{here}/assign": {"assignee": mark("account")},
        "/views": {"name": mark("view"), "query": "channel=web"},
        "/holds": {"conversation": here, "reason": mark("reason of a hold")},
        "/export": {"conversation": here, "kind": "csv", "reason": mark("reason of an export")},
        "/deletion": {"ids": gone, "reason": mark("reason of a deletion")},
    }
    for path, form in forms.items():
        assert admin.send_form(path, **form).status_code in (200, 303), path
    console.store.change(lambda db: _odd(db, here, text, mark))
    return here


def _talk(written: Night, mark: Marks) -> str:
    heard = [
        {"entity": "substance", "value": mark("substance")},
        {"entity": "unknown_substance", "value": mark("drug")},
    ]
    pair = {"a": mark("drug of a pair"), "b": "x", "severity": "serious", "why": mark("why of a pair")}
    card = {"kind": "interaction", "severity": "serious", "substances": [mark("drug on a card")], "pairs": [pair]}
    said = Words(
        mark("answer"), ({"title": mark("button"), "choice": "/x"},), {**card, "facts": [{"text": mark("fact")}]}
    )
    alarm = {"kind": "emergency", "call": [mark("number on a card")], "steps": [mark("step on a card")]}
    known = understood(mark("meaning"), 0.2, heard)
    call = Callback(mark("name"), mark("number"), mark("best time"))
    answer = Answer([said], "answered", 0.1, known, callback=call)
    level = {"concern": "overdose_other", "level": "emergency", "evidence": [mark("evidence")]}
    written.said(mark.shape, mark("message"), answer)
    written.said(
        mark.shape, mark("cry for help"), Answer((), "noted", 0.1), alarm=Words(mark("alarm"), card=alarm), **level
    )
    return conversation_key(mark.shape)


def _staff(db: Connection, here: str, mark: Marks) -> None:
    accounts.add(db, mark("account"), "reader", "x")
    audit.record(db, mark("audit: who"), mark("audit: action"), mark("audit: subject"), mark("audit: reason"))
    times = {"created_at": now(), "due_at": now()}
    way = {"kind": mark("alert: kind"), "way": mark("alert: way"), "reason": mark("alert: reason")}
    once = {"once": mark.shape, "conversation_id": here, "state": "failed", "attempts": 1}
    db.execute(insert(alerts).values(**once, **way, **times))
    db.execute(insert(views).values(account="admin", name=mark("odd view"), query=mark("query of a view")))
    claim = {"kind": "alarm", "subject": here, "account": mark("who has it"), "claimed_at": now()}
    db.execute(insert(claims).values(**claim))


def _odd(db: Connection, here: str, text: str, mark: Marks) -> None:
    for table, *columns in ODD:
        name = table.c.id if table is conversations else table.c.conversation_id
        values = {column: mark(f"{table.name}: {column}") for column in columns}
        db.execute(update(table).where(name == (text if table is texts else here)).values(**values))
