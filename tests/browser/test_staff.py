"""The staff console in a real browser: nothing that axe finds, keys, no JavaScript, a phone in the dark."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.store import conversation_key
from bot.store.records import Answer, Words
from bot.store.staff_tables import alerts
from tests.bot.staff.console import Browser as Client
from tests.bot.staff.console import RunningConsole
from tests.bot.staff.routes import ASKED, filled
from tests.bot.staff.talks import night

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
WIDTHS, PHONES = (390, 1280), (320, 390)
LONG = "w" * 90
Cookie = dict[str, str]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    hook = {"ALERT_WEBHOOK_URL": "http://127.0.0.1:9/", "ALERT_WEBHOOK_SECRET": "nobody listens there"}
    running = RunningConsole(tmp_path_factory.mktemp("staff"), **hook).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def talks(console: RunningConsole) -> dict[str, str]:
    with night(console.settings) as written:
        made = written.four()
        written.said("long", LONG, Answer([Words(LONG, ({"title": LONG, "choice": "/x"},))], "answered", 0.1))
        written.call_me("calm", LONG)
        made |= {"texted": written.texted(), "urgent": written.call_me("worried", "Maria", worried=True)}
    console.add(LONG[:64], "reader")
    console.change(alerts, state="failed", reason="HTTP 503")
    return {**made, "long": conversation_key("long")}


@pytest.fixture(scope="module")
def cookies(console: RunningConsole, talks: dict[str, str]) -> list[Cookie]:
    """Those of an admin who has worked a little already."""
    admin = console.client("admin")
    for name, words in (("mix", "call again"), ("long", LONG)):
        here = f"/conversations/{talks[name]}"
        admin.send_form(f"{here}/notes", text=words)
        admin.send_form(f"{here}/tags", tag=words)
        admin.send_form("/views", name=words, query="severity=dangerous")
        admin.send_form("/holds", conversation=talks[name], reason=words)
    admin.send_form(f"/conversations/{talks['long']}/assign", assignee=LONG[:64])
    admin.send_form(f"/callbacks/{talks['urgent']}/1/claim")
    return cookies_of(console, admin)


def cookies_of(console: RunningConsole, browser: Client) -> list[Cookie]:
    return [{"name": each.name, "value": each.value or "", "url": console.url} for each in browser.cookies.jar]


@pytest.fixture
def open_page(chromium: Browser, console: RunningConsole, cookies: list[Cookie]) -> Iterator[Open]:
    """Opens a page of the console; its address is told from its beginning."""
    with contextlib.ExitStack() as closing:

        def opened(path: str, width: int = 1280, **options: object) -> Page:
            context = chromium.new_context(viewport={"width": width, "height": 844}, base_url=console.url, **options)  # type: ignore[arg-type]
            closing.callback(context.close)
            context.add_cookies(cookies)  # type: ignore[arg-type]
            page = context.new_page()
            page.on("pageerror", lambda error: pytest.fail(str(error)))
            assert page.goto(path).status == 200  # type: ignore[union-attr]
            return page

        yield opened


def faults(page: Page) -> Iterator[str]:
    """What is wrong with a page as it is, in light and in dark, and too wide on a phone."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for broken in Axe().run(page, options=AXE).response["violations"]:
            yield f"{scheme}: {broken['help']}: {[node['html'] for node in broken['nodes']]}"
    yield from (f"too small: {each}" for each in small_targets(page))
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield "scrolls sideways"
    before = page.viewport_size
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 844})
        yield from (f"wider than {width} px: {each}" for each in too_wide(page))
    page.set_viewport_size(before)


def too_wide(page: Page) -> list[str]:
    """What ends beyond the right edge of the screen, by itself and not for what is in it."""
    found: list[str] = page.evaluate(
        """() => {
            const edge = document.documentElement.clientWidth + 0.5
            const wide = [...document.body.querySelectorAll("*")]
                .filter(e => e.checkVisibility() && !e.closest(".hidden, thead"))
                .filter(e => e.getBoundingClientRect().right > edge)
            const without = wide.filter(e => !wide.some(other => other !== e && e.contains(other)))
            return without.map(e => e.outerHTML.slice(0, 120))
        }"""
    )
    return found


