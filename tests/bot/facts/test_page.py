"""The page says what the tables say: all of it, escaped, and not more."""

import gzip
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import textstat

from bot.facts import POLICY, facts_page
from bot.facts.answers import about, answer_place
from bot.facts.entries import Articles, place, title
from bot.facts.markup import escape, unique
from bot.facts.page import STYLE
from bot.facts.rows import facts, other_names, signable, worst_first
from bot.facts.words import words
from helpline.knowledge import Knowledge
from helpline.knowledge.pairs import PairFact, key
from helpline.knowledge.severity import ORDER
from helpline.knowledge.topics import Text, Topics
from tests.bot.facts.conftest import PHONE, fill

ROOT = Path(__file__).parents[3]
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Reader(HTMLParser):
    """Notes what is opened, closed, named, linked and said."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.said: list[str] = []
        self.levels: list[int] = []
        self.attributes: set[str] = set()
        self.articles: dict[str, list[str]] = {}
        self._article = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.attributes |= set(given)
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "article":
            self._article = given["id"] or ""
            self.articles[self._article] = []
        if tag == "a":
            self.links.append(given.get("href") or "")
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag
        if tag == "article":
            self._article = ""

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.said.append(data)
            if self._article:
                self.articles[self._article].append(data)


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def test_html_is_balanced(read: Reader) -> None:
    assert read.open == []


def test_anchors_are_used_once_and_every_link_arrives(read: Reader) -> None:
    assert [name for name, count in Counter(read.ids).items() if count > 1] == []
    targets = {link[1:] for link in read.links if link.startswith("#")}
    assert targets - set(read.ids) == set()
    assert {link for link in read.links if not link.startswith(("#", "tel:"))} == set()


def test_headings_skip_no_level(read: Reader) -> None:
    assert read.levels[0] == 1
    assert read.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(read.levels, read.levels[1:], strict=False))


def test_every_row_is_an_article_that_says_everything(knowledge: Knowledge, topics: Topics, read: Reader) -> None:
    assert len(read.articles) == len(signable(topics)) - len(knowledge.facts)
    for row in facts(knowledge):
        told = " ".join("".join(read.articles[place(row)]).split())
        wanted = [
            words().find("severity", row.severity).word,
            title(knowledge, row),
            row.why.replace("{a}", "the same drug"),
            *row.signs,
            fill(knowledge.advice[row.advice]),
            fill(row.if_prescribed),
            row.reviewed,
            *(knowledge.sources[source].short_title for source in row.sources),
        ]
        for part in wanted:
            assert " ".join(part.split()) in told, (row.pair, part)
        if not row.signed:
            assert "not signed by a clinician" in told


def test_every_answer_to_another_question_stands_with_sources_date_and_status(
    knowledge: Knowledge, texts: list[tuple[str, str, Text]], read: Reader
) -> None:
    assert len(texts) > 200
    for topic, name, text in texts:
        told = "".join(read.articles[answer_place(topic, name)])
        assert about(knowledge, name) in told
        for bubble in text.bubbles:
            assert words().filled(fill(bubble)) in told, (topic, name)
        assert all(knowledge.sources[source].short_title in told for source in text.sources)
        assert text.reviewed in told
        assert text.signed or "not signed by a clinician" in told


def test_every_topic_is_in_the_contents(topics: Topics, page: str) -> None:
    contents = page.split('<nav id="contents"')[1].split("</nav>")[0]
    for topic in topics.texts:
        assert f'<a href="#topic--{topic}">{escape(words().find("topic", topic).word)}</a>' in contents


def test_words_for_the_kinds_to_leave_apart_stand_with_their_list(topics: Topics, page: str) -> None:
    section = page.split('<section id="topic--avoid_list"')[1].split("</section>")[0]
    for name, said in topics.class_words.items():
        assert f'href="#c--{name}">{escape(words().label("class", name))}</a>: {escape(said)}' in section


def test_every_class_lists_all_its_pairs(knowledge: Knowledge, page: str) -> None:
    for name in knowledge.classes:
        section = page.split(f'<section id="c--{name}" class="class">')[1].split("<section")[0]
        for row in knowledge.interactions.values():
            if name in row.pair:
                assert f'href="#{place(row)}"' in section, (name, row.pair)


def test_every_source_stands_with_title_date_and_status(knowledge: Knowledge, read: Reader) -> None:
    said = " ".join("".join(read.said).split())
    for source in knowledge.sources.values():
        for part in (fill(source.title), source.publisher, source.date, source.url_status):
            assert " ".join(part.split()) in said, part


def test_every_substance_stands_with_brand_and_street_names(knowledge: Knowledge, page: str) -> None:
    section = page.split('<section id="substances"')[1].split("</section>")[0]
    assert section.count("<li ") == len(knowledge.substances)
    assert all(f"<b>{escape(substance.shown)}</b>" in section for substance in knowledge.substances.values())
    names = [name for called in other_names(knowledge).values() for name in called]
    assert {"xanax", "percocet", "1,4-bd"} <= set(names)
    assert all(escape(name) in section for name in names)


def test_extra_facts_stand_with_their_pair(knowledge: Knowledge, read: Reader) -> None:
    for extra in knowledge.facts:
        assert extra.text in "".join(read.articles[place(knowledge.interactions[extra.classes])])


def test_nothing_is_called_safe(knowledge: Knowledge, page: str) -> None:
    said = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    # What a source is called is not ours to word.
    for source in knowledge.sources.values():
        said = said.replace(escape(source.title), "")
    found = re.findall(r".{40}\b(?:safe|safely|safer|harmless|low[- ]risk|fine to|ok to|okay to)\b.{20}", said, re.I)
    assert found == []


def test_no_dose_and_no_waiting_time_in_our_sentences(knowledge: Knowledge, texts: list[tuple[str, str, Text]]) -> None:
    rows = [" ".join((row.why, *row.signs, row.if_prescribed)) for row in facts(knowledge)]
    for told in (*rows, *(" ".join(text.bubbles) for _, _, text in texts)):
        assert not re.search(r"\d\s*(?:mg|mcg|ml|g|hours?|days?|weeks?)\b", told), told


def test_no_placeholder_is_left_and_the_number_is_on_top(page: str) -> None:
    assert not re.search(r"\[[a-z_]+\]|\$[a-z_]+|\{[a-z]+\}", re.sub(r"<style>.*?</style>", "", page, flags=re.S))
    assert page.index(PHONE) < page.index("<h1>")
    assert 'href="tel:+18440000000"' in page


def test_page_is_one_small_file_without_script(page: str, read: Reader) -> None:
    assert len(gzip.compress(page.encode())) < 250_000
    assert not {"script", "iframe", "form", "link", "img"} & set(read.tags)
    # The content security policy allows no style attribute and no event handler.
    assert not {name for name in read.attributes if name == "style" or name.startswith("on")}


def test_policy_allows_the_style_and_nothing_else(page: str) -> None:
    assert page.count("<style>") == 1
    assert f"<style>{STYLE}</style>" in page
    assert re.search(r"style-src 'sha256-[A-Za-z0-9+/]{43}='", POLICY)
    assert POLICY.startswith("default-src 'none'")


def test_everything_from_tables_is_escaped(knowledge: Knowledge) -> None:
    bad = '<b onclick="x">&\'"'
    row = replace(_a_row(knowledge), why=bad, signs=(bad,), if_prescribed=bad, reviewed=bad, status=bad)
    article = Articles(knowledge, lambda text: text).one(row)
    assert bad not in article
    assert article.count(escape(bad)) == 5


def _a_row(knowledge: Knowledge) -> PairFact:
    return knowledge.interactions[key("stimulant", "maoi")]


def test_a_signature_shows(knowledge: Knowledge) -> None:
    signed = replace(_a_row(knowledge), status="signed: A. Person, PharmD, 2027-01-02")
    article = Articles(knowledge, fill).one(signed)
    assert "signed: A. Person, PharmD, 2027-01-02" in article
    assert "not signed" not in article


def test_phone_numbers_that_come_from_outside_are_escaped(topics: Topics) -> None:
    page = facts_page(topics, lambda text: text.replace("[phone]", "<i>1</i>").replace("[poison_control]", "2"))
    assert "<i>1</i>" not in page


def test_our_own_sentences_are_easy_to_read() -> None:
    template = (ROOT / "bot" / "facts" / "page.html").read_text()
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>|<nav.*?</nav>", " ", template, flags=re.S)
    said = [re.sub(r"<[^>]+>", " ", re.sub(r"\$\w+", "9", part)) for part in re.findall(r"<p>.*?</p>", text, re.S)]
    sentences = " ".join(said)
    assert textstat.flesch_kincaid_grade(sentences) <= 8
    for severity in ORDER:
        assert textstat.flesch_kincaid_grade(words().find("severity", severity).meaning) <= 8, severity


def test_every_class_and_effect_has_a_plain_word(knowledge: Knowledge) -> None:
    tags = {tag for pair in knowledge.fallbacks for tag in pair}
    missing = [name for name in knowledge.classes if not words().knows("class", name)]
    missing += [tag for tag in tags if not words().knows("tag", tag)]
    missing += [name for name in knowledge.rules if not words().knows("rule", name)]
    assert missing == [], "write a line for each in bot/facts/words.csv"


def test_plain_words_are_distinct_and_letters_too(knowledge: Knowledge) -> None:
    labels = Counter(words().label("class", name) for name in knowledge.classes)
    assert [label for label, count in labels.items() if count > 1] == []
    assert len({words().find("severity", severity).letter for severity in ORDER}) == len(ORDER)


def test_a_class_without_a_word_is_shown_by_its_key() -> None:
    assert words().label("class", "brand_new_class") == "brand new class"


def test_worst_first(knowledge: Knowledge) -> None:
    order = [ORDER.index(row.severity) for row in worst_first(knowledge.interactions.values())]
    assert order == sorted(order, reverse=True)


def test_unique_anchors() -> None:
    assert unique(["a", "b", "a", "a-2", "a"]) == ["a", "b", "a-2", "a-2-2", "a-3"]
