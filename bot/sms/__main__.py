"""Texts that did not arrive, for operators: `python -m bot.sms`; `--reveal` shows the number of a conversation."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timezone

from bot import environment
from bot.sms.advice import ADVICE
from bot.store import Store
from bot.store.records import StoreError, UnsentText


def table(texts: Sequence[UnsentText]) -> str:
    """The texts for people, one a line."""
    if not texts:
        return "Every text arrived, or is on its way."
    return "\n".join(_line(text) for text in texts)


def _line(text: UnsentText) -> str:
    when = datetime.fromtimestamp(text.created_at / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M")
    why = text.reason or "no reason given"
    advice = f" ({ADVICE[why]})" if why in ADVICE else ""
    tries = f"{text.attempts} {'try' if text.attempts == 1 else 'tries'}"
    return (
        f"{when}  {text.number}  {text.kind:<12} {text.state:<10} {tries:<8} {why}{advice}  {text.conversation or ''}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; 1 where the database cannot be read, or the conversation has no number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--reveal", metavar="CONVERSATION", help="show its number; who asked and why is kept")
    parser.add_argument("--who", default="", help="your name, for --reveal")
    parser.add_argument("--why", default="", help="why you need the number, for --reveal")
    asked = parser.parse_args(arguments)
    if asked.reveal and not (asked.who.strip() and asked.why.strip()):
        parser.error("--reveal needs --who and --why: who looked, and why, is written down first")
    settings = environment.settings()
    if settings is None:
        return 1
    store = Store(settings)
    try:
        return _answer(store, asked)
    except StoreError:
        print("The database that DATABASE_URL names cannot be read: is it the right one?", file=sys.stderr)
        return 1
    finally:
        store.close()


def _answer(store: Store, asked: argparse.Namespace) -> int:
    if asked.reveal:
        store.start().result(10)
        number = store.reveal_number(asked.reveal, asked.who.strip(), asked.why.strip()).result()
        print(number or "That conversation has no number.")
        return 0 if number else 1
    texts = store.unsent_texts().result()
    print("\n".join(json.dumps(asdict(text)) for text in texts) if asked.json else table(texts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
