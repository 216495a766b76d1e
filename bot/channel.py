"""The loopback channel: one turn in, everything that Rasa said and understood out."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import time
from collections import Counter, OrderedDict
from typing import Any, Awaitable, Callable, Dict, List, Optional

import jsonschema
import rasa.core.actions.action as rasa_actions
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.components.substance_recogniser import EXPECTING, SUBSTANCE, tables
from bot.context import AGES, ANSWERS_FORM, FORM, SLOTS, aged, remembered
from bot.variations import SAID
from helpline.choosing import chosen, yes_or_no
from helpline.knowledge import check

logger = logging.getLogger(__name__)

ACTION_SECONDS = 2.0  # of the 3 s that a turn has; Rasa's own limit is 300 s and has no setting
REMEMBERED = 1000  # answers kept for a front door that asks again after a broken connection
ASKS_FOR_A_NAME = {"what", "with_what", "which", "which_medicine", "spelling"}
# Open questions that a yes or a no answers, with whatever else is said: whether a mix was taken, and how it is.
YES_OR_NO = {"already_taken", "have_they_taken", "one_taken", "how_is_it", "how_are_they", "taken_earlier"}
ABOUT_A_MIX = {"ask_interaction", "already_took", "cannot_stop"}
# Understood as these, one more name is a question about it and what was named in the turns just before.
MAY_BE_A_MIX = {"ask_substance", "ask_problem", "family_support", "nlu_fallback", "out_of_scope", "chitchat"}
GRAVE = {"dangerous", "serious"}
RECENT = 2
KNOWLEDGE = "data/knowledge"
OFFERS = {"which", "meant"}  # open questions that "the second one" answers
HELPED = {"helped": True, "did_not_help": False}
NOT_ACTED_ON = {"nlu_fallback", "out_of_scope"}
# Intents whose reply is a concern's, which the front door speaks.
RAISING = {"crisis_noted", "using_alone", "minor", "child_at_risk"}

rasa_actions.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
_ACTION_RESULT = jsonschema.Draft7Validator(rasa_actions.RemoteAction.action_response_format_spec())


def _validate_action_result(action: rasa_actions.RemoteAction, result: Dict[str, Any]) -> bool:
    """Rasa's check with the schema compiled once: 16 of a turn's 22 ms went into compiling it again."""
    _ACTION_RESULT.validate(result)
    return True


rasa_actions.RemoteAction._validate_action_result = _validate_action_result


class ActionsInProcess(EndpointConfig):
    """Runs the actions package inside Rasa: one process, one port and one way to hang fewer."""

    def __init__(self, package: str) -> None:
        """Load every action of `package`."""
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self.failed: set[str] = set()

    async def request(self, *, json: Dict[str, Any], **kwargs: Any) -> Any:
        """Run one action. A failed one changes nothing, leaves no question open, and the turn goes on."""
        try:
            return await asyncio.wait_for(self._executor.run(json), ACTION_SECONDS)
        except Exception as error:
            # The class only: an error's text may quote the visitor.
            logger.error("The action %s failed: %s.", json["next_action"], type(error).__name__)
            self.failed.add(json["sender_id"])
            return {"events": [SlotSet("open_question", None).as_dict()], "responses": []}


class LoopbackInput(InputChannel):
    """Answers `POST /webhooks/loopback/turn`, for the front door only."""

    def __init__(self, key: str) -> None:
        """`key` is what the front door sends as its bearer token."""
        self._key = key
        self._turns: OrderedDict[str, asyncio.Task[Dict[str, Any]]] = OrderedDict()

    @classmethod
    def name(cls) -> str:
        """The channel's name in addresses and trackers."""
        return "loopback"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> LoopbackInput:
        """The key comes from the environment; without it the channel does not start."""
        key = os.environ.get("RASA_KEY", "")
        if not key:
            raise ValueError("RASA_KEY is not set: the front door and Rasa need the same one.")
        return cls(key)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        """The channel's routes."""
        routes = Blueprint("loopback", __name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok", "ready": request.app.ctx.agent.is_ready()})

        @routes.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {self._key}"):
                return response.json({"error": "unauthorized"}, status=401)
            # Shielded: a front door that gives up waiting does not cut the turn in half.
            answer = await asyncio.shield(self._turn(request.app.ctx.agent, request.json))
            return response.json(answer, dumps=json.dumps)

        return routes

    def _turn(self, agent: Agent, asked: Dict[str, Any]) -> asyncio.Task[Dict[str, Any]]:
        """The one task that answers this message id, however often it is asked."""
        message_id = asked["message_id"]
        task = self._turns.get(message_id)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._turns[message_id] = asyncio.create_task(answer_turn(agent, asked))
            while len(self._turns) > REMEMBERED:
                self._turns.popitem(last=False)
        return task


async def answer_turn(agent: Agent, asked: Dict[str, Any]) -> Dict[str, Any]:
    """Run one turn of one conversation; see DESIGN, 'The life of one message', for the shape of the answer."""
    processor = agent.processor
    if processor.action_endpoint is None:
        processor.action_endpoint = ActionsInProcess("actions")
    sender = asked["conversation"]
    async with agent.lock_store.lock(sender):
        context = remembered(asked.get("context") or {}, time.time())
        await restore_context(agent, sender, {**context, FORM: None} if asked.get("concern") else context)
        before = await processor.tracker_store.retrieve(sender)
        in_form = before is not None and before.active_loop_name is not None
        output = CollectingOutputChannel()
        message = await user_message(agent, asked, context, output)
        await processor.handle_message(message)
        tracker = await processor.tracker_store.retrieve(sender)
    failures: set[str] = getattr(processor.action_endpoint, "failed", set())
    failed = sender in failures
    failures.discard(sender)
    reply = answer(tracker, processor.domain, output.messages, failed, in_form)
    return {**reply, "context": next_context(tracker, processor.domain, context)}


async def restore_context(agent: Agent, sender: str, context: Dict[str, Any]) -> None:
    """Set slots and form to what the front door remembers, so that a restarted Rasa goes on where it was."""
    processor = agent.processor
    tracker = await processor.fetch_tracker_with_initial_session(sender)
    changed: List[Event] = [
        SlotSet(name, context.get(name)) for name in SLOTS if tracker.get_slot(name) != context.get(name)
    ]
    form = context.get(FORM)
    if form != form_of(tracker, processor.domain):
        changed += form_events(form, processor.domain)
    if context and changed:
        tracker.update_with_events(changed, processor.domain)
        await processor.save_tracker(tracker)


def form_of(tracker: DialogueStateTracker, domain: Domain) -> Optional[Dict[str, Any]]:
    """The open form, the slot that it asks for and its answers so far; None where no form is open."""
    name = tracker.active_loop_name
    if name is None:
        return None
    answers = {slot: tracker.get_slot(slot) for slot in domain.required_slots_for_form(name)}
    return {"name": name, "asks": tracker.get_slot(REQUESTED_SLOT), "answers": answers}


def form_events(form: Optional[Dict[str, Any]], domain: Domain) -> List[Event]:
    """What opens a form where it stood, or closes whichever is open and drops its answers."""
    form = form if form and form["name"] in domain.form_names else None
    slots = {slot: None for name in domain.form_names for slot in domain.required_slots_for_form(name)}
    known = {**slots, **{slot: value for slot, value in (form["answers"] if form else {}).items() if slot in slots}}
    asks = form["asks"] if form else None
    return [
        *(SlotSet(slot, value) for slot, value in known.items()),
        ActiveLoop(form["name"] if form else None),
        SlotSet(REQUESTED_SLOT, asks),
    ]


async def user_message(
    agent: Agent, asked: Dict[str, Any], context: Dict[str, Any], output: CollectingOutputChannel
) -> UserMessage:
    """Text is only ever text: a leading slash is cut off, so that nobody types an intent or a restart."""
    sender, identity = asked["conversation"], asked["message_id"]
    common: Dict[str, Any] = {"output_channel": output, "sender_id": sender, "message_id": identity}
    if asked.get("concern"):
        return UserMessage(parse_data=structured("crisis_noted", asked["concern"]), text="", **common)
    if asked.get("choice"):
        return UserMessage(text=asked["choice"], **common)
    text = (asked.get("text") or "").lstrip("/ \t\r\n")
    if not text:
        return UserMessage(parse_data=structured("nlu_fallback"), text="", **common)
    offered = context.get("offered") or [] if context.get("open_question") in OFFERS else []
    place = chosen(text, len(offered))
    if place is not None:
        return UserMessage(text=offered[place], **common)
    asked_for_a_name = context.get("open_question") in ASKS_FOR_A_NAME and not context.get(FORM)
    question = UserMessage(text=text, sender_id=sender, metadata={EXPECTING: asked_for_a_name})
    parsed = await agent.processor.parse_message(question)
    parsed["intent"] = {**parsed["intent"], "name": in_context(parsed, text, context)}
    return UserMessage(parse_data=parsed, text=text, **common)


def in_context(parsed: Dict[str, Any], text: str, context: Dict[str, Any]) -> str:
    """The intent, read in the light of the talk so far.

    "nah she hasnt touched it" answers the open question whether they were taken; "6 beers on top most nights" after
    Klonopin is a question about the two, whatever it sounds like alone.
    """
    intent = str(parsed["intent"].get("name"))
    entities = parsed.get("entities") or []
    named = [e["value"] for e in entities if e["entity"] == SUBSTANCE and e.get("certain", True)]
    answer = yes_or_no(text) if context.get("open_question") in YES_OR_NO and not context.get(FORM) else ""
    if answer and not named and intent not in ABOUT_A_MIX | RAISING | {"not_in_crisis"}:
        return "affirm" if answer == "yes" else "deny"
    before = context.get("substances") or []
    recent = (context.get(AGES) or {}).get("substances", 0) <= RECENT
    joined = [*before, *(name for name in named if name not in before)]
    alone = intent == "ask_substance" and tables(KNOWLEDGE).asking.read(text).asks
    if intent in MAY_BE_A_MIX and recent and before and len(joined) > len(before) and not alone:
        return "ask_interaction" if check(tables(KNOWLEDGE), joined).severity in GRAVE else intent
    return intent


def structured(intent: str, concern: Optional[str] = None) -> Dict[str, Any]:
    """Parse data for a message that was understood before Rasa saw it."""
    entities = [{"entity": "concern", "value": concern}] if concern else []
    return {"text": "", "intent": {"name": intent, "confidence": 1.0}, "entities": entities, "intent_ranking": []}


def answer(
    tracker: DialogueStateTracker, domain: Domain, messages: List[Dict[str, Any]], failed: bool, in_form: bool
) -> Dict[str, Any]:
    """What was said and what was understood, in one reply. `in_form`: a form was open when the message came."""
    heard = tracker.latest_message
    data = heard.parse_data if heard else {}
    if in_form and answered_form(tracker):
        data = structured(ANSWERS_FORM)
    intent = data.get("intent") or {}
    agreed = [(m.get("custom") or {}).get("callback") for m in messages]
    said = [spoken(m) for m, callback in zip(messages, agreed, strict=True) if not callback]
    cards = [m["card"] for m in said if m["card"]]
    name = intent.get("name") or ""
    return {
        "messages": said,
        "understood": {
            "intent": intent.get("name"),
            "confidence": intent.get("confidence") or 0.0,
            "ranking": data.get("intent_ranking") or [],
            "entities": data.get("entities") or [],
            "fallback": intent.get("name") in NOT_ACTED_ON,
            "severity": next((c.get("severity") for c in cards if c.get("kind") == "interaction"), None),
            "helped": HELPED.get(tracker.get_slot("open_question") or ""),
        },
        "concern": tracker.get_slot("concern") if name in RAISING or raised(tracker) else None,
        "callback": next(filter(None, agreed), None),
        "failed": failed,
    }


def next_context(tracker: DialogueStateTracker, domain: Domain, context: Dict[str, Any]) -> Dict[str, Any]:
    """What the next turn needs to know; `context` is what this one knew."""
    turn = of_this_turn(tracker)
    touched = {event.key for event in turn if isinstance(event, SlotSet)}
    slots = {name: tracker.get_slot(name) for name in SLOTS}
    if "substances" not in touched and named(tracker):
        # Whatever the message was about: "and vodka?" comes back to what it named.
        slots["substances"] = named(tracker)
        touched.add("substances")
    said = Counter(context.get(SAID) or {})
    said.update(e.metadata["utter_action"] for e in turn if isinstance(e, BotUttered) and "utter_action" in e.metadata)
    return {**slots, SAID: dict(said), FORM: form_of(tracker, domain), **aged(context, touched, time.time())}


def named(tracker: DialogueStateTracker) -> List[str]:
    """The substances that the latest message names for sure."""
    entities = tracker.latest_message.entities if tracker.latest_message else []
    return list(dict.fromkeys(e["value"] for e in entities if e["entity"] == SUBSTANCE and e.get("certain", True)))


def raised(tracker: DialogueStateTracker) -> bool:
    """Whether an action of this turn raised a concern, as a yes to "is anyone very sleepy?" does."""
    return any(isinstance(event, SlotSet) and event.key == "concern" for event in of_this_turn(tracker))


def of_this_turn(tracker: DialogueStateTracker) -> List[Event]:
    """What happened since the latest message."""
    events = list(tracker.events)
    latest = max((i for i, event in enumerate(events) if isinstance(event, UserUttered)), default=0)
    return events[latest:]


def answered_form(tracker: DialogueStateTracker) -> bool:
    """Whether the open form took the latest message for an answer."""
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecutionRejected):
            return False
        if isinstance(event, UserUttered):
            return event.intent_name != "cancel"
    return False


def spoken(message: Dict[str, Any]) -> Dict[str, Any]:
    """One of Rasa's collected messages, in the front door's words."""
    buttons = [{"title": b["title"], "choice": b["payload"]} for b in message.get("buttons") or []]
    custom = message.get("custom") or {}
    return {"text": message.get("text") or custom.get("text"), "buttons": buttons, "card": custom.get("card")}
