"""The checklist holds every row once, and nothing but a whole signature ticks one."""

import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.facts import clinical_review, severity_matrix
from bot.facts.review import TREATMENT
from bot.facts.rows import facts
from helpline.knowledge import Knowledge, load
from helpline.knowledge.pairs import key
from helpline.knowledge.topics import Text, Topics, load_topics
from tests.bot.facts.conftest import TABLES

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("clinical-review.md", clinical_review),
        ("severity-matrix.svg", lambda topics: severity_matrix(topics.knowledge, alone=True)),
    ],
)
def test_docs_are_up_to_date(file: str, made: Callable[[Topics], str], topics: Topics) -> None:
    assert (DOCS / file).read_text(encoding="utf-8") == made(topics), (
        f"docs/{file} is older than the tables: run `python -m bot.facts --review --matrix`"
    )


@pytest.fixture(scope="module")
def parts(topics: Topics) -> list[str]:
    """The numbered parts of the checklist; what stands before them comes first."""
    return re.split(r"^## \d\. ", clinical_review(topics), flags=re.M)


def _boxes(*parts: str) -> list[str]:
    return [line for part in parts for line in part.splitlines() if line.startswith(("- [ ] **", "- [x] **"))]


def test_checklist_lists_every_row_and_every_answer_once_with_a_box(
    knowledge: Knowledge, texts: list[tuple[str, str, Text]], parts: list[str]
) -> None:
    boxes = Counter(line.split(" · ")[0].split("(`")[-1] for line in _boxes(*parts))
    wanted = Counter(
        f"{row.pair[0]}`)" if row.kind == "rule" else "` + `".join(row.pair) + "`)" for row in facts(knowledge)
    )
    wanted += Counter(f"{topic}` + `{name}`)" if name else f"{topic}`)" for topic, name, _ in texts)
    assert boxes == wanted
    dangerous = [row for row in facts(knowledge) if row.severity == "dangerous"]
    assert len(_boxes(parts[1])) == len(dangerous)


def test_checklist_shows_all_treatment_rows_and_answers_in_part_2(
    knowledge: Knowledge, texts: list[tuple[str, str, Text]], parts: list[str]
) -> None:
    for row in knowledge.interactions.values():
        if TREATMENT & set(row.pair):
            assert f"(`{row.pair[0]}` + `{row.pair[1]}`)" in parts[2]
    for topic, name, text in texts:
        if topic == "moud" or name in TREATMENT:
            assert text.bubbles[0].split("{")[0] in parts[2]


def test_checklist_lists_every_if_prescribed_once(knowledge: Knowledge, parts: list[str]) -> None:
    texts = {row.if_prescribed for row in facts(knowledge)} - {""}
    assert parts[3].count("- [ ] ") + parts[3].count("- [x] ") == len(texts)


def test_checklist_holds_the_words_for_the_kinds_to_leave_apart(topics: Topics, parts: list[str]) -> None:
    for name, said in topics.class_words.items():
        assert f"- [ ] `{name}` · {said}" in parts[5]


@pytest.fixture
def sign(tmp_path: Path) -> Callable[[str, str], Topics]:
    """Makes the tables with another status in the first row of one of them."""

    def make(file: str, status: str) -> Topics:
        table = shutil.copytree(TABLES, tmp_path / "tables") / file
        table.write_text(table.read_text("utf-8").replace("not signed", f'"{status}"', 1), "utf-8")
        return load_topics(table.parent, load(table.parent))

    return make


@pytest.mark.parametrize("file", ["interactions.csv", "overrides.csv", "fallbacks.csv", "rules.csv", "topics.csv"])
def test_a_signed_row_is_ticked(sign: Callable[[str, str], Topics], file: str) -> None:
    review = clinical_review(sign(file, "signed: A. Person, PharmD, 2027-01-02"))
    assert review.count("- [x] **") == 1
    assert "signed: A. Person, PharmD, 2027-01-02" in review


DOUBT = re.compile(r"^\| `([^`]+)` \+ `([^`]+)` \| (\w+) \|", re.M)


def test_doubts_speak_of_the_rows_as_they_are(knowledge: Knowledge) -> None:
    doubts = DOUBT.findall((DOCS / "clinical-doubts.md").read_text())
    assert len(doubts) > 25
    rows = knowledge.interactions | knowledge.overrides
    for a, b, severity in doubts:
        row = rows.get(key(a, b))
        assert row, f"docs/clinical-doubts.md speaks of {a} + {b}, which has no row"
        assert row.severity == severity, f"{a} + {b} is now {row.severity}: close or correct its doubt"
