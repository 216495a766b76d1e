"""The parts of the page that list things: substances, classes with their pairs, sources."""

from __future__ import annotations

from collections.abc import Iterable

from bot.facts.book import Book, Entry, Listed
from bot.facts.entries import Articles, Fill, badge, place, worst_first
from bot.facts.markup import anchor, escape, line, link, listing, unique
from bot.facts.words import words
from helpline.knowledge.knowledge import Knowledge


def substances(knowledge: Knowledge, book: Book) -> str:
    """Every substance under the first class it is listed with, with its names, classes and ingredients."""
    places = dict(zip(
        (listed.name for listed in book.substances),
        unique(anchor("s", listed.name) for listed in book.substances),
        strict=True,
    ))  # fmt: skip
    groups: dict[str, list[Listed]] = {name: [] for name in book.descriptions}
    for listed in book.substances:
        groups[listed.classes[0]].append(listed)
    parts = []
    for name, group in groups.items():
        if group:
            items = (f'<li id="{places[each.name]}">{_substance(knowledge, each)}</li>\n' for each in group)
            parts.append(f'<h3>{_label(name)}</h3>\n<ul class="substances">\n{"".join(items)}</ul>\n')
    return "".join(parts)


def _substance(knowledge: Knowledge, listed: Listed) -> str:
    say = words().line
    substance = knowledge.substances[listed.name]
    inert = escape(", ".join(substance.inert_ingredients))
    details = (
        (say("also"), escape(", ".join(listed.names))),
        (say("parts"), escape(", ".join(substance.ingredients))),
        (say("inert"), f"{inert} ({escape(say('inert_why'))})" if inert else ""),
        (say("classes"), ", ".join(link(anchor("c", name), words().label("class", name)) for name in listed.classes)),
    )
    told = "".join(f" <span>{escape(label)}: {content}.</span>" for label, content in details if content)
    return f"<b>{escape(substance.shown)}</b>{told}"


def classes(knowledge: Knowledge, book: Book, articles: Articles) -> str:
    """Every class: what is in it, an index of all its mixes, and the articles of the pairs it stands first in."""
    parts = [_class(knowledge, book, articles, name) for name in book.descriptions]
    return "".join(parts)


def class_list(book: Book) -> str:
    """Links to every class, by what it is called."""
    ordered = sorted(book.descriptions, key=lambda name: words().label("class", name).lower())
    return listing((link(anchor("c", name), words().label("class", name)) for name in ordered), "columns")


def _class(knowledge: Knowledge, book: Book, articles: Articles, name: str) -> str:
    say = words().line
    here = worst_first(entry for entry in book.pairs if name in (entry.a, entry.b))
    own = [entry for entry in here if entry.a == name]
    members = [knowledge.substances[each.name].shown for each in book.substances if name in each.classes]
    narrower = [each for each in book.descriptions if name in knowledge.classes[each].parents]
    content = (
        line(say("table"), f"<code>{escape(name)}</code>. {escape(book.descriptions[name])}."),
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


def _index(name: str, entries: Iterable[Entry]) -> str:
    items = []
    for entry in entries:
        other = entry.b if entry.a == name else entry.a
        text = words().line("both") if other == name else words().label("class", other)
        items.append(f"{badge(entry.severity)} {link(place(entry), text)}")
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
