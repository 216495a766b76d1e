"""The parts of the page that list things: substances, classes with their pairs, sources."""

from __future__ import annotations

from collections.abc import Iterable

from bot.facts.entries import Articles, Fill, badge, place
from bot.facts.markup import anchor, escape, line, link, listing, unique
from bot.facts.rows import other_names, worst_first
from bot.facts.words import words
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.pairs import PairFact
from helpline.knowledge.substances import Substance


def substances(knowledge: Knowledge) -> str:
    """Every substance under the first class it is listed with, with its names, classes and ingredients."""
    known = knowledge.substances
    places = dict(zip(known, unique(anchor("s", name) for name in known), strict=True))
    names = other_names(knowledge)
    groups: dict[str, list[Substance]] = {name: [] for name in knowledge.classes}
    for substance in known.values():
        groups[substance.listed[0]].append(substance)
    parts = []
    for name, group in groups.items():
        if group:
            items = (f'<li id="{places[each.name]}">{_substance(each, names)}</li>\n' for each in group)
            parts.append(f'<h3>{_label(name)}</h3>\n<ul class="substances">\n{"".join(items)}</ul>\n')
    return "".join(parts)


def _substance(substance: Substance, names: dict[str, list[str]]) -> str:
    say = words().line
    inert = escape(", ".join(substance.inert_ingredients))
    details = (
        (say("also"), escape(", ".join(names.get(substance.name, ())))),
        (say("parts"), escape(", ".join(substance.ingredients))),
        (say("inert"), f"{inert} ({escape(say('inert_why'))})" if inert else ""),
        (say("classes"), ", ".join(link(anchor("c", name), words().label("class", name)) for name in substance.listed)),
    )
    told = "".join(f" {escape(label)}: {content}." for label, content in details if content)
    return f"<b>{escape(substance.shown)}</b>{told}"


def classes(knowledge: Knowledge, articles: Articles) -> str:
    """Every class: what is in it, an index of all its mixes, and the articles of the pairs it stands first in."""
    return "".join(_class(knowledge, articles, name) for name in knowledge.classes)


def class_list(knowledge: Knowledge) -> str:
    """Links to every class, by what it is called."""
    ordered = sorted(knowledge.classes, key=lambda name: words().label("class", name).lower())
    return listing((link(anchor("c", name), words().label("class", name)) for name in ordered), "columns")


def _class(knowledge: Knowledge, articles: Articles, name: str) -> str:
    say = words().line
    here = worst_first(row for row in knowledge.interactions.values() if name in row.pair)
    own = [row for row in here if row.pair[0] == name]
    members = [each.shown for each in knowledge.substances.values() if name in each.listed]
    narrower = [each.name for each in knowledge.classes.values() if name in each.parents]
    content = (
        line(say("table"), f"<code>{escape(name)}</code>. {escape(knowledge.classes[name].description)}."),
        line(say("parents"), _links(knowledge.classes[name].parents)),
        line(say("children"), _links(narrower)),
        _members(members),
        f"<p><b>{escape(say('mixes'))}:</b></p>\n{_index(name, here)}"
        if here
        else f"<p>{escape(say('no_rows'))}</p>\n",
        articles.all(own),
        f'<p class="back">{link("classes", say("back"))}</p>\n',
    )
    return f'<section id="{anchor("c", name)}" class="class">\n<h3>{_label(name)}</h3>\n{"".join(content)}</section>\n'


def _members(shown: list[str]) -> str:
    if not shown:
        return f"<p>{escape(words().line('no_members'))}</p>\n"
    summary = f"<summary>{escape(words().line('members'))} ({len(shown)})</summary>"
    return f"<details>{summary}\n<p>{escape('; '.join(shown))}</p></details>\n"


def _index(name: str, rows: Iterable[PairFact]) -> str:
    items = []
    for row in rows:
        other = row.pair[1] if row.pair[0] == name else row.pair[0]
        text = words().line("both") if other == name else words().label("class", other)
        items.append(f"{badge(row.severity)} {link(place(row), text)}")
    return listing(items, "index")


def _links(names: Iterable[str]) -> str:
    return ", ".join(link(anchor("c", name), words().label("class", name)) for name in names)


def _label(name: str) -> str:
    return escape(words().label("class", name))


def sources(knowledge: Knowledge, fill: Fill) -> str:
    """Every source with its publisher, date, and whether anybody has opened it."""
    say = words().line
    parts = []
    for name, source in knowledge.sources.items():
        whence = f"{source.publisher}, {source.date}. {say('source_id')}: {name}."
        about = f"{whence} {say('source_status')}: {source.url_status}."
        told = f"<b>{escape(source.short_title)}</b>: {escape(fill(source.title))}. {escape(about)}"
        parts.append(f'<li id="{anchor("source", name)}">{told}</li>\n')
    return f'<ul class="sources">\n{"".join(parts)}</ul>\n'
