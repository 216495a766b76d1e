"""Answers to questions that are not about a pair: reviewed text by topic and by what was named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpline.knowledge.avoid import avoid, filled, load_class_words
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.signing import Signable, signing
from helpline.knowledge.tables import KnowledgeError, Row, read

FILE = "topics.csv"
COLUMNS = ("topic", "about", "text", "sources", "reviewed", "status")
BETWEEN_BUBBLES = " || "
MOST_BUBBLES = 3
MOST_WORDS = 60
MOST_TEXTS = 2
MOST_SOURCES = 4
AVOID, NOTHING_TO_AVOID = "avoid_list", "avoid_list_unknown"
# One substance of these topics has a text or it has none; every other topic has a text for whatever is named.
WITHOUT_GENERAL_TEXT = frozenset({"what_is"})
NEEDED_TOPICS = (
    "what_is", "naloxone", "get_naloxone", "tolerance", "counterfeit", "withdrawal", "taper", "moud", "pregnancy",
    "driving", "dosing", "route", "test_evasion", "buying", "quitting", "cannot_stop", AVOID, NOTHING_TO_AVOID,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """`bubbles` are said in order; `sources` are source ids. Neither holds anything where there is no text."""

    bubbles: tuple[str, ...]
    sources: tuple[str, ...]


NOTHING = Told((), ())


@dataclass(frozen=True)
class Text(Told, Signable):
    """One row of the table."""


@dataclass(frozen=True)
class Topics:
    """Every text by topic and by what it is about ("" for a text that fits whatever is named), in the file's order."""

    knowledge: Knowledge
    texts: dict[str, dict[str, Text]]
    class_words: dict[str, str]

    def tell(self, topic: str, substances: Sequence[str] = ()) -> Told:
        """The narrowest text for each substance (itself, then its classes), or the topic's general text."""
        texts = self.texts[topic]
        found = {self._narrowest(texts, self.knowledge.canonical(name)) for name in substances} - {None, ""}
        told = [text for about, text in texts.items() if about in found][:MOST_TEXTS]
        return _joined(told) if told else texts.get("", NOTHING)

    def avoid_list(self, substance: str) -> Told:
        """What not to take with `substance`, made from the pair tables, or that they say nothing."""
        name = self.knowledge.canonical(substance)
        found = avoid(self.knowledge, self.class_words, name)
        frame = self.tell(AVOID if found.dangerous or found.serious else NOTHING_TO_AVOID, [name])
        bubbles = filled(frame.bubbles, self.knowledge.display(name), found, self.knowledge.verdicts["and"])
        sources = tuple(dict.fromkeys((*found.sources, *frame.sources)))[:MOST_SOURCES]
        return Told(bubbles, sources)

    def _narrowest(self, texts: dict[str, Text], name: str) -> str | None:
        substance = self.knowledge.substances.get(name)
        if substance is None:
            return None
        if name in texts:
            return name
        if len(substance.parts) == 1 and substance.parts[0] in texts:
            return substance.parts[0]
        families = self.knowledge.families
        fitting = [about for about in texts if about in substance.classes]
        # A class gives way to its own narrower kinds; of what is left, the row that stands first is the graver one.
        return next(
            (one for one in fitting if not any(one in families[other] for other in fitting if other != one)), None
        )


def load_topics(folder: Path, knowledge: Knowledge) -> Topics:
    """The table of topics in `folder`; raises KnowledgeError with one sentence that names file and row."""
    texts: dict[str, dict[str, Text]] = {}
    for row in read(folder, FILE, COLUMNS):
        about, of_topic = row["about"], texts.setdefault(row.needed("topic"), {})
        if row["topic"] not in NEEDED_TOPICS:
            raise row.wrong(f"unknown topic '{row['topic']}'")
        if about and about not in knowledge.classes and about not in knowledge.substances:
            raise row.wrong(f"unknown class or substance '{about}'")
        if about in of_topic:
            raise row.wrong(f"topic '{row['topic']}' about '{about}' stands twice")
        of_topic[about] = _text(row, knowledge)
    for topic in NEEDED_TOPICS:
        if topic not in texts:
            raise KnowledgeError(f"{FILE}: topic '{topic}' is missing")
        if topic not in WITHOUT_GENERAL_TEXT and "" not in texts[topic]:
            raise KnowledgeError(f"{FILE}: topic '{topic}' has no text with an empty about")
    return Topics(knowledge, texts, load_class_words(folder, knowledge.classes))


def _text(row: Row, knowledge: Knowledge) -> Text:
    row.needed("text"), row.needed("sources")
    bubbles = tuple(row["text"].split(BETWEEN_BUBBLES))
    if len(bubbles) > MOST_BUBBLES or any("||" in bubble or not bubble.strip() for bubble in bubbles):
        raise row.wrong(f"the text must be 1 to {MOST_BUBBLES} bubbles with '{BETWEEN_BUBBLES}' between them")
    for bubble in bubbles:
        if len(bubble.split()) > MOST_WORDS:
            raise row.wrong(f"a bubble of {len(bubble.split())} words where {MOST_WORDS} are allowed")
    for source in row.several("sources"):
        if source not in knowledge.sources:
            raise row.wrong(f"unknown source '{source}'")
    return Text(*signing(row), bubbles, row.several("sources"))


def _joined(told: Sequence[Told]) -> Told:
    if len(told) == 1:
        return told[0]
    # Two texts in full would be six bubbles: the first two of each, what to do before what else to know.
    bubbles = dict.fromkeys(each.bubbles[place] for place in range(2) for each in told if place < len(each.bubbles))
    sources = dict.fromkeys(source for each in told for source in each.sources)
    return Told(tuple(bubbles), tuple(sources)[:MOST_SOURCES])
