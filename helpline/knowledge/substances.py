"""What each substance is: its ingredients, its classes, and what those classes are kinds of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from helpline.knowledge.signing import Signable, signing
from helpline.knowledge.tables import KnowledgeError, Row, read

CLASS_COLUMNS = ("class", "parents", "tags", "description")
SUBSTANCE_COLUMNS = (
    "substance", "kind", "ingredients", "inert_ingredients", "classes", "shown", "is_mix", "notes", "reviewed",
    "status",
)  # fmt: skip
KINDS = frozenset({"single", "combination", "class_term", "named_combo"})
TAGS = frozenset(
    "anticholinergic bleeding bradycardia cardiac_sensitiser cns_depressant cns_depressant_mild cyp_inhibitor"
    " dangerous_withdrawal dissociative_tag hepatotoxic hypotensive narrow_index nitrate_tag opioid_antagonist"
    " opioid_like opioid_partial pk poison pressor qt_prolonging respiratory_depressant seizure_threshold serotonergic"
    " serotonergic_receptor serotonergic_weak stimulant_like sympathomimetic tachycardia".split()
)


@dataclass(frozen=True)
class SubstanceClass:
    """A group of substances that interact alike; `parents` says what it is a kind of."""

    name: str
    parents: tuple[str, ...]
    tags: frozenset[str]
    description: str


@dataclass(frozen=True)
class Substance(Signable):
    """One thing a person can take; `classes` holds its `listed` classes and everything those are kinds of."""

    name: str
    kind: str
    ingredients: tuple[str, ...]
    inert_ingredients: tuple[str, ...]
    listed: tuple[str, ...]
    classes: frozenset[str]
    tags: frozenset[str]
    shown: str
    is_mix: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """What has to be checked one by one: the active ingredients, or the substance itself."""
        return self.ingredients or (self.name,)


def load_classes(folder: Path) -> dict[str, SubstanceClass]:
    """The class table; every parent is a known class and nothing is a kind of itself."""
    rows = read(folder, "classes.csv", CLASS_COLUMNS)
    classes: dict[str, SubstanceClass] = {}
    for row in rows:
        if row.needed("class") in classes:
            raise row.wrong(f"class '{row['class']}' stands twice")
        for tag in row.several("tags"):
            if tag not in TAGS:
                raise row.wrong(f"unknown tag '{tag}'")
        classes[row["class"]] = SubstanceClass(
            row["class"], row.several("parents"), frozenset(row.several("tags")), row["description"]
        )
    _check_parents(rows, classes)
    return classes


def family(classes: dict[str, SubstanceClass], name: str) -> frozenset[str]:
    """The class and all that it is a kind of."""
    found = {name}
    for parent in classes[name].parents:
        found |= family(classes, parent)
    return frozenset(found)


def load_substances(folder: Path, classes: dict[str, SubstanceClass]) -> dict[str, Substance]:
    """The substance table; every class is known and every name stands once."""
    families = {name: family(classes, name) for name in classes}
    substances: dict[str, Substance] = {}
    for row in read(folder, "substances.csv", SUBSTANCE_COLUMNS):
        if row.needed("substance") in substances:
            raise row.wrong(f"substance '{row['substance']}' stands twice")
        substances[row["substance"]] = _substance(row, classes, families)
    return substances


def _substance(row: Row, classes: dict[str, SubstanceClass], families: dict[str, frozenset[str]]) -> Substance:
    row.needed("classes")
    reviewed, status = signing(row)
    listed = row.several("classes")
    for name in listed:
        if name not in classes:
            raise row.wrong(f"unknown class '{name}'")
    kind = row.one_of("kind", KINDS)
    if (kind in {"combination", "named_combo"}) != bool(row["ingredients"]):
        raise row.wrong(f"a {kind} with ingredients '{row['ingredients']}'")
    closure = frozenset(member for name in listed for member in families[name])
    return Substance(
        reviewed=reviewed,
        status=status,
        name=row["substance"],
        kind=kind,
        ingredients=row.several("ingredients"),
        inert_ingredients=row.several("inert_ingredients"),
        listed=listed,
        classes=closure,
        tags=frozenset(tag for name in closure for tag in classes[name].tags),
        shown=row.needed("shown"),
        is_mix=row.one_of("is_mix", ("yes", "no")) == "yes",
    )


def _check_parents(rows: tuple[Row, ...], classes: dict[str, SubstanceClass]) -> None:
    for row in rows:
        for parent in row.several("parents"):
            if parent not in classes:
                raise row.wrong(f"unknown class '{parent}'")
    for row in rows:
        try:
            family(classes, row["class"])
        except RecursionError:
            raise KnowledgeError(f"{row.file}:{row.line}: class '{row['class']}' is a kind of itself") from None
