"""The page from made-up messages of sixty intents: whole by itself, escaped, readable on a phone and in the dark."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import chromium  # noqa: F401  (a fixture)
from tests.nlu.messages import examples
from tests.nlu.understanding import FALLBACK, Heard, Understanding
from tests.report.__main__ import as_json, summary
from tests.report.compare import OURS, STOCK, both_right, figures, stock_pipeline, training_file
from tests.report.coverage import cover
from tests.report.page import page
from tests.report.results import MISSES, Results, reckon

INTENTS = [f"ask_something_{number}" for number in range(59)] + ["greet"]
SECRET = "<script>alert('hi')</script> & so on"
RULES = [{"rule": "Hello", "steps": [{"intent": "greet"}, {"action": "utter_greet"}]}]


def heard(intent: str, confidence: float) -> Heard:
    acted = intent if confidence >= 0.3 else FALLBACK
    return Heard(acted, intent, confidence, 0.5, sure=intent, unsure=FALLBACK)


def made_up() -> tuple[list[tuple[str, str]], Understanding]:
    """Twenty messages of each intent; two of each are taken for the next one, one is asked back."""
    messages, answers = [(INTENTS[0], SECRET)], [heard(INTENTS[1], 0.99)]
    for place, intent in enumerate(INTENTS):
        for number in range(20):
            messages.append((intent, f"message {number} of {intent}"))
            wrong = INTENTS[(place + 1) % len(INTENTS)]
            answers.append(heard(intent if number > 2 else wrong, 0.2 if number == 0 else 0.03 * number + 0.3))
    return messages, Understanding(answers, 0.3, 0.02, seconds=2.0, megabytes=850.0)


def results() -> Results:
    messages, understanding = made_up()
    covered = cover([[{"say": "hi"}]], {"hi": "greet"}, RULES, ["utter_greet", "utter_which"])
    return reckon(messages, understanding, covered, trained_messages=9000, fresh=True, made="2025-01-01 12:00 UTC")


def compared() -> dict[str, object]:
    messages, understanding = made_up()
    gold = [intent for intent, _ in messages]
    one = figures(gold, understanding, 60.0, 50.0)
    return {
        "made": "2025-01-01",
        "partial": True,
        "intents": 60,
        "trained": 9000,
        "messages": len(gold),
        "epochs": 100,
        "bots": {OURS: one, STOCK: one},
        "both": both_right(gold, understanding, understanding),
    }


@pytest.fixture(scope="module")
def whole() -> str:
    return page(results(), INTENTS, compared())


class Structure(HTMLParser):
    """Which elements there are, and whether each is closed where it should be."""

    VOID = ("meta", "link", "br", "rect", "path", "circle")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in self.VOID or (tag in ("rect", "circle")):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_element_is_closed_and_every_id_is_there_once(whole: str) -> None:
    structure = Structure()
    structure.feed(whole)
    assert structure.open == []
    assert len(structure.ids) == len(set(structure.ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', whole)) <= set(structure.ids)
    assert "script" not in structure.seen
    assert structure.seen.count("svg") == 4


def test_it_loads_nothing_from_elsewhere(whole: str) -> None:
    assert not re.search(r"https?:|url\(|@import|<link|\bsrc=", whole)


def test_messages_are_escaped(whole: str) -> None:
    assert "&lt;script&gt;alert(&#x27;hi&#x27;)&lt;/script&gt; &amp; so on" in whole


def test_the_worst_miss_comes_first() -> None:
    misses = results().misses
    assert misses[0].message == SECRET
    assert len(misses) == MISSES
    assert [one.confidence for one in misses] == sorted((one.confidence for one in misses), reverse=True)


def test_the_page_tells_of_the_comparison_only_when_it_was_made(whole: str) -> None:
    assert "A trial on a part of the data" in whole
    assert "Next to the default pipeline" not in page(results(), INTENTS, None)


def test_what_is_printed_names_no_message() -> None:
    assert "message 1" not in summary(results())
    assert SECRET not in summary(results())


def test_the_json_holds_every_figure() -> None:
    told = json.loads(as_json(results()))
    assert told["messages"] == 1201
    assert told["now"] == {"threshold": 0.3, "right": 1020, "wrong": 121, "asked_back": 60}
    assert {one["intent"] for one in told["scores"]} == set(INTENTS)
    assert sum(count for _, _, count in told["matrix"]) == 1201
    assert sum(told["right_by_confidence"]) == 1020


def test_the_default_pipeline_is_rasas_own() -> None:
    text = stock_pipeline(7)
    assert text.count("epochs: 7") == 2
    for part in ("DIETClassifier", "ResponseSelector", "char_wb", "constrain_similarities: true", "threshold: 0.1"):
        assert part in text


def test_training_messages_are_written_as_rasa_reads_them(tmp_path: Path) -> None:
    messages = [("greet", "hi: there"), ("greet", "- yo"), ("bye", "ciao #1 ' \"")]
    (tmp_path / "nlu.yml").write_text(training_file(messages), "utf-8")
    assert sorted(examples(tmp_path / "nlu.yml")) == sorted(messages)


@pytest.mark.stack
@pytest.mark.parametrize(
    "screen",
    [
        {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "color_scheme": "dark"},
        {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    ],
    ids=["dark phone", "light desk"],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    chromium: Browser,  # noqa: F811
    whole: str,
    tmp_path: Path,
    screen: dict[str, Any],
) -> None:
    (tmp_path / "index.html").write_text(whole, "utf-8")
    context = chromium.new_context(**screen)
    tab = context.new_page()
    tab.goto((tmp_path / "index.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    context.close()
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found.response["violations"]] == []
