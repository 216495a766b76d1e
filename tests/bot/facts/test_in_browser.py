"""The page in a real browser: on a dark phone, on a desk, by keyboard, and on paper."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.bot.facts.conftest import PHONE
from tests.browser.conftest import chromium  # noqa: F401  (a fixture)

pytestmark = pytest.mark.stack
PHONE_SCREEN = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
# Every kind of part, a few of each: axe takes minutes for all of them.
A_FEW = """() => {
    const drop = (found, most) => [...found].slice(most).forEach(element => element.remove());
    drop(document.querySelectorAll(".class"), 3);
    drop(document.querySelectorAll(".topic"), 2);
    drop(document.querySelectorAll(".substances, #substances h3"), 6);
    for (const part of document.querySelectorAll("section")) drop(part.querySelectorAll(":scope > article"), 4);
    for (const list of document.querySelectorAll(".substances, .sources")) drop(list.children, 3);
}"""
LANDS = "name => Math.round(document.getElementById(name).getBoundingClientRect().top)"


@pytest.fixture
def opened(chromium: Browser, page: str, tmp_path: Path, request: pytest.FixtureRequest) -> Page:  # noqa: F811
    file = tmp_path / "facts.html"
    file.write_text(page, "utf-8")
    context = chromium.new_context(**getattr(request, "param", PHONE_SCREEN))
    request.addfinalizer(context.close)
    tab = context.new_page()
    tab.goto(file.as_uri())
    return tab


@pytest.mark.parametrize(
    "opened",
    [{**PHONE_SCREEN, "color_scheme": "dark"}, {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}],
    indirect=True,
    ids=["dark phone", "light desk"],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(opened: Page) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.evaluate(A_FEW)
    # axe measures contrast where parts would stand that are not laid out yet.
    opened.add_style_tag(content=".class, .topic { content-visibility: visible !important; }")
    found = Axe().run(opened, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found.response["violations"]] == []


def test_links_land_on_what_they_name(opened: Page) -> None:
    for name in ("classes", "c--alcohol", "c--nbome", "p--opioid--alcohol", "topics", "topic--withdrawal", "substances",
                 "sources", "overrides"):  # fmt: skip
        opened.evaluate("name => document.querySelector(`a[href='#${name}']`).click()", name)
        opened.wait_for_timeout(300)
        assert -5 <= opened.evaluate(LANDS, name) <= 12, name


def test_the_first_key_leads_past_the_top(opened: Page) -> None:
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.getAttribute('href')") == "#contents"
    assert opened.locator(".skip").is_visible()


def test_the_browsers_find_reaches_rows_far_below(opened: Page) -> None:
    assert opened.evaluate("window.find('Nardil')")
    assert opened.evaluate("scrollY") > 5000


def test_numbers_stand_on_top_of_the_paper(opened: Page) -> None:
    opened.emulate_media(media="print")
    top = opened.locator(".now")
    assert top.is_visible()
    assert "911" in top.inner_text() and PHONE in top.inner_text() and "988" in top.inner_text()
    assert top.bounding_box()["y"] < 50  # type: ignore[index]
