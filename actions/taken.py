"""Answers somebody who has already taken a mix, or says whether they have."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import named, together
from actions.interactions import Events, respond


class NoteTaken(Action):
    """They were taken: the same facts, and then the question how the person is."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_note_taken"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer, and remember that it was taken."""
        events = respond(dispatcher, tracker, together(tracker, named(tracker)), after_mix="how_is_it")
        return [SlotSet("taken", True), *events]


class Affirm(Action):
    """A yes means what the question left open makes of it."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_affirm"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Note a yes to 'have you already taken them?'; any other yes leaves nothing open."""
        if tracker.get_slot("open_question") == "already_taken":
            return [SlotSet("taken", True), SlotSet("open_question", "how_is_it")]
        return [SlotSet("open_question", None)]


class Deny(Action):
    """A no means what the question left open makes of it."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_deny"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Note a no to 'have you already taken them?' or 'is it bad?'; any other no leaves nothing open."""
        asked = tracker.get_slot("open_question")
        if asked == "already_taken":
            return [SlotSet("taken", False), SlotSet("open_question", "not_taken")]
        if asked == "how_is_it":
            return [SlotSet("open_question", "stay_watchful")]
        return [SlotSet("open_question", None)]
