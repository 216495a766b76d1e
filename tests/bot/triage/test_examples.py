"""The messages that the classifier learns from."""

from pathlib import Path

import pytest

from bot.triage.examples import OF_AN_INTENT, Example, ExamplesError, load_examples

CONCERNS = ("suicide_active", "overdose_other", "violence")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "written", suicide_active="i want to die", overdose_other="he is not waking up")
    (tmp_path / "intents").mkdir()
    return tmp_path


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('__', '-')}.txt").write_text(text + "\n", encoding="utf-8")


def intent(folder: Path, name: str, *texts: str) -> None:
    lines = "\n".join(f"      - {text}" for text in texts)
    block = f'version: "3.1"\nnlu:\n  - intent: {name}\n    examples: |\n{lines}\n'
    (folder / "intents" / f"{name}.yml").write_text(block, encoding="utf-8")


def load(folder: Path) -> list[Example]:
    return load_examples(folder / "written", folder / "intents", CONCERNS)


def test_a_file_is_a_label_and_a_line_a_message(folder: Path) -> None:
    write(folder / "written", none__sad="# how it feels\n\n  i feel low today  \n#1 in my heart")
    assert [each for each in load(folder) if each.label == "none-sad"] == [
        ("i feel low today", "none-sad"),
        ("#1 in my heart", "none-sad"),
    ]


def test_an_intent_gives_messages_without_its_marks(folder: Path) -> None:
    intent(
        folder, "mix", "can i mix [xannies](substance) and [percs]{'entity': 'substance', 'value': 'x'}", "what mixes"
    )
    asked = [each.text for each in load(folder) if each.label == "none-asked"]
    assert asked == ["can i mix xannies and percs", "what mixes"]


def test_a_long_intent_gives_some_of_its_messages_evenly(folder: Path) -> None:
    intent(folder, "mix", *(f"message {number}" for number in range(OF_AN_INTENT * 3)))
    asked = [int(each.text.split()[1]) for each in load(folder) if each.label == "none-asked"]
    assert asked == list(range(0, OF_AN_INTENT * 3, 3))


def test_synonyms_and_lookups_are_no_messages(folder: Path) -> None:
    text = 'version: "3.1"\nnlu:\n  - synonym: xanax\n    examples: |\n      - xannies\n'
    (folder / "intents" / "words.yml").write_text(text, encoding="utf-8")
    assert {each.label for each in load(folder)} == {"suicide_active", "overdose_other"}


@pytest.mark.parametrize("name", ["nonesense", "sad", "Violence", "none_sad"])
def test_an_unknown_label_is_told(folder: Path, name: str) -> None:
    write(folder / "written", **{name: "hello"})
    with pytest.raises(ExamplesError, match=rf"^{name}.txt: '{name}' is neither a concern nor begins with 'none-'\.$"):
        load(folder)


@pytest.mark.parametrize("name", ["suicide_active", "overdose_other"])
def test_a_folder_without_the_gravest_examples_is_told(folder: Path, name: str) -> None:
    (folder / "written" / f"{name}.txt").write_text("# nothing yet\n")
    with pytest.raises(ExamplesError, match=f"no examples of {name}"):
        load(folder)
