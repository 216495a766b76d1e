"""What dialogues lead to, on two rules and four turns."""

from tests.report.coverage import cover, followed, missing, typed

RULES = [
    {"rule": "Hello", "steps": [{"intent": "greet"}, {"action": "utter_greet"}]},
    {"rule": "Mix", "steps": [{"intent": "ask_mix"}, {"action": "action_check"}, {"action": "utter_close"}]},
    {"rule": "Bye", "steps": [{"intent": "goodbye"}, {"action": "utter_goodbye"}]},
    {"rule": "Triage", "steps": [{"intent": "crisis_noted"}, {"action": "utter_close"}]},
]
RESPONSES = ["utter_greet", "utter_close", "utter_goodbye", "utter_which"]
HEARD = {"hi": "greet", "xanax?": "ask_mix", "and now": "goodbye"}
FRIENDLY = [{"say": "hi"}, {"say": "xanax?"}, {"tap": "Yes"}, {"tap": "No", "intent": "ask_mix"}]
ALARMED = [{"say": "he is blue", "card": "emergency"}, {"say": "and now"}, {"tap": "Yes", "card": "emergency"}]


def test_a_turn_leads_to_what_it_names_or_to_what_is_heard() -> None:
    assert followed(FRIENDLY, HEARD) == ["greet", "ask_mix", None, "ask_mix"]


def test_after_an_alarm_the_guide_speaks() -> None:
    assert followed(ALARMED, HEARD) == ["crisis_noted", None, None]


def test_rules_and_responses_follow_from_intents() -> None:
    covered = cover([FRIENDLY, ALARMED], HEARD, RULES, RESPONSES)
    assert covered.intents == {"greet": 1, "ask_mix": 2, "goodbye": 0, "crisis_noted": 1}
    assert covered.rules == {"Hello": 1, "Mix": 2, "Bye": 0, "Triage": 1}
    assert covered.responses == {"utter_greet": 1, "utter_close": 3, "utter_goodbye": 0}
    assert covered.by_code == ["utter_which"]
    assert (covered.dialogues, covered.turns, covered.named, covered.unfollowed) == (2, 7, 1, 3)
    assert missing(covered.responses) == ["utter_goodbye"]


def test_every_text_is_typed_once() -> None:
    assert typed([FRIENDLY, FRIENDLY]) == ["hi", "xanax?"]
