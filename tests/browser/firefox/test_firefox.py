"""The widget in a stock Firefox, in front of the real front door."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.bot.frontdoor.rasa_stand_in import RasaStandIn, said
from tests.bot.frontdoor.running_door import OVERDOSE, RunningDoor
from tests.browser.firefox.bidi import Bidi
from tests.browser.firefox.conftest import PHONE
from tests.browser.firefox.tab import ENTER, ESCAPE, ROOT, Tab, eventually

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]
# A small screen is filled by a modal dialog, a large one shows the chat beside the page.
both_screens = pytest.mark.parametrize("tab", [PHONE, (1280, 800)], indirect=True, ids=["phone", "desk"])
LAUNCHER = ("button", "Chat with us")
INPUT = ("textbox", "Your message")
PANEL = ("dialog", "Firstlight")
TOO_WIDE = f"""() => [...{ROOT}.querySelectorAll("dialog, dialog *"), document.documentElement]
    .filter(node => getComputedStyle(node).clipPath === "none" && node.getBoundingClientRect().right > innerWidth)
    .map(node => `${{node.tagName}}.${{node.className}}`)"""


def open_chat(tab: Tab) -> None:
    """Open the chat by its button; the next keys go to the message."""
    tab.click(*LAUNCHER)
    eventually(lambda: tab.has_focus(*INPUT), "focus in the input")


def ask(tab: Tab, text: str) -> None:
    """Type a message, send it and wait for the answer of the stand-in."""
    tab.press(text + ENTER)
    eventually(lambda: f"echo {text}" in tab.texts("bot"), f"the answer to {text!r}")


@both_screens
def test_each_message_is_answered_once(tab: Tab, rasa: RasaStandIn) -> None:
    open_chat(tab)
    ask(tab, "hello")
    assert tab.has_focus(*INPUT)
    ask(tab, "is it you?")
    assert tab.texts("user") == [asked["text"] for asked in rasa.heard] == ["hello", "is it you?"]
    assert tab.texts("bot") == ["echo hello", "echo is it you?"]


@both_screens
def test_an_emergency_shows_911_at_once(tab: Tab) -> None:
    open_chat(tab)
    tab.press(OVERDOSE + ENTER)
    assert tab.value("node => node.href", tab.one("link", "Call 911")) == "tel:911"
    eventually(lambda: tab.on_screen("link", "Call 911"), "911 on the screen")
    ask(tab, "hello")  # by then all of the emergency has come, by the post and by the stream
    assert tab.texts("user") == [OVERDOSE, "hello"]
    assert ["Samaritan" in text for text in tab.texts("bot")] == [True, False]


def test_a_quick_reply_is_sent_by_a_click(tab: Tab, rasa: RasaStandIn) -> None:
    button = {"title": "Not yet", "choice": "/deny"}
    rasa.answer = lambda asked: said(messages=[{"text": "Taken?", "buttons": [button], "card": None}])
    open_chat(tab)
    tab.press("hello" + ENTER)
    tab.one("button", "Not yet")
    rasa.answer = lambda asked: said("Good.")
    tab.click("button", "Not yet")
    eventually(lambda: "Good." in tab.texts("bot"), "the answer to the quick reply")
    assert tab.texts("user") == ["hello", "Not yet"]
    assert tab.texts("bot") == ["Taken?", "Good."]
    assert rasa.heard[1]["choice"] == button["choice"]
    assert tab.all("button", "Not yet") == []


def test_a_reload_keeps_the_talk(tab: Tab) -> None:
    open_chat(tab)
    ask(tab, "hello")
    tab.reload()
    eventually(lambda: tab.texts("bot"), "the answer of before")
    assert tab.has_focus(*INPUT)
    ask(tab, "still there?")
    assert tab.texts("user") == ["hello", "still there?"]
    assert tab.texts("bot") == ["echo hello", "echo still there?"]


def test_a_message_sent_while_the_door_is_dead_arrives_once(tab: Tab, door: RunningDoor, rasa: RasaStandIn) -> None:
    open_chat(tab)
    ask(tab, "hello")
    door.kill()
    try:
        tab.press("anyone?" + ENTER)
        eventually(lambda: tab.value(f"() => {ROOT}.textContent.includes('Waiting to send')"), "it says that it waits")
    finally:
        door.start()
    eventually(lambda: "echo anyone?" in tab.texts("bot"), "the answer of the new door")
    ask(tab, "thanks")
    assert tab.texts("user") == [asked["text"] for asked in rasa.heard] == ["hello", "anyone?", "thanks"]
    answers = [text for text in tab.texts("bot") if text.startswith("echo")]  # a long wait shows the numbers as well
    assert answers == ["echo hello", "echo anyone?", "echo thanks"]


@both_screens
def test_escape_closes_and_gives_the_focus_back(tab: Tab) -> None:
    open_chat(tab)
    tab.one(*PANEL)
    tab.press(ESCAPE)
    eventually(lambda: not tab.all(*PANEL), "the chat is closed")
    assert tab.has_focus(*LAUNCHER)
    tab.press(ENTER)
    eventually(lambda: tab.has_focus(*INPUT), "opened again by the key")


def test_everything_fits_a_small_phone(tab: Tab) -> None:
    open_chat(tab)
    tab.press(OVERDOSE + ENTER)
    tab.one("link", "Call 911")
    for part in (INPUT, ("button", "Send"), ("button", "Close chat"), ("button", "Leave this site")):
        assert tab.on_screen(*part), part
    assert tab.value(TOO_WIDE) == []


def test_nothing_is_kept_and_only_the_front_door_is_asked(tab: Tab) -> None:
    open_chat(tab)
    ask(tab, "hello")
    paths = {urlsplit(url).path for url in tab.requests}
    assert {"/", "/widget.js", "/chat/session", "/chat/messages", "/chat/events"} <= paths
    assert tab.value("() => document.cookie + localStorage.length") == "0"


def test_what_goes_wrong_or_elsewhere_is_noticed(tab: Tab, door: RunningDoor, firefox: Bidi) -> None:
    """The tab's own check of every test: it must see what it promises to see."""
    tab.run("() => { console.error('said'); setTimeout(() => { throw new Error('thrown'); }); }")
    tab.run("() => fetch('http://localhost:9/').catch(() => null)")
    eventually(lambda: len(tab.complaints) == 3, "three complaints")
    tab.go(door.url.replace("127.0.0.1", "localhost"))
    assert tab.elsewhere
    firefox.events.clear()
