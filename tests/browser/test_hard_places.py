"""The widget in hard places: a bad phone, a small window, many tabs, a long talk, words that are meant to do harm."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.bot.frontdoor.rasa_stand_in import Asked, Given, RasaStandIn, said
from tests.bot.frontdoor.running_door import Chat, RunningDoor, is_done
from tests.browser.canned import MIX, answered
from tests.browser.conftest import NAMES
from tests.browser.host import Host, page, two_lines
from tests.browser.tab import ANSWER_MS, Tab
from tests.pace import slowness

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]

OpenTab = Callable[..., Tab]
CALL = "a[href='tel:+18445578575']"


@pytest.fixture(autouse=True)
def polite(door_rasa: RasaStandIn) -> None:
    """Whatever a test made the stand-in say, the next one meets it as it was."""
    door_rasa.answer = answered


@pytest.fixture
def host() -> Iterator[Host]:
    """A plain website."""
    site = Host()
    yield site
    site.stop()


@pytest.fixture
def tab(door_tab: OpenTab) -> Tab:
    """The demo page with the chat open."""
    tab = door_tab()
    tab.page.on("dialog", lambda dialog: (tab.complaints.append("a dialog"), dialog.dismiss()))
    tab.open()
    return tab


def sideways(tab: Tab) -> int:
    """By how many pixels the talk is wider than its window."""
    return int(tab.panel.locator(".scroll").evaluate("e => e.scrollWidth - e.clientWidth"))


def texts(tab: Tab) -> list[str]:
    return tab.log.locator(".text").all_text_contents()


# ---- a slow phone on a slow network

SHOWN_SECONDS, OPENED_SECONDS, SCRIPT_SECONDS = 1.3, 1.2, 0.05
LATENCY, BYTES_PER_SECOND = 0.4, 400_000 / 8
PANEL_SECONDS = 18_500 / BYTES_PER_SECOND
TIMES = """
const frame = () => {
  const root = document.querySelector("helpline-chat")?.shadowRoot;
  if (root?.querySelector("button")?.getClientRects().length) window.shownAt ??= performance.now();
  if (root?.activeElement?.localName === "textarea") window.openedAt = performance.now();
  else requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
addEventListener("click", (event) => { window.tappedAt ??= event.timeStamp; }, true);
"""


def slow_down(page: Page) -> CDPSession:
    """400 ms there and back, 400 kbit/s both ways, a processor of a quarter."""
    cdp = page.context.new_cdp_session(page)
    network = {"offline": False, "latency": 1000 * LATENCY}
    network |= {"downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND}
    cdp.send("Network.emulateNetworkConditions", network)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return cdp


def times(tab: Tab, address: str) -> tuple[float, float]:
    """Seconds from the navigation to the launcher, and from the tap to a place to write."""
    tab.page.add_init_script(TIMES)
    slow_down(tab.page)
    tab.page.goto(address)
    tab.page.wait_for_function("window.shownAt")
    tab.page.get_by_role("button", name="Chat with us").click()
    tab.page.wait_for_function("window.openedAt")
    shown, opened = tab.page.evaluate("[shownAt, openedAt - tappedAt]")
    tab.page.close()
    return shown / 1000, opened / 1000


def script_seconds(tab: Tab, address: str) -> float:
    """How long the main thread ran scripts until the page was at rest."""
    cdp = slow_down(tab.page)
    cdp.send("Performance.enable")
    tab.page.goto(address, wait_until="networkidle")
    metrics = {each["name"]: each["value"] for each in cdp.send("Performance.getMetrics")["metrics"]}
    tab.page.close()
    return float(metrics["ScriptDuration"])


def limit(seconds: float, network: float, slow: float) -> float:
    """A limit of a quiet machine on this one: what waits for the network takes as long here, the rest `slow` times."""
    return network + (seconds - network) * slow


@pytest.mark.timeout(300)
def test_a_slow_phone(door_tab: OpenTab, host: Host, door_url: str) -> None:
    with_it, without = host.serve(page(two_lines(door_url))), host.serve(page(""), path="/without")
    assert 'href="tel:+18445578575"' in httpx.get(with_it, trust_env=False).text
    measured = []
    for _ in range(3):
        scripts = script_seconds(door_tab(), with_it) - script_seconds(door_tab(), without)
        measured.append((*times(door_tab(), with_it), scripts, slowness()))
    shown, opened, scripts, slow = map(statistics.median, zip(*measured, strict=True))
    print(
        f"shown {shown:.2f} s, tap to input {opened:.2f} s, scripts {scripts:.3f} s, {slow:.1f} times a quiet machine"
    )
    assert shown <= limit(SHOWN_SECONDS, 2 * LATENCY, slow)
    assert opened <= limit(OPENED_SECONDS, LATENCY + PANEL_SECONDS, slow)
    assert scripts <= limit(SCRIPT_SECONDS, 0, slow)


# ---- windows of every width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_everything_is_inside_the_window(door_tab: OpenTab, width: int, scheme: str) -> None:
    tab = door_tab(viewport={"width": width, "height": 640}, color_scheme=scheme, has_touch=width < 768)
    tab.page.goto(tab.base)
    expect(tab.page.locator(f"helpline-chat aside {CALL}")).to_be_in_viewport(ratio=1)
    tab.open()
    tab.ask(MIX)
    box = tab.panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= 640
    for always in (tab.panel.locator(f".reach {CALL}"), tab.input, tab.panel.get_by_role("button", name="Send")):
        expect(always).to_be_in_viewport(ratio=1)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert sideways(tab) <= 0


# ---- more tabs than one, and pages that come back


def another(tab: Tab, page: Page) -> Tab:
    """A tab of the same browser."""
    more = Tab(page, tab.base)
    page.on("console", lambda said: said.type == "error" and more.complaints.append(said.text))
    return more


def duplicate(tab: Tab) -> Tab:
    """What "Duplicate tab" does: the same page with a copy of what the tab remembers."""
    with tab.page.context.expect_page() as opened:
        tab.page.evaluate("open(location.href)")
    return another(tab, opened.value)


def test_two_tabs_have_talks_of_their_own(tab: Tab) -> None:
    tab.ask("in the first tab")
    other = another(tab, tab.page.context.new_page())
    other.open()
    other.ask("in the second tab")
    assert texts(tab) == ["in the first tab", "echo in the first tab"]
    assert texts(other) == ["in the second tab", "echo in the second tab"]


def test_a_duplicated_tab_shows_the_same_talk_once(tab: Tab) -> None:
    tab.ask("hello")
    copy = duplicate(tab)
    expect(copy.log.locator(".text")).to_have_text(["hello", "echo hello"])
    copy.ask("from the copy", 2)
    for each in (tab, copy):
        expect(each.log.locator(".text")).to_have_text(["hello", "echo hello", "from the copy", "echo from the copy"])


def test_what_waits_in_both_copies_is_one_message(tab: Tab) -> None:
    tab.ask("hello")
    ids: list[str] = []
    posts = re.compile("/chat/messages$")
    tab.page.context.on("request", lambda r: posts.search(r.url) and ids.append(json.loads(r.post_data or "")["id"]))
    tab.page.route(posts, lambda route: route.abort())
    tab.send("not sent yet")
    expect(tab.log.locator(".state").last).to_have_text("Waiting to send")
    copy = duplicate(tab)
    copy.answer(2)
    tab.page.unroute(posts)
    for each in (tab, copy):
        each.page.wait_for_function("() => !sessionStorage['helpline-chat.outbox']")
        expect(each.log.locator(".text")).to_have_text(["hello", "echo hello", "not sent yet", "echo not sent yet"])
    assert len(ids) > 2 and len(set(ids)) == 1


@pytest.fixture(params=[False, True], ids=["loaded again", "kept as it was"])
def returning(request: pytest.FixtureRequest, chromium: Browser, door_url: str) -> Iterator[tuple[Tab, bool]]:
    """A tab in a browser that keeps pages as they were for the way back, or loads them again."""
    path = os.environ.get("CHROMIUM") or next(found for name in NAMES if (found := shutil.which(name)))
    off = ["--disable-back-forward-cache"] if request.param else []
    browser = chromium.browser_type.launch(executable_path=path, args=["--no-sandbox"], ignore_default_args=off)
    yield Tab(browser.new_page(), door_url), request.param
    browser.close()


def test_back_and_forward_keep_the_talk(returning: tuple[Tab, bool], host: Host) -> None:
    tab, kept = returning
    tab.open()
    tab.ask("hello")
    tab.page.evaluate("window.before = true")
    tab.page.goto(host.serve(page("elsewhere")))
    for way in ("back", "forward", "back"):
        tab.page.evaluate(f"setTimeout(() => history.{way}())")
        if way == "forward":
            expect(tab.page.get_by_text("elsewhere")).to_be_visible()
        else:
            expect(tab.log.locator(".text")).to_have_text(["hello", "echo hello"])
            assert tab.page.evaluate("Boolean(window.before)") == kept
    tab.ask("hello again", 2)
    assert texts(tab) == ["hello", "echo hello", "hello again", "echo hello again"]


# ---- a long talk

TURNS = 150
KEYS = """
window.waited = [];
let pressed = 0;
addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
addEventListener("input", () => requestAnimationFrame(() => window.waited.push(performance.now() - pressed)), true);
"""


def show(tab: Tab, chat: Chat, count: int) -> float:
    """Open the page as the visitor of that talk; the seconds until so many messages are there."""
    tab.page.goto(tab.base)
    kept = {"helpline-chat.token": json.dumps(chat.token), "helpline-chat.open": "true"}
    tab.page.evaluate("kept => Object.assign(sessionStorage, kept)", kept)
    tab.page.reload()
    all_there = f"""() => document.querySelector("helpline-chat").shadowRoot?.querySelectorAll(".message .text").length
      >= {count} && performance.now()"""
    return float(tab.page.wait_for_function(all_there, timeout=ANSWER_MS).json_value()) / 1000


def test_a_long_talk_comes_back_quickly_and_in_order(door_tab: OpenTab, door: RunningDoor) -> None:
    chat = Chat(door)
    for number in range(TURNS):
        last = chat.say(f"message {number}").json()["seq"]
    events = chat.events(lambda events: is_done(events[-1], last))
    told = [event["text"] for event in events if event.get("kind") != "turn_done"]
    tab = door_tab()
    tab.page.add_init_script(KEYS)
    seconds, slow = show(tab, chat, 2 * TURNS), slowness()
    assert texts(tab) == told and len(told) == 2 * TURNS
    tab.input.press_sequentially("typing stays quick", delay=20)
    expect(tab.input).to_have_value("typing stays quick")
    waited = statistics.median(tab.page.evaluate("waited"))
    print(f"{2 * TURNS} messages after {seconds:.2f} s, a key after {waited:.0f} ms, {slow:.1f} times a quiet machine")
    assert seconds <= 3 * slow
    assert waited < 100 * slow


# ---- words that are meant to do harm

HOSTILE = {
    "img": "<img src=x onerror=\"alert(document.title='owned')\">",
    "script": "\"'></p></div></dialog><script>document.title='owned'</script>",
    "svg": "<svg/onload=document.title='owned'><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "frame": "<iframe srcdoc=\"<script>parent.document.title='owned'</script>\"></iframe>",
    "style": "</p><style>* { display: none }</style><link rel=stylesheet href=//example.invalid/x.css>",
    "address": "javascript:alert(document.title='owned')",
    "template": "{{constructor.constructor('alert(1)')()}} ${7*7} {phone} %s %n <%= 7*7 %>",
    "entities": "&lt;b&gt; &#x3c;script&#x3e; [x](javascript:alert(1)) ]]> --> ../../etc/passwd ' OR 1=1; --",
    "right to left": "\u202egnihtyna \u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0639\u0631\u0628\u064a\u0629 123",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1ea\U0001f1f8 \U0001f44b\U0001f3ff \u2764\ufe0f",
    "zalgo": "Z" + "\u0351\u036b\u0343\u0321" * 40 + "a" + "\u0342\u0489" * 40 + "lgo",
    "long": "W" * 2000,
    "wide": "\ufdfd" * 500,
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg",
}
# Only numbers to call are elements in a bubble; nothing in the whole log comes from what was written.
MARKUP = (
    ".text :not(a[href^='tel:']), img, script, iframe, style, link, object, embed, video, form, svg:not([aria-hidden])"
)
LINKS = "(all) => all.map((a) => new URL(a.href).protocol)"


def inert(tab: Tab, title: str) -> None:
    """Nothing of what was written became more than text."""
    assert tab.page.title() == title
    assert tab.log.locator(MARKUP).count() == 0
    assert set(tab.log.locator("a").evaluate_all(LINKS)) <= {"tel:", "sms:", "https:"}
    assert tab.complaints == [] and tab.elsewhere == []


def test_a_hostile_message_is_text(tab: Tab) -> None:
    title = tab.page.title()
    for count, text in enumerate(HOSTILE.values(), 1):
        tab.ask(text, count)
    assert tab.log.locator(".user .text").all_text_contents() == list(HOSTILE.values())
    assert tab.log.locator(".bot .text").all_text_contents() == [f"echo {text}" for text in HOSTILE.values()]
    assert sideways(tab) <= 0
    inert(tab, title)


def everywhere(text: str) -> list[dict[str, Any]]:
    """Messages with a text in every place that Rasa fills."""
    source = {"id": text, "title": text, "publisher": text, "date": text, "url": text}
    pair = {"a": text, "b": text, "severity": text, "why": text, "signs": [text], "sources": [source, text]}
    mix = {"kind": "interaction", "severity": text, "substances": [text, text], "pairs": [pair]}
    mix |= {"facts": [{"text": text, "sources": [source]}], "reviewed": text}
    alarm = {"kind": "emergency", "call": [text], "steps": [text], "timer": text}
    cards = [mix, alarm, {"kind": "helpline", "phone": text}, {"kind": text}, {"kind": "constructor"}]
    buttons = [{"title": text, "choice": text}]
    return [{"text": text, "card": card, "buttons": buttons} for card in cards]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_is_text(tab: Tab, door_rasa: RasaStandIn, text: str) -> None:
    title = tab.page.title()
    for count, message in enumerate(everywhere(text), 1):
        door_rasa.answer = lambda asked, message=message: {**said(), "messages": [message]}
        tab.ask("hello", count)
        expect(tab.log.locator(".bot .text").last).to_have_text(text)
        expect(tab.log.locator(".choices button")).to_have_text([text])
        for summary in tab.log.locator("details:not([open]) summary").all():
            summary.click()
        assert "undefined" not in tab.log.inner_text()
    assert tab.log.locator(".substances").first.text_content() == f"{text} with {text}"
    # One letter with a hundred marks cannot be broken; a bubble cuts it off, a card has no such words of its own.
    assert sideways(tab) <= 0 or text == HOSTILE["zalgo"]
    inert(tab, title)


BROKEN = [
    {"kind": "interaction", "facts": [None]},
    {"kind": "interaction", "pairs": [{"sources": [{"url": 5}]}]},
    {"kind": "interaction", "substances": {"a": "b"}, "pairs": [None]},
]


@pytest.mark.parametrize("card", BROKEN, ids=["facts", "sources", "pairs"])
def test_a_card_that_cannot_be_drawn_leaves_its_words(tab: Tab, door_rasa: RasaStandIn, card: Given) -> None:
    def answer(asked: Asked) -> Given:
        return {**said(), "messages": [{"text": "these words", "card": card, "buttons": []}]}

    door_rasa.answer = answer
    tab.ask("hello")
    assert texts(tab) == ["hello", "these words"]


BATCH = 60


def naughty() -> list[str]:
    """The strings of every list in the folder that NAUGHTY names."""
    files = sorted(Path(os.environ.get("NAUGHTY", "missing")).glob("*.json"))
    return [text for file in files for text in json.loads(file.read_text(encoding="utf-8"))]


def taken(chat: Chat, strings: list[str]) -> list[str]:
    """Those of the strings that the front door takes; it refuses only what nobody can see."""
    answers = [(text, chat.say(text)) for text in strings]
    assert {answer.json()["error"] for _, answer in answers if answer.status_code != 202} <= {"empty"}
    return [text for text, answer in answers if answer.status_code == 202]


def test_naughty_strings_are_text(tab: Tab, door: RunningDoor) -> None:
    strings = naughty()
    if not strings:
        pytest.skip("NAUGHTY names no folder with lists of naughty strings")
    title = tab.page.title()
    for start in range(0, len(strings), BATCH):
        chat = Chat(door)
        sent = taken(chat, strings[start : start + BATCH])
        show(tab, chat, 2 * len(sent))
        assert tab.log.locator(".user .text").all_text_contents() == sent
        inert(tab, title)
