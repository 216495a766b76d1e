"""What is said before it is known which drug was meant."""

import pytest

from helpline.knowledge import Knowledge, check, depends, in_case, worst_case

CASES = [
    # sure, open, supposed
    (["alprazolam"], [["cocaine", "codeine"]], ("codeine",)),
    (["oxycodone"], [["clonidine", "clonazepam"]], ("clonazepam",)),
    (["loratadine"], [["alprazolam", "tizanidine"]], None),
    ([], [["clonidine", "clonazepam"], ["oxycodone", "oxybutynin"]], ("clonazepam", "oxycodone")),
]


@pytest.mark.parametrize(("sure", "unsure", "supposed"), CASES)
def test_the_worst_is_supposed(
    knowledge: Knowledge, sure: list[str], unsure: list[list[str]], supposed: tuple[str, ...] | None
) -> None:
    found = worst_case(knowledge, sure, unsure)
    if supposed is not None:
        assert found == supposed
    assert len(found) == len(unsure) and all(name in group for name, group in zip(found, unsure, strict=True))


def test_many_open_names_are_bounded(knowledge: Knowledge) -> None:
    assert len(worst_case(knowledge, [], [["clonidine", "clonazepam", "codeine"]] * 9)) == 9


def test_the_condition_comes_first(knowledge: Knowledge) -> None:
    said = in_case(knowledge, check(knowledge, ["alprazolam", "codeine"]), ["codeine"])
    assert said.bubbles[0].startswith(
        "I'm not sure that I read every name right. This is in case you mean codeine. Do not mix"
    )
    assert said.card["severity"] == "dangerous"


def test_an_unnamed_medicine_is_never_called_safe(knowledge: Knowledge) -> None:
    said = depends(knowledge, ["alcohol"], ["antibiotics"])
    assert "does not mean it is safe" in said.bubbles[0]
    assert said.card["severity"] == "unknown" and said.card["substances"] == ["alcohol", "antibiotics"]
    assert said.card["pairs"] == []
