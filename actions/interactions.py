"""Answers a question about mixing substances."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Named, named, together
from actions.knowledge import knowledge
from helpline.knowledge import answer, check

Events = list[dict[str, Any]]


def ask_which(dispatcher: CollectingDispatcher, choices: tuple[str, ...], word_for_none: bool = True) -> None:
    """Ask which of several substances was meant, with a button for each."""
    buttons = [
        {"title": knowledge().display(name), "payload": f'/ask_interaction{{"substance": "{name}"}}'}
        for name in choices
    ]
    dispatcher.utter_message(response="utter_ask_which", buttons=buttons)


def reply_to_mix(dispatcher: CollectingDispatcher, substances: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    """Say what is known about these substances together, and name the words that are not known."""
    result = answer(knowledge(), check(knowledge(), substances), unknown)
    for position, bubble in enumerate(result.bubbles):
        card = result.card if position == 0 else None
        dispatcher.utter_message(json_message={"text": bubble, "card": card})


def respond(dispatcher: CollectingDispatcher, heard: Named, substances: tuple[str, ...], after_mix: str) -> Events:
    """From what was named to an answer or a question; `after_mix` is the question that an answer leaves open."""
    if heard.unsure:
        ask_which(dispatcher, heard.unsure[0])
        return [SlotSet("substances", list(substances)), SlotSet("open_question", "which")]
    if len(substances) < 2 and not heard.unknown:
        question = "with_what" if substances else "what"
        return [SlotSet("substances", list(substances)), SlotSet("open_question", question)]
    reply_to_mix(dispatcher, substances, heard.unknown)
    asked = after_mix if len(substances) > 1 else "with_what"
    return [SlotSet("substances", list(substances)), SlotSet("open_question", asked)]


class CheckInteraction(Action):
    """Looks up the substances of this message, or of this and the talk before, and answers."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_check_interaction"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer; which closing response follows depends on `open_question`."""
        heard = named(tracker)
        return respond(dispatcher, heard, together(tracker, heard.sure), after_mix="already_taken")
