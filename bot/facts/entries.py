"""One row of the tables as an article of the page: severity in a word, why, signs, what to do, sources, status."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.facts.markup import anchor, escape, line, link
from bot.facts.rows import worst_first
from bot.facts.words import words
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import Key, PairFact, key
from helpline.knowledge.sentences import Fact
from helpline.knowledge.signing import Signable

Fill = Callable[[str], str]
PREFIX = {"class": "p", "substance": "o", "tag": "t", "rule": "r"}


class Articles:
    """Writes rows as articles; `fill` puts phone numbers where a sentence has a placeholder."""

    def __init__(self, knowledge: Knowledge, fill: Fill) -> None:
        self._knowledge, self._fill = knowledge, fill
        self._extras: dict[Key, list[Fact]] = {}
        for extra in knowledge.facts:
            self._extras.setdefault(extra.classes, []).append(extra)

    def all(self, rows: Iterable[PairFact]) -> str:
        """The articles of these rows, the worst first."""
        return "".join(self.one(row) for row in worst_first(rows))

    def one(self, row: PairFact) -> str:
        """The article of one row."""
        say = words().line
        # Class pairs stand one level deeper: below the heading of their class.
        level = "h4" if row.kind == "class" else "h3"
        parts = [
            f'<article id="{place(row)}" class="{row.severity}">\n<{level}>{badge(row.severity)} ',
            f"{escape(title(self._knowledge, row))}</{level}>\n<p>{self.text(row.why)}</p>\n",
            line(say("signs"), escape("; ".join(row.signs))),
            line(say("advice"), self.text(self._knowledge.advice[row.advice])),
            line(say("if_prescribed"), self.text(row.if_prescribed)),
            self.origin(row.sources, row),
            *(self._extra(extra) for extra in self._extras_of(row)),
            "</article>\n",
        ]
        return "".join(parts)

    def text(self, text: str) -> str:
        """A sentence of the tables, with every number and every blank in it filled."""
        return escape(words().filled(self._fill(text)))

    def origin(self, sources: Iterable[str], row: Signable) -> str:
        """What the row rests on, when it was last looked at, and whether it is signed."""
        known = self._knowledge.sources
        cited = ", ".join(link(anchor("source", source), known[source].short_title) for source in sources)
        say = words().line
        dated = f"{say('reviewed')} {row.reviewed}, {row.status if row.signed else say('unsigned')}"
        return line(say("sources"), f"{cited}. {escape(dated)}.", "from")

    def _extras_of(self, row: PairFact) -> list[Fact]:
        return self._extras.get(key(*row.pair), []) if row.kind == "class" else []

    def _extra(self, extra: Fact) -> str:
        return line(words().line("extra"), self.text(extra.text)) + self.origin(extra.sources, extra)


def badge(severity: str) -> str:
    """The severity as a colored word."""
    return f'<b class="badge {escape(severity)}">{escape(words().find("severity", severity).word)}</b>'


def place(row: PairFact) -> str:
    """Where on the page the row stands."""
    return anchor(PREFIX[row.kind], *(row.pair[:1] if row.kind == "rule" else row.pair))


def title(knowledge: Knowledge, row: PairFact) -> str:
    """The row's pair in words, such as `Opioids + Alcohol`."""
    if row.kind == "rule":
        return words().label("rule", row.pair[0])
    names = [called(knowledge, row.kind, name) for name in row.pair]
    if row.kind == "class" and names[0] == names[1]:
        return f"{names[0]}: {words().line('both')}"
    return " + ".join(names)


def called(knowledge: Knowledge, kind: str, name: str) -> str:
    """What a class, a substance or an effect is called."""
    return knowledge.display(name) if kind == "substance" else words().label(kind, name)
