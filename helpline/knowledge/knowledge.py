"""All tables of the interaction knowledge, read and checked against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpline.knowledge.asking import Asking, load_asking
from helpline.knowledge.names import Names, load_names, spell
from helpline.knowledge.pairs import (
    Key,
    Known,
    PairFact,
    load_fallbacks,
    load_interactions,
    load_overrides,
    load_rules,
)
from helpline.knowledge.sentences import Fact, Source, load_advice, load_facts, load_sources, load_verdicts
from helpline.knowledge.substances import Substance, SubstanceClass, family, load_classes, load_substances


@dataclass(frozen=True)
class Knowledge:
    """What the helpline knows about substances; `led` remembers which row leads for two sets of classes or tags."""

    classes: dict[str, SubstanceClass]
    families: dict[str, frozenset[str]]
    substances: dict[str, Substance]
    names: Names
    asking: Asking
    interactions: dict[Key, PairFact]
    overrides: dict[Key, PairFact]
    fallbacks: dict[Key, PairFact]
    rules: dict[str, PairFact]
    advice: dict[str, str]
    sources: dict[str, Source]
    verdicts: dict[str, str]
    facts: tuple[Fact, ...]
    led: dict[tuple[str, frozenset[str], frozenset[str]], PairFact | None] = field(default_factory=dict, repr=False)

    def canonical(self, name: str) -> str:
        """The substance's own name for any of its unambiguous names; an unknown name comes back as it is."""
        if name in self.substances:
            return name
        meant = self.names.spoken.get(spell(name), ())
        return meant[0].substance if len(meant) == 1 else name

    def ingredients(self, name: str) -> tuple[str, ...]:
        """The generic names a product counts as (itself when single), inert ones included."""
        substance = self.substances.get(name)
        if substance is None:
            return (name,)
        return substance.parts + substance.inert_ingredients

    def mixed(self, names: Sequence[str]) -> bool:
        """Whether these are a mix: two of them, or one whose name alone means several drugs (a speedball)."""
        return len(names) > 1 or any(name in self.substances and self.substances[name].is_mix for name in names)

    def display(self, name: str) -> str:
        """The words a visitor reads for it, such as `alprazolam (Xanax)`."""
        substance = self.substances.get(name)
        return substance.shown if substance else name


def load(folder: Path) -> Knowledge:
    """All tables in `folder`; raises KnowledgeError with one sentence that names file and row."""
    sources, advice = load_sources(folder), load_advice(folder)
    known = Known(sources=sources, advice=advice)
    classes = load_classes(folder)
    substances = load_substances(folder, classes)
    return Knowledge(
        classes=classes,
        families={name: family(classes, name) for name in classes},
        substances=substances,
        names=load_names(folder, substances),
        asking=load_asking(folder),
        interactions=load_interactions(folder, classes, known),
        overrides=load_overrides(folder, substances, known),
        fallbacks=load_fallbacks(folder, known),
        rules=load_rules(folder, known),
        advice=advice,
        sources=sources,
        verdicts=load_verdicts(folder),
        facts=load_facts(folder, classes, sources),
    )
