"""Counts on the held-back messages, never their texts: `python -m tests.held_back`."""

import json
from collections import Counter
from pathlib import Path

from helpline.knowledge import Recogniser, check, load, worst_case
from helpline.knowledge.severity import RANK

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data" / "knowledge"


def main() -> None:
    """Hear every message of interactions.jsonl and print, for each kind, what share was heard rightly."""
    knowledge = load(DATA)
    recogniser = Recogniser(knowledge)
    hits: Counter[tuple[str, str]] = Counter()
    rows = [json.loads(line) for line in (HERE / "interactions.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        mentions = recogniser.hear(row["text"]).mentions
        named = [mention.candidates[0] for mention in mentions if mention.certain]
        asked_back = [mention.candidates for mention in mentions if not mention.certain]
        if asked_back and len(mentions) > 1:
            # What the answer is about while it asks back.
            named += worst_case(knowledge, named, asked_back)
        found = {
            part.lower()
            for name in named
            for part in knowledge.ingredients(name)
            if part not in knowledge.substances or knowledge.substances[part].kind != "class_term"
        }
        wanted = {name.lower() for name in row["substances"]}
        # Whether "subs" counts as naloxone too is a matter of counting: it is inert in there.
        found -= {"naloxone"} - wanted if "buprenorphine" in found else set()
        measures = {"all heard": wanted <= found, "nothing else heard": found <= wanted}
        if row.get("severity_floor"):
            severity = check(knowledge, named).severity if len(named) > 1 else "unknown"
            measures["not understated"] = RANK[severity] >= RANK[row["severity_floor"]]
        for measure, right in measures.items():
            hits[row["kind"], measure] += right
            hits[row["kind"], f"{measure}, of"] += 1
    for kind in dict.fromkeys(row["kind"] for row in rows):
        for measure in ("all heard", "nothing else heard", "not understated"):
            total = hits[kind, f"{measure}, of"]
            if total:
                print(f"{kind:10} {measure:20} {hits[kind, measure]}/{total} ({hits[kind, measure] / total:.3f})")


if __name__ == "__main__":
    main()
