"""Answers a message that was not understood: what it may have meant, and the second time the plain truth."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import named, together
from actions.interactions import Events, offer
from helpline.tables import read

FOLDER = Path(__file__).parent.parent / "data" / "conversation"
FILE, COLUMNS = "meanings.csv", ("intent", "title")
MOST = 3  # meanings that are offered
LEAST_LIKELY = 0.08
MEANT = "meant"  # the question that is left open while they are offered


class MeaningsError(Exception):
    """The table of meanings cannot be used; the text names file and row."""


@lru_cache(maxsize=1)
def meanings() -> dict[str, str]:
    """In a visitor's words what each intent is about, for a button; raises MeaningsError with file and row."""
    return {row.needed("intent"): row.needed("title") for row in read(FOLDER, FILE, COLUMNS, MeaningsError)}


def likeliest(tracker: Tracker) -> list[str]:
    """The intents that it may have meant, the likeliest first; those that have no answer of their own left out."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    likely = [each["name"] for each in ranking if each["confidence"] >= LEAST_LIKELY and each["name"] in meanings()]
    return likely[:MOST]


def not_understood_before(tracker: Tracker) -> bool:
    """Whether the message before this one was not understood either."""
    intents = [event["parse_data"]["intent"].get("name") for event in tracker.events if event["event"] == "user"]
    return intents[-2:-1] == ["nlu_fallback"]


class AskWhatWasMeant(Action):
    """The first of two stages; the second is the closing response, which says that it was not understood."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_ask_what_was_meant"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Offer the likeliest meanings, once in a row; what was named is kept for the one that is picked."""
        likely = likeliest(tracker)
        if not likely or not_understood_before(tracker):
            return [SlotSet("open_question", None)]
        buttons = [{"title": meanings()[intent], "payload": f"/{intent}"} for intent in likely]
        dispatcher.utter_message(response="utter_ask_what_was_meant", buttons=buttons)
        heard = named(tracker)
        kept = [SlotSet("substances", list(together(tracker, heard)))] if heard.sure else []
        return [*kept, *offer(MEANT, buttons)]
