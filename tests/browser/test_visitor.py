"""What else a visitor may do: clear the chat, read what is kept, change the language, show and copy, turn sound on."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from bot.widget import SENTENCES
from tests.bot.frontdoor.running_door import OVERDOSE
from tests.browser.canned import MIX, mix
from tests.browser.tab import Tab

pytest_plugins = ["tests.browser.door"]
pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

WORDS = {row["key"]: row for row in csv.DictReader(SENTENCES.open(encoding="utf-8", newline=""))}
# Each word of the widget with its key, and every text of it that is not marked as English.
SHOWN = """root => ["say", "tell", "label", "hint"].flatMap((kind) =>
  [...root.shadowRoot.querySelectorAll(`[data-${kind}]`)].map((e) =>
    [e.dataset[kind], { label: e.ariaLabel, hint: e.placeholder }[kind] ?? e.textContent]))"""
NOT_ENGLISH = """root => {
  const texts = (e) => e.nodeType === 3 ? [e] : [...e.childNodes].flatMap(texts);
  return texts(root.shadowRoot.querySelector("dialog"))
    .filter((text) => !text.parentElement.closest("[lang]").matches("[lang='en']")).map((text) => text.data);
}"""
COUNTING = """{
  const Real = AudioContext;
  window.made = 0;
  window.AudioContext = class extends Real { constructor() { super(); window.made++; } };
}"""


def press(tab: Tab, name: str) -> None:
    tab.page.get_by_role("button", name=name, exact=True).click()


def in_spanish(key: str) -> str:
    return WORDS[key]["es"].replace("{phone}", "(844) 557-8575")


def copied(place: Locator, button: Locator) -> str:
    """What is on the clipboard after a press, which is told where it happens."""
    button.click()
    expect(place.get_by_role("status")).to_have_text("Copied.")
    return str(place.page.evaluate("navigator.clipboard.readText()"))


def clipboard(tab: Tab, setting: str) -> None:
    """Let the widget write to the clipboard or not; this test may always read it."""
    written = ["clipboard-write"] if setting == "granted" else []
    tab.page.context.grant_permissions(["clipboard-read", *written])
    asked = "navigator.permissions.query({ name: 'clipboard-write' }).then(({ state }) => state)"
    assert tab.page.evaluate(asked) == setting


def test_clear_asks_first(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    deleted: list[str] = []
    tab.page.on("request", lambda request: request.method == "DELETE" and deleted.append(request.url))
    tab.open()
    tab.ask("hello")
    press(tab, "Clear this chat")
    expect(tab.page.get_by_text("Clear all of this chat?")).to_be_visible()
    press(tab, "Keep it")
    expect(tab.log.get_by_text("echo hello")).to_be_visible()
    assert deleted == []


def test_clear_deletes(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask("hello")
    press(tab, "Clear this chat")
    with tab.page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        press(tab, "Yes, clear it")
    assert answer.value.status == 204 and answer.value.url == f"{tab.base}/chat/session"
    expect(tab.log.locator(".message")).to_have_count(0)
    expect(tab.page.get_by_text("This chat is cleared.")).to_be_visible()
    assert tab.page.evaluate("Object.keys(sessionStorage)") == ["helpline-chat.open"]
    tab.page.reload()
    expect(tab.input).to_be_focused()
    expect(tab.log.locator(".message")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_more_says_what_is_kept(door_tab: Callable[..., Tab], language: str) -> None:
    tab = door_tab()
    tab.open()
    if language == "es":
        press(tab, "Español")
    press(tab, WORDS["more"][language])
    keeps = WORDS["keeps"][language]
    expect(tab.page.get_by_text(keeps, exact=True)).to_be_visible()
    assert len(re.findall(r"[.!?](?= |$)", keeps)) == 2
    note = WORDS["leave-note"][language]
    assert {"en": "history", "es": "historial"}[language] in note
    expect(tab.page.get_by_text(note, exact=True)).to_be_visible()


def test_a_change_of_language_reaches_every_word(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(MIX)
    tab.log.locator("summary").click()
    tab.ask(OVERDOSE, 4)
    tab.send("x" * 2001)
    expect(tab.log.locator(".state").last).to_have_text("Not sent")
    press(tab, "More")
    press(tab, "Clear this chat")
    host = tab.page.locator("helpline-chat")
    press(tab, "Keep it")
    press(tab, "Español")
    shown = host.evaluate(SHOWN)
    assert len({key for key, _ in shown}) > 30
    assert [(key, said) for key, said in shown if said != in_spanish(key)] == []
    english = {row["en"] for row in WORDS.values() if row["en"] != row["es"]} - {"English"}
    assert english & {text.strip() for text in host.evaluate(NOT_ENGLISH)} == set()
    press(tab, "Mostrar a quien ayuda")
    assert [(key, said) for key, said in host.evaluate(SHOWN) if said != in_spanish(key)] == []


def test_the_language_stays_and_is_sent(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(MIX)
    tab.ask(OVERDOSE, 4)
    press(tab, "Español")
    tab.page.reload()
    expect(tab.panel).to_have_attribute("lang", "es")
    expect(tab.page.get_by_label("Su mensaje")).to_be_visible()
    with tab.page.expect_request("**/chat/messages") as sent:
        press(tab, "I gave naloxone")
    assert json.loads(sent.value.post_data or "")["language"] == "es"
    cards = tab.log.locator(".card.emergency")
    expect(cards).to_have_count(2)
    assert [card.get_attribute("lang") for card in cards.all()] == ["en", "es"]
    expect(cards.last.locator(".steps li").first).to_have_text("Mientras espera, dé una respiración cada 5 segundos.")
    expect(tab.log.locator(".card.interaction")).to_have_attribute("lang", "en")
    expect(tab.log.locator(".text", has_text="Do not take these together")).to_have_attribute("lang", "en")


def test_the_helper_page_tells_it_all(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.open()
    tab.ask(MIX)
    tab.ask(OVERDOSE, 4)
    press(tab, "More")
    press(tab, "Show this to a helper")
    page = tab.page.get_by_role("dialog", name="Show this to a helper")
    substances = mix()["messages"][0]["card"]["substances"]
    for name in substances:
        expect(page.locator(".substances")).to_contain_text(name)
    times = page.locator(".said li").all_text_contents()
    assert [re.sub(r"^\w{3},? \d{1,2}:\d\d [AP]M: ", "", line) for line in times] == [MIX, OVERDOSE]
    assert not {MIX, OVERDOSE} & set(times)
    steps = tab.log.locator(".steps li").all_text_contents()
    assert page.locator(".steps li").all_text_contents() == steps and len(steps) == 7
    expect(page.locator("a.big[href='tel:911']")).to_be_in_viewport()
    clipboard(tab, "granted")
    paragraphs = [["What the chat heard", " + ".join(substances)], ["What was written, and when", *times]]
    everything = "\n\n".join("\n".join(lines) for lines in [*paragraphs, ["What to do", *steps]])
    assert copied(page, page.get_by_role("button", name="Copy all of this")) == everything


@pytest.mark.parametrize("setting", ["granted", "denied"])
def test_an_answer_is_copied_as_it_is(door_tab: Callable[..., Tab], setting: str) -> None:
    tab = door_tab()
    tab.open()
    clipboard(tab, setting)
    tab.ask(MIX)
    said = tab.log.locator(".message.bot .text").all_text_contents()
    assert len(said) > 1
    expected = "\n".join([" + ".join(mix()["messages"][0]["card"]["substances"]), "\n\n".join(said)])
    copy = tab.log.get_by_role("button", name="Copy this answer")
    expect(copy).to_have_count(1)  # for all the parts of one answer
    assert copied(tab.panel, copy.first) == expected
    expect(copy.first).to_be_focused()
    tab.ask(OVERDOSE, 4)
    steps = tab.log.locator(".steps li").all_text_contents()
    words = tab.log.locator(".card.emergency + .text").inner_text()
    assert copied(tab.panel, copy.last) == "\n".join([*steps, words])


def test_a_browser_that_cannot_copy_says_so(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.page.add_init_script("document.execCommand = () => false")
    tab.open()
    clipboard(tab, "denied")
    tab.ask("hello")
    press(tab, "Copy this answer")
    expect(tab.page.get_by_role("status")).to_have_text(WORDS["copied-not"]["en"])


def test_sound_is_off_until_it_is_turned_on(door_tab: Callable[..., Tab]) -> None:
    tab = door_tab()
    tab.page.add_init_script(COUNTING)
    tab.open()
    tab.ask("hello")
    assert tab.page.evaluate("made") == 0
    press(tab, "More")
    press(tab, "Turn sound on")
    assert tab.page.evaluate("made") == 1
    tab.page.reload()
    tab.ask("hello again", 2)
    assert tab.page.evaluate("made") == 1
    press(tab, "More")
    press(tab, "Turn sound off")
    tab.page.reload()
    tab.ask("and again", 3)
    assert tab.page.evaluate("made") == 0
