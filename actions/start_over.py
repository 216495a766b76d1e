"""Forgets what was said in this visit, so that the talk begins anew."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.concern import leave_form
from actions.interactions import Events

# The concern is not among them: nobody's danger is over because the talk begins anew.
FORGOTTEN = ("substances", "unsure", "taken", "person", "open_question", "offered")


class StartOver(Action):
    """Empties what the bot works with; what is stored for staff is deleted by the visitor's own button only."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_start_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Forget the substances, the person and every open question; leave an open form."""
        return [*(SlotSet(slot, None) for slot in FORGOTTEN), *leave_form(tracker, domain)]
