"""Rasa heard a concern, or was told of one: it says which to the front door, which has the words."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.interactions import Events

# Urgent and no alarm: triage in front of Rasa hears the alarms.
CONCERNS = ("using_alone", "minor", "child_at_risk")
# What a card leaves open: "no, he is talking to me" is then an answer. A question from before it is over.
ASKS = {"overdose_other": "how_are_they", "overdose_self": "how_is_it", "mixed_sleepy": "how_is_it"}


def leave_form(tracker: Tracker, domain: dict[str, Any]) -> Events:
    """What ends a form that is open, with nothing of it kept: it does not go on as if nothing had been said."""
    form = (tracker.active_loop or {}).get("name")
    if not form:
        return []
    answers = domain["forms"][form]["required_slots"]
    return [ActiveLoop(None), *(SlotSet(slot, None) for slot in (*answers, "requested_slot"))]


class RaiseConcern(Action):
    """Returns the concern, not the words."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_raise_concern"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Set `concern` from the intent, or from what the front door's triage already found; leave an open form."""
        told = next(tracker.get_latest_entity_values("concern"), None)
        concern = told or tracker.latest_message["intent"]["name"]
        asks = next((question for start, question in ASKS.items() if concern.startswith(start)), None)
        return [SlotSet("concern", concern), SlotSet("open_question", asks), *leave_form(tracker, domain)]
