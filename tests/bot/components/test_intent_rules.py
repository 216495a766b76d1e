"""What the classifier may not decide alone."""

import pytest

from bot.components.intent_rules import decide

CASES = [
    # intent, confidence, substances and unknown words named, acted on instead
    ("out_of_scope", 0.9, 2, "ask_interaction"),
    ("greet", 0.8, 3, "ask_interaction"),
    ("nlu_fallback", 0.4, 2, "ask_interaction"),
    ("nlu_fallback", 0.4, 1, "ask_substance"),
    ("nlu_fallback", 0.4, 0, None),
    ("out_of_scope", 0.9, 1, None),
    ("ask_helpline", 0.9, 2, None),
    ("already_took", 0.9, 2, None),
    ("cannot_stop", 0.5, 2, None),
    ("ask_avoid_list", 0.9, 2, "ask_interaction"),
    ("ask_substance", 0.9, 2, "ask_interaction"),
    ("ask_driving", 0.9, 2, None),
    ("ask_driving", 0.5, 2, "ask_interaction"),
    ("ask_driving", 0.5, 1, None),
    ("ask_interaction", 0.4, 2, None),
    ("ask_helpline", 0.4, 2, "ask_interaction"),
    ("not_in_crisis", 0.89, 0, "ask_helpline"),
    ("not_in_crisis", 0.95, 0, None),
]


@pytest.mark.parametrize(("intent", "confidence", "named", "other"), CASES)
def test_decide(intent: str, confidence: float, named: int, other: str | None) -> None:
    assert decide(intent, confidence, named, 0.7, 0.9) == other
