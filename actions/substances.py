"""Answers a question about one substance."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import named, together
from actions.interactions import Events, respond


class CheckSubstance(Action):
    """One name alone: what is it taken with? Two names, or one that answers our own question: the mix."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_check_substance"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer; which closing response follows depends on `open_question`."""
        heard = named(tracker)
        answers_us = tracker.get_slot("open_question") in ("with_what", "which", "spelling")
        substances = together(tracker, heard) if answers_us else heard.sure
        return respond(dispatcher, tracker, substances, after_mix="already_taken")
