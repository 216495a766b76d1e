"""How a text looks: what is said, the quick replies by number, and a last line with whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpline.sms.sayings import Sayings
from helpline.sms.segments import plain, segments, septets

LONGEST_TITLE = 24  # where nothing else makes room
CUT = "..."


@dataclass(frozen=True)
class Layout:
    """Everything around the sentences of one text.

    `said_before` is a text that goes ahead of it, `rest` the key of what is said where something is left out.
    """

    sayings: Sayings
    language: str
    most: int
    titles: tuple[str, ...] = ()
    link: str = ""
    said_before: str = ""
    rest: str = "more"

    def write(self, lines: Sequence[str], left_out: bool) -> str:
        """The whole text; where something was `left_out` it says how to read the rest."""
        said = "\n".join(filter(None, lines))
        last = " ".join(filter(None, (self._call(said), self._rest(left_out))))
        return "\n".join(filter(None, (said, *self._replies(), last)))

    def fits(self, lines: Sequence[str], left_out: bool) -> bool:
        """Whether the whole text is short enough."""
        return segments(self.write(lines, left_out)) <= self.most

    def cut(self, line: str) -> str:
        """The whole text with as many words of a line as there is room for, where nothing else helps."""
        layout = replace(self, titles=tuple(shortened(title, LONGEST_TITLE) for title in self.titles))
        words = line.split()
        shorter = (" ".join(words[:count]) + CUT for count in range(len(words) - 1, 0, -1))
        return layout.write([next((each for each in (line, *shorter) if layout.fits([each], True)), "")], True)

    def _replies(self) -> list[str]:
        numbered = [f"{place} {title}".strip() for place, title in enumerate(self.titles, 1)]
        if len(numbered) < 2:
            return [self._say("reply_one"), *numbered] if numbered else []
        return [self._say("reply_with", last=str(len(numbered))), *numbered]

    def _call(self, said: str) -> str:
        phone = self.sayings.phone
        return "" if phone in said or phone in self.said_before else self._say("call")

    def _rest(self, left_out: bool) -> str:
        if self.link:
            return self._say("first_link", link=self.link)
        return self._say(self.rest) if left_out else ""

    def _say(self, key: str, **fields: str) -> str:
        return self.sayings.say(key, self.language, **fields)


def shortened(text: str, most: int) -> str:
    """The text, cut between two letters where it is longer than `most` septets."""
    if septets(text) <= most:
        return text
    while septets(text) > most - len(CUT):
        text = text[:-1]
    return plain(text) + CUT
