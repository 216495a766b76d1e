"""Which messages are keywords, and that everything else is conversation."""

from pathlib import Path

import pytest

from helpline.sms import Keyword, SmsError, load_keywords

DATA = Path(__file__).parents[3] / "data" / "conversation"
KEYWORDS = load_keywords(DATA)
MEANT = {
    "stop": ["STOP", "Stop!!", "STOP.", " stop ", "“Stop”", "🛑 STOP 🛑", "stopall", "UNSUBSCRIBE", "Cancel", "END",
             "quit", "REVOKE", "OPT OUT", "optout", " opt-out ", "opt  out", "PARAR", "¡Alto!", "Stop texting me.",
             "do not text me", "no more texts"],
    "start": ["START", "unstop", "Start."],
    "help": ["HELP", "help?", "info", "AYUDA", "¿Ayuda?"],
    "link": ["LINK", "web", "Enlace"],
}  # fmt: skip
TALK = (
    "I want to quit", "end it", "stop it", "help my son stop", "please help", "can you help", "i need help",
    "how do i stop", "stop texting my dealer",
    "he wont stop texting me", "quit drinking", "stop yes", "stop 988", "stopped",
    "", " ", "...", "🙏", "yes", "Si", "SÍ", "no",
    "1", "the web", "start over", "alto riesgo", "st op", "stop" + "!" * 80,
)  # fmt: skip


@pytest.mark.parametrize(("means", "text"), [(means, text) for means, texts in MEANT.items() for text in texts])
def test_a_keyword_is_all_of_a_message(means: str, text: str) -> None:
    assert KEYWORDS.means(text) == means


@pytest.mark.parametrize("text", TALK)
def test_everything_else_is_talk(text: str) -> None:
    assert KEYWORDS.means(text) == "" and KEYWORDS.keyword(text) is None


@pytest.mark.parametrize("text", ["YES", "yes.", "Si", "SÍ", "si\u0301", "start"])
def test_a_yes_brings_back_who_had_opted_out(text: str) -> None:
    assert KEYWORDS.means(text, opted_out=True) == "start"


@pytest.mark.parametrize(
    ("text", "keyword"),
    [("parar", Keyword("stop", "es")), ("ayuda", Keyword("help", "es")), ("STOP", Keyword("stop", ""))],
)
def test_a_keyword_tells_its_language(text: str, keyword: Keyword) -> None:
    assert KEYWORDS.keyword(text) == keyword


LAST = len((DATA / "keywords.csv").read_text(encoding="utf-8").splitlines())  # its last line
WRONG = {
    "AGAIN,again,": f"keywords.csv:{LAST + 1}: unknown means 'again'",
    "AGAIN,start,fr": f"keywords.csv:{LAST + 1}: unknown language 'fr'",
    "stop,stop,": f"keywords.csv:{LAST + 1}: 'stop' stands twice",
    "!,stop,": f"keywords.csv:{LAST + 1}: '!' holds no letter",
    ",stop,": f"keywords.csv:{LAST + 1}: empty keyword",
}


@pytest.mark.parametrize(("row", "problem"), WRONG.items())
def test_a_wrong_row_is_named(tmp_path: Path, row: str, problem: str) -> None:
    text = (DATA / "keywords.csv").read_text(encoding="utf-8")
    (tmp_path / "keywords.csv").write_text(text + row + "\n", encoding="utf-8")
    with pytest.raises(SmsError, match=problem):
        load_keywords(tmp_path)


def test_every_meaning_has_a_keyword(tmp_path: Path) -> None:
    (tmp_path / "keywords.csv").write_text("keyword,means,language\nSTOP,stop,\n", encoding="utf-8")
    with pytest.raises(SmsError, match="no keyword means 'start'"):
        load_keywords(tmp_path)
