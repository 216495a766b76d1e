"""Answers a question about one substance."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import ASKED_FOR_A_NAME, corrects, joins_what_was_named, named, together
from actions.interactions import Events, respond
from actions.topics import AVOID_WHAT, say, tell_avoid_list, topics


class CheckSubstance(Action):
    """One name alone: what it is, and what is it taken with? Two, or one that answers our own question: the mix."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_check_substance"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer; which closing response follows depends on `open_question`."""
        heard, asked = named(tracker), tracker.get_slot("open_question")
        if asked == AVOID_WHAT and heard.sure:
            return tell_avoid_list(dispatcher, tracker, heard.sure)
        joins = asked in ASKED_FOR_A_NAME or corrects(tracker, heard) or joins_what_was_named(tracker, heard)
        substances = together(tracker, heard) if joins else heard.sure
        if len(substances) == 1 and substances == heard.sure and not heard.unsure and not heard.unknown:
            say(dispatcher, topics().tell("what_is", substances))
        return respond(dispatcher, tracker, substances, after_mix="already_taken")
