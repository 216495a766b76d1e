"""How fast an emergency card comes under every fault: `python -m tests.bench.faults [word in a fault's name]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.faults.faults import Rasas, Room, faults
from tests.pace import slowness

HEAD = "| fault | emergencies | of them stored at once | p50 ms | p95 ms | slowest ms |\n|---|---|---|---|---|---|"


def main() -> int:
    """Make every fault and print the table; 1 when a fault broke a promise."""
    word, broken = (sys.argv[1] if len(sys.argv) > 1 else ""), 0
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="firstlight-faults-") as name:
        rasas = Rasas(Path(name))
        try:
            for number, fault in enumerate(faults(rasas.server)):
                if word not in fault.name:
                    continue
                folder = Path(name) / str(number)
                folder.mkdir()
                try:
                    with rasas.behind(fault) as rasa:
                        print(fault.run(Room(folder, rasa)).row(fault.name), flush=True)
                except AssertionError as error:
                    broken += 1
                    print(f"| {fault.name} | **{str(error).splitlines()[0]}** | | | | |", flush=True)
        finally:
            rasas.stop()
    print(f"\nThis machine was {slowness():.1f} times as slow as a quiet one (tests/pace.py).")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
