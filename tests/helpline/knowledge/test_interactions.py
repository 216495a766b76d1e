"""Which fact answers for which substances, in the order of DESIGN section 4."""

from functools import partial

import pytest

from helpline.knowledge import Knowledge, check, load
from helpline.knowledge.severity import RANK
from tests.helpline.knowledge.conftest import DATA
from tests.pace import fastest

KNOWLEDGE = load(DATA)
NAMES = sorted(KNOWLEDGE.substances)

PAIRS = [
    # substances, severity, the leading finding, its basis
    ("alprazolam, oxycodone/acetaminophen", "dangerous", "alprazolam+oxycodone", "class"),
    ("alprazolam, oxycodone", "dangerous", "alprazolam+oxycodone", "class"),
    ("benzodiazepine, opioid", "dangerous", "benzodiazepine+opioid", "class"),
    ("alcohol, clonazepam", "dangerous", "alcohol+clonazepam", "class"),
    ("alcohol, oxycodone", "dangerous", "alcohol+oxycodone", "class"),
    ("alcohol, heroin", "dangerous", "alcohol+heroin", "class"),
    ("alcohol, zolpidem", "dangerous", "alcohol+zolpidem", "class"),
    ("heroin, cocaine", "dangerous", "heroin+cocaine", "class"),
    ("fentanyl, xylazine", "dangerous", "fentanyl+xylazine", "class"),
    ("methadone, alprazolam", "dangerous", "methadone+alprazolam", "class"),
    ("oxycodone, amphetamine/dextroamphetamine", "dangerous", "oxycodone+amphetamine", "class"),
    ("oxycodone, gabapentin", "dangerous", "oxycodone+gabapentin", "class"),
    ("oxycodone, carisoprodol", "dangerous", "oxycodone+carisoprodol", "class"),
    ("GHB, alcohol", "dangerous", "GHB+alcohol", "class"),
    ("disulfiram, alcohol", "dangerous", "disulfiram+alcohol", "class"),
    ("sertraline, phenelzine", "dangerous", "sertraline+phenelzine", "class"),
    ("sildenafil, nitroglycerin", "dangerous", "sildenafil+nitroglycerin", "class"),
    # An exact override goes before every class row.
    ("tizanidine, fluvoxamine", "dangerous", "tizanidine+fluvoxamine", "override"),
    ("methadone, citalopram", "serious", "methadone+citalopram", "override"),
    ("alprazolam, ketoconazole", "dangerous", "alprazolam+ketoconazole", "override"),
    ("triazolam, nirmatrelvir/ritonavir", "dangerous", "triazolam+ritonavir", "override"),
    ("lithium, ibuprofen", "serious", "lithium+ibuprofen", "override"),
    ("codeine, paroxetine", "serious", "codeine+paroxetine", "override"),
    ("5-MeO-DMT, phenelzine", "dangerous", "5-MeO-DMT+phenelzine", "override"),
    ("5-MeO-DMT, ayahuasca", "dangerous", "5-MeO-DMT+harmala alkaloids", "override"),
    ("triazolam, clarithromycin", "dangerous", "triazolam+clarithromycin", "override"),
    ("triazolam, grapefruit", "dangerous", "triazolam+grapefruit", "override"),
    ("clozapine, nicotine", "serious", "clozapine+nicotine", "override"),
    ("warfarin, sulfamethoxazole/trimethoprim", "serious", "warfarin+sulfamethoxazole", "override"),
    # A broader row never outranks the pair's own; rows about different mechanisms let the worst lead.
    ("sertraline, buspirone", "caution", "sertraline+buspirone", "class"),
    ("fluvoxamine, alprazolam", "serious", "fluvoxamine+alprazolam", "class"),
    ("buprenorphine, efavirenz", "caution", "buprenorphine+efavirenz", "class"),
    ("methadone, amphetamine", "serious", "methadone+amphetamine", "class"),
    ("MDMA, LSD", "caution", "MDMA+LSD", "class"),
    # Medication for opioid use disorder is not scared away, and inert naloxone is not a rescue.
    ("buprenorphine/naloxone, alprazolam", "dangerous", "buprenorphine+alprazolam", "class"),
    ("buprenorphine/naloxone, oxycodone/acetaminophen", "serious", "buprenorphine+oxycodone", "class"),
    ("buprenorphine/naloxone, fentanyl", "serious", "buprenorphine+fentanyl", "class"),
    ("pentazocine/naloxone, oxycodone", "serious", "pentazocine/naloxone+oxycodone", "class"),
    ("nalmefene (oral), oxycodone", "dangerous", "nalmefene (oral)+oxycodone", "class"),
    ("naltrexone, oxycodone", "dangerous", "naltrexone+oxycodone", "class"),
    # A rescue medicine comes first, whatever the other is.
    ("naloxone, heroin", "reversal", "naloxone+heroin", "reversal"),
    ("nalmefene, fentanyl", "reversal", "nalmefene+fentanyl", "reversal"),
    ("naloxone, methadone", "reversal", "naloxone+methadone", "reversal"),
    ("naloxone, buprenorphine/naloxone", "reversal", "naloxone+buprenorphine", "reversal"),
    ("naloxone, lisinopril", "reversal", "naloxone+lisinopril", "reversal"),
    ("naloxone, vitamin", "reversal", "naloxone+vitamin", "reversal"),
    ("naloxone, alprazolam", "check", "naloxone+alprazolam", "reversal"),
    ("heroin, alprazolam, naloxone", "dangerous", "heroin+alprazolam", "class"),
    # The same drug twice, and a shared ingredient.
    ("hydrocodone/acetaminophen, hydrocodone/acetaminophen", "dangerous", "hydrocodone+hydrocodone", "same_drug"),
    ("alprazolam, alprazolam", "serious", "alprazolam+alprazolam", "same_drug"),
    ("buprenorphine, buprenorphine/naloxone", "serious", "buprenorphine+buprenorphine", "same_drug"),
    ("oxycodone, oxycodone/acetaminophen", "dangerous", "oxycodone+oxycodone", "shared_ingredient"),
    ("oxycodone/acetaminophen, acetaminophen", "serious", "acetaminophen+acetaminophen", "shared_ingredient"),
    ("butalbital/acetaminophen/caffeine, acetaminophen", "serious", "acetaminophen+acetaminophen", "shared_ingredient"),
    # Raised for safety until a clinician decides; no source was seen for less.
    ("alcohol, alcohol", "serious", "alcohol+alcohol", "same_drug"),
    ("phenelzine, lithium", "serious", "phenelzine+lithium", "class"),
    ("phenelzine, zolpidem", "serious", "phenelzine+zolpidem", "class"),
    ("naltrexone, tianeptine", "dangerous", "naltrexone+tianeptine", "class"),
    ("oxycodone, metoprolol", "caution", "oxycodone+metoprolol", "class"),
    ("methadone, cocaine", "dangerous", "methadone+cocaine", "class"),
    # Everyday medicines, supplements and food: what the labels say about the ones most people take.
    ("colchicine, clarithromycin", "dangerous", "colchicine+clarithromycin", "class"),
    ("tacrolimus, nirmatrelvir/ritonavir", "dangerous", "tacrolimus+ritonavir", "class"),
    ("cyclosporine, St. John's wort", "serious", "cyclosporine+St. John's wort", "class"),
    ("simvastatin, clarithromycin", "dangerous", "simvastatin+clarithromycin", "class"),
    ("atorvastatin, clarithromycin", "serious", "atorvastatin+clarithromycin", "class"),
    ("red yeast rice, rosuvastatin", "serious", "red yeast rice+rosuvastatin", "class"),
    ("rosuvastatin, gemfibrozil", "serious", "rosuvastatin+gemfibrozil", "class"),
    ("ergotamine, ritonavir", "dangerous", "ergotamine+ritonavir", "class"),
    ("sumatriptan, dihydroergotamine", "dangerous", "sumatriptan+dihydroergotamine", "class"),
    ("clopidogrel, omeprazole", "serious", "clopidogrel+omeprazole", "override"),
    ("sacubitril/valsartan, lisinopril", "dangerous", "sacubitril+lisinopril", "class"),
    ("lisinopril, losartan", "serious", "lisinopril+losartan", "class"),
    ("lisinopril, sulfamethoxazole/trimethoprim", "serious", "lisinopril+trimethoprim", "class"),
    ("isotretinoin, doxycycline", "serious", "isotretinoin+doxycycline", "class"),
    ("isotretinoin, vitamin A", "serious", "isotretinoin+vitamin A", "override"),
    ("tamoxifen, paroxetine", "serious", "tamoxifen+paroxetine", "class"),
    ("warfarin, ginkgo", "serious", "warfarin+ginkgo", "override"),
    ("apixaban, turmeric", "caution", "apixaban+turmeric", "class"),
    ("clopidogrel, fish oil", "caution", "clopidogrel+fish oil", "class"),
    ("warfarin, leafy greens", "caution", "warfarin+leafy greens", "class"),
    ("apixaban, leafy greens", "unknown", "apixaban+leafy greens", "unknown"),
    ("digoxin, amiodarone", "serious", "digoxin+amiodarone", "class"),
    ("allopurinol, azathioprine", "dangerous", "allopurinol+azathioprine", "class"),
    ("carbidopa/levodopa, iron", "caution", "levodopa+iron", "class"),
    ("levothyroxine, caffeine", "caution", "levothyroxine+caffeine", "class"),
    ("iron, tea", "caution", "iron+tea", "class"),
    ("alendronate, calcium", "caution", "alendronate+calcium", "class"),
    ("glipizide, propranolol", "caution", "glipizide+propranolol", "class"),
    ("glyburide/metformin, fluconazole", "serious", "glyburide+fluconazole", "override"),
    ("semaglutide, insulin", "caution", "semaglutide+insulin", "class"),
    ("methotrexate, omeprazole", "serious", "methotrexate+omeprazole", "class"),
    ("dolutegravir, calcium", "caution", "dolutegravir+calcium", "class"),
    ("metoprolol, verapamil", "serious", "metoprolol+verapamil", "class"),
    ("felodipine, grapefruit", "serious", "felodipine+grapefruit", "override"),
    ("tadalafil, riociguat", "dangerous", "tadalafil+riociguat", "class"),
    # Nothing on file.
    ("vitamin, oxycodone", "unknown", "vitamin+oxycodone", "unknown"),
    ("vitamin, oxycodone/acetaminophen", "unknown", "vitamin+oxycodone/acetaminophen", "unknown"),
    ("flurbzol, oxycodone", "unknown", "flurbzol+oxycodone", "unknown"),
    ("flurbzol, zorbamine", "unknown", "flurbzol+zorbamine", "unknown"),
    # A combination is a mix of its own.
    ("codeine/promethazine", "serious", "codeine+promethazine", "class"),
    ("speedball", "dangerous", "cocaine+heroin", "class"),
    ("goofball", "dangerous", "methamphetamine+heroin", "class"),
    ("bars and booze", "dangerous", "alprazolam+alcohol", "class"),
    ("tranq dope", "dangerous", "fentanyl+xylazine", "class"),
    ("benzo dope", "dangerous", "fentanyl+bromazolam", "class"),
    ("candyflip", "caution", "LSD+MDMA", "class"),
    ("codeine/promethazine, alcohol", "dangerous", "codeine+alcohol", "class"),
]  # fmt: skip


