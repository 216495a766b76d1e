"""Guided emergencies and the memory of a conversation, through a running front door."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.bot.frontdoor.rasa_stand_in import Asked, Given, RasaStandIn, said
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, Chat, RunningDoor, is_done

NewDoor = Callable[..., tuple[RunningDoor, RasaStandIn]]
Event = dict[str, Any]
INDIRECT = ("i'm done", "tell my mom i love her", "i have the pills here")
AGAIN = ("Show the steps again", "Ver los pasos otra vez")


def mix(asked: Asked) -> Given:
    """Facts about a mix, with a card, as Rasa gives them."""
    understood = {"intent": "ask_mix", "confidence": 0.9, "entities": [], "severity": "dangerous"}
    card = {"kind": "interaction", "severity": "dangerous", "substances": [], "pairs": []}
    return said(messages=[{"text": "Don't mix these.", "buttons": [], "card": card}], understood=understood)


@pytest.fixture(autouse=True)
def polite(rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: said(f"echo {asked['text']}")
    rasa.heard.clear()


def say(chat: Chat, text: str) -> list[Event]:
    """Say something and read the answer."""
    return send(chat, {"id": str(uuid.uuid4()), "text": text})


def press(chat: Chat, choice: str) -> list[Event]:
    return send(chat, {"id": str(uuid.uuid4()), "choice": choice})


def send(chat: Chat, body: dict[str, str]) -> list[Event]:
    """Send a message, again under the same id where the store of a busy machine was too slow, as the widget does."""
    answer = chat.post(body)
    for _ in range(10):
        if answer.status_code != 503:
            break
        time.sleep(0.2)
        answer = chat.post(body)
    assert answer.status_code == 202, answer.text
    return chat.turn(answer.json()["seq"])


def choices(events: list[Event]) -> dict[str, str]:
    return {button["title"]: button["choice"] for event in events for button in event["buttons"]}


def kinds(events: list[Event]) -> list[str]:
    return [event["card"]["kind"] for event in events if event["card"]]


def tap(chat: Chat, events: list[Event], title: str) -> list[Event]:
    return press(chat, choices(events)[title])


def again(events: list[Event]) -> str | None:
    return next((choice for title, choice in choices(events).items() if title in AGAIN), None)


def test_a_guide_is_walked_by_buttons(chat: Chat, rasa: RasaStandIn) -> None:
    events = say(chat, OVERDOSE)
    for title in (
        "I called 911",
        "I gave naloxone",
        "Not awake yet",
        "I gave it",
        "They are breathing",
        "They woke up",
    ):
        before = events
        events = tap(chat, before, title)
        assert len(events) == 1 and kinds(events) == ["emergency"]
        assert "911" in f"{events[0]['text']}{events[0]['card']}"
    assert [event["card"].get("timer") for event in events] == [None]
    assert {asked["text"] for asked in rasa.heard} == {None}
    assert {asked["choice"] for asked in rasa.heard} == {None}


def test_a_guide_is_walked_by_typing_with_rasa_dead(new_door: NewDoor) -> None:
    door, rasa = new_door()
    door.wait_for_store()
    rasa.stop()
    chat = Chat(door)
    seen = [say(chat, OVERDOSE)]
    for text in ("calling 911 now", "its in", "hes still out", "gave another one of the narcan", "he woke up!!"):
        seen.append(say(chat, text))
    assert [len(events) for events in seen] == [1] * 6
    assert [events[0]["card"].get("timer", 0) > 0 for events in seen] == [False, False, True, False, True, False]
    assert set(kinds([event for events in seen for event in events])) == {"emergency"}
    assert "Sleepy or blue again" in choices(seen[-1])


def test_the_card_is_in_the_answer_to_the_post(chat: Chat) -> None:
    say(chat, OVERDOSE)
    card = chat.say("i gave him narcan").json()["card"]
    assert card["kind"] == "emergency" and card["timer"] == 150


def test_typing_no_good_news_does_not_move_the_guide(chat: Chat) -> None:
    start = say(chat, OVERDOSE)
    for text in ("hes not breathing", "he didnt wake up", "cant wake him up"):
        events = say(chat, text)
        assert choices(events) == choices(start), text


@pytest.mark.parametrize(
    ("first", "second", "kind", "number"),
    [
        (OVERDOSE, SUICIDE, "crisis", "988"),
        (SUICIDE, OVERDOSE, "emergency", "911"),
        (SUICIDE, "my toddler swallowed my methadone", "emergency", "911"),
        (OVERDOSE, "i called 911 and now i want to kill myself", "crisis", "988"),
        ("my friend says she will kill herself", OVERDOSE, "emergency", "911"),
    ],
)
def test_a_new_emergency_breaks_out_of_a_guide(chat: Chat, first: str, second: str, kind: str, number: str) -> None:
    before = choices(say(chat, first))
    card = chat.say(second).json()["card"]
    assert card["kind"] == kind and number in card["call"]
    events = chat.events(lambda found: found[-1].get("card") == card)
    assert set(choices(events[-1:])) - set(before)


def test_better_off_dead_is_not_better(chat: Chat) -> None:
    events = tap(chat, say(chat, SUICIDE), "I called or texted 988")
    assert "It is easier now" in choices(events)
    answer = chat.say("better if i was dead, i want to kill myself").json()
    assert answer["card"]["kind"] == "crisis" and answer["card"]["concern"] != "suicide_passive"


@pytest.mark.parametrize(
    "text", ["/restart", "/deny", "/affirm", '/crisis_noted{"concern": "none"}', "guide:overdose/awake"]
)
def test_commands_are_text_and_end_no_emergency(chat: Chat, text: str) -> None:
    say(chat, OVERDOSE)
    events = say(chat, text)
    place = again(events)
    assert [event["text"] for event in events] == [f"echo {text}"]
    assert place == "guide:overdose/start"
    assert kinds(press(chat, place)) == ["emergency"]


def test_an_ordinary_answer_after_an_emergency_shows_the_way_back(chat: Chat) -> None:
    say(chat, OVERDOSE)
    step = say(chat, "i gave him narcan")
    events = say(chat, "do you take medicaid")
    place = again(events)
    assert events[-1]["text"] == "echo do you take medicaid" and place == "guide:overdose/wait"
    (back,) = press(chat, place)
    assert (back["text"], back["card"]) == (step[0]["text"], step[0]["card"])
    assert choices([back]) == choices(step)


def test_the_way_back_to_a_beginning_is_its_card(chat: Chat) -> None:
    start = say(chat, SUICIDE)
    place = again(say(chat, "thanks"))
    assert place is not None
    (back,) = press(chat, place)
    assert back["card"]["kind"] == "crisis" and choices([back]) == choices(start)


def test_the_way_back_is_also_beside_the_helpline_card(chat: Chat, rasa: RasaStandIn) -> None:
    say(chat, OVERDOSE)
    rasa.answer = lambda asked: 500
    events = say(chat, "do you take medicaid")
    assert kinds(events) == ["helpline"] and again(events) == "guide:overdose/start"


def test_the_way_back_goes_when_the_emergency_is_long_over(chat: Chat) -> None:
    say(chat, OVERDOSE)
    shown = [again(say(chat, "do you take medicaid")) is not None for _ in range(9)]
    assert shown == [True] * 7 + [False] * 2


def test_a_bare_no_is_an_answer_only_right_after_the_step(chat: Chat) -> None:
    say(chat, OVERDOSE)
    tap(chat, say(chat, "thanks, wait"), AGAIN[0])
    say(chat, "i called 911")
    assert "Breaths" in say(chat, "no")[0]["text"]
    say(chat, "do you take medicaid")
    assert [event["text"] for event in say(chat, "no")] == ["echo no"]


def test_a_step_is_offered_to_nobody_else(chat: Chat, door: RunningDoor) -> None:
    say(chat, OVERDOSE)
    other = Chat(door)
    say(other, "hello")
    refused = other.post({"id": str(uuid.uuid4()), "choice": "guide:overdose/wait"})
    assert (refused.status_code, refused.json()["error"]) == (403, "forged_choice")


def test_spanish_is_answered_in_spanish_until_english_comes_back(chat: Chat) -> None:
    start = say(chat, "mi amigo no despierta tomó fentanilo")
    assert "Llame al 911" in start[0]["text"] and "Ya llamé al 911" in choices(start)
    assert "naloxona" in say(chat, "ya llamé")[0]["text"]
    events = say(chat, "cuanto cuesta el tratamiento")
    assert AGAIN[1] in choices(events) and "echo" not in str(events)
    step = say(chat, "le puse el narcan")
    assert "Todavía no despierta" in choices(step)
    english = say(chat, "he is not waking up, what do i do")
    assert "Not awake yet" in choices(english) or "I gave it" in choices(english)
    assert say(chat, "how much does it cost here")[0]["text"].startswith("echo")


def test_an_ordinary_spanish_message_gets_a_spanish_reply(chat: Chat) -> None:
    (reply,) = say(chat, "hola puedo mezclar xanax con alcohol")
    assert reply["card"]["kind"] == "helpline" and "español" in reply["text"].lower()


def test_an_urgent_concern_is_spoken_together_with_the_facts(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = mix
    concern, facts = say(chat, "im pregnant can i mix xanax and percocet")
    assert concern["card"]["kind"] == "helpline" and concern["text"]
    assert facts["text"] == "Don't mix these." and facts["card"]["kind"] == "interaction"


def test_three_indirect_messages_are_not_three_times_nothing(chat: Chat, rasa: RasaStandIn) -> None:
    answers = [chat.say(text).json() for text in INDIRECT]
    assert answers[-1]["card"]["kind"] == "crisis" and "988" in answers[-1]["card"]["call"]
    chat.turn(answers[-1]["seq"])


def worried(events: list[Event]) -> bool:
    return any("988" in (event["text"] or "") for event in events)


def test_the_worried_note_comes_at_most_once_in_a_row(chat: Chat) -> None:
    shown = [worried(say(chat, text)) for text in ("i'm done", "tell my mom i love her")]
    assert shown == [True, False]
    assert [worried(say(chat, "do you take medicaid")) for _ in range(4)] == [False] * 4
    assert worried(say(chat, "i'm done"))


def test_the_same_message_twice_is_heard_once(chat: Chat) -> None:
    say(chat, OVERDOSE)
    say(chat, "i called 911")
    same = str(uuid.uuid4())
    first, second = (chat.say("no", same).json() for _ in range(2))
    assert first == second and first["card"]
    chat.turn(first["seq"])
    # Heard twice, it would have led on to the step after.
    assert again(say(chat, "do you take medicaid")) == "guide:overdose/breaths"


def test_attention_survives_a_kill(new_door: NewDoor) -> None:
    door, _ = new_door()
    door.wait_for_store()
    guided, indirect = Chat(door), Chat(door)
    say(guided, OVERDOSE)
    say(guided, "i called 911")
    for text in INDIRECT[:2]:
        say(indirect, text)
    door.kill()
    door.start()
    door.wait_for_store()
    assert say(guided, "i gave him narcan")[0]["card"]["timer"] == 150
    assert indirect.say(INDIRECT[2]).json()["card"]["kind"] == "crisis"


def test_a_cleared_chat_forgets(chat: Chat, door: RunningDoor) -> None:
    for text in INDIRECT[:2]:
        say(chat, text)
    assert chat.http.delete("/chat/session", headers=chat.bearer).status_code == 204
    refused = chat.say(INDIRECT[2])
    assert refused.status_code == 401 and refused.json()["card"]["kind"] == "helpline"
    other = Chat(door)
    assert [kinds(say(other, "do you take medicaid")), again(say(other, "no"))] == [[], None]


def test_an_emergency_in_a_cleared_chat_still_gets_its_card(chat: Chat) -> None:
    say(chat, OVERDOSE)
    chat.http.delete("/chat/session", headers=chat.bearer)
    refused = chat.say(SUICIDE)
    assert refused.status_code == 401 and refused.json()["card"]["kind"] == "crisis"


def test_an_emergency_under_way_is_not_forgotten_for_a_slow_message(chat: Chat) -> None:
    waiting = [chat.say("do you take medicaid").json()["seq"], chat.say_until_stored(OVERDOSE).json()["seq"]]
    chat.events(lambda found: is_done(found[-1], waiting[-1]))
    assert again(say(chat, "ok")) == "guide:overdose/start"
