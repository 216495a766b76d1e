"""Arranges that staff call somebody back: takes each answer of the form, and hands the whole over."""

from dataclasses import dataclass
from typing import Any, Callable, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.concern import CONCERNS
from actions.interactions import Events
from actions.taken import HOW_IT_IS, WHETHER_TAKEN
from helpline.escalation import callback, callback_words

FORM = "callback_form"
NAME, NUMBER, TIME, CONSENT, RIGHT = (f"callback_{part}" for part in ("name", "number", "time", "consent", "right"))
SLOTS = (NAME, NUMBER, TIME, CONSENT, RIGHT)
OUTCOME = "callback_outcome"
NONE = "none"  # the name of somebody who gave none
# From this confidence on, a message that was understood as something else is no answer.
UNDERSTOOD = 0.6
# Beside a digit or two; "i took 20 of them" is no attempt at a number.
FEW_WORDS = 2
MANY_DIGITS = 7  # as many as no time has
# Intents that a name, a time or a number may well be taken for.
MAY_BE_AN_ANSWER = {
    *("nlu_fallback", "out_of_scope", "chitchat", "insult", "greet", "thanks", "goodbye", "returning"),
    *("ask_callback", "answer_callback", "affirm", "deny"),
}
# Why a number cannot be called, and what is said to that.
PROBLEMS = {
    "emergency": "utter_callback_emergency",
    "short_code": "utter_callback_short_code",
    "too_short": "utter_callback_too_short",
    "too_long": "utter_callback_too_long",
    "not_callable": "utter_callback_not_callable",
}
# No time either, unless a word of it speaks of one: "after my shift" sounds like a goodbye.
NO_TIME = ("affirm", "deny", "greet", "thanks", "goodbye")
LEAVES = {"crisis_noted", *CONCERNS}


@dataclass(frozen=True)
class Heard:
    """One message while the form asks for a slot."""

    asked: str
    text: str
    intent: str
    confidence: float
    pressed: dict[str, str]
    drugs: bool
    number: callback.Heard
    open_question: Optional[str]

    @property
    def topic(self) -> bool:
        """Whether it was understood as something else than an answer."""
        return self.drugs or (self.intent not in MAY_BE_AN_ANSWER and self.confidence >= UNDERSTOOD)

    @property
    def answers_another(self) -> bool:
        """Whether a yes or a no to it belongs to a question about what was taken, which goes first."""
        return self.open_question in (*WHETHER_TAKEN, *HOW_IT_IS)


def heard(tracker: Tracker) -> Heard:
    """The latest message, as the form sees it."""
    message = tracker.latest_message
    entities, intent = message.get("entities") or [], message.get("intent") or {}
    text = message.get("text") or ""
    return Heard(
        asked=tracker.get_slot("requested_slot") or "",
        text=text,
        intent=intent.get("name") or "",
        confidence=intent.get("confidence") or 0.0,
        pressed={e["entity"]: str(e["value"]) for e in entities if e["entity"] in SLOTS},
        drugs=any(e["entity"] in ("substance", "negated_substance") for e in entities),
        number=callback.hear(text),
        open_question=tracker.get_slot("open_question"),
    )


def came_back(tracker: Tracker) -> bool:
    """Whether another answer was given since the message: then the form only asks its open question again."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action_execution_rejected":
            return True
    return False


def take(slot: str, value: object) -> Events:
    """One answer; whatever else was asked before is no longer open."""
    return [SlotSet(slot, value), SlotSet("open_question", None)]


def again(asked: str) -> Events:
    """The same question once more."""
    return [SlotSet(asked, None)]


def stop(outcome: str) -> Events:
    """The end of the form without a request: nothing that was answered is kept."""
    dropped = [SlotSet(slot, None) for slot in SLOTS]
    return [*dropped, SlotSet("open_question", None), SlotSet(OUTCOME, outcome), SlotSet("requested_slot", None)]


def begin(said: Heard) -> Events:
    """A fresh form, with the number if the wish to be called came with one."""
    fresh = dict.fromkeys((*SLOTS, OUTCOME, "open_question"))
    number = said.number.number if not said.text.startswith("/") else ""
    return [SlotSet(slot, value) for slot, value in {**fresh, NUMBER: number or None}.items()]


def answer_name(dispatcher: CollectingDispatcher, said: Heard) -> Events:
    """A name, none, or a number that came too early."""
    if said.answers_another and callback_words.plain_yes_or_no(said.text):
        return []
    if callback_words.no_name(said.text):
        return take(NAME, NONE)
    number = [SlotSet(NUMBER, said.number.number)] if said.number.number and not said.topic else []
    name = callback_words.name_in(said.number.rest if number else said.text)
    if not name or (not number and any(map(str.isdigit, said.text))):
        return [*number, *again(NAME)] if number else []
    plain = callback_words.introduced(said.text) or callback_words.given_name(name) or not said.topic
    return [*number, *take(NAME, name)] if plain else []


def answer_number(dispatcher: CollectingDispatcher, said: Heard) -> Events:
    """A number that can be called, or why this one cannot."""
    if said.topic and not said.number.number:
        return []
    if said.number.number:
        return take(NUMBER, said.number.number)
    return say_problem(dispatcher, said, digits=3 if len(said.number.rest.split()) > FEW_WORDS else 1)


def say_problem(dispatcher: CollectingDispatcher, said: Heard, digits: int) -> Events:
    """Why what looks like a number cannot be called, if it has so many digits."""
    if not said.number.problem or sum(map(str.isdigit, said.text)) < digits:
        return []
    dispatcher.utter_message(response=PROBLEMS[said.number.problem])
    return again(said.asked)


def correct_number(dispatcher: CollectingDispatcher, said: Heard) -> Events:
    """Another number at a later question, which is then asked again."""
    if said.topic:
        return []
    if said.number.number:
        return [*take(NUMBER, said.number.number), *again(said.asked)]
    return say_problem(dispatcher, said, digits=MANY_DIGITS)


def answer_time(dispatcher: CollectingDispatcher, said: Heard) -> Events:
    """A time in the visitor's words."""
    time = callback_words.time_in(said.text)
    sure = callback_words.only_a_time(said.text) and not said.drugs
    plain = not said.topic and (said.intent not in NO_TIME or callback_words.hints_at_a_time(said.text))
    return take(TIME, time) if time and (sure or plain) else []