@pytest.mark.parametrize(("names", "severity", "pair", "basis"), PAIRS, ids=[case[0] for case in PAIRS])
def test_what_leads(knowledge: Knowledge, names: str, severity: str, pair: str, basis: str) -> None:
    found = check(knowledge, names.split(", "))
    first = found.findings[0]
    assert (found.severity, f"{first.a}+{first.b}", first.basis) == (severity, pair, basis)


def test_fallback_answers_where_no_class_row_does(knowledge: Knowledge) -> None:
    bases = {
        finding.basis
        for one in NAMES[::7]
        for other in NAMES[::11]
        for finding in check(knowledge, [one, other]).findings
    }
    assert {"class", "tag", "unknown"} <= bases


@pytest.mark.parametrize(
    ("names", "count", "severity"),
    [
        (["alprazolam", "oxycodone"], 2, "dangerous"),
        (["alprazolam", "oxycodone", "alcohol"], 3, "dangerous"),
        (["trazodone", "hydroxyzine", "quetiapine"], 3, "dangerous"),
        (["codeine/promethazine", "quetiapine"], 3, "dangerous"),
        (["holy trinity"], 3, "dangerous"),
        (["alprazolam", "alprazolam"], 1, "serious"),
        (["caffeine", "ibuprofen"], 0, None),
        (["oxycodone/acetaminophen", "acetaminophen"], 1, "serious"),
    ],
)
def test_three_depressants_escalate(knowledge: Knowledge, names: list[str], count: int, severity: str | None) -> None:
    found = check(knowledge, names)
    assert found.depressants == count
    assert severity is None or found.severity == severity


