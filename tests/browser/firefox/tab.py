"""One visitor's tab in Firefox: finds by role and name as a screen reader does, uses real keys and a real pointer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tests.browser.firefox.bidi import Bidi

Found = TypeVar("Found")
Node = dict[str, str]
ENTER, ESCAPE = "\ue007", "\ue00c"
DUE = 15.0
ROOT = "document.querySelector('helpline-chat')?.shadowRoot"


def eventually(look: Callable[[], Found], what: str) -> Found:
    """What `look` returns, as soon as that is true."""
    until = time.monotonic() + DUE
    while not (found := look()):
        assert time.monotonic() < until, f"not in {DUE:.0f} s: {what}"
        time.sleep(0.05)
    return found


class Tab:
    """A tab with a cookie jar and a cache of its own, on a screen of the given size."""

    def __init__(self, bidi: Bidi, base: str, width: int, height: int) -> None:
        self.base = base
        self._bidi = bidi
        self._visitor = bidi.command("browser.createUserContext")["userContext"]
        created = bidi.command("browsingContext.create", type="tab", userContext=self._visitor)
        self._context = created["context"]
        self._command("browsingContext.setViewport", viewport={"width": width, "height": height})

    def _command(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._bidi.command(method, context=self._context, **parameters)

    def close(self) -> None:
        """Close it, with all that it kept."""
        self._bidi.command("browser.removeUserContext", userContext=self._visitor)

    def go(self, url: str) -> None:
        """Load a page."""
        self._command("browsingContext.navigate", url=url, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self._command("browsingContext.reload", wait="complete")

    def run(self, script: str, *nodes: Node) -> Any:
        """The value of a script's function, called with elements of the page."""
        call = {"functionDeclaration": script, "arguments": list(nodes), "awaitPromise": True}
        said = self._bidi.command("script.callFunction", target={"context": self._context}, **call)
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return said["result"]

    def value(self, script: str, *nodes: Node) -> Any:
        """A text, a number or a truth that a script's function returns."""
        return self.run(script, *nodes).get("value")

    def all(self, role: str, name: str) -> list[Node]:
        """The elements of the widget that assistive technology knows by this role and name."""
        root = self.run(f"() => {ROOT}")
        if "sharedId" not in root:
            return []
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}
        found = self._command("browsingContext.locateNodes", locator=locator, startNodes=[_node(root)])
        return [_node(each) for each in found["nodes"]]

    def one(self, role: str, name: str) -> Node:
        """The only such element, waited for."""
        [node] = eventually(lambda: self.all(role, name), f"{role} {name!r}")
        return node

    def click(self, role: str, name: str) -> None:
        """Press the primary button of the mouse over the middle of an element."""
        origin = {"type": "element", "element": self.one(role, name)}
        steps = [{"type": "pointerMove", "x": 0, "y": 0, "origin": origin}]
        steps += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._command("input.performActions", actions=[{"type": "pointer", "id": "mouse", "actions": steps}])

    def press(self, keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._command("input.performActions", actions=[{"type": "key", "id": "keyboard", "actions": steps}])

    def has_focus(self, role: str, name: str) -> bool:
        """Whether keys go to this element."""
        return bool(self.value("node => document.hasFocus() && node.matches(':focus')", self.one(role, name)))

    def on_screen(self, role: str, name: str) -> bool:
        """Whether this element is wholly on the screen, and nothing lies over its middle."""
        seen = """node => {
            const { top, bottom, left, right } = node.getBoundingClientRect();
            const inside = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && top < bottom;
            return inside && node.contains(node.getRootNode().elementFromPoint((left + right) / 2, (top + bottom) / 2));
        }"""
        return bool(self.value(seen, self.one(role, name)))

    def texts(self, who: str) -> list[str]:
        """What the visitor ("user") or the helpline ("bot") said, as the log shows it."""
        shown = f"[...({ROOT}?.querySelectorAll('[role=log] .message.{who} .text') ?? [])]"
        return [each["value"] for each in self.value(f"() => {shown}.map(node => node.textContent)")]

    def _events(self, method: str) -> list[dict[str, Any]]:
        self._bidi.command("session.status")  # what came before its answer is heard
        return [event["params"] for event in self._bidi.events if event["method"] == method]

    @property
    def complaints(self) -> list[str]:
        """The errors in the console: our own, the page's, and what its security policy refused."""
        said = [each for each in self._events("log.entryAdded") if each["source"].get("context") == self._context]
        return [each["text"] for each in said if each["level"] == "error"]

    @property
    def requests(self) -> list[str]:
        """The addresses that the page asked, in order."""
        asked = self._events("network.beforeRequestSent")
        return [each["request"]["url"] for each in asked if each["context"] == self._context]

    @property
    def elsewhere(self) -> list[str]:
        """Those that are not the front door's."""
        here = urlsplit(self.base)[:2]
        return [url for url in self.requests if not url.startswith("data:") and urlsplit(url)[:2] != here]


def _node(found: dict[str, Any]) -> Node:
    return {"sharedId": found["sharedId"]}
