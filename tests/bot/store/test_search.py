"""Full-text search over what was said, on both databases."""

import sqlite3
import string
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from bot.settings import Settings
from bot.store import Store, conversation_key
from bot.store.database import MIGRATIONS, migrate
from bot.store.filters import Filters
from bot.store.listing import FEW
from bot.store.records import Answer, Words
from bot.store.search import Found, found, pieces, wanted
from bot.store.staff import StaffStore
from tests.bot.store.talks import said, talk, understood

HOSTILE = [
    *('"', "'", "*", "a*b*c", '"unclosed', "NEAR(a b", "a AND", "NOT", "OR OR", "words:x", "{a b}:c", "^a", "-a"),
    *("a + b", "a & | !", "a:*b", "<->", "\\", "%", "_", "\0", "a\0b", "'; DROP TABLE entries; --", "(((", ":said"),
    *("🙂", "½ ² ﬁ", "\ud800", "x" * 10_000, "a " * 5_000, string.punctuation, "İ", "ß", "\u202e", "ا ب", "日本"),
]


def look(staff: StaffStore, words: str, after: str = "", most: int = 50, **asked: str) -> Found:
    return staff.look(lambda db: found(db, words, Filters.read(asked), after, most))


def texts(result: Found) -> list[str]:
    return ["".join(piece for piece, _ in row.pieces) for row in result.rows]


def test_words_are_found_in_all_that_was_said_the_newest_first(talking: Store, reading: StaffStore) -> None:
    talk(talking, "a", "Can I mix Xanax and Percocet?", reply="That mix is dangerous.")
    talk(talking, "b", "My son took percocet")
    assert texts(look(reading, "percocet")) == ["My son took percocet", "Can I mix Xanax and Percocet?"]
    assert texts(look(reading, "PERCOCET xanax")) == ["Can I mix Xanax and Percocet?"]
    assert [row.role for row in look(reading, "mix").rows] == ["bot", "user"]
    assert (
        look(reading, "percocet heroin").rows == [] and look(reading, "").rows == [] and look(reading, "?!").rows == []
    )


def test_the_last_word_may_go_on_and_others_with_a_star(talking: Store, reading: StaffStore) -> None:
    talk(talking, "a", "an overdose of tablets")
    assert len(look(reading, "overd").rows) == 1
    assert len(look(reading, "overd tablets").rows) == 0
    assert len(look(reading, "overd* tabl").rows) == 1


def test_accents_capitals_and_signs_do_not_count(talking: Store, reading: StaffStore) -> None:
    talk(talking, "a", "Crack mañana, CAN'T wait: un niño, 2mg? don’t-know e-mail")
    for words in ("crack", "manana", "MAÑANA", "can’t", "can't", "niño", "2mg", "don't-know", "e mail"):
        assert len(look(reading, words).rows) == 1, words


def test_nothing_that_is_typed_is_an_error(talking: Store, reading: StaffStore) -> None:
    talk(talking, "a", "some words")
    for words in HOSTILE:
        assert look(reading, words).rows == [], words


def test_nothing_that_is_said_keeps_it_from_being_stored(talking: Store, reading: StaffStore) -> None:
    hostile = [each for each in HOSTILE if "\0" not in each and "\ud800" not in each]
    for n, said_text in enumerate(hostile):
        talk(talking, "a", said_text)
        talk(talking, "a", f"zebra{n:02}")
    assert texts(look(reading, "zebra")) == [f"zebra{n:02}" for n in reversed(range(len(hostile)))]


def test_hits_are_marked_and_a_long_text_is_cut_around_them() -> None:
    assert pieces("No Niños here, niño", wanted("nino")) == (
        ("No ", False),
        ("Niños", True),
        (" here, ", False),
        ("niño", True),
    )
    cut = pieces("a " * 200 + "zebra" + " b" * 200, wanted("zebra"))
    assert cut[0] == ("…", False) and cut[-1] == ("…", False) and ("zebra", True) in cut
    assert sum(len(piece) for piece, _ in cut) < 250


@pytest.mark.parametrize("few", [0, FEW])
def test_filters_narrow_a_search(
    talking: Store, reading: StaffStore, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr("bot.store.listing.FEW", few)
    talk(talking, "a", "zebra one", understood("ask_cost", 0.9, "alcohol"), concern="suicide_passive")
    talk(talking, "b", "zebra two", channel="sms")
    assert texts(look(reading, "zebra", substance="alcohol")) == ["zebra one"]
    assert texts(look(reading, "zebra", urgency="urgent")) == ["zebra one"]
    assert texts(look(reading, "zebra", channel="sms")) == ["zebra two"]
    assert look(reading, "zebra", since="nonsense").rows == []
    assert look(reading, "zebra", channel="sms", substance="alcohol").rows == []
    assert look(reading, "zebra", channel="none").rows == []


def test_pages_hold_everything_once(talking: Store, reading: StaffStore) -> None:
    for n in range(11):
        talk(talking, f"t{n % 3}", f"zebra {n}")
    seen: list[str] = []
    after = ""
    while True:
        page = look(reading, "zebra", after, 4)
        seen += texts(page)
        after = page.next
        if not after:
            break
    assert seen == [f"zebra {n}" for n in reversed(range(11))]
    assert look(reading, "zebra", "nonsense").rows == []


def test_what_is_hidden_later_is_not_found_any_more(talking: Store, reading: StaffStore) -> None:
    turn = said(talking, "a", "Wolfgang wants a call")
    form = {"form": {"name": "callback", "asks": "number", "answers": {"name": "Wolfgang wants a call"}}}
    assert len(look(reading, "wolfgang").rows) == 1
    talking.finish(turn, Answer([Words("On what number?")], "answered", 0.1, context=form)).result()
    assert look(reading, "wolfgang").rows == []


def test_a_cleared_chat_is_gone_and_so_are_its_words(talking: Store, reading: StaffStore, either: Settings) -> None:
    for n in range(30):
        talk(talking, f"t{n}", f"ordinary words {n}")
    talk(talking, "a", "the zyzzogeton zyzzyva")
    for n in range(30, 60):
        talk(talking, f"t{n}", f"ordinary words {n}")
    talking.clear(conversation_key("a"), 5).result()
    assert look(reading, "zyzzyva").rows == []
    assert len(look(reading, "ordinary", most=100).rows) == 60
    if reading.engine.dialect.name == "sqlite":
        assert talking.tidy(True).result(10)
        file = Path(str(reading.engine.url.database))
        sqlite3.connect(file).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw = b"".join(each.read_bytes() for each in file.parent.glob("journal.db*"))
        assert b"zyzz" not in raw and b"ordinary" in raw


def test_what_was_said_before_there_was_a_search_is_found(talking: Store, reading: StaffStore) -> None:
    talk(talking, "a", "zebra one")
    talk(talking, "b", "Mañana two")

    def back(db: object) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = db
        command.downgrade(config, "0005")

    reading.change(back)
    migrate(reading.engine)
    talking.sum_up().result()
    assert texts(look(reading, "zebra")) == ["zebra one"] and texts(look(reading, "manana")) == ["Mañana two"]
    talk(talking, "a", "zebra three")
    assert texts(look(reading, "zebra")) == ["zebra three", "zebra one"]
