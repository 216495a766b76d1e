"""The measuring itself, on a widget made for it, of which every figure is known."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench.widget.backends import ANSWER
from tests.bench.widget.measure import on_a_bad_phone, one_answer, work
from tests.bench.widget.site import Site
from tests.bench.widget.visit import NeverCame, Visit, chromium
from tests.bench.widget.widgets import Widget

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

WIDGET = Widget("known", input="role=textbox[name='Words']", launcher="role=button[name='Talk']")
# Works hard, keeps two things and a cookie, asks elsewhere, and fetches what it needs more of on a tap.
SCRIPT = """
let sum = 0;
for (let n = 0; n < 1e7; n++) sum += Math.sqrt(n);
localStorage.a = localStorage.b = sessionStorage.c = document.cookie = "d=1";
fetch("https://example.org/").catch(() => {});
const talk = Object.assign(document.createElement("button"), { textContent: "Talk" });
document.querySelector("main").append(talk);
talk.onclick = () =>
  document.body.append(Object.assign(document.createElement("script"), { src: "/known/files/more.js" }));
"""
MORE = """
const input = Object.assign(document.createElement("input"), { ariaLabel: "Words" });
const answers = document.createElement("div");
answers.attachShadow({ mode: "open" });
document.querySelector("main").append(input, answers);
input.focus();
input.onkeydown = ({ key }) => {
  if (key === "Enter") answers.shadowRoot.append(document.querySelector("template").content);
};
"""
EMBED = """<template><p>{answer}</p>{replies}<img src="/known/files/dot.svg"></template>
<script src="/known/files/first.js"></script>"""
DOT = '<svg xmlns="http://www.w3.org/2000/svg"/>'
REPLIES = {
    "yes": "<button>Yes</button><button>No</button>",
    "no": "<button>Yes</button><div>No</div>",
    "with arrow keys": '<button onkeydown="if (event.key === `ArrowRight`) this.nextSibling.focus()">Yes</button>'
    '<button tabindex="-1">No</button>',
    "none offered": "<button>Yes</button>",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a page with the widget; the quick replies of its answer are the test's parameter."""
    for name, content in (("first.js", SCRIPT), ("more.js", MORE), ("dot.svg", DOT)):
        (tmp_path / name).write_text(content)
    replies = REPLIES[getattr(request, "param", "yes")]
    with Site({"known": EMBED.format(answer=ANSWER, replies=replies)}, {"known": tmp_path}) as site:
        yield f"{site.url}/known/"


def size(*files: str) -> int:
    return sum(len(gzip.compress(file.encode(), 9, mtime=0)) for file in files)


@pytest.mark.parametrize(("page", "by_tab"), [(kind, kind) for kind in REPLIES], indirect=["page"])
def test_one_answer(browser: Browser, page: str, by_tab: str) -> None:
    picture_without_words = 1
    expected = (size(SCRIPT), size(SCRIPT, MORE, DOT), 1, 1, 2, picture_without_words, by_tab)
    assert one_answer(browser, WIDGET, page) == expected


def test_files_of_the_page_do_not_count(browser: Browser, page: str) -> None:
    widget = Widget("known", WIDGET.input, WIDGET.launcher, frozenset({"/known/files/first.js"}))
    with Visit(browser, widget, page) as visit:
        visit.go()
        visit.page.wait_for_load_state()
        assert visit.bytes() == 0


def test_work(browser: Browser, page: str) -> None:
    script, task = work(browser, WIDGET, page)
    bare_script, bare_task = work(browser, WIDGET, page, scripts=False)
    assert script > 0.02 and bare_script < 0.005
    assert task >= script and bare_task < task


def test_a_bad_phone(browser: Browser, page: str) -> None:
    launcher, tapped, focused = on_a_bad_phone(browser, WIDGET, page)
    assert launcher is not None and launcher >= 0.4  # one way to the page
    assert tapped >= 0.4  # one way to the second script
    assert focused


def test_what_never_comes_is_said(browser: Browser, page: str) -> None:
    with Visit(browser, Widget("known", "#nothing"), page) as visit:
        visit.go()
        with pytest.raises(NeverCame, match="the input did not come within 1 seconds"):
            visit.wait_for("the input", visit.input.is_visible, limit=1)
