"""What the visitor reads: in its order, short, sourced and with the number."""

import re
from itertools import combinations

import pytest

from helpline.knowledge import Knowledge, answer, check

EVERYDAY = (
    "alprazolam", "oxycodone/acetaminophen", "alcohol", "clonazepam", "heroin", "fentanyl", "methadone",
    "buprenorphine/naloxone", "cocaine", "methamphetamine", "amphetamine/dextroamphetamine", "gabapentin", "cannabis",
    "sertraline", "trazodone", "zolpidem", "diphenhydramine", "codeine/promethazine", "naloxone", "naltrexone",
    "ketamine", "MDMA", "opioid", "benzodiazepine", "acetaminophen", "ibuprofen", "vitamin", "carisoprodol", "kratom",
    "lithium",
)  # fmt: skip
LONGEST_BUBBLE = 75


def test_the_seed_question_in_its_order(knowledge: Knowledge) -> None:
    said = answer(knowledge, check(knowledge, ["alprazolam", "oxycodone/acetaminophen"]))
    verdict, do, last = said.bubbles
    assert verdict.startswith(
        "Do not mix alprazolam (Xanax) with oxycodone + acetaminophen (Percocet): "
        "together they can stop your breathing."
    )
    assert "slow" in verdict and "either one alone" in verdict
    assert do.startswith("Watch for: ")
    for word in ("cannot be woken", "call 911", "naloxone", "rescue breaths"):
        assert word in do
    assert last.index("suddenly") < last.index("Call your prescriber") < last.index("Sources:") < last.index("[phone]")
    assert "NIDA" in last and "FDA" in last
    assert last.endswith("To talk with a person now, call [phone], [hours].")


def test_the_seed_card(knowledge: Knowledge) -> None:
    card = answer(knowledge, check(knowledge, ["alprazolam", "oxycodone/acetaminophen"])).card
    assert set(card) == {"kind", "severity", "substances", "pairs", "facts", "reviewed"}
    assert (card["kind"], card["severity"], card["reviewed"]) == ("interaction", "dangerous", "2026-11-23")
    assert card["substances"] == ["alprazolam (Xanax)", "oxycodone + acetaminophen (Percocet)"]
    assert set(card["pairs"][0]) == {"a", "b", "severity", "why", "signs", "sources"}
    assert all(pair["sources"] for pair in card["pairs"])


@pytest.mark.parametrize(
    "words",
    [
        "More than 30 percent of opioid overdoses also involve benzodiazepines (NIDA)",
        "Each one makes the other stronger",
        "Naloxone helps with the opioid part only",
        "buprenorphine or methadone is not ruled out by a benzodiazepine (FDA 2017)",
        "can lead to dependence",
        "ask your prescriber before you change a dose",
    ],
)
def test_the_facts_of_the_customers_page(knowledge: Knowledge, words: str) -> None:
    card = answer(knowledge, check(knowledge, ["benzodiazepine", "opioid"])).card
    [fact] = [fact for fact in card["facts"] if words in fact["text"]]
    assert fact["sources"]


def test_a_benzodiazepine_does_not_rule_out_treatment(knowledge: Knowledge) -> None:
    for medicine in ("methadone", "buprenorphine", "buprenorphine/naloxone"):
        said = answer(knowledge, check(knowledge, [medicine, "alprazolam"]))
        assert "should not be held back because of a benzodiazepine" in said.bubbles[2]
        assert any("not ruled out" in fact["text"] for fact in said.card["facts"])


def test_three_substances_lead_with_the_worst_pair(knowledge: Knowledge) -> None:
    said = answer(knowledge, check(knowledge, ["ibuprofen", "alprazolam", "heroin", "alcohol"]))
    assert said.bubbles[0].startswith(
        "Do not take these together: ibuprofen (Advil), alprazolam (Xanax), heroin and alcohol."
    )
    assert "The worst pair is" in said.bubbles[0]
    assert "3 of these" in said.bubbles[0]
    assert len(said.card["pairs"]) == 6


def test_a_rescue_is_given_first(knowledge: Knowledge) -> None:
    for other in ("heroin", "alprazolam", "vitamin"):
        for names in (["naloxone", other], [other, "naloxone"]):
            first = answer(knowledge, check(knowledge, names)).bubbles[0]
            assert first.startswith("If this may be an overdose, call 911 and give naloxone (Narcan) now.")


@pytest.mark.parametrize("names", [[], ["alprazolam"]])
def test_an_unknown_name_is_named(knowledge: Knowledge, names: list[str]) -> None:
    said = answer(knowledge, check(knowledge, names), ("flurbzol",))
    assert said.bubbles[0] == "I don't know flurbzol. That does not mean it is safe. Ask a pharmacist."
    assert "[phone]" in said.bubbles[-1]


def test_an_unknown_name_beside_a_known_pair(knowledge: Knowledge) -> None:
    said = answer(knowledge, check(knowledge, ["alprazolam", "heroin"]), ("flurbzol", "zorbamine"))
    assert said.bubbles[0].startswith("Do not mix")
    assert "I don't know flurbzol and zorbamine." in said.bubbles[0]


def test_the_same_drug_twice_says_so(knowledge: Knowledge) -> None:
    first = answer(knowledge, check(knowledge, ["hydrocodone/acetaminophen", "hydrocodone/acetaminophen"])).bubbles[0]
    assert first.startswith("Do not take both. It is the same drug twice: hydrocodone + acetaminophen (Vicodin).")


@pytest.mark.parametrize("names", list(combinations(EVERYDAY, 2)), ids="+".join)
def test_every_everyday_pair_has_a_whole_answer(knowledge: Knowledge, names: tuple[str, str]) -> None:
    found = check(knowledge, names)
    said = answer(knowledge, found)
    assert 1 <= len(said.bubbles) <= 3
    for bubble in said.bubbles:
        assert len(bubble.split()) <= LONGEST_BUBBLE
        assert not re.search(r"[{}]", bubble)
        assert bubble[0].isupper() or bubble[0].isdigit()
    assert said.bubbles[-1].endswith("call [phone], [hours].")
    if found.severity == "dangerous":
        assert "Do not" in said.bubbles[0]
    if "oxycodone/acetaminophen" in names and "alcohol" in names:
        assert "911" in said.bubbles[1]


@pytest.mark.parametrize("names", [["naloxone", "alprazolam", "oxycodone"], ["heroin", "naloxone", "alprazolam"]])
def test_a_rescue_medicine_is_never_counted_among_the_mix(knowledge: Knowledge, names: list[str]) -> None:
    found = check(knowledge, names)
    first = answer(knowledge, found).bubbles[0]
    assert first.startswith("If this may be an overdose, call 911 and give naloxone (Narcan) now. Do not mix")
    assert found.severity == "dangerous" and first.count("naloxone") == 1


@pytest.mark.parametrize("treatment", ["methadone", "buprenorphine/naloxone"])
@pytest.mark.parametrize("other", ["clonazepam", "zolpidem"])
def test_nobody_is_told_to_leave_treatment(knowledge: Knowledge, treatment: str, other: str) -> None:
    said = answer(knowledge, check(knowledge, [treatment, other]))
    assert said.card["severity"] == "dangerous"
    assert "keep taking them" in said.bubbles[0] and "Do not mix" not in said.bubbles[0]