def small_targets(page: Page) -> list[str]:
    """What is to be pressed and too small for a finger, but for links within a sentence."""
    found: list[str] = page.locator(
        "button, summary, select, input:not([type=hidden]), .links a, .top a, .cards a, .item a"
    ).evaluate_all(
        """all => all.filter(e => e.offsetParent && !e.closest(".hidden"))
        .filter(e => !["radio", "checkbox"].includes(e.type) && e.getBoundingClientRect().height < 43.5)
        .map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


def addresses(talks: dict[str, str]) -> list[str]:
    """Every page, and those that look different with more in their address."""
    whole = [page for page in ASKED if page.permission and page.path != "/night/items"]
    read = [f"/conversations/{talks[name]}" for name in ("overdose", "forged", "texted", "long")]
    lists = [f"/conversations?{query}" for query in ("severity=dangerous&tag=x", "words=took", f"tag={LONG}")]
    keep = [f"{path}?conversation={talks['mix']}" for path in ("/deletion", "/keeping", "/export")]
    told = ["/deletion?deleted=1", "/me?told=password", "/callbacks?show=closed", "/audit?who=admin", "/nothing"]
    return [*(filled(page, id=talks["mix"]) for page in whole), *read, *lists, *keep, *told]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_violation(open_page: Open, talks: dict[str, str], width: int) -> None:
    found = []
    page = open_page("/", width)
    for address in addresses(talks):
        page.goto(address)
        found += [f"{address}: {fault}" for fault in faults(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_violation_on_the_way_in(open_page: Open, console: RunningConsole, width: int) -> None:
    name = f"newcomer{width}"
    page = open_page("/accounts", width)
    page.get_by_label("Name they sign in with").fill(name)
    page.get_by_role("button", name="Add", exact=True).click()
    once = page.locator(".secret").inner_text()
    found = [*faults(page)]
    page.context.clear_cookies()
    page.goto("/sign-in")
    found += faults(page)
    for password in ("wrong", once):
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Go on").click()
        found += faults(page)
    expect(page.get_by_role("heading", name="Set up your code")).to_be_visible()
    assert not found, "\n".join(found)


def test_keys_go_through_the_list(open_page: Open, talks: dict[str, str]) -> None:
    page = open_page(f"/conversations/{talks['named']}?substance=alprazolam")
    page.keyboard.press("j")
    page.wait_for_url(f"**/{talks['mix']}?substance=alprazolam")
    page.get_by_label("New note").press("k")
    expect(page.get_by_label("New note")).to_have_value("k")
    page.locator("h1").click()
    page.keyboard.press("k")
    page.wait_for_url(f"**/{talks['named']}?substance=alprazolam")
    page.keyboard.press("?")
    expect(page.get_by_text("Older conversation of the list")).to_be_visible()
    page.get_by_label("Use these keys in this browser").uncheck()
    page.keyboard.press("j")
    page.reload()
    page.keyboard.press("j")
    page.wait_for_timeout(500)  # long enough to be led away
    assert talks["named"] in page.url


def test_an_original_is_revealed_without_javascript(open_page: Open, talks: dict[str, str]) -> None:
    page = open_page(f"/conversations/{talks['named']}", 390, java_script_enabled=False)
    assert "Maria" not in page.content()
    page.get_by_text("Show as written").first.click()
    page.get_by_label("Why do you need it?").first.fill("she asked for it")
    page.get_by_role("button", name="Show it once").first.click()
    expect(page.get_by_text("my name is Maria Lopez")).to_be_visible()
    page.goto(f"/conversations/{talks['named']}")
    assert "Maria" not in page.content()


def test_the_night_renews_itself_and_keeps_the_focus(
    open_page: Open, console: RunningConsole, talks: dict[str, str]
) -> None:
    page = open_page("/")
    button = page.locator(f"#claim-alarm-{talks['overdose']}")
    button.focus()
    with night(console.settings) as written:
        written.overdose("while somebody looks")
    expect(page.get_by_role("link", name="Emergencies, crises and urgent worries (2)")).to_be_visible(timeout=20_000)
    expect(button).to_be_focused()


def test_the_night_prints_without_buttons(open_page: Open, talks: dict[str, str]) -> None:
    page = open_page("/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Emergencies, crises and urgent worries")).to_be_visible()
    assert page.locator("button:visible, select:visible, .top:visible").count() == 0
