"""Answers a question about mixing substances."""

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Named, asked, named, of_person, still_to_ask, together
from actions.knowledge import knowledge
from helpline.knowledge import Answer, answer, check, depends, in_case, in_short, worst_case

Events = list[dict[str, Any]]
# The questions that follow a mix which somebody has taken.
TAKEN = ("how_is_it", "taken_earlier")


def ask_which(dispatcher: CollectingDispatcher, choices: tuple[str, ...]) -> Events:
    """Ask which of several substances was meant, with a button for each; "the second one" is an answer too."""
    buttons = [
        {"title": knowledge().display(name), "payload": "/ask_interaction" + json.dumps({"substance": name})}
        for name in choices
    ]
    dispatcher.utter_message(response="utter_ask_which", buttons=buttons)
    return offer("which", buttons)


def offer(question: str, buttons: list[dict[str, str]]) -> Events:
    """Leave a question open that these buttons answer."""
    return [SlotSet("open_question", question), SlotSet("offered", [button["payload"] for button in buttons])]


def say_answer(dispatcher: CollectingDispatcher, said: Answer) -> None:
    """Every bubble of an answer, the card with the first."""
    for position, bubble in enumerate(said.bubbles):
        dispatcher.utter_message(json_message={"text": bubble, "card": said.card if position == 0 else None})


def answer_worst_case(
    dispatcher: CollectingDispatcher, substances: tuple[str, ...], unsure: tuple[tuple[str, ...], ...]
) -> None:
    """Warn of the worst that may be meant before it is asked what is."""
    supposed = worst_case(knowledge(), substances, unsure)
    if len(substances) + len(supposed) > 1:
        say_answer(dispatcher, in_case(knowledge(), check(knowledge(), (*substances, *supposed)), supposed))


def respond(dispatcher: CollectingDispatcher, tracker: Tracker, substances: tuple[str, ...], after_mix: str) -> Events:
    """From what was named to an answer or a question; `after_mix` is the question that an answer leaves open."""
    heard, person = named(tracker), asked(tracker).person or tracker.get_slot("person")
    unsure = still_to_ask(tracker, heard)
    remembered = [
        SlotSet("substances", list(substances)),
        SlotSet("unsure", [list(names) for names in unsure[1:]]),
        SlotSet("person", person),
    ]
    if unsure:
        answer_worst_case(dispatcher, substances, unsure)
        return [*remembered, *ask_which(dispatcher, unsure[0])]
    if knowledge().mixed(substances) and after_mix in TAKEN and not heard.unknown:
        # What to do now comes next; why, and by which sources, is on the card.
        say_answer(dispatcher, in_short(knowledge(), check(knowledge(), substances)))
    elif knowledge().mixed(substances) or heard.unknown:
        say_answer(dispatcher, answer(knowledge(), check(knowledge(), substances), heard.unknown))
    elif substances and heard.vague:
        say_answer(dispatcher, depends(knowledge(), substances, heard.vague))
    question = of_person(next_question(heard, substances, after_mix), person)
    return [*remembered, SlotSet("open_question", question)]


def next_question(heard: Named, substances: tuple[str, ...], after_mix: str) -> str:
    """What is still to be asked: first what a word meant, then what else is taken, then how it stands."""
    if heard.unknown:
        return "spelling"
    if heard.vague:
        return "which_medicine"
    if knowledge().mixed(substances):
        return after_mix
    return "with_what" if substances else "what"


class CheckInteraction(Action):
    """Looks up the substances of this message, or of this and the talk before, and answers."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_check_interaction"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer; which closing response follows depends on `open_question`."""
        after_mix = "one_taken" if asked(tracker).taken else "already_taken"
        return respond(dispatcher, tracker, together(tracker, named(tracker)), after_mix)
