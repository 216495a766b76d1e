"""Fill the console with made-up conversations: `python -m bot.staff.demo [--add] [--remove]`."""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from bot import environment
from bot.settings import Settings
from bot.store.alerts import Alerts
from bot.store.journal import Journal
from bot.store.made_up import called, move, new_name, real, remove_all, text
from bot.store.outbox import Outbox
from bot.store.records import Answer, Callback, Message, Words
from bot.store.staff import StaffStore
from bot.store.summaries import Summaries, concerns
from helpline.transcripts.redaction import redact

DIALOGUES = Path(__file__).parent / "dialogues.csv"
COUNT, NIGHTS = 500, 14
LATELY = 11 * 60  # minutes, all of which the night page shows
HOURS = (*range(19, 24), *range(8))  # when people write, in the helpline's time zone
BLANKS = {
    "end": ("", "", "?", "??", " please", " thx"),
    "one": ("one", "a couple of", "2", "three"),
    "days": ("3", "10", "40", "two"),
    "kin": ("son", "daughter", "brother", "husband", "wife", "best friend"),
    "familiar": ("hijo", "hermana", "esposo"),
    "town": ("Tampa", "Akron", "Fresno", "my town"),
    "when": ("tonight", "tomorrow", "this week", "before work"),
    "stay": ("detox", "rehab", "a month there"),
    "plan": ("medicaid", "aetna", "blue cross"),
    "want": ("want", "really want"),
    "strange": ("zenatrex", "tiazepine", "blue moons"),
}
FAILURES = ("", "", "30003", "30005")  # why a text did not arrive; most do
NUMBER = "+1202555{:04d}"  # numbers that belong to nobody
Row = Mapping[str, str]
Planned = tuple[int, list[Row], bool]


class Demo:
    """Writes talks through the journal itself, so that they are what real ones are."""

    def __init__(self, store: StaffStore, zone: str, seed: int | None = None) -> None:
        self._chance = random.Random(seed)  # noqa: S311  (nothing here is a secret)
        self._zone = ZoneInfo(zone)
        self._summaries = Summaries(store.cipher, redact, zone)
        self._cipher, self._phones = store.cipher, store.phones
        outbox = Outbox(store.cipher, store.phones)
        self._journal = Journal(store.cipher, redact, store.phones, outbox, self._summaries, Alerts(()))
        self._talks = talks()

    def plan(self, now: datetime, count: int) -> list[Planned]:
        """So many talks in the order in which they were had, each one once in the hours just gone."""
        weights = [int(rows[0]["weight"]) for rows in self._talks]
        lately = self._chance.sample(self._talks, min(count, len(self._talks)))
        before = self._chance.choices(self._talks, weights, k=count - len(lately))
        planned = [(self._night(now), rows, True) for rows in before]
        planned += [(self._just_gone(now), rows, False) for rows in lately]
        return sorted(planned, key=lambda talk: talk[0])

    def write(self, db: Connection, at: int, rows: list[Row], over: bool) -> None:
        """One talk; where it is `over`, whoever wanted a call was called."""
        here = new_name()
        for row in rows:
            self._say(db, here, row, rows[0])
        move(db, self._summaries, here, at)
        if over:
            called(db, here)
        if rows[0]["channel"] == "sms":
            phone = self._phones.known(db, NUMBER.format(self._chance.randrange(100, 200))).id
            text(db, self._cipher, here, phone, rows[-1]["reply"], self._chance.choice(FAILURES))

    def _say(self, db: Connection, here: str, row: Row, first: Row) -> None:
        said = row["visitor"].format_map({name: self._chance.choice(each) for name, each in BLANKS.items()})
        concern, language = row["concern"] or "none", "es" if row["outcome"] == "es" else "en"
        alarm = concerns()[concern].alarm if concern != "none" else False
        card = {"kind": concerns()[concern].card, "call": ["911", "988"], "steps": []} if alarm else None
        words = Words(row["reply"], card=card, language=language)
        message = Message(
            here,
            str(uuid.uuid4()),
            said,
            concern=concern,
            level=concerns()[concern].level if concern != "none" else "none",
            alarm=words if alarm else None,
            attention={"language": language},
            channel=first["channel"],
        )
        turn = self._journal.accept(db, message).turn
        assert turn is not None
        self._journal.finish(db, turn, self._answer(row, [] if alarm else [words], language))

    def _answer(self, row: Row, words: list[Words], language: str) -> Answer:
        outcome = {"es": "answered", "callback": "answered", "fallback": "answered", "alarm": "noted"}
        asked = Callback(None, NUMBER.format(self._chance.randrange(100, 200)), self._chance.choice(BLANKS["when"]))
        return Answer(
            words,
            outcome.get(row["outcome"], row["outcome"]),
            self._chance.uniform(0.1, 0.6),
            understood(row),
            context={"language": language},
            callback=asked if row["outcome"] == "callback" else None,
        )

    def _just_gone(self, now: datetime) -> int:
        return int((now - timedelta(minutes=self._chance.randrange(15, LATELY))).timestamp() * 1000)

    def _night(self, now: datetime) -> int:
        """Some minute of some night before the hours just gone."""
        while True:
            day = now.astimezone(self._zone) - timedelta(days=self._chance.randrange(NIGHTS))
            at = day.replace(hour=self._chance.choice(HOURS), minute=self._chance.randrange(60))
            if at < now - timedelta(minutes=LATELY):
                return int(at.timestamp() * 1000)


def talks() -> list[list[Row]]:
    """The dialogues, each a list of what is said in turn; a name with a question mark is one that we do not know."""
    with DIALOGUES.open(encoding="utf-8", newline="") as file:
        return [list(rows) for _, rows in groupby(csv.DictReader(file), lambda row: row["talk"])]


def understood(row: Row) -> dict[str, Any]:
    """What a message would have been understood as."""
    if not row["intent"]:
        return {}
    names = [name for name in row["substances"].split(";") if name]
    known = [{"entity": "substance", "value": name, "certain": True} for name in names if name[0] != "?"]
    strange = [{"entity": "unknown_substance", "value": name[1:]} for name in names if name[0] == "?"]
    heard = {"intent": row["intent"], "confidence": float(row["confidence"]), "entities": known + strange}
    return {**heard, "fallback": row["outcome"] == "fallback", "severity": row["severity"] or None}


def fill(store: StaffStore, zone: str, count: int, seed: int | None = None) -> None:
    """Write so many talks, and say how far it is."""
    demo, now = Demo(store, zone, seed), datetime.now(ZoneInfo(zone))
    for number, talk in enumerate(demo.plan(now, count), 1):
        store.change(lambda db, talk=talk: demo.write(db, *talk))  # type: ignore[misc]
        if number % 50 == 0 or number == count:
            print(f"{number} of {count} conversations", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Fill, or take out again what was filled in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--add", action="store_true", help="also where there are real conversations")
    parser.add_argument("--remove", action="store_true", help="take them out again")
    parser.add_argument("--count", type=int, default=COUNT)
    asked = parser.parse_args(arguments)
    environment.prepare()
    settings = Settings.from_environment(os.environ)
    store = StaffStore(settings)
    store.prepare()
    try:
        if asked.remove:
            print(f"{store.change(remove_all)} made-up conversations were removed.")
            return 0
        if not asked.add and store.look(real):
            print("There are real conversations in this database; --add mixes made-up ones in.", file=sys.stderr)
            return 1
        fill(store, settings.helpline_timezone, asked.count)
        return 0
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
