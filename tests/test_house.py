"""The laws of the house: who may import whom, where sentences and numbers may stand."""

import ast
import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
STANDARD = set(sys.stdlib_module_names)
CODE = [p for room in ("helpline", "bot", "actions") for p in sorted((ROOT / room).rglob("*.py"))]
RASA_ALLOWED = ("bot/components/", "bot/channel.py", "bot/memory.py", "bot/variations.py")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, by full name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def top_levels(path: Path) -> set[str]:
    """The packages that a file imports from."""
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_import_only_what_they_may(path: Path) -> None:
    room, place = path.relative_to(ROOT).parts[0], str(path.relative_to(ROOT))
    packages = top_levels(path) - STANDARD
    if room == "helpline":
        assert packages <= {"helpline", "spacy", "rapidfuzz", "phonenumbers"}
    if room == "actions":
        assert packages <= {"actions", "helpline", "rasa_sdk"}
    if room == "bot":
        assert "actions" not in packages
        if not place.startswith(RASA_ALLOWED):
            assert not packages & {"rasa", "rasa_sdk"}


def test_the_front_door_starts_without_the_big_packages() -> None:
    front = [
        p
        for p in CODE
        if str(p.relative_to(ROOT)).startswith(("bot/frontdoor", "bot/sms", "bot/store", "helpline/safety"))
    ]
    assert front
    for path in front:
        assert not top_levels(path) & {"spacy", "numpy", "onnxruntime", "rasa", "rasa_sdk"}, path


def test_domain_writes_no_phone_number() -> None:
    assert not re.search(r"\d{3}[ .-]?\d{3}[ .-]?\d{4}|557[ .-]?8575", (ROOT / "domain.yml").read_text())


def test_every_rule_with_an_action_ends_in_a_response_of_the_domain() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text())["responses"]
    rules = [r for p in (ROOT / "data" / "rules").glob("*.yml") for r in yaml.safe_load(p.read_text())["rules"]]
    assert rules
    for rule in rules:
        if "active_loop" in rule["steps"][-1]:
            continue  # a form asks its questions itself: see the next test
        last = rule["steps"][-1].get("action", "")
        assert last in responses, rule["rule"]
        # The variation without a condition is what arrives when the action failed.
        assert any("condition" not in variation for variation in responses[last]), last


def questions() -> set[str]:
    """What the forms ask."""
    forms = yaml.safe_load((ROOT / "domain.yml").read_text())["forms"].values()
    return {f"utter_ask_{slot}" for form in forms for slot in form["required_slots"]}


def test_every_question_of_a_form_is_a_response_that_arrives() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text())["responses"]
    assert questions()
    for name in questions():
        assert all("condition" not in variation for variation in responses[name]), name


def test_every_response_that_code_names_exists() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text())["responses"]
    named = {name for p in CODE for name in re.findall(r"\"(utter_\w+)\"", p.read_text())} - {"utter_action"}
    assert named <= set(responses)


def test_every_response_is_used() -> None:
    responses = set(yaml.safe_load((ROOT / "domain.yml").read_text())["responses"])
    text = "\n".join(p.read_text() for p in [*CODE, *(ROOT / "data" / "rules").glob("*.yml")])
    assert {name for name in responses - questions() if name not in text} == set()


def test_intents_of_domain_training_and_rules_agree() -> None:
    domain = set(yaml.safe_load((ROOT / "domain.yml").read_text())["intents"])
    trained = {
        block["intent"]
        for p in (ROOT / "data" / "nlu").glob("*.yml")
        for block in yaml.safe_load(p.read_text())["nlu"]
        if "intent" in block
    }
    ruled = {
        step["intent"]
        for p in (ROOT / "data" / "rules").glob("*.yml")
        for rule in yaml.safe_load(p.read_text())["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    assert trained == domain - {"crisis_noted", "answer_callback"}
    assert ruled == domain | {"nlu_fallback"}
