"""The looks of the console stay quick: a small version of `make bench-staff`, with generous limits."""

from bot.settings import Settings
from tests.bench.staff import measure

COUNT, MOST_LIST, MOST_SEARCH = 2000, 100, 200  # milliseconds in which this process works, on a slow machine


def test_every_look_is_quick(either: Settings) -> None:
    figures = measure(either.database_url, COUNT, rounds=3)
    for name, (_, _, worked) in figures.items():
        if not name.startswith(("scan", "purge")):
            assert worked < (MOST_SEARCH if name in ("search", "night") else MOST_LIST), (name, worked)
