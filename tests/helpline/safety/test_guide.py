"""Every guided emergency: where its steps lead, what they say, and what typed answers they hear and must not hear."""

import csv
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from helpline import safety
from helpline.safety import SafetyError
from helpline.safety.guide import CHOICE

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data" / "safety"
SAFETY = safety.load(DATA)
GUIDE = SAFETY.guide
LANGUAGES = ("en", "es")
LONGEST_TITLE = 30


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


STEPS = rows(DATA / "guide_steps.csv")
PLACES = list(dict.fromkeys(f"{row['guide']}/{row['step']}" for row in STEPS))
GUIDES = list(dict.fromkeys(row["guide"] for row in STEPS))
SPOKEN = [place for place in PLACES if GUIDE.speaks(place)]
# Where a guide may end: help has taken over, or somebody has been reached, who can also turn out to be too late.
FINAL = {"overdose/helped", "took_too_much/they_came", "suicide_other/reached", "withdrawal/came", "child/came"}
ENDLESS = {"suicide_other/reached"}
WAITING = {"overdose/wait", "overdose/second_wait"}
ANSWERS = [(row["place"], row["text"], row["to"]) for row in rows(HERE / "guide_answers.csv")]
BAD_NEWS = [(row["never"], row["text"]) for row in rows(HERE / "bad_news.csv")]
# The answer that says the good news, and where it leads to.
GOOD_NEWS = {
    "breathing": "side",
    "awake": "awake",
    "help_came": "helped they_came came",
    "called_911": "called on_the_way",
    "called_help": "on_the_line",
    "gave_naloxone": "wait second_wait",
    "easier": "easier",
    "moved_away": "moved_away",
    "with_people": "moved_away",
    "none_is_true": "poison_control",
    "it_stopped": "it_passed",
    "not_alone": "with_someone",
}


def leads(place: str) -> list[str]:
    return [button["choice"].removeprefix(CHOICE) for button in GUIDE.buttons(place, "en")]


def reached_from(places: list[str]) -> set[str]:
    found, waiting = set(places), list(places)
    while waiting:
        new = [place for place in leads(waiting.pop()) if place not in found]
        found.update(new)
        waiting += new
    return found


def begins() -> list[str]:
    """Where a conversation enters a guide: the step that a concern of concerns.csv names."""
    return [concern.guide for concern in SAFETY.concerns.values() if concern.guide]


def test_every_step_is_reached_from_a_beginning() -> None:
    assert set(PLACES) == reached_from(begins())


def test_every_guide_has_a_beginning_of_its_own() -> None:
    assert {place.partition("/")[0] for place in begins()} == set(GUIDES)


@pytest.mark.parametrize("place", PLACES)
def test_no_dead_end(place: str) -> None:
    assert bool(leads(place)) == (place not in FINAL - ENDLESS)


@pytest.mark.parametrize("place", PLACES)
def test_a_way_never_leads_to_the_same_step_or_out_of_the_guide(place: str) -> None:
    for to in leads(place):
        assert to != place and to.partition("/")[0] == place.partition("/")[0]


