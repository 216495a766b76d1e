"""The chat widget's built files: made from this source, small enough, and with words for every key."""

from __future__ import annotations

import gzip
import re
import unicodedata
from pathlib import Path

import pytest

from bot import widget

ROOT = Path(__file__).resolve().parents[2]
WORDS = widget.words()
LAUNCHER_BYTES, ALL_BYTES = 1_000, 20_000  # compressed
TEXTING_BYTES, PAGE_BYTES = 3_000, 3_000  # what is fetched when it is wanted, and the script of a page of ours
KEYS = re.compile(
    r"""\b(?:say|tell|label|hint)\(?:?\s*\(?["'`]([a-z-]+)["'`]"""
    r"""|announce\(\s*["'`]([a-z-]+)["'`]|data(?:set)?\.\w+ = ["'`]([a-z-]+)["'`]"""
)


def size(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9, mtime=0))


def test_the_built_files_match_their_source(tmp_path: Path) -> None:
    widget.build(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in widget.DIST.iterdir()}
    for name, _ in widget.BUNDLES.values():
        assert (widget.DIST / name).read_bytes() == (tmp_path / name).read_bytes(), "run `make widget`"


def test_the_files_are_within_their_budget() -> None:
    assert size(widget.DIST / "widget.js") <= LAUNCHER_BYTES
    assert size(widget.DIST / "widget.js") + size(widget.DIST / "panel.js") <= ALL_BYTES
    assert size(widget.DIST / "texting.js") <= TEXTING_BYTES
    assert size(widget.DIST / "handoff.js") <= PAGE_BYTES and size(widget.DIST / "try.js") <= PAGE_BYTES


def test_each_bundle_brings_only_its_own_words() -> None:
    said = {name: (widget.DIST / name).read_text(encoding="utf-8") for name in ("panel.js", "texting.js")}
    panel, texting, page = (WORDS["said"][key][0] for key in ("copy", "texting-agree", "link-what"))
    assert panel in said["panel.js"] and texting not in said["panel.js"] and page not in said["panel.js"]
    assert texting in said["texting.js"] and panel not in said["texting.js"]


def used(source: str) -> set[str]:
    """The keys of words that a script names."""
    return {key for found in KEYS.finditer(source) for key in found.groups() if key}


def test_every_key_that_the_source_names_has_words_in_every_language() -> None:
    said = WORDS["said"]
    assert all(all(texts) for texts in said.values())
    for file in sorted((ROOT / "widget" / "src").glob("*.js")):
        assert used(file.read_text(encoding="utf-8")) <= {*said}, file.name


def test_a_key_without_words_is_found() -> None:
    found = used('h("p", { say: "no-such" }); say("nor-this"); this.announce("or-that", "notice"); tell: "this-one"')
    assert found == {"no-such", "nor-this", "or-that", "this-one"}


def test_no_words_are_left_that_nobody_says() -> None:
    files = [*(ROOT / "widget" / "src").glob("*.js"), *(ROOT / "widget").glob("*.html")]
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    composed = ("state-", "severity-", "alarm-")  # the rest of the key is a value
    assert [key for key in WORDS["said"] if not re.search(rf'["\'`.{{]{key}["\'`;)}}]', source)
            and not key.startswith(composed)] == []  # fmt: skip


@pytest.mark.parametrize("at", range(len(widget.LANGUAGES)), ids=widget.LANGUAGES)
def test_what_is_said_offline_is_the_reviewed_emergency_reply(at: int) -> None:
    offline = WORDS["offline"][at]
    assert offline["emergency"]["card"]["call"] == ["911"]
    assert len(offline["emergency"]["card"]["steps"]) >= 5 and "{phone}" in offline["emergency"]["text"]
    assert offline["crisis"]["card"]["call"][0] == "988"
    assert 120 <= offline["wait"]["card"]["timer"] <= 180
    assert len(offline["emergency"]["buttons"]) == 1
    assert hears(offline["emergency"]["buttons"][0]["title"]) == "wait"


def hears(text: str) -> str | None:
    """As widget/src/offline.js does it."""
    plain = unicodedata.normalize("NFD", text.lower())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    plain = re.sub(r"\s+", " ", re.sub("[\u2018\u2019\u02bc`´]", "'", plain))
    return next((kind for kind, pattern in WORDS["patterns"].items() if re.search(pattern, plain)), None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my friend is not waking up he took oxys and bars", "emergency"),
        ("he WON’T wake up", "emergency"),
        ("i cant get her to wake up", "emergency"),
        ("hes not breathing", "emergency"),
        ("shes barely breathing", "emergency"),
        ("his lips are blue", "emergency"),
        ("blue lips and snoring weird", "emergency"),
        ("i think he od'd", "emergency"),
        ("my son overdosed", "emergency"),
        ("she is having a seizure", "emergency"),
        ("he is unresponsive", "emergency"),
        ("i took too many pills", "emergency"),
        ("i have chest pain after coke", "emergency"),
        ("no respira", "emergency"),
        ("mi hermano no despierta", "emergency"),
        ("creo que es una sobredosis", "emergency"),
        ("se desmayó", "emergency"),
        ("i want to kill myself", "crisis"),
        ("im suicidal", "crisis"),
        ("i wanna die", "crisis"),
        ("i dont want to live anymore", "crisis"),
        ("they would be better off without me", "crisis"),
        ("quiero morir", "crisis"),
        ("voy a matarme", "crisis"),
        ("i gave him narcan", "wait"),
        ("le di naloxona", "wait"),
        ("can i mix xanax and percocet", None),
        ("hello", None),
        ("how do i quit drinking", None),
        ("is it ok to drink with antibiotics", None),
        ("mom is breathing down my neck about rehab", None),
        ("i woke up with a headache", None),
        ("puedo tomar tylenol con vino", None),
    ],
)
def test_what_is_heard_without_a_server(text: str, kind: str | None) -> None:
    assert hears(text) == kind
