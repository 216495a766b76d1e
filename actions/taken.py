"""Answers somebody who has already taken a mix, or says whether they have."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import asked, named, of_person, together
from actions.interactions import Events, respond
from actions.topics import DID_IT_HELP

# Questions of ours that a yes or a no answers.
WHETHER_TAKEN = ("already_taken", "have_they_taken", "one_taken")
HOW_IT_IS = ("how_is_it", "how_are_they", "taken_earlier")
HELPED, DID_NOT_HELP = "helped", "did_not_help"
SHORT = 4  # words


def ask(tracker: Tracker, question: str) -> dict[str, Any]:
    """Leave this question open, about the person whom the talk is about."""
    return SlotSet("open_question", of_person(question, tracker.get_slot("person")))


def short(tracker: Tracker) -> bool:
    """Whether a yes or a no says little else: "no ok i flushed it, my hands shake" is not about our answer."""
    return len((tracker.latest_message.get("text") or "").split()) <= SHORT


class NoteTaken(Action):
    """They were taken, just now or earlier: the same facts, and then the question how the person is."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_note_taken"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer, and remember that it was taken."""
        after_mix = "taken_earlier" if asked(tracker).taken == "earlier" else "how_is_it"
        events = respond(dispatcher, tracker, together(tracker, named(tracker)), after_mix)
        return [SlotSet("taken", True), *events]


class Affirm(Action):
    """A yes means what the question left open makes of it."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_affirm"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Note a yes to 'have you already taken them?' or 'is it bad?'; any other yes leaves nothing open."""
        question = tracker.get_slot("open_question")
        if question in WHETHER_TAKEN:
            return [SlotSet("taken", True), ask(tracker, "how_is_it")]
        if question in HOW_IT_IS:
            # A typed yes is as urgent as the button.
            concern = "overdose_other" if tracker.get_slot("person") == "other" else "mixed_sleepy"
            return [SlotSet("concern", concern), SlotSet("open_question", None)]
        return [SlotSet("open_question", HELPED if question == DID_IT_HELP and short(tracker) else None)]


class Deny(Action):
    """A no means what the question left open makes of it."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_deny"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Note a no to 'have you already taken them?' or 'is it bad?'; any other no leaves nothing open."""
        question = tracker.get_slot("open_question")
        said = asked(tracker)
        if question in WHETHER_TAKEN and said.corrects and said.person:
            # "i meant my brother, not me": the same question, about him.
            meant = "have_they_taken" if said.person == "other" else "already_taken"
            return [SlotSet("person", said.person), SlotSet("open_question", meant)]
        if question in WHETHER_TAKEN:
            return [SlotSet("taken", False), ask(tracker, "not_taken")]
        if question in HOW_IT_IS:
            return [SlotSet("open_question", "stay_watchful")]
        return [SlotSet("open_question", DID_NOT_HELP if question == DID_IT_HELP and short(tracker) else None)]
