"""The widget in a real Chromium on the running stack: what a visitor on a phone sees, hears and keeps."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

from tests.browser.tab import ANSWER_MS, Tab

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

SEED = "can i mix xanax and percocet"
EMERGENCY = "my friend is not waking up he took oxys and bars"
OFFERS_NO = re.compile("^(no|not yet)", re.I)


def only_once(texts: list[str]) -> bool:
    return len(texts) == len(set(texts))


def own(tab: Tab) -> list[str]:
    """What the visitor said, as the page shows it."""
    return tab.log.locator(".message.user .text").all_text_contents()


def test_seed_question(tab: Tab) -> None:
    tab.ask(SEED)
    card = tab.log.locator(".card.interaction")
    expect(card.locator("> .badge")).to_have_text("Dangerous", timeout=ANSWER_MS)
    expect(card.locator("> .badge svg")).to_be_visible()
    expect(card.locator(".substances")).to_contain_text("alprazolam", ignore_case=True)
    expect(card.locator("details")).not_to_have_attribute("open", "")
    card.locator("summary").click()
    expect(card.locator("details li").first).to_be_visible()
    expect(tab.log.locator(".text a[href^='tel:+1']").first).to_be_visible()
    expect(tab.log.locator(".text a[href='tel:911']").first).to_be_attached()
    expect(tab.log.get_by_text(re.compile("already taken", re.I))).to_be_visible()
    expect(tab.log.get_by_role("button", name="Yes")).to_be_visible()
    assert "[phone]" not in tab.log.inner_text()


def test_quick_reply(tab: Tab) -> None:
    answers = tab.ask(SEED)
    before = answers.count()
    with tab.page.expect_request("**/chat/messages") as sent:
        tab.log.get_by_role("button", name=OFFERS_NO).click()
    body = json.loads(sent.value.post_data or "")
    assert set(body) == {"id", "choice"}
    answers.nth(before).wait_for(timeout=ANSWER_MS)
    assert len(own(tab)) == 2
    assert tab.log.locator(".state[data-sent]").all_text_contents()[-1] == "Sent"


@pytest.mark.parametrize(
    ("text", "links"),
    [(EMERGENCY, ["tel:911"]), ("i want to kill myself", ["tel:988", "sms:988"])],
    ids=["overdose", "suicide"],
)
def test_alarm(tab: Tab, text: str, links: list[str]) -> None:
    answers = tab.ask(text)
    for link in links:
        expect(tab.log.locator(f".card a.big[href='{link}']")).to_be_in_viewport()
    # The POST's card and the stream's message are one card, with the words below it.
    expect(answers.locator(".text").first).to_be_visible(timeout=ANSWER_MS)
    expect(tab.log.locator(".card.emergency, .card.crisis")).to_have_count(1)


def test_no_accessibility_violations(tab: Tab) -> None:
    """With the real answers; every other state is in test_accessibility.py."""
    tab.ask(SEED)
    tab.log.locator("summary").click()
    tab.ask(EMERGENCY, 2)
    found = Axe().run(tab.page)
    assert found.violations_count == 0, found.generate_report()
    assert tab.page.locator(".scroll").evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_keyboard_walk(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(viewport={"width": 1280, "height": 800}, has_touch=False)
    tab.page.goto(tab.base)
    launcher = tab.page.get_by_role("button", name="Chat with us")
    for _ in range(40):
        tab.page.keyboard.press("Tab")
        if launcher.evaluate("e => e.matches(':focus')"):
            break
    tab.page.keyboard.press("Enter")
    expect(tab.input).to_be_focused()
    tab.page.keyboard.type(SEED)
    tab.page.keyboard.press("Enter")
    tab.answer()
    expect(tab.input).to_be_focused()
    button = tab.log.get_by_role("button", name=OFFERS_NO)
    for _ in range(15):
        tab.page.keyboard.press("Shift+Tab")
        if button.evaluate("e => e.matches(':focus')"):
            break
    tab.page.keyboard.press("Enter")
    expect(tab.log.locator(".message.user")).to_have_count(2)
    expect(tab.input).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(tab.panel).to_be_hidden()
    expect(launcher).to_be_focused()


def test_reload_keeps_the_chat(tab: Tab) -> None:
    tab.ask(SEED)
    before = tab.log.locator(".text").all_text_contents()
    tab.page.reload()
    expect(tab.log.get_by_role("button", name="Yes")).to_be_visible(timeout=ANSWER_MS)
    assert tab.log.locator(".text").all_text_contents() == before
    tab.ask("hello", tab.log.locator(".message.bot").count() + 1)
    assert own(tab) == [SEED, "hello"]


def test_offline_and_back(tab: Tab) -> None:
    tab.ask("hello")
    tab.page.context.set_offline(True)
    ids: list[str] = []
    posts = re.compile("/chat/messages$")
    tab.page.on("request", lambda r: posts.search(r.url) and ids.append(json.loads(r.post_data or "")["id"]))
    tab.send(SEED)
    expect(tab.log.locator(".state").last).to_have_text("Waiting to send")
    # Nothing can come, so the number comes by itself.
    expect(tab.log.locator(".card.helpline a[href^='tel:+1']")).to_be_visible(timeout=12_000)
    tab.page.context.set_offline(False)
    expect(tab.log.locator(".card.interaction")).to_be_visible(timeout=ANSWER_MS)
    expect(tab.log.locator(".state").last).to_have_text("Sent")
    assert own(tab) == ["hello", SEED]
    assert len(ids) > 1 and len(set(ids)) == 1


def test_lost_answers_to_posts(tab: Tab) -> None:
    """The message arrives and its 202 does not: it is sent again by the same id, and shown once and in order."""
    lost = {"next": True}

    def lose(route: Route) -> None:
        lost["next"] = not lost["next"]
        if lost["next"]:
            route.continue_()
        else:
            route.fetch()
            route.abort()

    tab.page.route("**/chat/messages", lose)
    said = ["hello", SEED, "thank you", "how deep is the ocean"]
    for at, text in enumerate(said):
        tab.send(text)
        expect(tab.log.locator(".state[data-sent]").last).to_have_text("Sent", timeout=ANSWER_MS)
        expect(tab.log.locator(".message.user")).to_have_count(at + 1)
    tab.answer(len(said))
    assert own(tab) == said


def test_servers_dead(tab: Tab) -> None:
    tab.page.route("**/chat/**", lambda route: route.abort())
    tab.send(SEED)
    expect(tab.log.locator(".card.helpline a[href^='tel:+1']")).to_be_visible(timeout=9_000)
    expect(tab.log.locator(".card.helpline a[href='tel:911']")).to_be_visible()
    expect(tab.page.locator(".working")).to_be_hidden()


@pytest.mark.parametrize("broken", [lambda route: route.abort(), lambda route: None], ids=["refused", "hangs"])
def test_no_session_still_gets_the_emergency_card(tab: Tab, broken: Callable[[Route], None]) -> None:
    tab.page.route("**/chat/session", broken)
    tab.send(EMERGENCY)
    expect(tab.log.locator(".card.emergency a.big[href='tel:911']")).to_be_visible(timeout=3_000)
    expect(tab.log.locator(".card.emergency")).to_have_count(1)


def test_unknown_token_gets_a_new_session(tab: Tab) -> None:
    tab.ask("hello")
    tab.page.evaluate("sessionStorage.setItem('helpline-chat.token', JSON.stringify('x'.repeat(32)))")
    tab.page.reload()
    tab.ask(SEED)
    expect(tab.log.locator(".card.interaction")).to_have_count(1, timeout=ANSWER_MS)
    assert own(tab) == [SEED]


def test_an_error_says_its_sentence(tab: Tab) -> None:
    tab.send("x" * 2001)
    expect(tab.log.locator(".message.bot .text")).to_be_visible(timeout=ANSWER_MS)
    expect(tab.log.locator(".state").last).to_have_text("Not sent")
    expect(tab.input).to_have_value("x" * 2001)
    tab.input.fill("")
    tab.ask("hello", 2)
    assert [len(text) for text in own(tab)] == [2001, 5]


def test_nothing_left_behind_and_nobody_else_asked(tab: Tab) -> None:
    tab.ask(SEED)
    tab.ask(EMERGENCY, 2)
    assert tab.complaints == []
    assert tab.elsewhere == []
    assert tab.page.context.cookies() == []
    assert tab.page.evaluate("localStorage.length") == 0
    texts = tab.log.locator(".message.bot").all_inner_texts()
    assert only_once(texts)


def test_page_without_javascript(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab(java_script_enabled=False)
    tab.page.goto(tab.base)
    expect(tab.page.locator("main a[href^='tel:+1']").first).to_be_in_viewport()
    expect(tab.page.locator("helpline-chat a[href^='tel:+1']")).to_be_visible()


def test_no_session_before_the_first_message(new_tab: Callable[..., Tab]) -> None:
    tab = new_tab()
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.open()
    assert not [url for url in asked if "/chat/" in url]


def seconds_left(tab: Tab) -> int:
    minutes, seconds = tab.log.locator(".timer strong").inner_text().split(":")
    return 60 * int(minutes) + int(seconds)


def test_a_timer_counts_down_and_survives_a_reload(tab: Tab) -> None:
    tab.ask(EMERGENCY)
    tab.ask("i gave him narcan", 2)
    expect(tab.log.get_by_role("timer")).to_be_visible()
    begun = seconds_left(tab)
    assert 130 <= begun <= 150
    tab.page.wait_for_timeout(3000)
    before = seconds_left(tab)
    assert before <= begun - 2
    tab.page.reload()
    expect(tab.log.get_by_role("timer")).to_have_count(1, timeout=ANSWER_MS)
    assert before - 30 <= seconds_left(tab) <= before


RING = """() => {
  const timers = JSON.parse(sessionStorage.getItem("helpline-chat.timers"));
  for (const key in timers) timers[key] = Date.now() - 1;
  sessionStorage.setItem("helpline-chat.timers", JSON.stringify(timers));
}"""


def test_a_timer_that_is_over_says_so_after_a_reload(tab: Tab) -> None:
    tab.ask(EMERGENCY)
    tab.ask("i gave him narcan", 2)
    expect(tab.log.get_by_role("timer")).to_be_visible()
    tab.page.evaluate(RING)
    tab.page.reload()
    expect(tab.log.locator(".timer.over")).to_have_text(
        "The time is over. Look now: are they awake?", timeout=ANSWER_MS
    )
    expect(tab.log.get_by_role("timer")).to_have_count(0)


def test_a_new_chat_begins_with_a_new_timer(tab: Tab) -> None:
    for _ in range(2):
        tab.ask(EMERGENCY)
        tab.ask("i gave him narcan", 2)
        expect(tab.log.get_by_role("timer")).to_be_visible()
        assert seconds_left(tab) >= 145
        tab.page.wait_for_timeout(6_000)
        tab.page.get_by_role("button", name="Clear this chat").click()
        tab.page.get_by_role("button", name="Yes, clear it").click()
        expect(tab.log.locator(".message")).to_have_count(0)
