"""POST /chat/messages and what follows in the stream, against a real process."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import OVERDOSE, SUICIDE, Chat, RunningDoor, is_done

PHONE = "(844) 557-8575"


@pytest.fixture(autouse=True)
def polite(rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: said(f"echo {asked['text']}")
    rasa.heard.clear()


def test_a_message_is_stored_answered_and_closed(chat: Chat) -> None:
    answer = chat.say("hello")
    assert (answer.status_code, answer.json()) == (202, {"seq": 1, "card": None})
    events = chat.events(lambda found: is_done(found[-1], 1))
    assert [event["at"] for event in events] == [1, 2, 3]
    user, bot, done = events
    assert (user["role"], user["text"], user["reply_to"]) == ("user", "hello", None)
    assert (bot["role"], bot["text"], bot["reply_to"], bot["seq"]) == ("bot", "echo hello", 1, 2)
    assert (bot["buttons"], bot["card"]) == ([], None)
    assert {key: done[key] for key in ("kind", "reply_to")} == {"kind": "turn_done", "reply_to": 1}


def test_rasa_is_asked_with_the_context_that_it_gave(chat: Chat, rasa: RasaStandIn) -> None:
    for seq, text in ((1, "one"), (4, "two")):
        assert chat.say(text).json()["seq"] == seq
        chat.turn(seq)
    first, second = rasa.heard
    assert (first["text"], first["choice"], first["concern"], first["context"]) == ("one", None, None, {})
    assert second["context"] == {"substances": ["alprazolam"], "language": "en"}
    assert first["conversation"] == chat.conversation
    assert chat.token.partition(".")[0] not in str(rasa.heard)


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [(OVERDOSE, "emergency", "911"), (SUICIDE, "crisis", "988")],
    ids=["overdose", "suicide"],
)
def test_an_emergency_is_answered_in_the_post_itself(
    chat: Chat, rasa: RasaStandIn, text: str, kind: str, number: str
) -> None:
    answer = chat.say(text)
    card = answer.json()["card"]
    assert answer.status_code == 202
    assert card["kind"] == kind and number in card["call"]
    replies = chat.turn(1)
    assert [reply["card"] for reply in replies] == [card]
    assert number in replies[0]["text"]
    chat.say("thank you")
    chat.turn(4)
    told = rasa.heard[0]
    assert told["text"] is None and told["choice"] is None and told["concern"] == card["concern"]
    assert [reply["text"] for reply in chat.turn(4)] == ["echo thank you"]


def test_what_was_understood_is_kept(chat: Chat, door: RunningDoor, rasa: RasaStandIn) -> None:
    entities = [{"entity": "substance", "value": "alprazolam", "text": "zanax"}]
    understood = {"intent": "ask_substance", "confidence": 0.7, "entities": entities, "severity": "dangerous"}
    rasa.answer = lambda asked: said("With what?", understood=understood)
    plain, alarm = str(uuid.uuid4()), str(uuid.uuid4())
    chat.say("zanax", plain)
    chat.turn(1)
    chat.say_until_stored(SUICIDE, alarm)
    chat.turn(4)
    known = door.understood(chat.token, plain)
    assert (known["intent"], known["confidence"], known["severity"]) == ("ask_substance", 0.7, "dangerous")
    assert (known["entities"], known["concern"], known["outcome"]) == (entities, "none", "answered")
    assert known["replies"] == [{"text": "With what?", "card": None, "buttons": []}]
    assert 0 <= known["seconds"] < 5
    crisis = door.understood(chat.token, alarm)
    assert crisis["concern"].startswith("suicide") and crisis["evidence"]
    assert crisis["replies"][0]["card"]["kind"] == "crisis"


def test_the_same_id_gives_the_same_answer_once(chat: Chat, rasa: RasaStandIn) -> None:
    same = str(uuid.uuid4())
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: chat.say("hello", same), range(24)))
    assert {(answer.status_code, answer.json()["seq"]) for answer in answers} == {(202, 1)}
    assert len(chat.turn(1)) == 1
    again = chat.say("hello", same.upper())
    assert again.json() == answers[0].json()
    assert len(rasa.heard) == 1


def test_an_alarm_with_the_same_id_gives_the_same_card(chat: Chat) -> None:
    same = str(uuid.uuid4())
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: chat.say_until_stored(OVERDOSE, same).json(), range(12)))
    assert all(answer == answers[0] for answer in answers)
    assert len(chat.turn(1)) == 1


def test_an_alarm_under_a_used_id_still_brings_its_card(chat: Chat) -> None:
    same = str(uuid.uuid4())
    chat.say("hello", same)
    answer = chat.say_until_stored(OVERDOSE, same)
    assert answer.json()["seq"] == 1 and answer.json()["card"]["kind"] == "emergency"


def test_one_conversation_stays_in_order(chat: Chat, rasa: RasaStandIn) -> None:
    accepted = [chat.say(f"number {n}").json()["seq"] for n in range(10)]
    events = chat.events(lambda found: is_done(found[-1], accepted[-1]))
    done = [event["reply_to"] for event in events if event.get("kind") == "turn_done"]
    assert done == accepted == sorted(accepted)
    assert [asked["text"] for asked in rasa.heard] == [f"number {n}" for n in range(10)]
    assert [event["at"] for event in events] == list(range(1, len(events) + 1))
    assert not rasa.overlapped


def test_conversations_do_not_wait_for_each_other(door: RunningDoor) -> None:
    def talk(n: int) -> list[str]:
        chat = Chat(door)
        return [chat.turn(chat.say(f"{n} {m}").json()["seq"])[0]["text"] for m in range(3)]

    with ThreadPoolExecutor(8) as pool:
        talks = list(pool.map(talk, range(16)))
    assert talks == [[f"echo {n} {m}" for m in range(3)] for n in range(16)]


def test_a_button_is_pressed_by_its_choice(chat: Chat, rasa: RasaStandIn) -> None:
    button = {"title": "Yes, call [phone]", "choice": '/affirm{"a": "b"}'}
    rasa.answer = lambda asked: said(messages=[{"text": "Taken?", "buttons": [button], "card": None}])
    chat.say("hello")
    (offer,) = chat.turn(1)
    assert offer["buttons"] == [{"title": f"Yes, call {PHONE}", "choice": button["choice"]}]
    pressed = chat.post({"id": str(uuid.uuid4()), "choice": button["choice"]})
    assert pressed.status_code == 202
    found = chat.events(lambda events: is_done(events[-1], pressed.json()["seq"]))
    user = next(event for event in found if event.get("seq") == pressed.json()["seq"])
    assert (user["role"], user["text"], user["buttons"]) == ("user", f"Yes, call {PHONE}", [])
    assert (rasa.heard[-1]["choice"], rasa.heard[-1]["text"]) == (button["choice"], None)


@pytest.mark.parametrize("choice", ["/restart", "/affirm", '/greet{"x": 1}', "yes"])
def test_a_choice_that_was_not_offered_here_is_refused(
    chat: Chat, door: RunningDoor, rasa: RasaStandIn, choice: str
) -> None:
    other = Chat(door)
    rasa.answer = lambda asked: said(messages=[{"text": "?", "buttons": [{"title": "T", "choice": "/affirm"}]}])
    other.say("hello")
    other.turn(1)
    answer = chat.post({"id": str(uuid.uuid4()), "choice": choice})
    assert (answer.status_code, answer.json()["error"]) == (403, "forged_choice")
    assert [asked["conversation"] for asked in rasa.heard] == [other.conversation]


def test_a_visitor_cannot_offer_a_button_to_themselves(chat: Chat, rasa: RasaStandIn) -> None:
    rasa.answer = lambda asked: said(messages=[{"text": "?", "buttons": [{"title": "T", "choice": "/a"}]}])
    chat.turn(chat.say("/restart").json()["seq"])
    assert chat.post({"id": str(uuid.uuid4()), "choice": "/restart"}).status_code == 403


@pytest.mark.parametrize("text", ["/restart", '/greet{"a": 1}', "/", "/session_start"])
def test_text_is_only_ever_text(chat: Chat, rasa: RasaStandIn, text: str) -> None:
    chat.turn(chat.say(text).json()["seq"])
    assert (rasa.heard[0]["text"], rasa.heard[0]["choice"]) == (text, None)


def test_a_crisis_that_rasa_hears_is_answered_by_the_front_door(chat: Chat, rasa: RasaStandIn) -> None:
    concern = chat.say(SUICIDE).json()["card"]["concern"]
    chat.turn(1)
    rasa.answer = lambda asked: said("Rasa's own words", concern=concern)
    seq = chat.say("hello").json()["seq"]
    (reply,) = chat.turn(seq)
    assert reply["card"]["kind"] == "crisis" and "Rasa" not in reply["text"]


def test_placeholders_are_filled_everywhere(chat: Chat, rasa: RasaStandIn) -> None:
    card = {"kind": "interaction", "pairs": [{"why": "Call [phone]."}], "facts": ["[phone]"]}
    rasa.answer = lambda asked: said(messages=[{"text": "Call [phone] now.", "buttons": [], "card": card}])
    (reply,) = chat.turn(chat.say("hello").json()["seq"])
    assert reply["text"] == f"Call {PHONE} now."
    assert reply["card"] == {"kind": "interaction", "pairs": [{"why": f"Call {PHONE}."}], "facts": [PHONE]}
