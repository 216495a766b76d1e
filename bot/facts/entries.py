"""One row of the tables as an article of the page: severity in a word, why, signs, what to do, sources, status."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.facts.book import Book, Entry, Extra
from bot.facts.markup import anchor, escape, line, link
from bot.facts.words import words
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import Key, key
from helpline.knowledge.severity import RANK

Fill = Callable[[str], str]
PREFIX = {"class": "p", "substance": "o", "tag": "t", "rule": "r"}


class Articles:
    """Writes rows as articles; `fill` puts phone numbers where a sentence has a placeholder."""

    def __init__(self, knowledge: Knowledge, book: Book, fill: Fill) -> None:
        self._knowledge, self._fill = knowledge, fill
        self._extras: dict[Key, list[Extra]] = {}
        for extra in book.extras:
            self._extras.setdefault(key(extra.a, extra.b), []).append(extra)

    def all(self, entries: Iterable[Entry]) -> str:
        """The articles of these rows, the worst first."""
        return "".join(self.one(entry) for entry in worst_first(entries))

    def one(self, entry: Entry) -> str:
        """The article of one row."""
        say = words().line
        # Class pairs stand one level deeper: below the heading of their class.
        level = "h4" if entry.kind == "class" else "h3"
        parts = [
            f'<article id="{place(entry)}" class="{entry.severity}">\n<{level}>{badge(entry.severity)} ',
            f"{escape(title(self._knowledge, entry))}</{level}>\n<p>{self._text(self._why(entry))}</p>\n",
            line(say("signs"), escape("; ".join(entry.signs))),
            line(say("advice"), self._text(self._knowledge.advice[entry.advice])),
            line(say("if_prescribed"), self._text(entry.if_prescribed)),
            self._origin(entry.sources, entry.reviewed, entry.status),
            *(self._extra(extra) for extra in self._extras_of(entry)),
            "</article>\n",
        ]
        return "".join(parts)

    def _why(self, entry: Entry) -> str:
        # The rule's sentence is written for one drug at a time.
        return entry.why.replace("{a}", "the same drug")

    def _extras_of(self, entry: Entry) -> list[Extra]:
        return self._extras.get(key(entry.a, entry.b), []) if entry.kind == "class" else []

    def _extra(self, extra: Extra) -> str:
        origin = self._origin(extra.sources, extra.reviewed, extra.status)
        return line(words().line("extra"), self._text(extra.text)) + origin

    def _origin(self, sources: Iterable[str], reviewed: str, status: str) -> str:
        known = self._knowledge.sources
        cited = ", ".join(link(anchor("source", source), known[source].short_title) for source in sources)
        say = words().line
        dated = f"{escape(say('reviewed'))} {escape(reviewed)}, {escape(standing(status))}"
        return line(say("sources"), f"{cited}. {dated}.", "from")

    def _text(self, text: str) -> str:
        return escape(self._fill(text))


def worst_first(entries: Iterable[Entry]) -> list[Entry]:
    """The rows by severity; of equals, the order of the table."""
    return sorted(entries, key=lambda entry: -RANK[entry.severity])


def badge(severity: str) -> str:
    """The severity as a colored word."""
    return f'<b class="badge {escape(severity)}">{escape(words().find("severity", severity).word)}</b>'


def place(entry: Entry) -> str:
    """Where on the page the row stands."""
    both = (entry.a,) if entry.kind == "rule" else (entry.a, entry.b)
    return anchor(PREFIX[entry.kind], *both)


def title(knowledge: Knowledge, entry: Entry) -> str:
    """The row's pair in words, such as `Opioids + Alcohol`."""
    if entry.kind == "rule":
        return words().label("rule", entry.a)
    names = [called(knowledge, entry.kind, name) for name in (entry.a, entry.b)]
    if entry.kind == "class" and entry.a == entry.b:
        return f"{names[0]}: {words().line('both')}"
    return " + ".join(names)


def called(knowledge: Knowledge, kind: str, name: str) -> str:
    """What a class, a substance or an effect is called."""
    return knowledge.display(name) if kind == "substance" else words().label(kind, name)


def standing(status: str) -> str:
    """The status of a row in words that nobody can take for a signature."""
    return words().line("unsigned") if status == "not signed" else status
