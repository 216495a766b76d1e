"""Which widgets are measured, and how a site owner embeds each; `/<name>/files/` is the folder of its npm package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Widget:
    """What a visitor deals with, as Playwright selectors; one without a launcher stands open in the page."""

    name: str
    input: str
    launcher: str | None = None
    page_files: frozenset[str] = frozenset()  # paths of what the page needs for itself, and the widget does not


@dataclass(frozen=True)
class Peer:
    """An npm package, and the code that its README tells a site owner to write into a page."""

    widget: Widget
    package: str
    version: str
    embed: str


OURS = Widget(
    "firstlight",
    input="role=textbox[name='Your message']",
    launcher="role=button[name='Chat with us']",
    page_files=frozenset({"/demo.css"}),
)

RASA_WEBCHAT = """<script>!(function () {
  let e = document.createElement("script"),
    t = document.head || document.getElementsByTagName("head")[0];
  (e.src = "/rasa-webchat/files/lib/index.js"),
    (e.async = !0),
    (e.onload = () => {
      window.WebChat.default({ customData: { language: "en" }, socketUrl: location.origin }, null);
    }),
    t.insertBefore(e, t.firstChild);
})();</script>"""

DEEP_CHAT = """<script type="module" src="/deep-chat/files/dist/deepChat.bundle.js"></script>
<deep-chat connect='{"url": "/deep-chat"}'></deep-chat>"""

BOTFRAMEWORK = """<script src="/botframework-webchat/files/dist/webchat.js"></script>
<div id="webchat" style="height: 30rem"></div>
<script>
window.WebChat.renderWebChat({
  directLine: window.WebChat.createDirectLine({
    token: "token", domain: location.origin + "/v3/directline", webSocket: false,
  }),
}, document.getElementById("webchat"));
</script>"""

CHATROOM = """<link rel="stylesheet" href="/chatroom/files/dist/Chatroom.css">
<div class="chat-container"></div>
<script src="/chatroom/files/dist/Chatroom.js"></script>
<script>
var chatroom = new window.Chatroom({
  host: location.origin,
  title: "Chat with Mike",
  container: document.querySelector(".chat-container"),
  welcomeMessage: "Hi, I am Mike. How may I help you?",
  speechRecognition: "en-US",
  voiceLang: "en-US",
});
chatroom.openChat();
</script>"""

PEERS = (
    Peer(Widget("rasa-webchat", ".rw-new-message", ".rw-launcher"), "rasa-webchat", "1.0.1", RASA_WEBCHAT),
    Peer(Widget("deep-chat", "#text-input"), "deep-chat", "2.4.2", DEEP_CHAT),
    Peer(
        Widget("botframework-webchat", "[data-id=webchat-sendbox-input]"),
        "botframework-webchat",
        "4.18.1",
        BOTFRAMEWORK,
    ),
    Peer(Widget("chatroom", ".chatroom form input[type=text]"), "@scalableminds/chatroom", "0.12.0", CHATROOM),
)
