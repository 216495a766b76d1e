"""What the pair tables owe a visitor: each row can be met, its advice fits it, and no medicine is just left."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path

import pytest

from helpline.knowledge import Knowledge
from helpline.knowledge.interactions import ONLY_RESCUE, RESCUE
from helpline.knowledge.leading import standing
from helpline.knowledge.severity import RANK
from helpline.knowledge.substances import Substance

DATA = Path(__file__).parents[3] / "data" / "knowledge"
PAIR_FILES = ("interactions.csv", "overrides.csv", "fallbacks.csv")
Row = dict[str, str]


def rows(file: str) -> list[Row]:
    with (DATA / file).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def pair(row: Row) -> tuple[str, str]:
    one, other = list(row.values())[:2]
    return one, other


ROWS = [(file, row) for file in PAIR_FILES for row in rows(file)]


def wrong(rows_of: Iterable[tuple[str, Row]], fault: Callable[[Row], bool]) -> list[str]:
    """The rows that have this fault; one test for a table, because a test for each of 800 rows takes a minute."""
    return [f"{file}: {pair(row)} {row['relation']} {row['advice']}" for file, row in rows_of if fault(row)]


@pytest.fixture(scope="module")
def members(knowledge: Knowledge) -> dict[str, list[Substance]]:
    found: dict[str, list[Substance]] = defaultdict(list)
    for substance in knowledge.substances.values():
        for name in substance.classes:
            found[name].append(substance)
    return found


def test_every_class_row_speaks_for_some_pair_of_substances(
    knowledge: Knowledge, members: dict[str, list[Substance]]
) -> None:
    """A row that narrower rows always outrank, or that nobody can name, is a fact that no visitor ever reads."""
    lost = {
        (a, b)
        for (a, b), row in knowledge.interactions.items()
        if not any(
            any(match[2] is row for match in standing(knowledge, _heard(one), _heard(other)))
            for one, other in product(members[a], members[b])
        )
    }
    assert lost == set()


def _heard(substance: Substance) -> frozenset[str]:
    return ONLY_RESCUE if RESCUE in substance.classes else substance.classes


def test_every_override_is_about_two_substances_that_exist(knowledge: Knowledge) -> None:
    for row in rows("overrides.csv"):
        one, other = pair(row)
        assert one != other and one in knowledge.substances and other in knowledge.substances


# A row about one exact pair that is milder than what its classes would say is a decision; there is none today.
MILDER_OVERRIDES: set[tuple[str, str]] = set()


def test_no_override_is_milder_than_its_classes(knowledge: Knowledge) -> None:
    milder = set()
    for (one, other), row in knowledge.overrides.items():
        a, b = knowledge.substances[one], knowledge.substances[other]
        by_class = [match[2] for match in standing(knowledge, a.classes, b.classes)]
        if any(RANK[each.severity] > RANK[row.severity] for each in by_class):
            milder.add((one, other))
    assert milder == MILDER_OVERRIDES


# What a relation may tell people to do. A row may have several relations; one of them has to fit.
FITS = {
    "additive_respiratory": {"BREATHING", "BREATHING_HEART", "NALOXONE", "NALOXONE_BREATHS", "POISON"},
    "serotonin": {"SEROTONIN", "SEROTONIN_911", "HYPERTENSIVE", "HEAT"},
    "qt": {"HEART", "HEART_911"},
    "seizure": {"SEIZURE", "SEIZURE_911"},
    "heat": {"HEAT"},
    "pressor": {"HYPERTENSIVE", "HEART", "HEART_911"},
    "bleeding": {"BLEED"},
    "hypotension": {"BP", "BP_911"},
    "hepatic": {"LIVER", "LIVER_POISON"},
    "hyperkalaemia": {"HEART"},
    "hypoglycaemia": {"LOWSUGAR"},
    "aldehyde": {"HEART_911", "EMERG"},
    "cardiac_sensitiser": {"HEART_911"},
    "cocaethylene": {"HEART_911"},
    "withdrawal_precipitation": {"WITHDRAWAL", "WITHDRAWAL_ER"},
    "poison": {"POISON_911"},
    "opposing_masking": {"BREATHING", "BREATHING_HEART", "HEART", "HEART_911", "HEAT", "SEIZURE"},
}
# Milder rows where the prescriber or the pharmacist comes before the ambulance.
ASKS_FIRST = {"caution", "check"}


def _misadvised(row: Row) -> bool:
    relations = row["relation"].split(";")
    if not all(relation in FITS for relation in relations):
        return False
    fitting = set().union(*(FITS[relation] for relation in relations))
    if row["severity"] in ASKS_FIRST:
        fitting.add("PHARMACIST")
    return row["advice"] not in fitting


def test_the_advice_fits_what_the_two_do_together() -> None:
    assert wrong(ROWS, _misadvised) == []


def _only_waits(row: Row) -> bool:
    if row["advice"] != "PHARMACIST":
        return False
    # A level that falls is found by whoever prescribed; a level or an effect that adds up is not waited for.
    return row["severity"] == "dangerous" or (row["severity"] == "serious" and row["relation"] != "pk_down")


def test_a_pair_that_can_kill_never_only_waits_for_a_pharmacist() -> None:
    assert wrong(ROWS, _only_waits) == []


def test_every_row_that_does_harm_names_its_signs() -> None:
    harmful = [(file, row) for file, row in ROWS if row["severity"] in {"dangerous", "serious", "reversal"}]
    assert wrong(harmful, lambda row: not row["signs"]) == []


SLEEPY = ("breath", "sleep", "woken", "gurgl", "drows", "coma", "collapse", "no response", "pass out", "fall", "speech")


def test_slowed_breathing_is_told_by_signs_of_it() -> None:
    kills = [
        (file, row)
        for file, row in ROWS
        if row["relation"] == "additive_respiratory" and row["severity"] == "dangerous"
    ]
    assert kills
    assert wrong(kills, lambda row: not any(word in row["signs"] for word in SLEEPY)) == []


# Medicines that do harm when somebody stops them at once, on their own.
HARM_TO_STOP = {
    "opioid", "methadone", "buprenorphine", "benzodiazepine", "barbiturate", "barbiturate_like", "gabapentinoid",
    "alpha2_agonist", "beta_blocker", "ssri", "snri", "tca", "maoi", "sedating_antidepressant", "bupropion",
    "antidepressant_unspecified", "anticonvulsant", "gaba_b_agonist",
}  # fmt: skip


CLASS_ROWS = [(file, row) for file, row in ROWS if file == "interactions.csv"]


def test_nobody_is_left_to_stop_a_medicine_at_once(knowledge: Knowledge) -> None:
    def kinds(row: Row) -> set[str]:
        return set().union(*(knowledge.families[name] for name in pair(row)))

    harmful = [(f, r) for f, r in CLASS_ROWS if r["severity"] in {"dangerous", "serious"} and kinds(r) & HARM_TO_STOP]
    assert wrong(harmful, lambda row: not row["if_prescribed"]) == []


def test_treatment_for_opioid_use_is_kept() -> None:
    """Whoever takes methadone or buprenorphine is never told to stop it, in any row that names it."""

    def taken_away(row: Row) -> bool:
        text = row["if_prescribed"].lower()
        names = ("methadone", "buprenorphine")
        return any(f"stop {name}" in text.replace(f"not stop {name}", "") for name in names)

    treatment = [(file, row) for file, row in CLASS_ROWS if set(pair(row)) & {"methadone", "buprenorphine"}]
    assert treatment
    assert wrong(treatment, taken_away) == []


# Two of one class. Depressants, stimulants and blood thinners are never mild twice.
NEVER_MILD_TWICE = {
    "opioid": "dangerous", "methadone": "dangerous", "ghb": "dangerous", "alcohol": "serious",
    "benzodiazepine": "serious", "z_drug": "serious", "gabapentinoid": "serious", "buprenorphine": "serious",
    "dissociative": "serious", "dextromethorphan": "serious", "nitrous": "serious", "tianeptine": "serious",
    "nitrite_poppers": "serious", "cocaine": "serious", "stimulant": "serious", "mdma": "serious", "ssri": "serious",
    "maoi": "dangerous", "nsaid": "serious", "acetaminophen": "serious", "alpha2_agonist": "serious",
    "qt_prolonging": "serious",
}  # fmt: skip


def test_two_of_a_kind_are_at_least_as_bad_as_that(knowledge: Knowledge) -> None:
    twice = {name: knowledge.interactions[name, name].severity for name in NEVER_MILD_TWICE}
    assert all(RANK[twice[name]] >= RANK[least] for name, least in NEVER_MILD_TWICE.items()), twice


def test_every_source_says_in_its_first_words_what_was_done(knowledge: Knowledge) -> None:
    starts = ("checked", "looked for", "NOT checked", "seen", "abstract seen", "contra", "strong", "CNS-depressant")
    for name, source in knowledge.sources.items():
        assert source.url_status.startswith(starts), name
    used = {source for _, row in ROWS for source in row["sources"].split(";")}
    assert used <= knowledge.sources.keys()


def test_new_rows_rest_on_a_source_that_somebody_opened(knowledge: Knowledge) -> None:
    """Rows from before 2026-11-25 were carried over from the reviewed draft; later ones need a page that was seen."""
    new = {
        "tyramine_food", "hidden_alcohol", "quinolone", "tetracycline", "polyvalent_cation", "statin_cyp3a4",
        "potassium", "potassium_sparing", "methotrexate", "trimethoprim",
    }  # fmt: skip
    for row in rows("interactions.csv"):
        if new & set(pair(row)):
            seen = [knowledge.sources[source].url_status.startswith("checked") for source in row["sources"].split(";")]
            assert any(seen), pair(row)