def test_every_pair_of_several_is_looked_at(knowledge: Knowledge) -> None:
    found = check(knowledge, ["alprazolam", "oxycodone", "alcohol", "cocaine"])
    assert {frozenset((finding.a, finding.b)) for finding in found.findings} == {
        frozenset(pair)
        for pair in (
            ("alprazolam", "oxycodone"), ("alprazolam", "alcohol"), ("alprazolam", "cocaine"), ("oxycodone", "alcohol"),
            ("oxycodone", "cocaine"), ("alcohol", "cocaine"),
        )
    }  # fmt: skip
    ranks = [RANK[finding.severity] for finding in found.findings]
    assert ranks == sorted(ranks, reverse=True)


def test_one_substance_is_no_pair(knowledge: Knowledge) -> None:
    for name in ("alprazolam", "oxycodone/acetaminophen", "buprenorphine/naloxone", "flurbzol"):
        assert check(knowledge, [name]).findings == ()
    assert check(knowledge, []).severity == "unknown"


@pytest.mark.parametrize(
    ("name", "ingredients"),
    [
        ("oxycodone/acetaminophen", ("oxycodone", "acetaminophen")),
        ("buprenorphine/naloxone", ("buprenorphine", "naloxone")),
        ("alprazolam", ("alprazolam",)),
        ("speedball", ("cocaine", "heroin")),
        ("flurbzol", ("flurbzol",)),
    ],
)
def test_ingredients(knowledge: Knowledge, name: str, ingredients: tuple[str, ...]) -> None:
    assert knowledge.ingredients(name) == ingredients


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("alprazolam", "alprazolam (Xanax)"),
        ("oxycodone/acetaminophen", "oxycodone + acetaminophen (Percocet)"),
        ("alcohol", "alcohol"),
        ("heroin", "heroin"),
        ("benzodiazepine", "benzodiazepines"),
        ("buprenorphine/naloxone", "buprenorphine + naloxone (Suboxone)"),
        ("flurbzol", "flurbzol"),
    ],
)
def test_display(knowledge: Knowledge, name: str, shown: str) -> None:
    assert knowledge.display(name) == shown


def test_twelve_substances_take_at_most_a_millisecond(knowledge: Knowledge) -> None:
    lists = [NAMES[start::97][:12] for start in range(97)]
    times = sorted(fastest(partial(check, knowledge, names), rounds=3) for names in lists)
    assert times[int(len(times) * 0.99)] <= 0.001
