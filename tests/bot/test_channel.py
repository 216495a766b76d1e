"""How the channel reads a message in the light of the talk so far."""

from typing import Any

import pytest

from bot.channel import in_context

MIX = {"open_question": "have_they_taken", "substances": ["alprazolam", "oxycodone"]}
KLONOPIN = {"substances": ["clonazepam"], "ages": {"substances": 1}}


def read(intent: str, text: str, context: dict[str, Any], *names: str) -> str:
    entities = [{"entity": "substance", "value": name} for name in names]
    return in_context({"intent": {"name": intent, "confidence": 0.5}, "entities": entities}, text, context)


@pytest.mark.parametrize(
    ("intent", "text", "context", "names", "then"),
    [
        # a yes or a no with more behind it answers the open question
        ("out_of_scope", "yea he did it at like midnight", MIX, (), "affirm"),
        ("lonely", "No I feel fine just a little tired", {**MIX, "open_question": "how_is_it"}, (), "deny"),
        ("already_took", "yes i took both", MIX, (), "already_took"),
        ("out_of_scope", "no no, seroquel", MIX, ("quetiapine",), "ask_interaction"),
        ("lonely", "no one is here", {}, (), "lonely"),
        ("not_in_crisis", "no im not gonna hurt myself", MIX, (), "not_in_crisis"),
        ("affirm", "yes", {**MIX, "form": {"name": "callback_form"}}, (), "affirm"),
        ("crisis_noted", "no", MIX, (), "crisis_noted"),
        # one more name beside those just named
        ("ask_problem", "i have 6 beers on top most nights", KLONOPIN, ("alcohol",), "ask_interaction"),
        ("family_support", "he found the vodka", KLONOPIN, ("alcohol",), "ask_interaction"),
        ("ask_substance", "what is kratom", KLONOPIN, ("kratom",), "ask_substance"),
        ("ask_problem", "i take klonopin every day", KLONOPIN, ("clonazepam",), "ask_problem"),
        ("grief", "they found fentanyl", KLONOPIN, ("fentanyl",), "grief"),
        ("ask_problem", "i drink 6 beers", {**KLONOPIN, "ages": {"substances": 5}}, ("alcohol",), "ask_problem"),
        ("ask_problem", "i eat an orange", {"substances": ["clonazepam"]}, ("vitamin C",), "ask_problem"),
    ],
)
def test_in_context(intent: str, text: str, context: dict[str, Any], names: tuple[str, ...], then: str) -> None:
    assert read(intent, text, context, *names) == then
