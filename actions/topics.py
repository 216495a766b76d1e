"""Answers a question that is not about a mix: naloxone, withdrawal, tolerance and the like."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import named
from actions.interactions import Events, say_answer
from actions.knowledge import FOLDER, knowledge
from helpline.knowledge import check, in_short
from helpline.knowledge.topics import AVOID, Told, Topics, load_topics

# Somebody who cannot stop mixing knows that it is a mix; that text says all of it.
CANNOT_STOP = "cannot_stop"
# Whoever is about to drive is told not to before anything about a mix.
DRIVING = "driving"
OF_STOPPING = ("withdrawal", "taper", "quitting")
TOPICS = {
    "ask_naloxone": "naloxone",
    "ask_tolerance": "tolerance",
    "ask_counterfeit": "counterfeit",
    "ask_withdrawal": "withdrawal",
    "ask_taper": "taper",
    "ask_treatment_medicine": "moud",
    "ask_pregnancy": "pregnancy",
    "ask_driving": DRIVING,
    "ask_dosing": "dosing",
    "ask_route": "route",
    "ask_test_evasion": "test_evasion",
    "ask_buying": "buying",
    "cannot_stop": CANNOT_STOP,
    "ask_quitting": "quitting",
    "get_naloxone": "get_naloxone",
    "ask_avoid_list": AVOID,
}
AVOID_WHAT = "avoid_what"
BUBBLES_BESIDE_A_MIX = 2


@lru_cache(maxsize=1)
def topics() -> Topics:
    """The table of topics; raises KnowledgeError with file and row."""
    return load_topics(FOLDER, knowledge())


def say(dispatcher: CollectingDispatcher, told: Told) -> None:
    """Say the bubbles in order, the sources at the end of the last."""
    titles = dict.fromkeys(knowledge().sources[source].short_title for source in told.sources)
    named_sources = knowledge().verdicts["sources"].replace("{sources}", ", ".join(titles))
    for place, bubble in enumerate(told.bubbles, 1):
        text = f"{bubble} {named_sources}" if place == len(told.bubbles) else bubble
        dispatcher.utter_message(json_message={"text": text, "card": None})


def asked_about(tracker: Tracker, topic: str) -> tuple[str, ...]:
    """The substances of this message; those of the talk before where this message names none.

    Whoever asks about stopping speaks of a drug that is not taken: "day 3 no fent".
    """
    heard = named(tracker)
    sure = heard.sure or (heard.negated if topic in OF_STOPPING else ())
    if sure or heard.unsure or heard.unknown:
        return sure
    return tuple(tracker.get_slot("substances") or ())


def tell_avoid_list(dispatcher: CollectingDispatcher, substances: tuple[str, ...]) -> Events:
    """Say what not to take with the first of them that the tables know, or leave open which one is meant."""
    lists = (topics().avoid_list(name) for name in substances)
    told = next((each for each in lists if each.bubbles), None)
    if told:
        say(dispatcher, told)
    return [SlotSet("substances", list(substances)), SlotSet("open_question", None if told else AVOID_WHAT)]


def known_mix(tracker: Tracker) -> bool:
    """Whether this message itself names a mix about which something is known."""
    sure = named(tracker).sure
    return knowledge().mixed(sure) and check(knowledge(), sure).severity != "unknown"


class TellTopic(Action):
    """Says the reviewed text that fits the intent and what was named."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_tell_topic"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer; a question about a list without a name leaves open which one is meant."""
        topic = TOPICS[tracker.latest_message["intent"]["name"]]
        substances = asked_about(tracker, topic)
        if topic == AVOID:
            return tell_avoid_list(dispatcher, substances)
        told = topics().tell(topic, substances)
        mix = known_mix(tracker) and topic != CANNOT_STOP
        if mix:
            told = replace(told, bubbles=told.bubbles[:BUBBLES_BESIDE_A_MIX])
        if topic == DRIVING:
            say(dispatcher, told)
        if mix:
            # A question about treatment or naloxone that names a mix is also a question about the mix.
            say_answer(dispatcher, in_short(knowledge(), check(knowledge(), substances)))
        if topic != DRIVING:
            say(dispatcher, told)
        return [SlotSet("substances", list(substances)), SlotSet("open_question", None)]
