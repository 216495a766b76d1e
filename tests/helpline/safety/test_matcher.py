"""The automaton against the plain meaning of a pattern, word by word."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.safety import load
from helpline.safety.matcher import Matcher
from helpline.safety.patterns import BOUNDARY, Element, parse

GROUPS = {"ab": frozenset({("a",), ("b", "c")}), "x": frozenset({("c", "c", "a"), ("d",)})}
PARTS = ["a", "b", "c|d", "@ab", "@x", "a_b", "c?", "@ab?", "*1", "*", "$", "^"]


def ends(elements: tuple[Element, ...], words: list[str], at: int) -> set[int]:
    """Where a match that begins at `at` can end, straight from the meaning of a pattern."""
    if not elements:
        return {at}
    first, rest = elements[0], elements[1:]
    found = ends(rest, words, at) if first.optional else set()
    if first.gap and at < len(words) and words[at] != BOUNDARY:
        found |= ends(rest, words, at + 1)
    for phrase in first.phrases:
        if tuple(words[at : at + len(phrase)]) == phrase:
            found |= ends(rest, words, at + len(phrase))
    return found


patterns = st.lists(st.sampled_from(PARTS), min_size=0, max_size=5).map(lambda middle: " ".join(["a|b", *middle, "@x"]))


@settings(max_examples=300, deadline=None)
@given(st.lists(patterns, min_size=1, max_size=4), st.lists(st.sampled_from("abcd" + BOUNDARY), max_size=14))
def test_matcher_finds_what_the_pattern_means(written: list[str], words: list[str]) -> None:
    parsed = [parse(pattern, GROUPS, list) for pattern in written]
    expected = {
        (number, end): max(start for start in range(len(words)) if end in ends(elements, words, start))
        for number, elements in enumerate(parsed)
        for end in {end for start in range(len(words)) for end in ends(elements, words, start)}
    }
    found = Matcher(parsed).find(words)
    assert {end: found.locate(*end).start for end in found.ends} == expected


def test_every_match_is_told_however_many() -> None:
    assert len(Matcher([parse("a", {}, list), parse("a * b", {}, list)]).find(["a", "b"] * 5000).ends) == 10_000


def test_loads_in_a_moment() -> None:
    assert load(Path(__file__).parents[3] / "data" / "safety").triage("hello").concern == "none"
