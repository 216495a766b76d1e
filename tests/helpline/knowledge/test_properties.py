"""What holds for every mix of any substances, whatever they are called: tried on mixes that chance picks."""

import re

import textstat
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.knowledge import Check, answer, check, load, worst_case
from helpline.knowledge.severity import RANK
from tests.helpline.knowledge.conftest import DATA

KNOWLEDGE = load(DATA)
NAMES = sorted(KNOWLEDGE.substances)
HARDEST_GRADE = 8


def told(found: Check) -> set[tuple[frozenset[str], str, str]]:
    return {(frozenset((f.a, f.b)), f.severity, f.why) for f in found.findings}


some = st.sampled_from(NAMES)


@given(st.lists(some, min_size=2, max_size=6))
@settings(max_examples=300, deadline=None)
def test_the_order_does_not_matter(names: list[str]) -> None:
    one, other = check(KNOWLEDGE, names), check(KNOWLEDGE, names[::-1])
    assert (one.severity, one.depressants, told(one)) == (other.severity, other.depressants, told(other))


@given(st.lists(some, min_size=1, max_size=5), some)
@settings(max_examples=500, deadline=None)
def test_adding_a_substance_never_lowers_the_severity(names: list[str], more: str) -> None:
    assert RANK[check(KNOWLEDGE, [*names, more]).severity] >= RANK[check(KNOWLEDGE, names).severity]


ALIASES = sorted((name, meant[0].substance) for name, meant in KNOWLEDGE.names.spoken.items() if len(meant) == 1)


@given(st.sampled_from(ALIASES), some)
@settings(max_examples=300, deadline=None)
def test_every_name_of_a_substance_gives_the_same_answer(alias: tuple[str, str], other: str) -> None:
    assert check(KNOWLEDGE, [alias[0], other]) == check(KNOWLEDGE, [alias[1], other])


@given(st.lists(st.one_of(some, st.text(max_size=8)), max_size=6))
@settings(max_examples=300, deadline=None)
def test_no_answer_ever_reassures(names: list[str]) -> None:
    found = check(KNOWLEDGE, names)
    assert found.severity in RANK
    said = " ".join(answer(KNOWLEDGE, found).bubbles).lower()
    for word in (" is safe", " are safe", "is fine", "are fine", "low risk", "no risk", " is ok", "go ahead"):
        assert word not in said.replace("mean it is safe", "")


@given(st.lists(some, min_size=2, max_size=12))
@settings(max_examples=300, deadline=None)
def test_every_answer_has_a_source_and_the_number(names: list[str]) -> None:
    found = check(KNOWLEDGE, names)
    said = answer(KNOWLEDGE, found)
    assert "[phone]" in said.bubbles[-1]
    assert all(finding.sources for finding in found.findings)
    if found.findings and found.findings[0].basis != "unknown":
        assert "Sources: " in said.bubbles[-1]
    assert len(said.card["pairs"]) == len(found.findings)


@given(st.lists(some, min_size=2, max_size=3))
@settings(max_examples=300, deadline=None)
def test_every_answer_is_plain_to_read(names: list[str]) -> None:
    said = answer(KNOWLEDGE, check(KNOWLEDGE, names))
    text = re.sub(r"Sources: [^.]*\.", "", " ".join(said.bubbles))
    # Names are what they are; the words around them are ours.
    for name in sorted({shown for each in names for shown in _shown(each)}, key=len, reverse=True):
        text = text.replace(name, "it").replace(name[:1].upper() + name[1:], "It")
    assert textstat.flesch_kincaid_grade(text) <= HARDEST_GRADE, text


def _shown(name: str) -> set[str]:
    return {KNOWLEDGE.display(part) for part in (name, *KNOWLEDGE.ingredients(name))} | {*KNOWLEDGE.ingredients(name)}


@given(st.lists(some, max_size=3), st.lists(st.lists(some, min_size=2, max_size=3), min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_an_open_name_is_never_understated(sure: list[str], unsure: list[list[str]]) -> None:
    supposed = worst_case(KNOWLEDGE, sure, unsure)
    worst = check(KNOWLEDGE, [*sure, *supposed])
    for place, group in enumerate(unsure):
        for other in group:
            case = [*supposed[:place], other, *supposed[place + 1 :]]
            assert RANK[check(KNOWLEDGE, [*sure, *case]).severity] <= RANK[worst.severity]
