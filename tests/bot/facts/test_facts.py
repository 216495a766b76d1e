"""The page, the picture and the checklist say what the tables say: all of it, escaped, and not more."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import textstat

from bot.facts import POLICY, clinical_review, facts_page, severity_matrix
from bot.facts.book import Book, Entry, read_book
from bot.facts.entries import Articles, place, title, worst_first
from bot.facts.markup import escape, unique
from bot.facts.page import STYLE
from bot.facts.review import TREATMENT
from bot.facts.words import words
from helpline.knowledge import Knowledge, load
from helpline.knowledge.severity import ORDER

ROOT = Path(__file__).parents[3]
TABLES = ROOT / "data" / "knowledge"
DOCS = ROOT / "docs"
VOID = {"meta", "link", "br", "hr", "img", "input"}
PHONE = "(844) 000-0000"


def fill(text: str) -> str:
    return text.replace("[phone]", PHONE).replace("[poison_control]", "1-800-000-0000")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(TABLES)


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(TABLES)


@pytest.fixture(scope="module")
def page(knowledge: Knowledge) -> str:
    return facts_page(knowledge, fill)


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


def test_every_row_is_an_article_that_says_everything(knowledge: Knowledge, book: Book, read: Reader) -> None:
    assert set(read.articles) == {place(entry) for entry in book.entries}
    assert len(read.articles) == len(book.entries)
    for entry in book.entries:
        told = " ".join("".join(read.articles[place(entry)]).split())
        wanted = [
            words().find("severity", entry.severity).word,
            title(knowledge, entry),
            entry.why.replace("{a}", "the same drug"),
            *entry.signs,
            fill(knowledge.advice[entry.advice]),
            fill(entry.if_prescribed),
            entry.reviewed,
            *(knowledge.sources[source].short_title for source in entry.sources),
        ]
        for part in wanted:
            assert " ".join(part.split()) in told, (entry.a, entry.b, part)
        if not entry.signed:
            assert "not signed by a clinician" in told


def test_every_class_lists_all_its_pairs(book: Book, page: str) -> None:
    for name in book.descriptions:
        section = page.split(f'<section id="c--{name}" class="class">')[1].split("<section")[0]
        for entry in book.pairs:
            if name in (entry.a, entry.b):
                assert f'href="#{place(entry)}"' in section, (name, entry.a, entry.b)


def test_every_source_stands_with_title_date_and_status(knowledge: Knowledge, read: Reader) -> None:
    said = " ".join("".join(read.said).split())
    for source in knowledge.sources.values():
        for part in (fill(source.title), source.publisher, source.date, source.url_status):
            assert " ".join(part.split()) in said, part


def test_every_substance_stands_with_brand_and_street_names(knowledge: Knowledge, book: Book, page: str) -> None:
    assert len(book.substances) == len(knowledge.substances)
    section = page.split('<section id="substances"')[1].split("</section>")[0]
    assert section.count("<li ") == len(book.substances)
    for listed in book.substances:
        assert f"<b>{escape(knowledge.display(listed.name))}</b>" in section
        assert all(escape(name) in section for name in listed.names)


def test_extra_facts_stand_with_their_pair(book: Book, read: Reader) -> None:
    by_pair = {frozenset((entry.a, entry.b)): place(entry) for entry in book.pairs}
    for extra in book.extras:
        assert extra.text in "".join(read.articles[by_pair[frozenset((extra.a, extra.b))]])


def test_nothing_is_called_safe(knowledge: Knowledge, page: str) -> None:
    said = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    # What a source is called is not ours to word.
    for source in knowledge.sources.values():
        said = said.replace(escape(source.title), "")
    found = re.findall(r".{40}\b(?:safe|safely|safer|harmless|low[- ]risk|fine to|ok to|okay to)\b.{20}", said, re.I)
    assert found == []


def test_no_dose_and_no_waiting_time_in_our_sentences(book: Book) -> None:
    for entry in book.entries:
        told = " ".join((entry.why, *entry.signs, entry.if_prescribed))
        assert not re.search(r"\d\s*(?:mg|mcg|ml|g|hours?|days?|weeks?)\b", told), told


def test_no_placeholder_is_left_and_the_number_is_on_top(page: str) -> None:
    assert not re.search(r"\[[a-z_]+\]|\$[a-z_]+|\{[a-z]+\}", re.sub(r"<style>.*?</style>", "", page, flags=re.S))
    assert page.index(PHONE) < page.index("<h1>")
    assert 'href="tel:+18440000000"' in page


def test_page_is_one_small_file_without_script(page: str, read: Reader) -> None:
    assert len(page.encode()) < 1_500_000
    assert not {"script", "iframe", "form", "link", "img"} & set(read.tags)
    # The content security policy allows no style attribute and no event handler.
    assert not {name for name in read.attributes if name == "style" or name.startswith("on")}


def test_policy_allows_the_style_and_nothing_else(page: str) -> None:
    assert page.count("<style>") == 1
    assert f"<style>{STYLE}</style>" in page
    assert re.search(r"style-src 'sha256-[A-Za-z0-9+/]{43}='", POLICY)
    assert POLICY.startswith("default-src 'none'")


def test_everything_from_tables_is_escaped(knowledge: Knowledge, book: Book) -> None:
    bad = '<b onclick="x">&\'"'
    entry = replace(book.pairs[0], why=bad, signs=(bad,), if_prescribed=bad, reviewed=bad, status=bad)
    article = Articles(knowledge, book, lambda text: text).one(entry)
    assert bad not in article
    assert article.count(escape(bad)) == 5


def test_a_signature_shows(knowledge: Knowledge, book: Book) -> None:
    signed = replace(book.overrides[0], status="signed: A. Person, PharmD, 2027-01-02")
    article = Articles(knowledge, book, fill).one(signed)
    assert "signed: A. Person, PharmD, 2027-01-02" in article
    assert "not signed" not in article


def test_phone_numbers_that_come_from_outside_are_escaped(knowledge: Knowledge) -> None:
    page = facts_page(knowledge, lambda text: text.replace("[phone]", "<i>1</i>").replace("[poison_control]", "2"))
    assert "<i>1</i>" not in page


def test_our_own_sentences_are_easy_to_read() -> None:
    template = (ROOT / "bot" / "facts" / "page.html").read_text()
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>|<nav.*?</nav>", " ", template, flags=re.S)
    said = [re.sub(r"<[^>]+>", " ", re.sub(r"\$\w+", "9", part)) for part in re.findall(r"<p>.*?</p>", text, re.S)]
    sentences = " ".join(said)
    assert textstat.flesch_kincaid_grade(sentences) <= 8
    for severity in ORDER:
        assert textstat.flesch_kincaid_grade(words().find("severity", severity).meaning) <= 8, severity


def test_every_class_and_effect_has_a_plain_word(book: Book) -> None:
    tags = {tag for entry in book.fallbacks for tag in (entry.a, entry.b)}
    missing = [name for name in book.descriptions if not words().knows("class", name)]
    missing += [tag for tag in tags if not words().knows("tag", tag)]
    missing += [entry.a for entry in book.rules if not words().knows("rule", entry.a)]
    assert missing == [], "write a line for each in bot/facts/words.csv"


def test_plain_words_are_distinct_and_letters_too(book: Book) -> None:
    labels = Counter(words().label("class", name) for name in book.descriptions)
    assert [label for label, count in labels.items() if count > 1] == []
    assert len({words().find("severity", severity).letter for severity in ORDER}) == len(ORDER)


def test_a_class_without_a_word_is_shown_by_its_key() -> None:
    assert words().label("class", "brand_new_class") == "brand new class"


def test_worst_first(book: Book) -> None:
    order = [ORDER.index(entry.severity) for entry in worst_first(book.pairs)]
    assert order == sorted(order, reverse=True)


def test_unique_anchors() -> None:
    assert unique(["a", "b", "a", "a-2", "a"]) == ["a", "b", "a-2", "a-2-2", "a-3"]


# The picture


@pytest.mark.parametrize("alone", [True, False])
def test_picture_parses_and_holds_every_pair(knowledge: Knowledge, book: Book, alone: bool) -> None:
    picture = ElementTree.fromstring(severity_matrix(book.pairs, knowledge, alone))
    name_space = "{http://www.w3.org/2000/svg}" if alone else ""
    drawn: Counter[str] = Counter()
    lettered: Counter[str] = Counter()
    for element in picture.iter():
        kind = element.get("class", "")
        if element.tag == f"{name_space}path" and kind in ORDER:
            drawn[kind] += element.get("d", "").count("M")
        if element.tag == f"{name_space}text" and kind.startswith("on-"):
            assert set(element.text or "") == {words().find("severity", kind[3:].split()[0]).letter}
            lettered[kind[3:].split()[0]] += len(element.text or "")
    wanted: Counter[str] = Counter()
    for entry in book.pairs:
        wanted[entry.severity] += 1 if entry.a == entry.b else 2
    legend = Counter({severity: 1 for severity in ORDER if severity != "unknown"})
    assert drawn == lettered == wanted + legend


def test_picture_has_title_and_description(knowledge: Knowledge, book: Book) -> None:
    picture = ElementTree.fromstring(severity_matrix(book.pairs, knowledge))
    assert picture.get("role") == "img"
    described = [element.get("id") for element in picture if element.tag in ("title", "desc") and element.text]
    assert described == (picture.get("aria-labelledby") or "").split()


# What is written to docs


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("clinical-review.md", lambda knowledge, book: clinical_review(knowledge)),
        ("severity-matrix.svg", lambda knowledge, book: severity_matrix(book.pairs, knowledge, alone=True)),
    ],
)
def test_docs_are_up_to_date(
    file: str, made: Callable[[Knowledge, Book], str], knowledge: Knowledge, book: Book
) -> None:
    assert (DOCS / file).read_text(encoding="utf-8") == made(knowledge, book), (
        f"docs/{file} is older than the tables: run `python -m bot.facts --review --matrix`"
    )


def test_checklist_lists_every_row_once_with_a_box(knowledge: Knowledge, book: Book) -> None:
    review = clinical_review(knowledge)
    parts = re.split(r"^## \d\. ", review, flags=re.M)
    boxes = [line for part in (parts[1], parts[2], parts[5]) for line in part.splitlines() if line.startswith("- [")]
    assert len(boxes) == len(book.entries)
    first = [line for line in parts[1].splitlines() if line.startswith("- [")]
    assert len(first) == sum(entry.severity == "dangerous" for entry in book.entries)
    for entry in book.entries:
        named = f"(`{entry.a}`)" if entry.kind == "rule" else f"(`{entry.a}` + `{entry.b}`)"
        assert named in review


def test_checklist_shows_all_treatment_rows_in_part_2(knowledge: Knowledge, book: Book) -> None:
    part = re.split(r"^## \d\. ", clinical_review(knowledge), flags=re.M)[2]
    for entry in book.pairs:
        if TREATMENT & {entry.a, entry.b}:
            assert f"(`{entry.a}` + `{entry.b}`)" in part


def test_checklist_lists_every_if_prescribed_once(knowledge: Knowledge, book: Book) -> None:
    part = re.split(r"^## \d\. ", clinical_review(knowledge), flags=re.M)[3]
    texts = {entry.if_prescribed for entry in book.entries} - {""}
    assert part.count("- [ ] ") + part.count("- [x] ") == len(texts)


def test_a_signed_row_is_ticked(knowledge: Knowledge, tmp_path: Path) -> None:
    for file in TABLES.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    table = tmp_path / "overrides.csv"
    table.write_text(table.read_text().replace("not signed", '"signed: A. Person, PharmD, 2027-01-02"', 1))
    review = clinical_review(knowledge, tmp_path)
    assert review.count("- [x] **") == 1
    assert "signed: A. Person, PharmD, 2027-01-02" in review


DOUBT = re.compile(r"^\| `([^`]+)` \+ `([^`]+)` \| (\w+) \|", re.M)


def test_doubts_speak_of_the_rows_as_they_are(book: Book) -> None:
    doubts = DOUBT.findall((DOCS / "clinical-doubts.md").read_text())
    assert len(doubts) > 25
    rows: dict[frozenset[str], Entry] = {frozenset((row.a, row.b)): row for row in (*book.pairs, *book.overrides)}
    for a, b, severity in doubts:
        row = rows.get(frozenset((a, b)))
        assert row, f"docs/clinical-doubts.md speaks of {a} + {b}, which has no row"
        assert row.severity == severity, f"{a} + {b} is now {row.severity}: close or correct its doubt"
