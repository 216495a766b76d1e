"""What the classifier may not decide alone."""

import pytest

from bot.components.intent_rules import decide

CASES = [
    # intent, confidence, substances heard, acted on instead
    ("out_of_scope", 0.9, 2, "ask_interaction"),
    ("greet", 0.8, 3, "ask_interaction"),
    ("nlu_fallback", 0.4, 2, "ask_interaction"),
    ("nlu_fallback", 0.4, 1, "ask_substance"),
    ("nlu_fallback", 0.4, 0, None),
    ("out_of_scope", 0.9, 1, None),
    ("ask_helpline", 0.9, 2, None),
    ("already_took", 0.9, 2, None),
    ("crisis_suicide", 0.69, 0, "ask_helpline"),
    ("crisis_suicide", 0.71, 0, None),
    ("crisis_overdose", 0.5, 2, "ask_helpline"),
    ("crisis_overdose", 0.95, 2, None),
]


@pytest.mark.parametrize(("intent", "confidence", "substances", "other"), CASES)
def test_decide(intent: str, confidence: float, substances: int, other: str | None) -> None:
    assert decide(intent, confidence, substances, 0.7) == other
