"""Every kind of broken row stops the start with one sentence that names file and row."""

# ruff: noqa: E501 (one broken row a line, with its whole error)

import shutil
from pathlib import Path

import pytest

from helpline.knowledge import KnowledgeError, load
from tests.pace import fastest

BROKEN = [
    # file, line to change (0: append), what stands there, what stands there now, the exact error
    ("interactions.csv", 2, "opioid,", "opiod,", "interactions.csv:2: unknown class 'opiod'"),
    ("interactions.csv", 2, ",dangerous,", ",deadly,", "interactions.csv:2: unknown severity 'deadly'"),
    ("interactions.csv", 2, ",dangerous,", ",unknown,", "interactions.csv:2: unknown severity 'unknown'"),
    ("interactions.csv", 2, "FDA2016_OPI_BZD;", "FDA1999;", "interactions.csv:2: unknown source 'FDA1999'"),
    ("interactions.csv", 2, ",BREATHING,", ",BREATHE,", "interactions.csv:2: unknown advice 'BREATHE'"),
    ("interactions.csv", 2, "2026-11-23", "", "interactions.csv:2: empty reviewed"),
    ("interactions.csv", 2, "not signed", "", "interactions.csv:2: empty status"),
    ("interactions.csv", 2, ",not signed", "", "interactions.csv:2: 12 cells where 13 are expected"),
    ("interactions.csv", 2, ",not signed", ",not signed ", "interactions.csv:2: a cell begins or ends with a space, or runs over several lines"),
    ("interactions.csv", 1, "severity", "severety", "interactions.csv:1: missing column 'severity'"),
    ("interactions.csv", 1, "severity,why", "why,severity", "interactions.csv:1: the columns must be class_a,class_b,severity,why,mechanism,signs,sources,relation,evidence,advice,if_prescribed,reviewed,status"),
    ("interactions.csv", 3, "opioid,z_drug", "benzodiazepine,opioid", "interactions.csv:3: the pair 'benzodiazepine' and 'opioid' stands twice"),
    ("interactions.csv", 3, "opioid,z_drug", "opioid,benzodiazepine", "interactions.csv:3: the pair 'opioid' and 'benzodiazepine' stands twice"),
    ("overrides.csv", 2, "tizanidine,", "tizanidin,", "overrides.csv:2: unknown substance 'tizanidin'"),
    ("overrides.csv", 3, "tizanidine,ciprofloxacin", "fluvoxamine,tizanidine", "overrides.csv:3: the pair 'fluvoxamine' and 'tizanidine' stands twice"),
    ("fallbacks.csv", 2, "respiratory_depressant,", "respiratory,", "fallbacks.csv:2: unknown tag 'respiratory'"),
    ("rules.csv", 2, "rescue,", "rescued,", "rules.csv:2: unknown rule 'rescued'"),
    ("rules.csv", 3, "same_drug,", "rescue,", "rules.csv:3: rule 'rescue' stands twice"),
    ("substances.csv", 2, ";opioid_cyp3a4", ";opioid_cyp", "substances.csv:2: unknown class 'opioid_cyp'"),
    ("substances.csv", 2, ",single,", ",alone,", "substances.csv:2: unknown kind 'alone'"),
    ("substances.csv", 2, ",single,,", ",combination,,", "substances.csv:2: a combination with ingredients ''"),
    ("substances.csv", 3, "oxycodone/acetaminophen,", "oxycodone,", "substances.csv:3: substance 'oxycodone' stands twice"),
    ("classes.csv", 3, "opioid_high_potency,opioid,", "opioid_high_potency,opioidd,", "classes.csv:3: unknown class 'opioidd'"),
    ("classes.csv", 3, "opioid_high_potency,opioid,", "opioid_high_potency,opioid_high_potency,", "classes.csv:3: class 'opioid_high_potency' is a kind of itself"),
    ("classes.csv", 2, "cns_depressant;", "cns;", "classes.csv:2: unknown tag 'cns'"),
    ("sources.csv", 3, "FDA2017_MOUD,", "FDA2016_OPI_BZD,", "sources.csv:3: source 'FDA2016_OPI_BZD' stands twice"),
    ("sources.csv", 2, "FDA2016_OPI_BZD,", ",", "sources.csv:2: empty source"),
    ("advice.csv", 3, "BREATHING_HEART,", "BREATHING,", "advice.csv:3: advice 'BREATHING' stands twice"),
    ("facts.csv", 2, "NIDA_OPI_BZD", "NIDA_OPI", "facts.csv:2: unknown source 'NIDA_OPI'"),
    ("facts.csv", 2, "opioid,", "opiate,", "facts.csv:2: unknown class 'opiate'"),
    ("verdicts.csv", 2, "verdict.dangerous,", "verdict.danger,", "verdicts.csv: verdict 'verdict.dangerous' is missing"),
    ("lookalikes.csv", 2, "butorphanol,butorphanol", "butorphanol,butorfanol", "lookalikes.csv:2: unknown substance 'butorfanol'"),
    ("cues.csv", 2, ",mix", ",mixed", "cues.csv:2: unknown cue 'mixed'"),
    ("vague.csv", 2, "allergy medication,", "xanax,", "vague.csv:2: the words 'xanax' are a name in names.csv"),
    ("vague.csv", 3, "allergy medicine,", "allergy medication,", "vague.csv:3: the words 'allergy medication' stand twice"),
    ("vague.csv", 2, "allergy medication,", "allergy medication,here", "vague.csv:2: unknown need 'here'"),
    ("negations.csv", 2, "no,none", "no,nothing", "negations.csv:2: unknown kind 'nothing'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "error"), BROKEN, ids=[f"{c[0]}-{n}" for n, c in enumerate(BROKEN)]
)
def test_a_broken_row_is_named(
    data: Path, tmp_path: Path, file: str, line: int, old: str, new: str, error: str
) -> None:
    folder = shutil.copytree(data, tmp_path / "tables")
    lines = (folder / file).read_text("utf-8").splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    (folder / file).write_text("".join(lines), "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert str(caught.value) == error


ADDED = [
    (
        "names.csv",
        "Xanax,oxycodone,brand,no,\n",
        "the name 'Xanax' means several substances and is not marked ambiguous",
    ),
    ("names.csv", "XANAX,alprazolam,brand,no,\n", "the name 'XANAX' stands twice for 'alprazolam'"),
    ("names.csv", "zorb,zorbamine,brand,no,\n", "unknown substance 'zorbamine'"),
    ("names.csv", "zorb,oxycodone,nickname,no,\n", "unknown kind 'nickname'"),
    ("names.csv", "zorb,oxycodone,street,no,often\n", "unknown common_word 'often'"),
    ("names.csv", "zorb,oxycodone,street,perhaps,\n", "unknown ambiguous 'perhaps'"),
    ("names.csv", "??,oxycodone,street,no,\n", "the name '??' holds no letter or digit"),
    ("names.csv", ",oxycodone,street,no,\n", "empty name"),
    ("classes.csv", "opioid,,,Again\n", "class 'opioid' stands twice"),
    ("overrides.csv", '"a\n', "not readable as CSV (unexpected end of data)"),
]


@pytest.mark.parametrize(("file", "row", "error"), ADDED, ids=[f"{case[0]}-{n}" for n, case in enumerate(ADDED)])
def test_a_broken_new_row_is_named(data: Path, tmp_path: Path, file: str, row: str, error: str) -> None:
    folder = shutil.copytree(data, tmp_path / "tables")
    text = (folder / file).read_text("utf-8")
    (folder / file).write_text(text + row, "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(folder)
    assert str(caught.value) == f"{file}:{len(text.splitlines()) + 1}: {error}"


def test_a_missing_table_is_named(data: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(data, tmp_path / "tables")
    (folder / "sources.csv").unlink()
    with pytest.raises(KnowledgeError, match=r"^sources\.csv: the file is missing$"):
        load(folder)


def test_a_table_in_another_encoding_is_named(data: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(data, tmp_path / "tables")
    (folder / "advice.csv").write_bytes("advice,text\nX,caf\u00e9\n".encode("latin-1"))
    with pytest.raises(KnowledgeError, match=r"^advice\.csv: the file is not UTF-8 text$"):
        load(folder)


def test_an_empty_table_is_named(data: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(data, tmp_path / "tables")
    (folder / "advice.csv").write_text("advice,text\n")
    with pytest.raises(KnowledgeError, match=r"^advice\.csv:1: the table is empty$"):
        load(folder)


def test_loading_takes_at_most_200_ms(data: Path) -> None:
    assert fastest(lambda: load(data), rounds=5) <= 0.2
