"""Hears words that stand for a medicine without naming it: "my meds", "what my doctor gave me", "cough syrup"."""

from __future__ import annotations

from helpline.knowledge.surroundings import Hit
from helpline.knowledge.words import Word

NAMED_BY = frozenset(
    {"like", "are", "is", "which", "called", "named", "of", "for", "from", "such", "as", "it's", "its"}
)


class VagueWords:
    """The phrases of vague.csv by their first word, longest first; made once."""

    def __init__(self, phrases: dict[str, str], cues: dict[str, frozenset[str]]) -> None:
        self._index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for phrase in sorted(phrases, key=len, reverse=True):
            parts = tuple(phrase.split())
            self._index.setdefault(parts[0], []).append((parts, phrases[phrase]))
        self._cues = cues
        self._before = cues["mix"] | cues["take"] | cues["join"] | cues["owner"] | {"if", "off"}
        self._small = cues["determiner"] | cues["vague_adjective"]

    def hear(self, words: tuple[Word, ...], hits: list[Hit]) -> list[Hit]:
        """The vague phrases that no name covers and that no name follows at once ("my medication xanax")."""
        places = [place for place, word in enumerate(words) if word.text in self._index]
        if not places:
            return []
        named = {place: hit for hit in hits for place in range(hit.first, hit.last)}
        found: list[Hit] = []
        free = 0
        for place in places:
            hit = self._hit(words, place, named) if place >= free else None
            if hit:
                found.append(hit)
                free = hit.last
        return found

    def _hit(self, words: tuple[Word, ...], place: int, named: dict[int, Hit]) -> Hit | None:
        for parts, need in self._index[words[place].text]:
            last = place + len(parts)
            if tuple(word.text for word in words[place:last]) != parts:
                continue
            covering = {named[each] for each in range(place, last) if each in named}
            if any(hit.last - hit.first >= len(parts) or hit.first < place or hit.last > last for hit in covering):
                continue
            if not self._told(words, last, named) and (not need or self._in_place(words, place, named)):
                return Hit(place, last, " ".join(parts), (), "vague", "exact", False)
        return None

    def _told(self, words: tuple[Word, ...], place: int, named: dict[int, Hit]) -> bool:
        for _ in range(3):
            if place in named:
                return place >= len(words) or "," not in words[place].gap
            if place >= len(words) or words[place].text not in NAMED_BY:
                return False
            place += 1
        return False

    def _in_place(self, words: tuple[Word, ...], place: int, named: dict[int, Hit]) -> bool:
        place -= 1
        while place >= 0 and place not in named:
            text = words[place].text
            if text in self._before:
                return True
            if text not in self._small and not text.isdigit():
                return False
            place -= 1
        return False
