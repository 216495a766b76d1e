"""The second layer behind triage: Rasa heard a concern, and says so to the front door, which has the words."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.interactions import Events
from actions.knowledge import knowledge

CONCERNS = {
    "crisis_overdose": ("overdose_self", "overdose_other"),
    "crisis_suicide": ("suicide_active", "suicide_third_party"),
    # Urgent and no alarm: one reply, whoever it is about.
    "using_alone": ("using_alone", "using_alone"),
    "minor": ("minor", "minor"),
    "child_at_risk": ("child_at_risk", "child_at_risk"),
}


class RaiseConcern(Action):
    """Returns the concern, not the words."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_raise_concern"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Set `concern` from the intent, or from what the front door's triage already found."""
        told = next(tracker.get_latest_entity_values("concern"), None)
        if told:
            return [SlotSet("concern", told)]
        own, others = CONCERNS[tracker.latest_message["intent"]["name"]]
        about_other = knowledge().asking.read(tracker.latest_message.get("text") or "").person == "other"
        return [
            SlotSet("concern", others if about_other else own),
            SlotSet("person", "other" if about_other else "self"),
        ]