@pytest.mark.parametrize("guide", [guide for guide in GUIDES if guide != "suicide"])
def test_the_end_is_reached_from_every_step(guide: str) -> None:
    own = {place for place in FINAL if place.startswith(f"{guide}/")}
    for place in PLACES:
        if place.startswith(f"{guide}/"):
            assert own <= reached_from([place]), place


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", SPOKEN)
def test_a_step_names_the_numbers_of_its_emergency(place: str, language: str) -> None:
    reply = GUIDE.reply(place, language)
    said = f"{reply.text} {reply.card}"
    concern = SAFETY.concerns[GUIDE.concern(place)]
    assert "911" in said
    if concern.name.startswith("suicide") or place.startswith("suicide"):
        assert "988" in said
    if concern.level == "emergency":
        assert reply.card["kind"] == "emergency" and "911" in reply.card["call"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_titles_are_short_and_differ(place: str, language: str) -> None:
    titles = [button["title"] for button in SAFETY.step(place, language).buttons]
    assert all(0 < len(title) <= LONGEST_TITLE for title in [*titles, GUIDE.again(place, language)["title"]])
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_waiting_steps_count_down(language: str) -> None:
    timed = {place for place in SPOKEN if GUIDE.reply(place, language).card.get("timer")}
    assert timed == WAITING
    for place in WAITING:
        assert 120 <= GUIDE.reply(place, language).card["timer"] <= 180


@pytest.mark.parametrize("place", SPOKEN)
def test_both_languages_say_something_of_their_own(place: str) -> None:
    english, spanish = (GUIDE.reply(place, language) for language in LANGUAGES)
    assert english.text != spanish.text
    assert english.card.get("call") == spanish.card.get("call") and english.card.get("timer") == spanish.card.get(
        "timer"
    )


def test_a_beginning_speaks_with_the_card_of_its_concern() -> None:
    for place in PLACES:
        if not GUIDE.speaks(place):
            assert SAFETY.step(place).text == SAFETY.reply(GUIDE.concern(place)).text


@pytest.mark.parametrize(
    "choice", ["", "guide:", "guide:overdose", "guide:overdose/nowhere", "overdose/wait", "/restart"]
)
def test_only_our_own_buttons_lead_somewhere(choice: str) -> None:
    assert GUIDE.place(choice) == ""


@pytest.mark.parametrize("place", ["", "overdose", "nowhere/start", "overdose/helped"])
def test_nothing_is_heard_at_no_step(place: str) -> None:
    assert GUIDE.hear(place, "he woke up") == ""


@pytest.mark.parametrize(("place", "text", "to"), ANSWERS)
def test_typed_answer(place: str, text: str, to: str) -> None:
    assert GUIDE.hear(place, text).rpartition("/")[2] == to


def test_every_move_is_heard_in_words_of_both_languages() -> None:
    heard = {(place, to) for place, _, to in ANSWERS if to}
    assert len(ANSWERS) >= 200
    assert {to for _, to in heard} >= {place.partition("/")[2] for place in SPOKEN} - {"did_something"}


@pytest.mark.parametrize(
    "text",
    [
        *("thank you", "thanks", "what", "huh?", "wtf", "fuck", "hello?", "are you a bot", "who is this", "lol"),
        *("does my insurance cover this", "do you take medicaid", "can i mix xanax and percocet", "what is kratom"),
        *("how much does it cost", "where are you located", "what time do you open", "gracias", "¿qué?", "..."),
        *("", "🙏🙏", "/restart", "/deny", "is suboxone free", "can i take tylenol with ibuprofen"),
    ],
)
def test_other_things_do_not_move_the_guide(text: str) -> None:
    for place in PLACES:
        assert GUIDE.hear(place, text) == "", place


@pytest.mark.parametrize(("answer", "text"), BAD_NEWS)
def test_bad_news_is_never_heard_as_good_news(answer: str, text: str) -> None:
    wrong = GOOD_NEWS[answer].split()
    for place in PLACES:
        assert GUIDE.hear(place, text).rpartition("/")[2] not in wrong, place


WHO = ("", "he", "she", "my son", "they", "bro")
DENIED = (
    *("is not", "isnt", "isn’t", "aint", "is still not", "isnt even", "was not", "has not been", "is no longer"),
    *("doesnt seem to be", "does not look like he is", "is barely", "is hardly", "never", "might not be", "stopped"),
    *("i dont think hes", "not sure if hes", "cant tell if shes", "idk if hes", "how do i know if hes", "is he"),
    *("i wish he was", "hope he is", "what if he is", "when will he be", "no he is not", "nope not", "please be"),
)
GOOD = (
    *("breathing", "breathing now", "breathing again", "breathing better", "breathing ok", "breathing on his own"),
    *("awake", "awake now", "fully awake", "conscious", "talking", "responding", "sitting up", "up", "waking up"),
    *("coming to", "coming around", "opening his eyes"),
)


def denials() -> Iterator[str]:
    for who, denied, good in product(WHO, DENIED, GOOD):
        yield f"{who} {denied} {good}".strip()


def test_no_denial_is_heard_as_breathing_or_awake() -> None:
    heard = {text: GUIDE.hear("overdose/start", text) for text in denials()}
    wrong = [text for text, to in heard.items() if to in ("overdose/side", "overdose/awake", "overdose/helped")]
    assert not wrong


def test_a_bare_word_answers_only_what_was_just_asked() -> None:
    assert GUIDE.hear("suicide/write_here", "no") == "suicide/nobody_near"
    assert GUIDE.hear("suicide/write_here", "no", just_asked=False) == ""
    assert GUIDE.hear("overdose/start", "he woke up", just_asked=False) == "overdose/awake"


def walk(place: str, texts: list[str]) -> list[str]:
    steps = []
    for text in texts:
        place = GUIDE.hear(place, text)
        steps.append(place.partition("/")[2])
    return steps


WALKS = [
    (
        "overdose/start",
        ["i called 911", "its in", "still not waking up", "gave him another one", "hes breathing now", "he woke up"],
        ["called", "wait", "second", "second_wait", "side", "awake"],
    ),
    (
        "overdose/start",
        [
            "i cant call the cops will come",
            "ok i called",
            "no",
            "no",
            "my neighbor had narcan i gave it",
            "ems is here",
        ],
        ["cannot_call", "called", "breaths", "keep_on", "wait", "helped"],
    ),
    (
        "overdose/start",
        ["ya llamé", "ya se la di", "no despierta", "ya le di otra dosis", "ya despertó", "se durmio otra vez"],
        ["called", "wait", "second", "second_wait", "awake", "again"],
    ),
    (
        "took_too_much/start",
        ["yes", "i called", "im feeling dizzy", "my roommate is here", "the medics are here"],
        ["call_911", "on_the_line", "call_911", "with_someone", "they_came"],
    ),
    (
        "took_too_much/start",
        ["no", "on hold with poison control", "i feel worse", "i called 911", "paramedics got here"],
        ["poison_control", "on_the_line", "call_911", "on_the_line", "they_came"],
    ),
    (
        "suicide/start",
        ["i have the pills in my hand", "i gave them to my mom", "i called 988", "i feel a bit better"],
        ["make_distance", "moved_away", "reached", "easier"],
    ),
    (
        "suicide/start",
        ["i hate talking on the phone", "id rather type", "no", "its getting worse", "im with my neighbor"],
        ["other_ways", "write_here", "nobody_near", "stronger", "moved_away"],
    ),
    (
        "withdrawal/start",
        ["i ran out of my xanax", "im seeing things", "i called 911", "the shaking stopped", "its happening again"],
        ["ran_out", "now", "on_the_way", "it_passed", "on_the_way"],
    ),
    (
        "child/start",
        ["no", "he is throwing up", "i called 911", "the ambulance is here"],
        ["poison_control", "call_911", "on_the_line", "came"],
    ),
]


@pytest.mark.parametrize(("start", "texts", "steps"), WALKS)
def test_walk(start: str, texts: list[str], steps: list[str]) -> None:
    assert walk(start, texts) == steps


WRONG = [
    ("guide_moves.csv", "overdose,nowhere,called,A,B,called_911", "no step 'overdose/nowhere' in guide_steps.csv"),
    (
        "guide_moves.csv",
        "overdose,start,nowhere,A,B,called_911",
        "no step 'overdose/nowhere' in guide_steps.csv, or it says nothing",
    ),
    ("guide_moves.csv", "overdose,start,called,A,B,", "empty answer"),
    ("guide_moves.csv", "overdose,start,called,A,B,sang", "unknown answer 'sang'"),
    ("guide_answers.csv", "awake,he woke,", "'awake' stands twice"),
    ("guide_answers.csv", "odd,,", "empty heard"),
    ("guide_answers.csv", "odd,he @sings,", "'he @sings': unknown group '@sings'"),
    ("guide_answers.csv", "odd,he woke,Not!", "'Not!': 'Not!' is not a plain word"),
    ("guide_steps.csv", "overdose,start,xx,overdose_other,,", "unknown language 'xx'"),
    ("guide_steps.csv", "overdose,odd,en,overdose_other,soon,A", "timer 'soon' is not a number of seconds"),
    ("guide_steps.csv", "overdose,odd,en,nobody,,A", "unknown concern 'nobody'"),
    ("guide_steps.csv", "overdose,odd,en,overdose_other,,[nobody]", "unknown placeholder '[nobody]'"),
    ("guide_steps.csv", "overdose,wait,en,overdose_other,,Again.", "a second text for 'overdose/wait' in 'en'"),
    (
        "guide_steps.csv",
        "overdose,odd,en,overdose_other,,",
        "'overdose/odd' says nothing: only 'start' does, whose words are the concern's card",
    ),
]


@pytest.mark.parametrize(("file", "row", "problem"), WRONG)
def test_a_mistake_is_told_with_its_row(tmp_path: Path, file: str, row: str, problem: str) -> None:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(row + "\n")
    line = len((folder / file).read_text(encoding="utf-8").splitlines())
    with pytest.raises(SafetyError) as raised:
        safety.load(folder)
    assert str(raised.value) == f"{file}:{line}: {problem}"


def without(folder: Path, file: str, beginning: str) -> None:
    lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / file).write_text("".join(line for line in lines if not line.startswith(beginning)), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "beginning", "problem"),
    [
        ("guide_moves.csv", "any,again", "the button that shows the steps once more"),
        ("guide_steps.csv", "overdose,wait,es", "'overdose/wait' says nothing in 'es'"),
        ("guide_steps.csv", "child,start", "no step 'child/start'"),
    ],
)
def test_a_missing_row_is_told(tmp_path: Path, file: str, beginning: str, problem: str) -> None:
    folder = shutil.copytree(DATA, tmp_path / "safety")
    without(folder, file, beginning)
    with pytest.raises(SafetyError, match=problem):
        safety.load(folder)
