"""No sentence that a visitor can see stands in code: it would escape the review of docs/wording.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What makes, passes on or fills in what a visitor sees.
ROOMS = ("actions", "bot/components", "bot/facts", "bot/frontdoor", "bot/sms", "bot/store", "helpline")
CODE = [
    *sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py") if "migrations" not in file.parts),
    ROOT / "bot" / "channel.py",
]
WORD, NEXT = r"[^\W\d_]\w*(?:['’-]\w+)*", r"[,;:]? \w+(?:['’-]\w+)*"
# Three words in a row, two and the end of a sentence, or whom to call.
SENTENCE = re.compile(rf"{WORD}{NEXT}{NEXT}|{WORD}{NEXT}[.!?](?!\w)|{WORD} (911|988)\b")
# Calls whose words reach operators or the log: a log, a command's help, a metric, a table's fault, a pattern.
TO_OPERATORS = re.compile(
    r"(log|logger|logging)\.\w+|\w*Error|error|row\.wrong|re\.compile|parser\.error"
    r"|(argparse\.)?ArgumentParser|\w+\.add_argument|Counter|Gauge|Histogram|print"
)
BLANK = "…"
# What stands in code all the same, by file: why no visitor reads it, and the words.
TROUBLE = "what /health/ready tells operators"
EVIDENCE = "why a message raised an alarm, for staff"
ALLOWED = {
    "bot/facts/checklist.py": {"… (medication for opioid use disorder)": "docs/clinical-review.md, for clinicians"},
    "bot/frontdoor/health.py": {
        "triage does not hear an emergency": TROUBLE,
        "Rasa does not answer": TROUBLE,
        "the database did not answer in time": TROUBLE,
    },
    "bot/frontdoor/listening.py": {"a message was heard by the rules alone": TROUBLE},
    "bot/frontdoor/opinion.py": {
        "the classifier of concerns is being loaded": TROUBLE,
        "the classifier of concerns answered too late": TROUBLE,
        "the classifier of concerns failed (…)": TROUBLE,
        "… is missing: it is not trained yet…": TROUBLE,
        "; the one that was loaded before goes on": TROUBLE,
        "is it working": "a message that the classifier is tried on",
    },
    "bot/frontdoor/session.py": {"firstlight chat session": "the salt of a signature"},
    "bot/frontdoor/voice.py": {
        "a message could not be judged": TROUBLE,
        "a concern has no reply": TROUBLE,
        "triage failed on a message": TROUBLE,
        "a button was pressed": EVIDENCE,
        "i want to kill myself": "a message that triage is tried on",
    },
    "bot/sms/outlook.py": {
        "texts wait since … minutes": TROUBLE,
        "the provider does not answer (…)": TROUBLE,
        "the provider cannot be reached": TROUBLE,
        "the provider refuses our account (…)": TROUBLE,
    },
    "bot/sms/sender.py": {"the outbox cannot be read (…)": TROUBLE},
    "bot/store/__init__.py": {"UPDATE alembic_version SET version_num = version_num": "a statement to the database"},
    "bot/store/search.py": {
        "INSERT INTO searched (searched, rank) VALUES ('merge', :pages)": "a statement to the database"
    },
    "bot/store/writer.py": {
        "the database is being opened": TROUBLE,
        "the last write failed (…)": TROUBLE,
        "the database could not be written in time": TROUBLE,
    },
    "helpline/escalation/hours.py": {
        "day or night": "what [hours] becomes where somebody is always there; no sentence"
    },
    "helpline/safety/attention.py": {
        "half a phrase after an alarm": EVIDENCE,
        "messages that worry, one after the other": EVIDENCE,
    },
}
TO_READ = {
    ROOT / "helpline" / "escalation" / "upkeep.py": "it writes docs/resources.md, for operators",
    ROOT / "bot" / "sms" / "__main__.py": "it lists what did not arrive, for operators",
}
ASIDE = re.compile(r"/\*.*?\*/|(?m:(?<!:)//[^\n]*$)", re.S)
LITERAL = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`")
PATH = re.compile(r"[Mm]?\d[\d.]*[ A-Za-z.-]")  # the outline of an icon: M6.6 10.8a15
CLASSES = re.compile(r"button( [a-z]+)*")


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func)


def unseen(tree: ast.AST) -> Iterator[ast.AST]:
    """What no visitor sees: docstrings, lists of words, annotations, what is raised and calls of TO_OPERATORS."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation:
            yield node.annotation
        elif isinstance(node, ast.Raise):
            yield node
        elif isinstance(node, ast.Call):
            if TO_OPERATORS.fullmatch(name_of(node)):
                yield node
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "split":
                yield node.func.value


def strings(tree: ast.AST) -> Iterator[str]:
    """Every string that a visitor may see; an f-string in one piece, with a mark for each of its blanks."""
    passed = {id(inner) for node in unseen(tree) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            passed |= {id(each) for each in node.values if isinstance(each, ast.Constant)}
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else BLANK for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def said(source: str) -> list[str]:
    """The strings of a file that read like a sentence."""
    return [text for text in strings(ast.parse(source)) if SENTENCE.search(text)]


def widget_said(source: str) -> list[str]:
    """The literals of one of the widget's scripts that read like a sentence."""
    source = ASIDE.sub("", source)
    found = (literal[1:-1] for literal in LITERAL.findall(source))
    return [text for text in found if SENTENCE.search(text) and not PATH.match(text) and not CLASSES.fullmatch(text)]


@pytest.mark.parametrize("file", CODE, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_sentence_stands_in_code(file: Path) -> None:
    if file in TO_READ:
        pytest.skip(TO_READ[file])
    allowed = ALLOWED.get(str(file.relative_to(ROOT)), {})
    assert set(said(file.read_text(encoding="utf-8"))) == set(allowed)


@pytest.mark.parametrize("file", sorted((ROOT / "widget" / "src").glob("*.js")), ids=lambda file: file.name)
def test_no_sentence_stands_in_the_widget(file: Path) -> None:
    assert widget_said(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        'dispatcher.utter_message(text="Please call us now.")',
        'dispatcher.utter_message("please call us")',
        'text = f"{name} is safe."',
        'reply = Words("Llame al 911 ahora", [], None)',
        'def say() -> str:\n    """What is said."""\n    return "You are not alone"',
        'card = {"kind": "helpline", "steps": ["Stay with them."]}',
        'WORDS = ("Call now.",)',
        'title = "Call 911"',
        'return_value = "Call " + phone + " to talk to somebody"',
    ],
)
def test_a_sentence_in_code_is_found(line: str) -> None:
    assert len(said(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        'def hear() -> None:\n    """What was said is heard here."""',
        'log.error("a message could not be judged: %s", error)',
        'raise row.wrong(f"unknown concern {name} in this row")',
        'WORDS = "none taken with".split()',
        'PATTERN = re.compile(r"call (us|them) now")',
        'parser.add_argument("--page", help="write the page of facts")',
        '# Please call us now.\nkey = "too_long"',
        'header = "application/json; charset=utf-8"',
    ],
)
def test_what_no_visitor_sees_is_passed_over(line: str) -> None:
    assert said(line) == []


@pytest.mark.parametrize("line", ['this.say("Please call us now.");', "node.append(`Call ${phone} to talk to us.`);"])
def test_a_sentence_in_the_widget_is_found(line: str) -> None:
    assert len(widget_said(line)) == 1
