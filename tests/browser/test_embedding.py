"""The widget on somebody else's website, as docs/embed.md tells its owner to put it there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn
from tests.bot.frontdoor.running_door import OVERDOSE, RunningDoor
from tests.browser.canned import MIX
from tests.browser.host import Host, page, policy, told, two_lines
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

PHONE = "(844) 557-8575"
CALL = "a[href='tel:+18445578575']"
DUE = 8_000
# What is not seen from outside: violations of a policy, and what the browser keeps.
VIOLATIONS = """window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));"""
KEPT = """async () => ({
  cookie: document.cookie,
  local: localStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: self.caches ? (await caches.keys()).length : 0,
  workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
  tab: Object.keys(sessionStorage).filter((key) => !key.startsWith("helpline-chat.")),
})"""
NOTHING = {"cookie": "", "local": 0, "databases": 0, "caches": 0, "workers": 0, "tab": []}
Visit = Callable[..., Tab]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A site that ALLOWED_ORIGINS names."""
    site = Host()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def door(door_rasa: RasaStandIn, host: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    """A front door that knows the site."""
    folder = tmp_path_factory.mktemp("door")
    running = RunningDoor(folder, door_rasa.port, ALLOWED_ORIGINS=f"https://www.example.org {host.origin}").start()
    running.wait_for_store()
    yield running
    running.stop()


@pytest.fixture
def visit(door_tab: Callable[..., Tab], host: Host) -> Visit:
    """Serves a page of the site, and goes there."""

    def go(html: str, headers: dict[str, str] | None = None, site: Host = host, **options: object) -> Tab:
        tab = door_tab(**options)
        tab.base = site.serve(html, headers)
        tab.page.add_init_script(VIOLATIONS)
        tab.page.goto(tab.base)
        return tab

    return go


@pytest.fixture
def lines(door_url: str) -> str:
    """The two lines of docs/embed.md."""
    return two_lines(door_url)


def launcher(tab: Tab) -> Locator:
    return tab.page.get_by_role("button", name="Chat with us")


def call(tab: Tab, number: str = PHONE) -> Locator:
    """The call link that can be seen before the chat is open."""
    return tab.page.get_by_role("link", name=f"Call {number}")


def tap(tab: Tab) -> None:
    launcher(tab).click()
    expect(tab.input).to_be_focused()


def texts(tab: Tab) -> list[str]:
    return tab.log.locator(".text").all_text_contents()


def converse(tab: Tab) -> None:
    """A question and its card, a quick reply, an emergency, a reload."""
    tap(tab)
    tab.ask(MIX)
    expect(tab.log.locator(".card.interaction")).to_be_visible()
    count = tab.log.locator(".message.bot").count()
    tab.log.get_by_role("button", name="Not yet").click()
    expect(tab.answer(count + 1).last).to_contain_text("echo /deny")
    tab.ask(OVERDOSE, count + 2)
    expect(tab.log.locator(".card.emergency a.big[href='tel:911']")).to_be_in_viewport()
    before = texts(tab)
    tab.page.reload()
    expect(tab.log.locator(".text")).to_have_text(before)
    expect(tab.log.locator(".card.emergency")).to_have_count(1)


def unharmed(tab: Tab, door_url: str) -> None:
    """Nothing was complained of, and nobody but the front door was asked."""
    assert tab.complaints == []
    assert tab.page.evaluate("window.violations") == []
    assert {url[: len(door_url) + 1] for url in tab.elsewhere} == {f"{door_url}/"}


# ---- the two lines


def test_two_lines_are_a_whole_conversation_that_leaves_nothing_behind(visit: Visit, lines: str, door_url: str) -> None:
    tab = visit(page(lines))
    converse(tab)
    unharmed(tab, door_url)
    assert tab.page.evaluate(KEPT) == NOTHING
    assert tab.page.context.cookies() == []
    tab.page.goto(door_url)
    assert tab.page.evaluate(KEPT) == NOTHING


def test_nothing_but_widget_js_is_requested_before_the_tap(visit: Visit, lines: str, door_url: str) -> None:
    tab = visit(page(lines))
    expect(launcher(tab)).to_be_visible()
    tab.page.wait_for_load_state("networkidle")
    assert tab.elsewhere == [f"{door_url}/widget.js"]
    tap(tab)
    assert tab.elsewhere == [f"{door_url}/widget.js", f"{door_url}/panel.js?0"]


def test_a_site_that_is_not_named_still_helps(visit: Visit, lines: str, request: pytest.FixtureRequest) -> None:
    stranger = Host()
    request.addfinalizer(stranger.stop)
    tab = visit(page(lines), site=stranger)
    expect(call(tab)).to_be_visible()
    tap(tab)
    tab.send(OVERDOSE)
    expect(tab.log.locator(".card.emergency a.big[href='tel:911']")).to_be_visible(timeout=DUE)
    expect(tab.log.locator(f".card.emergency {CALL}")).to_be_visible()
    tab.send("is it ok to drink")
    expect(tab.log.locator(f".card.helpline {CALL}")).to_be_visible(timeout=DUE)


def test_without_javascript_the_link_shows(visit: Visit, lines: str) -> None:
    tab = visit(page(lines), java_script_enabled=False)
    expect(call(tab)).to_be_visible()


# ---- Content-Security-Policy


def test_the_policy_of_the_page_is_all_it_needs(visit: Visit, lines: str, door_url: str) -> None:
    headers = {
        **policy("default-src 'none'; script-src https", door_url),
        "Cross-Origin-Embedder-Policy": "require-corp",
    }
    tab = visit(page(lines), headers)
    converse(tab)
    unharmed(tab, door_url)


def test_a_nonce_with_strict_dynamic_is_enough(visit: Visit, lines: str, door_url: str) -> None:
    script = told("<script nonce", door_url)
    tab = visit(
        page(script + lines.partition("</script>")[2]), policy("default-src 'none'; script-src 'nonce", door_url)
    )
    converse(tab)
    unharmed(tab, door_url)


@pytest.mark.parametrize("directive", ["script-src", "connect-src"])
def test_the_policy_has_no_directive_too_many(visit: Visit, lines: str, door_url: str, directive: str) -> None:
    ((name, value),) = policy("default-src 'none'; script-src https", door_url).items()
    tab = visit(page(lines), {name: re.sub(f"{directive} [^;]*; ", "", value)})
    if directive == "script-src":
        expect(call(tab)).to_be_visible()
    else:
        tap(tab)
        tab.send("hello")
        expect(tab.log.locator(f".card.helpline {CALL}")).to_be_visible(timeout=DUE)
    assert tab.page.evaluate("window.violations.length") > 0


# ---- what a site may set

ATTRIBUTES = {
    "name": "Harbour",
    "phone": "212 555 0100",
    "sms": "212 555 0199",
    "label": "Talk to Harbour",
    "hello": "Welcome to Harbour.",
    "keeps": "Harbour keeps nothing.",
    "leave": "{0}/elsewhere",
}


def element(lines: str, attributes: str, more: str = "") -> str:
    """The two lines with other attributes."""
    return f"{lines.partition('<helpline-chat')[0]}<helpline-chat {attributes}></helpline-chat>{more}"


def test_attributes_do_what_the_page_says(visit: Visit, lines: str, host: Host) -> None:
    host.serve(page("elsewhere"), path="/elsewhere")
    written = " ".join(f'{name}="{value.format(host.origin)}"' for name, value in ATTRIBUTES.items())
    tab = visit(page(element(lines, written)))
    expect(call(tab, "212 555 0100")).to_have_attribute("href", "tel:+12125550100")
    tab.page.get_by_role("button", name="Talk to Harbour").click()
    expect(tab.page.get_by_role("dialog", name="Harbour", exact=True)).to_be_visible()
    expect(tab.panel.locator(".reach a[href='tel:+12125550100']")).to_be_visible()
    expect(tab.panel.get_by_role("link", name="Text us")).to_have_attribute("href", "sms:+12125550199")
    expect(tab.panel.locator("div.hello")).to_contain_text("Welcome to Harbour.")
    tab.page.get_by_role("button", name="More", exact=True).click()
    expect(tab.panel.get_by_text("Harbour keeps nothing.")).to_be_visible()
    tab.page.get_by_role("button", name="Leave this site").click()
    tab.page.wait_for_url("**/elsewhere")


def test_without_attributes_it_is_as_the_page_says(visit: Visit, lines: str) -> None:
    tab = visit(page(element(lines, "")))
    tap(tab)
    expect(tab.page.get_by_role("dialog", name="Helpline", exact=True)).to_be_visible()
    expect(tab.page.locator("helpline-chat a[href^='tel:+1']")).to_have_count(0)
    expect(tab.panel.locator(".reach a")).to_have_attribute("href", "sms:988")
    assert "null" not in tab.panel.inner_text() and "undefined" not in tab.panel.inner_text()


@pytest.mark.parametrize("of", ["page", "element"])
def test_it_speaks_the_language_around_it(visit: Visit, lines: str, of: str) -> None:
    html = page(lines, lang="es") if of == "page" else page(element(lines, f'lang="es-MX" phone="{PHONE}"'))
    tab = visit(html)
    expect(tab.page.get_by_role("link", name=f"Llamar {PHONE}")).to_be_visible()
    tab.page.get_by_role("button", name="Escríbanos").click()
    expect(tab.page.get_by_label("Su mensaje")).to_be_focused()
    expect(tab.panel).to_have_attribute("lang", "es")


@pytest.mark.parametrize(
    ("scheme", "back", "front"),
    [("light", "rgb(122, 31, 92)", "rgb(255, 255, 255)"), ("dark", "rgb(240, 179, 217)", "rgb(51, 5, 31)")],
)
def test_colours_are_the_site_s(visit: Visit, lines: str, scheme: str, back: str, front: str, door_url: str) -> None:
    style = f"<style>{told('helpline-chat {', door_url)}</style>"
    tab = visit(page(lines, style), color_scheme=scheme)
    expect(launcher(tab)).to_have_css("background-color", "rgb(122, 31, 92)")
    expect(launcher(tab)).to_have_css("color", "rgb(255, 255, 255)")
    tap(tab)
    send = tab.panel.get_by_role("button", name="Send")
    expect(send).to_have_css("background-color", back)
    expect(send).to_have_css("color", front)
    call = tab.panel.locator(f".reach {CALL}")
    expect(call).to_have_css("background-color", back)


# ---- pages that do not help

RESETS = {
    "unset": "* { all: unset !important; font-size: 40px } button { display: none }",
    "huge": "* { font-size: 40px !important; line-height: 3 !important; color: #fff !important }",
    "spaced": "* { letter-spacing: 1em !important; text-transform: uppercase !important; text-align: right !important;"
    " word-spacing: 2em !important; text-indent: 9em !important; white-space: nowrap !important }",
    "small root": "html { font-size: 62.5% }",
    "large root": "html { font-size: 200% }",
    "forms": "button, textarea, a, dialog, aside, p { display: none !important; visibility: hidden !important }",
    "right to left": "* { direction: rtl !important; cursor: wait !important; font-style: italic !important }",
}
# What must look the same whatever the page's own styles are: size, and all that is inherited.
LOOKS = """(selectors) => selectors.map((selector) => {
  const node = document.querySelector("helpline-chat").shadowRoot.querySelector(selector);
  const names = ["font", "color", "letterSpacing", "textTransform", "textAlign", "wordSpacing", "textIndent",
    "whiteSpace", "cursor", "visibility"];
  const { width, height } = node.getBoundingClientRect();
  return [selector, width, height, ...names.map((name) => getComputedStyle(node)[name])];
})"""
LAUNCHER = ["a", "button"]
PANEL = [
    ".panel",
    "h2",
    ".reach a",
    ".hello p",
    ".message.user .text",
    ".message.bot .text",
    ".card .badge",
    "textarea",
]


def looks(tab: Tab) -> list[object]:
    expect(launcher(tab)).to_be_visible()
    found = list(tab.page.evaluate(LOOKS, LAUNCHER))
    tap(tab)
    tab.ask(MIX)
    expect(tab.input).to_be_in_viewport()
    expect(tab.panel).to_have_css("direction", "ltr")
    return [*found, *tab.page.evaluate(LOOKS, PANEL)]


@pytest.fixture
def untouched(visit: Visit, lines: str) -> list[object]:
    """How it looks on a page without styles."""
    return looks(visit(page(lines)))


@pytest.mark.parametrize("css", RESETS.values(), ids=RESETS)
def test_the_page_s_styles_do_not_reach_it(visit: Visit, lines: str, css: str, untouched: list[object]) -> None:
    assert looks(visit(page(lines, f"<style>{css}</style>"))) == untouched


def test_quirks_mode_changes_nothing(visit: Visit, lines: str, untouched: list[object]) -> None:
    tab = visit(page(lines, doctype=""))
    assert tab.page.evaluate("document.compatMode") == "BackCompat"
    assert looks(tab) == untouched


def test_a_base_address_does_not_mislead_it(visit: Visit, lines: str, door_url: str) -> None:
    tab = visit(page(lines, '<base href="https://elsewhere.invalid/a/b/">'))
    converse(tab)
    unharmed(tab, door_url)


# ---- pages that change

ADD = """(src) => new Promise((resolve) => {
  const chat = Object.assign(document.createElement("helpline-chat"), { textContent: "Call us" });
  chat.setAttribute("phone", "(844) 557-8575");
  document.body.append(chat);
  document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve }));
})"""
MOVE = "document.querySelector('main').append(document.querySelector('helpline-chat'))"
REDRAW = """() => {
  const old = document.querySelector("helpline-chat");
  const fresh = old.cloneNode(true);
  old.replaceWith(fresh);
}"""


def test_added_by_a_script_and_moved(visit: Visit, door_url: str) -> None:
    tab = visit(page("<main></main>"))
    tab.page.evaluate(ADD, f"{door_url}/widget.js")
    tap(tab)
    tab.ask("hello")
    tab.page.evaluate(MOVE)
    tab.ask("hello again", 2)
    expect(tab.log.locator(".text")).to_have_text(["hello", "echo hello", "hello again", "echo hello again"])
    tab.page.get_by_role("button", name="Close chat").click()
    tap(tab)
    unharmed(tab, door_url)


def test_drawn_anew_by_a_framework_many_times(visit: Visit, lines: str) -> None:
    """A browser keeps six connections to a server of HTTP/1.1: an element that is gone gives its own back."""
    tab = visit(page(lines))
    tap(tab)
    tab.ask("hello")
    for _ in range(8):
        tab.page.evaluate(REDRAW)
        expect(tab.log.locator(".text")).to_have_text(["hello", "echo hello"])
    tab.ask("still there", 2)
    expect(tab.log.locator(".text").last).to_have_text("echo still there")


def test_the_script_twice_is_one_widget(visit: Visit, lines: str, door_url: str) -> None:
    script = lines.partition("</script>")[0] + "</script>"
    tab = visit(page(script + lines + script))
    expect(launcher(tab)).to_have_count(1)
    converse(tab)
    unharmed(tab, door_url)


def test_two_widgets_on_one_page(visit: Visit, lines: str, door_url: str) -> None:
    tab = visit(page(lines + lines.partition("\n")[2]))
    second = tab.page.locator("helpline-chat").nth(1)
    second.get_by_role("button", name="Chat with us").click()
    log = second.get_by_role("log")
    second.get_by_label("Your message").fill("hello")
    second.get_by_label("Your message").press("Enter")
    expect(log.locator(".text")).to_have_text(["hello", "echo hello"])
    tab.page.reload()
    for at in range(2):
        expect(tab.page.locator("helpline-chat").nth(at).get_by_role("log").locator(".text")).to_have_count(2)
    assert tab.complaints == []


def test_a_panel_that_does_not_load_says_so_and_comes_with_the_next_tap(visit: Visit, lines: str) -> None:
    tab = visit(page(lines))
    blocked: list[str] = []

    def once(route: Route) -> None:
        blocked.append(route.request.url)
        if len(blocked) == 1:
            route.abort()
        else:
            route.continue_()

    tab.page.route("**/panel.js*", once)
    launcher(tab).click()
    again = tab.page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(call(tab)).to_be_visible()
    again.click()
    expect(tab.input).to_be_focused()
    assert len(blocked) == len(set(blocked)) == 2
