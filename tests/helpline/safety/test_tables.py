"""Every mistake in a safety table is told in one sentence with its file and row."""

import csv
import shutil
from pathlib import Path

import pytest

from helpline import safety

DATA = Path(__file__).parents[3] / "data" / "safety"
OPTIONAL = "a pattern must begin and end with something that is not optional"
WRONG = [
    ("phrases.csv", "overdos,took pills,self,,,,full,en", "unknown concern 'overdos'"),
    ("phrases.csv", "overdose_self,took @nothing,self,,,,full,en", "unknown group '@nothing'"),
    ("phrases.csv", "overdose_self,took pills,nobody,,,,full,en", "unknown person 'nobody'"),
    ("phrases.csv", "overdose_self,took pills?,self,,,,full,en", OPTIONAL),
    ("phrases.csv", "overdose_self,took pills,self,,,+sunny,full,en", "unknown context '+sunny'"),
    ("phrases.csv", "overdose_self,Took!,self,,,,full,en", "'Took!' is not a plain word"),
    ("phrases.csv", "overdose_self,took,self,,,,full", "7 cells where 8 are expected"),
    ("context.csv", "negated,not,up,3", "unknown direction 'up'"),
    ("context.csv", "negated,not,forward,far", "reach 'far' is not a number of words"),
    ("words.csv", "friends,@foes", "unknown group '@foes'"),
    ("spellings.csv", "im,i am", "'im' stands twice"),
    ("concerns.csv", "odd,loud,crisis,988,none,,,", "unknown level 'loud'"),
    ("concerns.csv", "odd,urgent,crisis,988,none,,,", "card 'crisis' does not go with level 'urgent'"),
    ("concerns.csv", "odd,crisis,crisis,999,none,,,", "unknown number '999'"),
    ("concerns.csv", "odd,crisis,crisis,988,none,nobody,,", "unknown about_other 'nobody'"),
    ("replies.csv", "odd,en,first,1,Call [nobody].", "unknown placeholder '[nobody]'"),
    ("replies.csv", "odd,en,first,1,Call now.", "'odd' never says [phone] in 'en'"),
    ("replies.csv", "odd,en,close,1,Call [phone].", "'odd' has no first sentence in 'en'"),
    ("replies.csv", "odd,xx,first,1,Call [phone].", "unknown language 'xx'"),
    ("replies.csv", "odd,en,step,2,Call [phone].", "order '2' does not follow the row before"),
    ("replies.csv", "driving,en,text,1,Do not drive.", "a second text for 'driving'"),
    ("replies.csv", "driving,en,text,2,Do not drive.", "order '2' does not follow the row before"),
    ("resources.csv", "odd,Odd,,,24/7,en,,source,2026-11-23,checked", "neither a number nor a text line"),
    ("resources.csv", "odd,Odd,1,,24/7,en,,source,soon,checked", "verified_on 'soon' is not a date such as 2026-11-23"),
    ("resources.csv", "odd,Odd,1,,24/7,en,,,2026-11-23,checked", "empty source"),
    ("resources.csv", "911,Odd,1,,24/7,en,,x,2026-11-23,checked", "'911' stands twice"),
]


@pytest.mark.parametrize(("file", "row", "problem"), WRONG)
def test_error_names_file_and_row(tmp_path: Path, file: str, row: str, problem: str) -> None:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    line = len((folder / file).read_text(encoding="utf-8").splitlines())
    with pytest.raises(safety.SafetyError) as raised:
        safety.load(folder)
    assert str(raised.value) == f"{file}:{line}: {problem}"


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.glob("*.csv")))
def test_missing_table_is_told(tmp_path: Path, file: str) -> None:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    (folder / file).unlink()
    with pytest.raises(safety.SafetyError, match=f"{file}: the file is missing"):
        safety.load(folder)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_concern_without_a_first_text_message_is_told(tmp_path: Path, language: str) -> None:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    kept = (line for line in (folder / "replies.csv").read_text(encoding="utf-8").splitlines(keepends=True))
    without = "".join(line for line in kept if not line.startswith(f"driving,{language},text,"))
    (folder / "replies.csv").write_text(without, encoding="utf-8")
    with pytest.raises(safety.SafetyError, match=f"no text 'driving' in '{language}' for 'driving'"):
        safety.load(folder)


def test_no_row_stands_twice() -> None:
    for path in DATA.glob("*.csv"):
        rows = [tuple(row) for row in csv.reader(path.open(encoding="utf-8"))]
        assert len(rows) == len(set(rows)), path.name
