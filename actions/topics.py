"""Answers a question that is not about a mix: naloxone, withdrawal, tolerance and the like."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import asked, joins_what_was_named, kept, named, together
from actions.interactions import Events, respond, say_answer
from actions.knowledge import FOLDER, knowledge
from helpline.knowledge import check, in_short
from helpline.knowledge.topics import AVOID, Told, Topics, load_topics

# Somebody who cannot stop mixing knows that it is a mix, and whoever stops takes neither; those texts say all of it.
CANNOT_STOP = "cannot_stop"
# Whoever is about to drive is told not to before anything about a mix.
DRIVING = "driving"
DOSING = "dosing"
DID_IT_HELP = "did_it_help"
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
    "ask_dosing": DOSING,
    "ask_route": "route",
    "ask_test_evasion": "test_evasion",
    "ask_buying": "buying",
    "cannot_stop": CANNOT_STOP,
    "ask_quitting": "quitting",
    "get_naloxone": "get_naloxone",
    "ask_avoid_list": AVOID,
}
AVOID_WHAT = "avoid_what"
BUBBLES_BESIDE_A_MIX = 1


@lru_cache(maxsize=1)
def topics() -> Topics:
    """The table of topics; raises KnowledgeError with file and row."""
    return load_topics(FOLDER, knowledge())


def say(dispatcher: CollectingDispatcher, told: Told) -> None:
    """Say the bubbles in order, the sources, if any, at the end of the last."""
    titles = dict.fromkeys(knowledge().sources[source].short_title for source in told.sources)
    named_sources = knowledge().verdicts["sources"].replace("{sources}", ", ".join(titles))
    for place, bubble in enumerate(told.bubbles, 1):
        text = f"{bubble} {named_sources}" if titles and place == len(told.bubbles) else bubble
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


def tell_avoid_list(dispatcher: CollectingDispatcher, tracker: Tracker, substances: tuple[str, ...]) -> Events:
    """Say what not to take with the first of them that the tables know, or leave open which one is meant."""
    lists = (topics().avoid_list(name) for name in substances)
    told = next((each for each in lists if each.bubbles), None)
    if told:
        say(dispatcher, told)
    left_open = whether_it_helped(tracker) if told else [SlotSet("open_question", AVOID_WHAT)]
    return [SlotSet("substances", list(substances)), *left_open]


def known_mix(tracker: Tracker, topic: str, substances: tuple[str, ...]) -> bool:
    """Whether a mix about which something is known is asked about: one that this message itself names, and where it is
    about amounts also the one named before, because "what if it's only one" is a question about it.
    """
    mix = substances if topic == DOSING else named(tracker).sure
    of_one = topic in (*OF_STOPPING, CANNOT_STOP)
    return not of_one and knowledge().mixed(mix) and check(knowledge(), mix).severity != "unknown"


def whether_it_helped(tracker: Tracker) -> Events:
    """Leave open whether this answer helped: once in a visit, and never while something else is asked."""
    if tracker.get_slot("asked_if_it_helped"):
        return [SlotSet("open_question", None)]
    return [SlotSet("open_question", DID_IT_HELP), SlotSet("asked_if_it_helped", True)]


class TellTopic(Action):
    """Says the reviewed text that fits the intent and what was named."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_tell_topic"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer; a question about a list without a name leaves open which one is meant."""
        topic = TOPICS[tracker.latest_message["intent"]["name"]]
        substances = asked_about(tracker, topic)
        if topic == AVOID and asked(tracker).refers and joins_what_was_named(tracker, named(tracker)):
            return respond(dispatcher, tracker, together(tracker, named(tracker)), "already_taken")
        if topic == AVOID:
            return tell_avoid_list(dispatcher, tracker, substances)
        told = topics().tell(topic, substances)
        mix = known_mix(tracker, topic, substances)
        if mix:
            # The card of the mix has sources enough.
            told = replace(told, bubbles=told.bubbles[:BUBBLES_BESIDE_A_MIX], sources=())
        if topic == DRIVING:
            say(dispatcher, told)
        if mix:
            # A question about treatment or naloxone that names a mix is also a question about the mix.
            say_answer(dispatcher, in_short(knowledge(), check(knowledge(), substances)))
        if topic != DRIVING:
            say(dispatcher, told)
        return [SlotSet("substances", list(kept(tracker, substances))), *whether_it_helped(tracker)]
