"""No number grows old unseen, and the page for operators says which to dial."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from helpline.escalation import ContactError
from helpline.escalation.__main__ import main
from helpline.escalation.upkeep import check, document

ROOT = Path(__file__).parents[3]
DATA = ROOT / "data" / "safety"
TODAY = date(2026, 12, 1)


def with_row(tmp_path: Path, row: str) -> Path:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    with (folder / "resources.csv").open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    return folder


def test_every_resource_was_verified_lately() -> None:
    assert check(DATA, TODAY) > 20


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("2026-06-03", "'odd' was verified on 2026-06-03, more than 180 days ago"),
        ("2026-12-02", "'odd' was verified on 2026-12-02, which is still to come"),
        ("2026-13-01", "'odd' was verified on '2026-13-01', which is no day of the calendar"),
    ],
)
def test_a_wrong_day_is_told_with_file_row_and_key(tmp_path: Path, day: str, problem: str) -> None:
    folder = with_row(tmp_path, f"odd,Odd,1,,24/7,en,,source,{day},checked")
    line = len((folder / "resources.csv").read_text(encoding="utf-8").splitlines())
    with pytest.raises(ContactError) as raised:
        check(folder, TODAY)
    assert str(raised.value) == f"resources.csv:{line}: {problem}"


def test_180_days_are_not_too_old(tmp_path: Path) -> None:
    assert check(with_row(tmp_path, "odd,Odd,1,,24/7,en,,source,2026-06-04,checked"), TODAY)


def test_a_hidden_number_grows_old_too(tmp_path: Path) -> None:
    with pytest.raises(ContactError, match="'odd' was verified on 2026-01-01, more than 180 days ago"):
        check(with_row(tmp_path, "odd,Odd,1,,24/7,en,,source,2026-01-01,conflict"), TODAY)


def test_unknown_language_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContactError, match=r"resources.csv:\d+: languages 'xx' are not all of"):
        check(with_row(tmp_path, "odd,Odd,1,,24/7,xx,,source,2026-11-25,checked"), TODAY)


def test_make_check_looks_at_the_days(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "$(PYTHON) -m helpline.escalation" in (ROOT / "Makefile").read_text(encoding="utf-8")

    class LongAfter(date):
        @classmethod
        def today(cls) -> date:
            return date(2030, 1, 1)

    monkeypatch.setattr("helpline.escalation.__main__.date", LongAfter)
    assert main([]) == 1
    assert capsys.readouterr().err.startswith("resources.csv:2: '911' was verified on ")


def test_the_page_for_operators_is_up_to_date() -> None:
    page = (ROOT / "docs" / "resources.md").read_text(encoding="utf-8")
    assert page == document(DATA), "run: python -m helpline.escalation --docs"


def test_the_page_lists_what_to_dial_and_what_is_hidden() -> None:
    dial, _, rest = document(DATA).partition("## Not shown to anybody")
    hidden = rest.partition("## All of them")[0]
    for key in ("crisis_text", "crisis_text_es", "safe_spot", "988_asl", "relay_711"):
        assert f"`{key}`" in dial
    assert "`never_use_alone`" in hidden and "`never_use_alone`" not in dial
