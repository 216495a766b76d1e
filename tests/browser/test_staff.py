"""The staff console in a real browser: nothing that axe finds, keys, no JavaScript, a phone in the dark."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.bot.staff.console import RunningConsole
from tests.bot.staff.talks import Night, night

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
WIDTHS = (390, 1280)
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningConsole]:
    running = RunningConsole(tmp_path_factory.mktemp("staff")).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def talks(console: RunningConsole) -> dict[str, str]:
    with night(console.settings) as written:
        kinds = (Night.mix, Night.named, Night.overdose, Night.forged)
        made = {kind.__name__: kind(written, kind.__name__) for kind in kinds}
        written.call_me("calm", "Ana")
        return {**made, "texted": written.texted(), "urgent": written.call_me("worried", "Maria", worried=True)}


@pytest.fixture(scope="module")
def cookies(console: RunningConsole, talks: dict[str, str]) -> list[dict[str, str]]:
    """Those of a counsellor who has worked a little already."""
    counsellor = console.client("counsellor")
    here = f"/conversations/{talks['mix']}"
    counsellor.send_form(f"{here}/notes", text="Called her mother.")
    counsellor.send_form(f"{here}/tags", tag="call again")
    counsellor.send_form("/views", name="Dangerous", query="severity=dangerous")
    counsellor.send_form(f"/callbacks/{talks['urgent']}/1/claim")
    return [{"name": each.name, "value": each.value or "", "url": console.url} for each in counsellor.cookies.jar]


@pytest.fixture
def open_page(chromium: Browser, console: RunningConsole, cookies: list[dict[str, str]]) -> Iterator[Open]:
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
    """What is wrong with a page as it is, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for broken in Axe().run(page, options=AXE).response["violations"]:
            yield f"{scheme}: {broken['help']}: {[node['html'] for node in broken['nodes']]}"
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        yield "scrolls sideways"


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
    read = [f"/conversations/{talks[name]}" for name in ("mix", "overdose", "forged", "texted")]
    lists = ["/conversations", "/conversations?severity=dangerous&tag=x", "/conversations?words=took", "/search"]
    return ["/", *lists, *read, "/callbacks", "/callbacks?show=closed", "/texts"]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_violation(open_page: Open, talks: dict[str, str], width: int) -> None:
    found = []
    page = open_page("/", width)
    for address in addresses(talks):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found += [f"{address}: {fault}" for fault in (*faults(page), *small_targets(page))]
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
    expect(page.get_by_role("link", name="Emergencies and crises (2)")).to_be_visible(timeout=20_000)
    expect(button).to_be_focused()


def test_the_night_prints_without_buttons(open_page: Open, talks: dict[str, str]) -> None:
    page = open_page("/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Emergencies and crises")).to_be_visible()
    assert page.locator("button:visible, select:visible, .top:visible").count() == 0