def answer_consent(dispatcher: CollectingDispatcher, said: Heard) -> Events:
    """A plain yes or no to the whole; everything else is asked again."""
    answer = "" if said.answers_another else callback_words.plain_yes_or_no(said.text)
    if answer:
        return take(CONSENT, True) if answer == "yes" else stop("no_consent")
    if not said.answers_another and callback_words.begins_with_a_no(said.text):
        return stop("no_consent")
    hedged = said.intent in ("affirm", "deny") or callback_words.begins_with_an_answer(said.text)
    if hedged and not said.answers_another and not said.topic:
        dispatcher.utter_message(response="utter_callback_yes_or_no")
        return again(CONSENT)
    return []


def answer_right(dispatcher: CollectingDispatcher, said: Heard) -> Events:
    """A yes to what was read back, or what is to be changed."""
    change = callback_words.change_in(said.text)
    if change and not said.drugs:
        return [*take(f"callback_{change}", None), *again(RIGHT)]
    answer = "" if said.answers_another else callback_words.plain_yes_or_no(said.text)
    if answer == "yes":
        return [*take(RIGHT, True), SlotSet("requested_slot", None)]
    unclear = said.intent in ("affirm", "deny") and not said.answers_another and not said.topic
    if answer == "no" or unclear:
        dispatcher.utter_message(response="utter_callback_change_what")
        return again(RIGHT)
    return []


def answer_button(said: Heard) -> Events:
    """A button of the form: of the open question, or of one before that is answered anew."""
    slot, value = next(iter(said.pressed.items()), ("", ""))
    if slot == CONSENT and value == "no":
        return stop("no_consent")
    if slot == RIGHT and said.asked == RIGHT:
        changed = value.removeprefix("change_")
        if changed != value:
            return [*take(f"callback_{changed}", None), *again(RIGHT)]
        return [*take(RIGHT, True), SlotSet("requested_slot", None)]
    if slot in (NAME, TIME) or (slot == CONSENT and said.asked == CONSENT):
        value_of = True if slot == CONSENT else value
        return [*take(slot, value_of), *(again(said.asked) if slot != said.asked else [])]
    return again(said.asked)


ANSWERS: dict[str, Callable[[CollectingDispatcher, Heard], Events]] = {
    NAME: answer_name,
    NUMBER: answer_number,
    TIME: answer_time,
    CONSENT: answer_consent,
    RIGHT: answer_right,
}


class ValidateCallbackForm(Action):
    """Takes a message for an answer only where it looks like one; every other is answered as it would be outside."""

    def name(self) -> str:
        """The name under which Rasa looks for the form's checks."""
        return f"validate_{FORM}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The slots that the message fills or empties; none of them means that it is no answer."""
        said = heard(tracker)
        if came_back(tracker) or (said.intent in LEAVES and said.confidence >= UNDERSTOOD):
            return []
        if not said.asked:
            return begin(said)
        if said.asked == NAME and callback_words.no_name(said.text):
            return answer_name(dispatcher, said)
        if said.intent == "cancel" and (said.text.startswith("/") or said.confidence >= UNDERSTOOD):
            return stop("cancelled")
        if said.pressed:
            return answer_button(said)
        if said.text.startswith("/"):
            return again(said.asked) if said.intent == "ask_callback" else []
        if callback_words.wants_out(said.text):
            return stop("cancelled")
        corrected = correct_number(dispatcher, said) if said.asked in (TIME, CONSENT, RIGHT) else []
        answered = corrected or ANSWERS[said.asked](dispatcher, said)
        # The wish to be called once more is no other topic: the form is open already.
        return again(said.asked) if not answered and said.intent == "ask_callback" else answered


class FinishCallback(Action):
    """Hands a request that is whole to the front door, which stores it together with the sentence that says so."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return "action_finish_callback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Say what was agreed, and forget it here."""
        forgotten = [SlotSet(slot, None) for slot in SLOTS]
        if not (tracker.get_slot(RIGHT) and tracker.get_slot(CONSENT)):
            return forgotten
        name, number = tracker.get_slot(NAME), tracker.get_slot(NUMBER)
        agreed = {
            "name": None if name == NONE else name,
            "number": callback.dialled(number),
            "best_time": tracker.get_slot(TIME),
        }
        dispatcher.utter_message(json_message={"callback": agreed})
        return [*forgotten, SlotSet(OUTCOME, "stored")]
