"""Turns a check into what a visitor reads: at most three short bubbles and a card with every pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from helpline.knowledge.interactions import RESCUE, Check, Finding
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import key

TREATMENT = frozenset({"methadone", "buprenorphine"})
PRESCRIBED_BESIDE = frozenset({"benzodiazepine", "z_drug", "gabapentinoid"})
MOST_SIGNS = 5
MOST_SOURCES = 4


@dataclass(frozen=True)
class Answer:
    """`bubbles` are said in order; `card` is the interaction card of DESIGN section 3 with `facts` added."""

    bubbles: tuple[str, ...]
    card: dict[str, Any]


def answer(knowledge: Knowledge, check: Check, unknown: Sequence[str] = ()) -> Answer:
    """The answer in its fixed order: verdict, why, what to watch for, what to do, prescribed, sources, number."""
    bubbles = [verdict(knowledge, check, unknown)]
    if check.findings:
        worst = check.findings[0]
        bubbles += [_what_to_do(knowledge, check, worst), _last(knowledge, worst)]
    else:
        bubbles.append(knowledge.verdicts["number"])
    return Answer(tuple(bubble for bubble in bubbles if bubble), card(knowledge, check))


def in_short(knowledge: Knowledge, check: Check) -> Answer:
    """The verdict, what to do, and the card, for an answer that says other things too."""
    return Answer(answer(knowledge, check).bubbles[:2], card(knowledge, check))


def card(knowledge: Knowledge, check: Check) -> dict[str, Any]:
    """The card: every pair with its sources, the extra facts, and the oldest review date among the rows."""
    return {
        "kind": "interaction",
        "severity": check.severity,
        "substances": [knowledge.display(name) for name in dict.fromkeys(check.substances)],
        "pairs": [_card_pair(knowledge, finding) for finding in check.findings],
        "facts": list(_facts(knowledge, check)),
        "reviewed": min((finding.reviewed for finding in check.findings), default=None),
    }


def verdict(knowledge: Knowledge, check: Check, unknown: Sequence[str] = ()) -> str:
    """The first bubble: the verdict on the worst pair and why, and which names are not known."""
    verdicts = knowledge.verdicts
    said: list[str] = []
    if check.findings:
        worst = check.findings[0]
        said += [_first_sentence(knowledge, check, worst), worst.why]
    if check.depressants >= 3:
        said.append(verdicts["depressants"].replace("{count}", str(check.depressants)))
    if unknown:
        said.append(verdicts["unknown_name"].replace("{names}", listed(knowledge, unknown)))
    return " ".join(dict.fromkeys(said))


def _first_sentence(knowledge: Knowledge, check: Check, worst: Finding) -> str:
    """The verdict; a rescue medicine among what was named is to be given, and is never counted among the mix."""
    mix = [name for name in dict.fromkeys(check.substances) if RESCUE not in _classes(knowledge, name)]
    pair = worst.of if worst.of[0] != worst.of[1] or worst.basis == "same_drug" else (worst.a, worst.b)
    text = _frame(knowledge, check, worst, len(mix))
    if worst.basis == "reversal":
        pair = _rescue_first(knowledge, pair)
    everything = listed(knowledge, [knowledge.display(name) for name in mix])
    names = {"{a}": knowledge.display(pair[0]), "{b}": knowledge.display(pair[1]), "{all}": everything}
    for mark, name in names.items():
        text = text.replace(mark, name)
    return " ".join((*_give(knowledge, check, worst), text[:1].upper() + text[1:]))


def _frame(knowledge: Knowledge, check: Check, worst: Finding, count: int) -> str:
    verdicts = knowledge.verdicts
    if worst.basis == "reversal":
        return verdicts["verdict.reversal"]
    if count > 2:
        return verdicts[f"many.{check.severity}"]
    relations = ("treatment",) if _treatment(knowledge, worst) else (worst.basis, *worst.relation)
    wanted = [f"verdict.{check.severity}.{relation}" for relation in relations]
    return next((verdicts[name] for name in wanted if name in verdicts), verdicts[f"verdict.{check.severity}"])


def _give(knowledge: Knowledge, check: Check, worst: Finding) -> list[str]:
    """That a rescue medicine which was named beside a worse pair is to be given."""
    rescue = [name for name in check.substances if RESCUE in _classes(knowledge, name)]
    if not rescue or worst.basis == "reversal":
        return []
    text = knowledge.verdicts["verdict.reversal"].replace("{a}", knowledge.display(rescue[0]))
    return [text]


def _treatment(knowledge: Knowledge, worst: Finding) -> bool:
    """Whether a treatment medicine stands beside one that is often prescribed with it: nobody must stop either."""
    pair = [_classes(knowledge, name) for name in (worst.a, worst.b)]
    return any(one & TREATMENT and other & PRESCRIBED_BESIDE for one, other in (pair, pair[::-1]))


def _what_to_do(knowledge: Knowledge, check: Check, worst: Finding) -> str:
    said = []
    if worst.signs:
        said.append(knowledge.verdicts["watch"].replace("{signs}", ", ".join(worst.signs[:MOST_SIGNS])))
    advice = knowledge.advice[worst.advice]
    said.append(advice)
    rescue = any(finding.basis == "reversal" for finding in check.findings)
    if rescue and worst.basis != "reversal" and "naloxone" not in advice:
        said.append(knowledge.verdicts["rescue_too"])
    return " ".join(said)


def _last(knowledge: Knowledge, worst: Finding) -> str:
    said = [worst.if_prescribed]
    told = worst.if_prescribed.lower()
    if worst.basis != "reversal":
        if "suddenly" not in told:
            said.append(knowledge.verdicts["keep_taking"])
        if not any(person in told for person in ("prescriber", "clinic", "program", "doctor", "pharmacist", "team")):
            said.append(knowledge.verdicts["call_prescriber"])
    if worst.basis != "unknown":
        titles = dict.fromkeys(knowledge.sources[source].short_title for source in worst.sources)
        said.append(knowledge.verdicts["sources"].replace("{sources}", ", ".join(list(titles)[:MOST_SOURCES])))
    said.append(knowledge.verdicts["number"])
    return " ".join(part for part in said if part)


def _card_pair(knowledge: Knowledge, finding: Finding) -> dict[str, Any]:
    return {
        "a": knowledge.display(finding.a),
        "b": knowledge.display(finding.b),
        "severity": finding.severity,
        "why": finding.why,
        "signs": list(finding.signs),
        "sources": _titles(knowledge, finding.sources),
    }


def _facts(knowledge: Knowledge, check: Check) -> Iterator[dict[str, Any]]:
    pairs = {
        key(one, other)
        for finding in check.findings
        for one in _classes(knowledge, finding.a)
        for other in _classes(knowledge, finding.b)
    }
    told: set[str] = set()
    for fact in knowledge.facts:
        if fact.classes in pairs and fact.text not in told:
            told.add(fact.text)
            yield {"text": fact.text, "sources": _titles(knowledge, fact.sources)}


def _classes(knowledge: Knowledge, name: str) -> frozenset[str]:
    substance = knowledge.substances.get(name)
    return substance.classes if substance else frozenset()


def _rescue_first(knowledge: Knowledge, pair: tuple[str, str]) -> tuple[str, str]:
    return pair if RESCUE in _classes(knowledge, pair[0]) else (pair[1], pair[0])


def _titles(knowledge: Knowledge, sources: Sequence[str]) -> list[str]:
    found = (knowledge.sources[source] for source in sources)
    return [f"{source.publisher}: {source.title} ({source.date})" for source in found]


def listed(knowledge: Knowledge, names: Sequence[str]) -> str:
    """The names as one reads them aloud: `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return " ".join((", ".join(names[:-1]), knowledge.verdicts["and"], names[-1]))
