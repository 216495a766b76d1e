"""The part of the page that answers what is no question about a pair: what a drug is, withdrawal, driving."""

from __future__ import annotations

from bot.facts.entries import Articles
from bot.facts.markup import anchor, escape, link, listing
from bot.facts.words import words
from helpline.knowledge.knowledge import Knowledge
from helpline.knowledge.topics import AVOID, Text, Topics


def topic_links(topics: Topics) -> str:
    """Links to every topic, for the table of contents."""
    return listing(link(anchor("topic", topic), words().label("topic", topic)) for topic in topics.texts)


def answers(topics: Topics, articles: Articles) -> str:
    """Every text under its topic: the one for everything first, then by what it is about."""
    return "".join(_topic(topics, articles, topic) for topic in topics.texts)


def about(knowledge: Knowledge, name: str) -> str:
    """What a text is about, in words; the one with an empty cell fits everything."""
    if not name:
        return words().line("general")
    return words().label("class", name) if name in knowledge.classes else knowledge.display(name)


def answer_place(topic: str, name: str) -> str:
    """Where on the page the text stands."""
    return anchor("a", topic, name or "general")


def _topic(topics: Topics, articles: Articles, topic: str) -> str:
    knowledge, texts = topics.knowledge, topics.texts[topic]
    ordered = sorted(texts, key=lambda name: (name != "", about(knowledge, name).lower()))
    content = "".join(_article(knowledge, articles, topic, name, texts[name]) for name in ordered)
    kinds = _kinds(topics) if topic == AVOID else ""
    heading = f"<h3>{escape(words().label('topic', topic))}</h3>"
    return f'<section id="{anchor("topic", topic)}" class="topic">\n{heading}\n{content}{kinds}</section>\n'


def _article(knowledge: Knowledge, articles: Articles, topic: str, name: str, text: Text) -> str:
    bubbles = "".join(f"<p>{articles.text(bubble)}</p>\n" for bubble in text.bubbles)
    heading = f"<h4>{escape(about(knowledge, name))}</h4>"
    origin = articles.origin(text.sources, text)
    return f'<article id="{answer_place(topic, name)}">\n{heading}\n{bubbles}{origin}</article>\n'


def _kinds(topics: Topics) -> str:
    links = {name: link(anchor("c", name), words().label("class", name)) for name in topics.class_words}
    items = (f"{link_to}: {escape(topics.class_words[name])}" for name, link_to in links.items())
    return f"<p>{escape(words().line('kinds'))}</p>\n{listing(items, 'columns')}"
